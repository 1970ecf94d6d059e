"""The commands that the paper brings: its figures made again, the lengths of its flips, the law of its gradient."""

from __future__ import annotations

import click

from boundkit.formats.commands import (
    INTERRUPTED,
    echo_json,
    output_format,
    progress_bar,
    say,
    sized,
    to_file,
    write_picture,
)


@click.command()
@click.option("--d", "dims", metavar="RANGE", help="Input dimensions; by default 784,3072,150528.")
@click.option("--m", "widths", metavar="RANGE", help="Widths; by default 2,4,16,64,256,1024,4096.")
@click.option("--share", type=float, default=0.9, show_default=True, help="ell over d.")
@click.option("--failure", type=float, default=0.01, show_default=True, help="The level of all but the theorem's own.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@click.option("--searched", type=int, help="The widest network searched for the least step; 1024.")
@output_format("text", "json", "markdown", "latex", "csv")
def compare(
    dims: str | None, widths: str | None, share: float, failure: float, seed: int, searched: int | None, form: str
) -> None:
    """Compare how long flipping steps are: promised by Theorem 5.1, by exact laws, and at best, at realistic sizes."""
    from boundkit.library.melamed2023 import lengths
    from boundkit.library.melamed2023.comparison import compare as compared

    chosen = {"d": dims, "m": widths, "searched": searched}
    with progress_bar() as progress:
        found = compared(
            **{name: value for name, value in chosen.items() if value is not None},
            share=share, failure=failure, seed=seed, progress=progress,
        )  # fmt: skip
    if form == "json":
        echo_json(found.to_dict())
    elif form == "text":
        say(lengths.lengths_text(found))
    else:
        click.echo(getattr(lengths, f"lengths_{form}")(found).rstrip())


@click.command()
@click.argument("number", type=click.IntRange(1, 6))
@click.option("--quick", is_flag=True, help="A smaller version, in seconds.")
@click.option("--out", default=".", show_default=True, metavar="DIR", help="Where the PNG, PDF and JSON files go.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@click.option("--data", metavar="DIR", help="For figures 1 and 4: MNIST's IDX files, CIFAR-10's binary batches.")
@click.option("--store", metavar="FILE", help="For figure 4: keeps each network as it comes; a stopped run goes on.")
@click.option("--workers", type=click.IntRange(1), help="Processes on this machine; one a core by default.")
@click.pass_context
def figure(
    ctx: click.Context, number: int, quick: bool, out: str, seed: int, data: str | None, store: str | None,
    workers: int | None,
) -> None:  # fmt: skip
    """Make the paper's figure NUMBER again: PNG, PDF, and the numbers behind it as JSON."""
    from boundkit.library.melamed2023.figures.making import write

    reached = (0, 0)
    with progress_bar() as tell:

        def progress(_what: str, done: int, total: int) -> None:
            nonlocal reached
            reached = (done, total)
            tell(f"figure {number}", done, total)

        try:
            options = {"quick": quick, "seed": seed, "data": data, "store": store, "workers": workers}
            picture, paths = write(number, out, **options, progress=progress)
        except KeyboardInterrupt:
            kept = f" What is done is in {store}, and the same command goes on." if store else ""
            click.echo("Interrupted after {} of {} tasks: no file was written.{}".format(*reached, kept), err=True)
            ctx.exit(INTERRUPTED)
    say(picture)
    click.echo(f"  wrote {', '.join(map(str, paths))}")


@click.command()
@sized("--d", "The input dimension.")
@sized("--ell", "The dimension orthogonal to the data.")
@sized("--m", "The number of neurons.")
@sized("--k", "How many of them are active.")
@click.option("--trials", type=click.IntRange(1, 10**7), default=20_000, show_default=True, help="Simulated lengths.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@to_file
def gradient(d: int, ell: int, m: int, k: int, trials: int, seed: int, out: str) -> None:
    """Draw the law of the length of the gradient orthogonal to P, between Theorems 4.1 and 6.1, and simulated ones."""
    from boundkit.library.melamed2023.gradients import gradient_law

    write_picture(gradient_law(d, ell, m, k, trials, seed), out)


COMMANDS = (("", compare), ("", figure), ("plot", gradient))  # each in its group

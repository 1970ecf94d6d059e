"""The commands that the paper brings: its figures made again, the lengths of its flips, the law of its gradient."""

from __future__ import annotations

import click

from boundkit.errors import ParameterError
from boundkit.formats.commands import (
    INTERRUPTED,
    echo_table,
    output_format,
    progress_bar,
    read_values,
    read_words,
    say,
    sizes,
    to_file,
    write_picture,
)
from boundkit.formats.letters import spelled


@click.command()
@click.argument("values", nargs=-1, metavar="[PARAMETER=VALUE]...")
@click.option("--over", multiple=True, metavar="PARAMETER=RANGE", help="Several values of d or m: 784,3072 or 2:64:x2.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@click.option("--searched", type=int, help="The widest network searched for the least step; 1024.")
@output_format("text", "json", "markdown", "latex", "csv")
def compare(values: tuple[str, ...], over: tuple[str, ...], seed: int, searched: int | None, form: str) -> None:
    """Compare how long flipping steps are: promised by Theorem 5.1, by exact laws, and at best, at realistic sizes.

    For example: boundkit compare d=784 m=10. Without values d is 784,3072,150528, m is 2,4,16,64,256,1024,4096,
    ell=0.9d, rounded down, and failure=0.01 is the level of all but the theorem's own length.
    """
    from boundkit.library.melamed2023 import lengths
    from boundkit.library.melamed2023.comparison import compare as compared

    chosen = {spelled(name): value for name, value in [*read_values(values).items(), *read_words(over).items()]}
    for name in chosen:
        if name not in ("d", "m", "ell", "failure"):
            raise ParameterError(f"there is no parameter {name!r} here; there are d, m, ell, failure")
    if len(chosen) < len(values) + len(over):
        raise ParameterError("a parameter is given twice; give each parameter once")
    if searched is not None:
        chosen["searched"] = searched
    with progress_bar() as progress:
        found = compared(**chosen, seed=seed, progress=progress)
    if form == "text":
        say(lengths.lengths_text(found))
    else:
        echo_table(found.to_dict() if form == "json" else getattr(lengths, f"lengths_{form}")(found), form)


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
@sizes("d", "ell", "m", "k")
@click.option("--trials", type=click.IntRange(1, 10**7), default=20_000, show_default=True, help="Simulated lengths.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@to_file
def gradient(d: int, ell: int, m: int, k: int, trials: int, seed: int, out: str) -> None:
    """Draw the law of the length of the gradient orthogonal to P, between Theorems 4.1 and 6.1, and simulated ones.

    It needs d, ell, m and k, how many of the m neurons are active: boundkit plot gradient d=1000 ell=0.9d m=10 k=m/2.
    """
    from boundkit.library.melamed2023.gradients import gradient_law

    write_picture(gradient_law(d, ell, m, k, trials, seed), out)


COMMANDS = (("", compare), ("", figure), ("plot", gradient))  # each in its group

"""Commands for those who write: tables, citations, the graph, and the shell."""

from __future__ import annotations

import click

import boundkit
from boundkit.cli.group import INTERRUPTED, WRONG_USE, main
from boundkit.cli.words import (
    complete_name,
    echo_json,
    output_format,
    progress_bar,
    read_statement,
    read_values,
    read_words,
    write_or_echo,
)
from boundkit.errors import ParameterError


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="STATEMENTS...", shell_complete=complete_name)
@click.option("--over", multiple=True, metavar="LETTER=RANGE", help="Values: 100:1000:100, 10:1e6:x10 or 2,10,100.")
@click.option("--fix", multiple=True, metavar="LETTER=VALUE", help="One value for a letter.")
@click.option("--columns", metavar="A,B,...", help="What to print; letters and other columns, in order.")
@output_format("text", "latex", "markdown", "csv", "json")
@click.option("--siunitx", is_flag=True, help="In LaTeX, numbers for the package siunitx.")
@click.option("--out", type=click.Path(), metavar="FILE", help="Write the table there instead of printing it.")
@click.option("--commands", type=click.Path(), metavar="FILE", help=r"Write \newcommand lines for the numbers there.")
@click.option("--prefix", default="bound", show_default=True, help="How the names of those commands begin.")
@click.pass_context
def table(
    ctx: click.Context,
    names: tuple[str, ...],
    over: tuple[str, ...],
    fix: tuple[str, ...],
    columns: str | None,
    form: str,
    siunitx: bool,
    out: str | None,
    commands: str | None,
    prefix: str,
) -> None:
    r"""Tabulate statements over a grid, say --over ell=100:1000:100 --fix d=1000 --fix m=10.

    A range is start:stop:step, with stop included where a step hits it, or start:stop:xFACTOR; a list is 2,10,100.
    Letters in neither --over nor --fix stay free.
    """
    shown = None if columns is None else [name.strip() for name in columns.split(",")]
    made = boundkit.table([read_statement(name, False) for name in names], read_words(over), read_values(fix), shown)
    if out and out == commands:
        raise ParameterError(f"--out and --commands both name {out}; give two files")
    files = [(out, made.to_latex(siunitx=siunitx) if form == "latex" else getattr(made, f"to_{form}")())]
    files += [(commands, made.newcommands(prefix, siunitx))] if commands else []
    written = [write_or_echo(file, text) for file, text in files]
    if not all(written):
        ctx.exit(WRONG_USE)


@main.command()
@click.argument("name", shell_complete=complete_name)
def cite(name: str) -> None:
    """Print BibTeX for the statement NAME: the paper, and the results that its proof rests on."""
    click.echo(boundkit.cite(read_statement(name)), nl=False)


@main.command()
@output_format("text", "json", "dot")
def graph(form: str) -> None:
    """Print which statement depends on which; dot is for Graphviz."""
    from boundkit.citations import graph_dict, graph_dot, graph_text

    if form == "json":
        echo_json(graph_dict())
    else:
        click.echo(graph_dot() if form == "dot" else graph_text())


@main.command()
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
    from boundkit.figures.making import write

    reached = (0, 0)
    with progress_bar() as tell:

        def progress(done: int, total: int) -> None:
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
    click.echo(picture)
    click.echo(f"  wrote {', '.join(map(str, paths))}")


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL; for bash: eval "$(boundkit completion bash)"."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    if script is not None:
        click.echo(script(main, {}, "boundkit", "_BOUNDKIT_COMPLETE").source())

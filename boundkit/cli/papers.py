"""Commands for those who write: tables, citations, the graph, and the shell."""

from __future__ import annotations

import click

import boundkit
from boundkit.cli.group import WRONG_USE, main
from boundkit.cli.words import many_names, many_names_at_values, read_chosen, read_statements, write_or_echo
from boundkit.errors import ParameterError
from boundkit.formats.commands import (
    echo_json,
    is_value,
    made_by,
    output_format,
    read_values,
    read_words,
    say,
    signed,
)


@main.command()
@many_names_at_values
@click.option("--over", multiple=True, metavar="PARAMETER=RANGE", help="Values: 100:1000:100, 10:1e6:x10 or 2,10,100.")
@click.option("--columns", metavar="A,B,...", help="What to print; parameters and other columns, in order.")
@output_format("text", "latex", "markdown", "csv", "json")
@click.option("--siunitx", is_flag=True, help="In LaTeX, numbers for the package siunitx.")
@click.option("--out", type=click.Path(), metavar="FILE", help="Write the table there instead of printing it.")
@click.option("--commands", type=click.Path(), metavar="FILE", help=r"Write \newcommand lines for the numbers there.")
@click.option("--prefix", default="bound", show_default=True, help="How the names of those commands begin.")
@click.pass_context
def table(
    ctx: click.Context,
    words: tuple[str, ...],
    whole: bool,
    over: tuple[str, ...],
    columns: str | None,
    form: str,
    siunitx: bool,
    out: str | None,
    commands: str | None,
    prefix: str,
) -> None:
    r"""Tabulate statements over a grid, say NAME d=1000 m=10 --over ell=100:1000:100.

    A range is start:stop:step, with stop included where a step hits it, or start:stop:xFACTOR; a list is 2,10,100.
    A value may be in terms of other parameters, as ell=0.9d. Parameters that are not given stay free.
    """
    names = tuple(word for word in words if not is_value(word))
    values = read_values(tuple(word for word in words if is_value(word)))
    shown = None if columns is None else [name.strip() for name in columns.split(",")]
    made = boundkit.table(read_statements(names, whole), read_words(over), values, shown)
    if out and out == commands:
        raise ParameterError(f"--out and --commands both name {out}; give two files")
    text = made.to_latex(siunitx=siunitx) if form == "latex" else getattr(made, f"to_{form}")()
    files = [(out, signed(text, form, made_by(), filed=True) if out and form == "text" else text)]
    files += [(commands, made.newcommands(prefix, siunitx))] if commands else []
    written = [write_or_echo(file, text) for file, text in files]
    if not all(written):
        ctx.exit(WRONG_USE)


@main.command()
@many_names
def cite(names: tuple[str, ...], whole: bool) -> None:
    """Print BibTeX for NAME, and for the results that its proofs rest on."""
    say(boundkit.cite(*read_chosen(names, whole)).rstrip("\n"))


@main.command()
@many_names
@output_format("text", "json", "dot")
def graph(names: tuple[str, ...], whole: bool, form: str) -> None:
    """Print which statement depends on which; dot is for Graphviz."""
    from boundkit.studies.citations import graph_dict, graph_dot, graph_text

    chosen = read_chosen(names, whole)
    if form == "json":
        echo_json({"statements": graph_dict(chosen)})
    elif form == "dot":
        click.echo(graph_dot(chosen))
    else:
        say(graph_text(chosen))


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL; for bash: eval "$(boundkit completion bash)"."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    if script is not None:
        click.echo(script(main, {}, "boundkit", "_BOUNDKIT_COMPLETE").source())

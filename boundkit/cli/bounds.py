"""The command that gathers what is known of one probability."""

from __future__ import annotations

from typing import Any

import click

import boundkit
from boundkit.cli.group import main
from boundkit.cli.words import said
from boundkit.errors import ParameterError
from boundkit.formats.commands import (
    echo_table,
    output_format,
    read_values,
    read_words,
    require_writable,
    say,
    write_picture,
)


def complete_law(_ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    """Names of laws, for the shell."""
    from boundkit import tails

    return [name for name in tails.__all__ if name.startswith(start) and hasattr(getattr(tails, name), "event")]


@main.command()
@click.argument("law", shell_complete=complete_law)
@click.argument("values", nargs=-1, metavar="[PARAMETER=VALUE]...")
@click.option("--also", multiple=True, metavar="NAME", help="A statement, paper, file or folder of your own, too.")
@click.option("--over", metavar="PARAMETER=RANGE", help="Along a parameter of the law: the winner at each value.")
@click.option(
    "-o", "--out", metavar="FILE", help="With --over: a picture; its ending .pdf, .svg or .png says the format."
)
@output_format("text", "json", "latex", "csv")
def bounds(
    law: str, values: tuple[str, ...], also: tuple[str, ...], over: str | None, out: str | None, form: str
) -> None:
    """Show every statement in reach that bounds the probability LAW, the tightest first, and its exact value.

    For example: boundkit bounds chi_square_at_least n=600 a=2. LAW is one of boundkit.tails, or one that a statement
    of --also speaks of. In reach are all papers that are known, and what --also names.
    """
    if out is not None and over is None:
        raise ParameterError("--out draws bounds along a parameter; give --over PARAMETER=RANGE too")
    from boundkit.terms import is_formula, worked_out

    if over is None:
        _print(boundkit.bounds(_law(law, worked_out(read_values(values)), also), also), form)
        return
    if out is not None:
        from boundkit.formats.style import file_format

        file_format(out)
        require_writable(out)
    import sympy

    ((name, span),) = read_words((over,)).items()
    given = read_values(values)
    if name in given:
        raise ParameterError(f"{name} is both varied and fixed; give each parameter once")
    if any(is_formula(value) for value in given.values()):
        raise ParameterError("with --over each other value is a number; give it as one")
    found = boundkit.bounds_over(_law(law, {**given, name: sympy.Symbol(name)}, also), {name: span}, also)
    if out is None:
        _print(found, form)
    else:
        write_picture(boundkit.plots.bounds_curves(found), out)


def _law(name: str, values: dict[str, Any], also: tuple[str, ...]) -> Any:
    from boundkit.studies.bounds import law_of

    return law_of(name, values, also)


def _print(found: Any, form: str) -> None:
    if form == "text":
        say(found)
    else:
        echo_table(found.to_csv() if form == "csv" else said(found, form), form)

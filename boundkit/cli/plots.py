"""Commands that draw: each is one function of `boundkit.plots`, and writes one file."""

from __future__ import annotations

import click

import boundkit
from boundkit.cli.group import main
from boundkit.cli.words import at_values, one_name, read_statement
from boundkit.formats.commands import read_values, read_words, to_file, write_picture

over = click.option(
    "--over", multiple=True, metavar="PARAMETER=RANGE", help="Values: 100:1000:100, 10:1e6:x10 or 2,10."
)


@main.group()
def plot() -> None:
    """Draw pictures for papers: equal commands write equal files."""


@plot.command()
@one_name
@at_values
@over
@click.option("--beside", multiple=True, metavar="NAME", help="Another statement whose claim is drawn too.")
@to_file
def tightness(name: str, values: tuple[str, ...], over: tuple[str, ...], beside: tuple[str, ...], out: str) -> None:
    """Draw the failure probability that NAME claims and the exact one, say d=1000 --over ell=10:1000:10."""
    others = [read_statement(other) for other in beside]
    write_picture(
        boundkit.plots.tightness_curves(read_statement(name), read_words(over), others, **read_values(values)), out
    )


@plot.command()
@one_name
@at_values
@over
@to_file
def coverage(name: str, values: tuple[str, ...], over: tuple[str, ...], out: str) -> None:
    """Draw where NAME applies, is vacuous, or informative, say ell=0.9d --over d=100:1e6:x1.2 --over m=1:1000:x1.2."""
    write_picture(boundkit.plots.coverage(read_statement(name), read_words(over), **read_values(values)), out)

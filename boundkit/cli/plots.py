"""Commands that draw: each is one function of `boundkit.plots`, and writes one file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

import boundkit
from boundkit.cli.group import main
from boundkit.cli.words import complete_name, number, read_statement, read_values, read_words, require_writable

over = click.option("--over", multiple=True, metavar="LETTER=RANGE", help="Values: 100:1000:100, 10:1e6:x10 or 2,10.")
fix = click.option("--fix", multiple=True, metavar="LETTER=VALUE", help="One value for a letter.")


def sized(name: str, text: str, default: str | None = None) -> Callable[[Any], Any]:
    """An option that takes a number as they are written everywhere."""
    return click.option(
        name, metavar="NUMBER", callback=number, required=default is None, default=default, show_default=True, help=text
    )


def to_file(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option that says where to, refused before anything is computed where that cannot be written."""
    return click.option(
        "-o", "--out", required=True, metavar="FILE", callback=_picture,
        help="Where to: the ending .pdf, .svg or .png says the format.",
    )(function)  # fmt: skip


def _picture(_ctx: click.Context, _param: click.Parameter, file: str) -> str:
    from boundkit.plots.style import file_format

    file_format(file)
    return require_writable(file)


@main.group()
def plot() -> None:
    """Draw pictures for papers: equal commands write equal files."""


@plot.command()
@click.argument("name", shell_complete=complete_name)
@over
@fix
@click.option("--beside", multiple=True, metavar="NAME", help="Another statement whose claim is drawn too.")
@to_file
def tightness(name: str, over: tuple[str, ...], fix: tuple[str, ...], beside: tuple[str, ...], out: str) -> None:
    """Draw the failure probability that NAME claims and the exact one, say --over ell=10:1000:10 --fix d=1000."""
    others = [read_statement(other) for other in beside]
    _write(boundkit.plots.tightness_curves(read_statement(name), read_words(over), others, **read_values(fix)), out)


@plot.command()
@click.argument("name", shell_complete=complete_name)
@over
@fix
@click.option("--share", multiple=True, metavar="LETTER=NUMBER", help="A letter as this part of its upper end: ell=0.9")
@to_file
def coverage(name: str, over: tuple[str, ...], fix: tuple[str, ...], share: tuple[str, ...], out: str) -> None:
    """Draw where NAME applies, is empty, or says something, say --over d=100:1e6:x1.2 --over m=1:1000:x1.2."""
    shares = {letter: float(value) for letter, value in read_values(share).items()}
    _write(boundkit.plots.coverage(read_statement(name), read_words(over), shares, **read_values(fix)), out)


@plot.command()
@sized("--d", "The input dimension.")
@sized("--ell", "The dimension orthogonal to the data.")
@sized("--m", "The number of neurons.")
@sized("--k", "How many of them are active.")
@click.option("--trials", type=click.IntRange(1, 10**7), default=20_000, show_default=True, help="Simulated lengths.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@to_file
def gradient(d: int, ell: int, m: int, k: int, trials: int, seed: int, out: str) -> None:
    """Draw the law of the gradient's length off P between Theorems 4.1 and 6.1, with simulated lengths."""
    _write(boundkit.plots.gradient_law(d, ell, m, k, trials, seed), out)


@plot.command()
@sized("--d", "The input dimension.")
@sized("--ell", "The dimension orthogonal to the data.")
@sized("--m", "The number of neurons.")
@sized("--points", "How many data points.", "20")
@sized("--steps", "Training steps.", "200")
@click.option("--x0", type=click.IntRange(0), default=0, show_default=True, help="The data point that is looked at.")
@click.option("--draws", type=click.IntRange(1, 10**6), default=400, show_default=True, help="Draws of the weights.")
@click.option("--failure", type=float, default=0.01, show_default=True, help="The level of the radius.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@to_file
def flips(
    d: int, ell: int, m: int, points: int, steps: int, x0: int, draws: int, failure: float, seed: int, out: str
) -> None:
    """Draw how often the label of a trained network has flipped, by length, for every method, and the radius."""
    from boundkit.simulate import problem, train

    network = train(problem(d, ell, points, seed), m, steps=steps, seed=seed)
    _write(boundkit.plots.flip_probability(network, x0, draws, seed, failure), out)


def _write(ax: Any, out: str) -> None:
    boundkit.plots.save(ax, out)
    click.echo(f"{out} written: {' '.join(ax.get_title().split())}")

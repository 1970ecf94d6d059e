"""The commands that these statements bring."""

from __future__ import annotations

import click

from boundkit.errors import ParameterError
from boundkit.formats.commands import read_values, read_words, sizes, to_file, write_picture


@click.command()
@sizes("d", "ell", "m", points="20", steps="200")
@click.option("--x0", type=click.IntRange(0), default=0, show_default=True, help="The data point that is looked at.")
@click.option("--draws", type=click.IntRange(1, 10**6), default=400, show_default=True, help="Draws of the weights.")
@click.option("--failure", type=float, default=0.01, show_default=True, help="The level of the radius.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@to_file
def flips(
    d: int, ell: int, m: int, points: int, steps: int, x0: int, draws: int, failure: float, seed: int, out: str
) -> None:
    """Draw how often the label of a trained network has flipped, by length, for every method, and the radius.

    It needs d, ell and m; points=20 data points and steps=200 of training may be given: boundkit plot flips d=784
    ell=600 m=50.
    """
    from boundkit.library.beyond.flips import flip_probability
    from boundkit.simulate import problem, train

    network = train(problem(d, ell, points, seed), m, steps=steps, seed=seed)
    write_picture(flip_probability(network, x0, draws, seed, failure), out)


@click.command()
@click.argument("values", nargs=-1, metavar="[d=VALUE]")
@click.option("--over", default="m=4:512:x2", show_default=True, metavar="m=RANGE", help="Widths.")
@click.option("--failure", type=float, default=0.01, show_default=True, help="The level of the lengths.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@to_file
def lengths(values: tuple[str, ...], over: str, failure: float, seed: int, out: str) -> None:
    """Draw how long a step off P has to be against m/k: by Theorem 5.1, by our statements, and the radius."""
    from boundkit.library.beyond.lengths_figure import lengths_against_k

    given = {"d": 150528, **read_values(values), **read_words((over,))}
    if given.keys() != {"d", "m"}:
        raise ParameterError(f"d and m are the parameters here, not {', '.join(given)}; write d=784 --over m=4:64:x2")
    write_picture(lengths_against_k(**given, failure=failure, seed=seed), out)


@click.command()
@click.option("--d", default="784,3072,12288,49152,150528", show_default=True, help="Numbers of pixels.")
@click.option("--m", default="16,64", show_default=True, help="Widths.")
@click.option("--failure", type=float, default=0.01, show_default=True, help="The failure probability that is allowed.")
@to_file
def pixels(d: str, m: str, failure: float, out: str) -> None:
    """Draw how little every pixel has to change to take the label, half of them being 0 in all data."""
    from boundkit.library.beyond.pixels_figure import change_against_pixels

    write_picture(change_against_pixels(d=d, m=m, failure=failure), out)


@click.command()
@click.option("--share", type=float, default=0.95, show_default=True, help="The share of the squares that P holds.")
@click.option("--m", type=click.IntRange(1), default=10, show_default=True, help="The number of neurons.")
@click.option("--steps", default="1,20,100,400,1000,4000", show_default=True, help="After how many training steps.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@to_file
def residue(share: float, m: int, steps: str, seed: int, out: str) -> None:
    """Draw what training on scikit-learn's digits does off their first principal directions."""
    from boundkit.library.beyond.residue_figure import residue_against_steps

    write_picture(residue_against_steps(share=share, m=m, steps=steps, seed=seed), out)


COMMANDS = (("plot", flips), ("plot", lengths), ("plot", pixels), ("plot", residue))  # each in its group

"""The command that holds a network of one's own against the statements."""

from __future__ import annotations

import shlex
from typing import Any

import click

import boundkit
from boundkit.cli.group import DOES_NOT_APPLY, WRONG_USE, main
from boundkit.cli.words import said, write_or_rescue
from boundkit.errors import ParameterError
from boundkit.formats.commands import echo_json, output_format, progress_bar, require_writable


@main.command()
@click.argument("model")
@click.argument("data")
@click.option("--start", metavar="FILE", help="The first layer before training: W in a .npz or .safetensors file.")
@click.option("--tol", type=float, help="Singular values up to this part of the largest count as 0.")
@click.option("--directions", type=int, help="Cut P at so many principal directions instead.")
@click.option("--share", type=float, help="Cut P where it holds this share of the variance instead.")
@click.option("--affine", is_flag=True, help="Let P pass through the data's mean; so does a cut.")
@click.option("--attacked", type=click.IntRange(1), default=50, show_default=True, help="How many points are attacked.")
@click.option("--html", metavar="FILE", help="Write a self-contained page with pictures too.")
@output_format("text", "json")
@click.pass_context
def network(
    ctx: click.Context, model: str, data: str, start: str | None, tol: float | None, directions: int | None,
    share: float | None, affine: bool, attacked: int, html: str | None, form: str,
) -> None:  # fmt: skip
    """Hold the two-layer network in MODEL and its points in DATA against the statements about such networks.

    Both are .npz or .safetensors files: MODEL as a state_dict or W, u, biases and output_bias, DATA with the points as
    rows of X. P is the span of the data. Exits with 3 where no statement promises anything.
    """
    if html is not None:
        require_writable(html)
    X = boundkit.simulate.read_array(data, "X")
    net = boundkit.simulate.network(model, subspace=_cut(X, tol, directions, share, affine))
    with progress_bar() as progress:
        found = boundkit.applicable(net, X, start, attacked=attacked, progress=progress)
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(said(found, form))
    if html is not None:
        from boundkit.report import network_page

        options = {"--start": start, "--tol": tol, "--directions": directions, "--share": share}
        given = [word for name, value in options.items() if value is not None for word in (name, str(value))]
        given += ["--affine"] if affine else []
        command = shlex.join(["boundkit", "network", model, data, *given, "--attacked", str(attacked), "--html", html])
        if not write_or_rescue({html: network_page(found, command)}):
            ctx.exit(WRONG_USE)
    if not any(s.promises for s in found.statements):
        ctx.exit(DOES_NOT_APPLY)


def _cut(X: Any, tol: float | None, directions: int | None, share: float | None, affine: bool) -> Any:
    """The subspace that the options say."""
    cut = boundkit.simulate.Subspace
    if directions is None and share is None:
        return cut.from_data(X, tol, affine=affine)
    if tol is not None:
        raise ParameterError(f"--tol {tol:g} beside a cut: give --tol, --directions or --share")
    return cut.from_pca(X, directions, share=share)

"""The command that makes the explorer's page and shows it."""

from __future__ import annotations

from pathlib import Path
import webbrowser

import click

from boundkit.cli.group import main
from boundkit.cli.words import many_names, read_chosen, say_left_out
from boundkit.errors import ParameterError


@main.command()
@many_names
@click.option(
    "--out",
    type=click.Path(dir_okay=False),
    default="explorer.html",
    show_default=True,
    metavar="FILE",
    help="Where to write the page.",
)
@click.option("--open/--no-open", "opened", default=True, show_default=True, help="Whether to open it in the browser.")
def explore(names: tuple[str, ...], whole: bool, out: str, opened: bool) -> None:
    """Make one HTML page with sliders for each statement, and open it in the browser.

    What says more of the same stands beside it. The page needs no server and no network; it can be mailed, or kept
    beside a paper.
    """
    from boundkit.explorer.page import explorer_page

    page = explorer_page(read_chosen(names, whole), say_left_out)
    path = Path(out)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ParameterError(f"{out} cannot be written: {error.strerror}; choose another place with --out") from None
    click.echo(f"wrote {out}")
    if opened and not webbrowser.open(path.resolve().as_uri()):
        click.echo("no browser was found; open the file in one", err=True)

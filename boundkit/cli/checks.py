"""Commands that hold statements against the truth: exact laws, searches, simulation."""

from __future__ import annotations

from pathlib import Path
import shlex
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

import boundkit
from boundkit.cli.group import DOES_NOT_APPLY, FALSE, UNDECIDED, WRONG_USE, main
from boundkit.cli.words import (
    ask_each,
    complete_parameter,
    each_name,
    many_names,
    one_name,
    read_chosen,
    read_statement,
    read_statements,
    require_folder,
    said,
    write_or_rescue,
)
from boundkit.formats.commands import (
    echo_json,
    echo_table,
    output_format,
    progress_bar,
    read_values,
    read_words,
    require_writable,
    say,
)

if TYPE_CHECKING:
    from boundkit.api.objects import Statement
    from boundkit.simulate import Evidence

POINTS = 300


@main.command()
@many_names
@output_format("text", "json", "latex")
@click.pass_context
def errata(ctx: click.Context, names: tuple[str, ...], whole: bool, form: str) -> None:
    """List what is wrong in print in NAME, and run every witness again.

    Exits with 1 where a witness no longer shows what it should.
    """
    from boundkit.studies.errata import all_errata, errata_latex

    findings = all_errata(read_chosen(names, whole))
    if form == "json":
        echo_table({"errata": [finding.to_dict() for finding in findings]}, form)
    elif form == "latex":
        echo_table(errata_latex(findings), form)
    else:
        say("\n\n".join(map(str, findings)) or f"{', '.join(names)}: no errata")
    if any(finding.confirmed is False for finding in findings):
        ctx.exit(FALSE)


@main.command()
@many_names
@click.option(
    "--points",
    type=click.IntRange(1, 100_000),
    default=POINTS,
    show_default=True,
    help="How many sizes of each statement's grid are taken.",
)
@click.option(
    "--simulate/--no-simulate",
    "simulated",
    default=True,
    show_default=True,
    help="Whether networks are trained and vectors drawn too.",
)
@click.option("--strict", is_flag=True, help="Exit with 4 where a size could not be decided.")
@click.option("--wide", is_flag=True, help="All that was found, in columns of 150.")
@click.option("--html", metavar="FILE", help="Write a self-contained page too.")
@click.option("--latex", metavar="DIR", help="Write the tables as LaTeX files too, and a document that inputs them.")
@output_format("text", "json", "markdown", "latex")
@click.pass_context
def audit(
    ctx: click.Context, names: tuple[str, ...], whole: bool, points: int, simulated: bool, strict: bool,
    wide: bool, html: str | None, latex: str | None, form: str,
) -> None:  # fmt: skip
    """Check the statements and papers NAME.

    Every statement is held against the exact law of its quantity over a grid of sizes from 1 to 10^6, and the
    witnesses of its errata are run again. Exits with 1 where a corrected statement is false or a witness fails.
    """
    from rich.console import Console

    from boundkit.studies import audit_words as words

    if html is not None:
        require_writable(html)
    if latex is not None:
        require_folder(latex)
    chosen = read_chosen(names, whole)
    with progress_bar() as progress:
        found = boundkit.audit(*chosen, points=points, simulated=simulated, progress=progress)
    if form == "json":
        echo_table(found.to_dict(), form)
    elif form == "text":
        words.print_audit(found, Console(width=words.WIDE if wide else get_terminal_size().columns), wide)
    else:
        echo_table(words.audit_markdown(found) if form == "markdown" else words.audit_latex(found), form)
    written = True
    if html is not None:
        from boundkit.report.page import audit_page

        with progress_bar() as progress:
            page = audit_page(found, _command(names, whole, points, simulated, "--html", html), progress)
        written = write_or_rescue({html: page})
    if latex is not None:
        from boundkit.report.folder import audit_tables

        made = _command(names, whole, points, simulated, "--latex", latex)
        tables = {str(Path(latex, name)): text for name, text in audit_tables(found, made).items()}
        written = write_or_rescue(tables) and written
    if not written:
        ctx.exit(WRONG_USE)
    if found.is_false:
        ctx.exit(FALSE)
    if strict and found.is_undecided:
        ctx.exit(UNDECIDED)


def _command(names: tuple[str, ...], whole: bool, points: int, simulated: bool, option: str, place: str) -> str:
    """The command that makes the page or the folder again."""
    options = [] if points == POINTS else ["--points", str(points)]
    options += [] if simulated else ["--no-simulate"]
    return shlex.join(["boundkit", "audit", *(names or (["--all"] if whole else [])), *options, option, place])


@main.command()
@one_name
@click.argument("values", nargs=-1, metavar="[PARAMETER=VALUE]...", shell_complete=complete_parameter)
@click.option("--over", multiple=True, metavar="PARAMETER=RANGE", help="Compare along it: 100:1000:100, 10:1e6:x10.")
@click.option("--html", metavar="FILE", help="Write a self-contained page too.")
@output_format("text", "json")
@click.pass_context
def review(
    ctx: click.Context, name: str, values: tuple[str, ...], over: tuple[str, ...], html: str | None, form: str
) -> None:
    """Review NAME on one page: what it says as printed and as corrected, whether that is true, and what shows it.

    The exact failure probability stands beside the claimed one at a typical size, or at those given, such as d=1000
    ell=600 m=10. Exits with 1 where it is false as corrected, or a witness fails.
    """
    if html is not None:
        require_writable(html)
    found = boundkit.review(read_statement(name), read_words(over), **read_values(values))
    if form == "json":
        echo_json(found.to_dict())
    else:
        say(found)
    if html is not None:
        from boundkit.report.review import review_page

        command = shlex.join(
            ["boundkit", "review", name, *values, *(f"--over={span}" for span in over), "--html", html]
        )
        if not write_or_rescue({html: review_page(found, command)}):
            ctx.exit(WRONG_USE)
    if found.is_false:
        ctx.exit(FALSE)


@main.command()
@many_names
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes every point.")
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    default=20.0,
    show_default=True,
    help="The search of a statement stops after so long.",
)
@output_format("text", "json")
@click.pass_context
def falsify(
    ctx: click.Context, names: tuple[str, ...], whole: bool, as_printed: bool, seed: int, seconds: float, form: str
) -> None:
    """Look for a counterexample to each statement in its own domain.

    What is found is certified, and shrunk to simple numbers. Exits with 1 where there is one. After Ctrl-C it says what
    was found until then, and exits with 130.
    """

    def ask(s: Statement) -> tuple[bool, Any]:
        with progress_bar() as progress:
            found = boundkit.falsify(s, seed=seed, seconds=seconds, progress=progress)
        return found.counterexample is not None, said(found, form)

    if any(ask_each(read_statements(names, whole, as_printed), form, ask)):
        ctx.exit(FALSE)


@main.command()
@each_name
@click.argument("values", nargs=-1, metavar="PARAMETER=VALUE...", shell_complete=complete_parameter)
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@click.option("--trials", type=int, help="How many trials; 10000, or 100 where each trains a network.")
@click.option("--seed", type=int, default=0, show_default=True, help="Fixes everything.")
@click.option("--full", is_flag=True, help="Draw and train everything anew in each trial; take nothing from the laws.")
@click.option("--steps", type=int, default=200, show_default=True, help="Training steps, where T is no parameter.")
@click.option("--method", type=click.Choice(["gd", "sgd"]), default="gd", show_default=True, help="How to train.")
@output_format("text", "json")
@click.pass_context
def simulate(
    ctx: click.Context, name: str, values: tuple[str, ...], as_printed: bool, trials: int | None, seed: int, full: bool,
    steps: int, method: str, form: str,
) -> None:  # fmt: skip
    """Count how often the claims of NAME fail in simulation, at values such as d=1e6 ell=9e5 m=10.

    Parameters given (k=7 output=2) are conditioned on; what is measured on a network and not given is measured on one
    that is trained. Exits with 1 where the claims fail more often than the statement allows.
    """
    from boundkit.simulate import SimulationVerdict, check

    given = read_values(values)

    def ask(s: Statement) -> tuple[Evidence, Any]:
        with progress_bar() as progress:
            found = check(
                s, trials, seed=seed, mode="full" if full else "conditional", **given,
                training={"steps": steps, "method": method}, progress=progress,
            )  # fmt: skip
        return found, said(found, form)

    found = ask_each(read_statements((name,), as_printed=as_printed), form, ask)
    if any(one.verdict is SimulationVerdict.VIOLATED for one in found):
        ctx.exit(FALSE)
    if all(one.applies is False for one in found):
        ctx.exit(DOES_NOT_APPLY)

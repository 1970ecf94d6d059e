"""The commands. No mathematics here: each reads its words, asks the library, and prints.

Exit codes: 0 done, 1 a claim was found false, 2 wrong use or value, 3 the statement does not apply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
import json
from pathlib import Path
import sys
from typing import TYPE_CHECKING, Any

import click

import boundkit
from boundkit.errors import BoundkitError, HypothesisError, ParameterError

if TYPE_CHECKING:
    from boundkit.statement import Statement

FALSE, WRONG_USE, DOES_NOT_APPLY = 1, 2, 3
INTERRUPTED = 130  # as shells say it


class Commands(click.Group):
    """Turns the library's errors into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BoundkitError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(DOES_NOT_APPLY if isinstance(error, HypothesisError) else WRONG_USE)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(boundkit.__version__, prog_name="boundkit")
def main() -> None:
    """A paper's theorems as tested, executable objects.

    Exit codes: 0 done, 1 a claim was found false, 2 wrong use or value, 3 the statement does not apply.
    """


def complete_name(_ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    """Names of statements, for the shell."""
    return [name for name in boundkit.PAPER if name.startswith(start)]


def complete_letter(ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    """Letters of the statement already named, each with its equals sign."""
    name = ctx.params.get("name")
    if name not in boundkit.PAPER or "=" in start:
        return []
    taken = {word.partition("=")[0] for word in ctx.params.get("values") or ()}
    letters = [p.name for p in boundkit.catalogue[name].parameters]
    return [f"{letter}=" for letter in letters if letter not in taken and letter.startswith(start)]


def output_format(*formats: str) -> Callable[[Any], Any]:
    """The option --format with these choices, the first by default."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True, help="How to print it."
    )


@main.command("list")
@output_format("text", "json", "latex")
def list_statements(form: str) -> None:
    """List the paper's statements."""
    from boundkit.cards import statement_dict, summary
    from boundkit.paper.remainder import NOT_ENCODED

    statements = list(boundkit.catalogue.values())
    if form == "json":
        _echo_json([statement_dict(s) for s in statements])
    elif form == "latex":
        click.echo("\n\n".join(_display(s) for s in statements))
    else:
        width = max(len(s.name) for s in statements)
        for s in statements:
            click.echo(f"{s.name:{width}}  {summary(s)}")
        for item, reason in NOT_ENCODED:
            click.echo(f"\n{item} is not encoded: {reason}.")


@main.command()
@click.argument("name", shell_complete=complete_name)
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@output_format("text", "json", "latex")
def show(name: str, as_printed: bool, form: str) -> None:
    """Show the statement NAME: its words, formulas, letters, exact law and errata."""
    from boundkit.cards import statement_dict

    s = _statement(name, as_printed)
    if form == "json":
        _echo_json(statement_dict(s))
    else:
        click.echo(_display(s) if form == "latex" else f"{s.doc.strip()}\n\n{s}")


@main.command("eval")
@click.argument("name", shell_complete=complete_name)
@click.argument("values", nargs=-1, metavar="LETTER=VALUE...", shell_complete=complete_letter)
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@click.option("--exact", is_flag=True, help="Add the failure probability in fact, certified.")
@output_format("text", "json", "latex")
@click.pass_context
def evaluate(ctx: click.Context, name: str, values: tuple[str, ...], as_printed: bool, exact: bool, form: str) -> None:
    """Say what the statement NAME promises at given values, such as d=1000 ell=600 m=10.

    A value is an integer, a decimal, 1e6 or a/b, and taken exactly; letters that are not given stay free.
    """
    g = _statement(name, as_printed)(**read_values(values))
    true = g.exact() if exact else None
    if form == "json":
        from boundkit.cards import exact_dict

        _echo_json(g.to_dict() | ({"exact": exact_dict(true)} if true else {}))
    elif form == "latex":
        click.echo(f"\\[ {g.latex()} \\]")
    else:
        click.echo(g)
        if true:
            click.echo(f"  {true}")
    if g.applies is False:
        ctx.exit(DOES_NOT_APPLY)


@main.command()
@click.argument("name", shell_complete=complete_name)
@click.argument("letter")
@click.argument("values", nargs=-1, metavar="[LETTER=VALUE]...", shell_complete=complete_letter)
@click.option("--exact", is_flag=True, help="The failure probability in fact is meant, not the claimed one.")
@click.option("--largest", is_flag=True, help="The largest value is wanted, not the smallest.")
@output_format("text", "json")
@click.pass_context
def solve(
    ctx: click.Context, name: str, letter: str, values: tuple[str, ...], exact: bool, largest: bool, form: str
) -> None:
    """Find the smallest LETTER at which NAME applies, and fails rarely enough where failure=VALUE is given.

    For example: boundkit solve theorem_5_1 ell d=1e6 m=10 failure=0.01. Exits with 3 where no value works.
    """
    found = _statement(name, False).solve_for(letter, exact=exact, largest=largest, **read_values(values))
    if form == "json":
        _echo_json(found.to_dict())
    else:
        click.echo(found)
    if found.value is None:
        ctx.exit(DOES_NOT_APPLY)


@main.command()
@click.argument("name", required=False, shell_complete=complete_name)
@output_format("text", "json", "latex")
@click.pass_context
def errata(ctx: click.Context, name: str | None, form: str) -> None:
    """List what is wrong in print, and run every witness again.

    With NAME only that statement's. Exits with 1 where a witness no longer shows what it should.
    """
    from boundkit.verify.errata import all_errata, errata_latex

    findings = all_errata(() if name is None else (_statement(name, False),))
    if form == "json":
        _echo_json([finding.to_dict() for finding in findings])
    else:
        click.echo(errata_latex(findings) if form == "latex" else "\n\n".join(map(str, findings)))
    if any(finding.confirmed is False for finding in findings):
        ctx.exit(FALSE)


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_name)
@click.option("--points", type=click.IntRange(1, 100_000), default=300, show_default=True,
              help="How many sizes of each statement's grid are taken.")
@click.option("--simulate/--no-simulate", "simulated", default=True, show_default=True,
              help="Whether networks are trained and vectors drawn too.")
@click.option("--strict", is_flag=True, help="Exit with 1 also where a size could not be decided.")
@output_format("text", "json", "markdown", "latex")
@click.pass_context
def audit(ctx: click.Context, names: tuple[str, ...], points: int, simulated: bool, strict: bool, form: str) -> None:
    """Check the whole paper, or the statements NAME.

    Every statement is held against the exact law of its quantity over a grid of sizes from 1 to 10^6, and the
    witnesses of its errata are run again. Exits with 1 where a mended statement is false or a witness fails.
    """
    from rich.console import Console

    from boundkit.report import words

    chosen = [_statement(name, False) for name in names]
    with _progress() as progress:
        found = boundkit.audit(*chosen, points=points, simulated=simulated, progress=progress)
    if form == "json":
        _echo_json(found.to_dict())
    elif form == "text":
        words.print_audit(found, Console())
    else:
        click.echo(words.audit_markdown(found) if form == "markdown" else words.audit_latex(found))
    if found.is_false or (strict and found.is_undecided):
        ctx.exit(FALSE)


@main.command()
@click.argument("name", shell_complete=complete_name)
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes every point.")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), default=20.0, show_default=True,
              help="The search stops after so long.")
@output_format("text", "json")
@click.pass_context
def falsify(ctx: click.Context, name: str, as_printed: bool, seed: int, seconds: float, form: str) -> None:
    """Look for a counterexample to the statement NAME in its own domain.

    What is found is certified, and shrunk to simple numbers. Exits with 1 where there is one.
    """
    with _progress() as progress:
        found = boundkit.falsify(_statement(name, as_printed), seed=seed, seconds=seconds, progress=progress)
    if form == "json":
        _echo_json(found.to_dict())
    else:
        click.echo(found)
    if found.counterexample:
        ctx.exit(FALSE)


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
    ctx: click.Context, names: tuple[str, ...], over: tuple[str, ...], fix: tuple[str, ...], columns: str | None,
    form: str, siunitx: bool, out: str | None, commands: str | None, prefix: str,
) -> None:
    r"""Tabulate statements over a grid, say --over ell=100:1000:100 --fix d=1000 --fix m=10.

    A range is start:stop:step, with stop included where a step hits it, or start:stop:xFACTOR; a list is 2,10,100.
    Letters in neither --over nor --fix stay free.
    """
    shown = None if columns is None else [name.strip() for name in columns.split(",")]
    made = boundkit.table(names, read_words(over), read_values(fix), shown)
    if out and out == commands:
        raise ParameterError(f"--out and --commands both name {out}; give two files")
    files = [(out, made.to_latex(siunitx=siunitx) if form == "latex" else getattr(made, f"to_{form}")())]
    files += [(commands, made.newcommands(prefix, siunitx))] if commands else []
    written = [write_or_echo(file, text) for file, text in files]
    if not all(written):
        ctx.exit(WRONG_USE)


@main.command()
@click.argument("name", shell_complete=complete_name)
@click.argument("values", nargs=-1, metavar="LETTER=VALUE...", shell_complete=complete_letter)
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@click.option("--trials", type=int, help="How many trials; 10000, or 100 where each trains a network.")
@click.option("--seed", type=int, default=0, show_default=True, help="Fixes everything.")
@click.option("--full", is_flag=True, help="Draw and train everything anew in each trial; take nothing from the laws.")
@click.option("--steps", type=int, default=200, show_default=True, help="Training steps, where T is no letter.")
@click.option("--method", type=click.Choice(["gd", "sgd"]), default="gd", show_default=True, help="How to train.")
@output_format("text", "json")
@click.pass_context
def simulate(
    ctx: click.Context, name: str, values: tuple[str, ...], as_printed: bool, trials: int | None, seed: int, full: bool,
    steps: int, method: str, form: str,
) -> None:  # fmt: skip
    """Count how often the claims of NAME fail in simulation, at values such as d=1e6 ell=9e5 m=10.

    Letters given (k=7 output=2) are conditioned on; what is measured on a network and not given is measured on one
    that is trained. Exits with 1 where the claims fail more often than the statement allows.
    """
    from boundkit.simulate import Finding, check

    with _progress() as tell:
        found = check(
            _statement(name, as_printed), trials, seed=seed, mode="full" if full else "conditional",
            training={"steps": steps, "method": method}, progress=lambda done, total: tell(name, done, total),
            **read_values(values),
        )  # fmt: skip
    if form == "json":
        _echo_json(found.to_dict())
    else:
        click.echo(found)
    if found.verdict is Finding.VIOLATED:
        ctx.exit(FALSE)
    if found.applies is False:
        ctx.exit(DOES_NOT_APPLY)


@main.command()
@click.argument("number", type=click.IntRange(1, 6))
@click.option("--quick", is_flag=True, help="A smaller version, in seconds.")
@click.option("--out", default=".", show_default=True, metavar="DIR", help="Where the PNG, PDF and JSON files go.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Fixes everything.")
@click.option("--data", metavar="DIR", help="For figures 1 and 4: MNIST's IDX files, CIFAR-10's binary batches.")
@click.pass_context
def figure(ctx: click.Context, number: int, quick: bool, out: str, seed: int, data: str | None) -> None:
    """Make the paper's figure NUMBER again: PNG, PDF, and the numbers behind it as JSON."""
    from boundkit.figures.making import write

    reached = (0, 0)
    with _progress() as tell:

        def progress(done: int, total: int) -> None:
            nonlocal reached
            reached = (done, total)
            tell(f"figure {number}", done, total)

        try:
            picture, paths = write(number, out, quick=quick, seed=seed, data=data, progress=progress)
        except KeyboardInterrupt:
            click.echo("Interrupted after {} of {} tasks: no file was written.".format(*reached), err=True)
            ctx.exit(INTERRUPTED)
    click.echo(picture)
    click.echo(f"  wrote {', '.join(map(str, paths))}")


@main.command()
@click.argument("name", shell_complete=complete_name)
def cite(name: str) -> None:
    """Print BibTeX for the statement NAME: the paper, and the results that its proof rests on."""
    click.echo(boundkit.cite(name), nl=False)


@main.command()
@output_format("text", "json", "dot")
def graph(form: str) -> None:
    """Print which statement depends on which; dot is for Graphviz."""
    from boundkit.citations import graph_dict, graph_dot, graph_text

    if form == "json":
        _echo_json(graph_dict())
    else:
        click.echo(graph_dot() if form == "dot" else graph_text())


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL; for bash: eval "$(boundkit completion bash)"."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    if script is not None:
        click.echo(script(main, {}, "boundkit", "_BOUNDKIT_COMPLETE").source())


def read_words(words: tuple[str, ...]) -> dict[str, str]:
    """Split LETTER=VALUE words."""
    values: dict[str, str] = {}
    for word in words:
        letter, equals, text = word.partition("=")
        if not equals or not letter:
            raise ParameterError(f"{word!r} is not LETTER=VALUE; write for example d=1000")
        if letter in values:
            raise ParameterError(f"{letter} is given twice; give each letter once")
        values[letter] = text
    return values


def read_values(words: tuple[str, ...]) -> dict[str, Any]:
    """Read LETTER=VALUE words exactly; nothing in them is evaluated."""
    from boundkit.values import parse_number

    values: dict[str, Any] = {}
    for letter, text in read_words(words).items():
        try:
            values[letter] = parse_number(text)
        except ParameterError as error:
            raise ParameterError(f"{letter}: {error}") from None
    return values


def write_or_echo(file: str | None, text: str) -> bool:
    """Write the text to the file, or print it where none is meant or none can be written; whether all went well."""
    if file:
        try:
            Path(file).write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
        except OSError as error:
            click.echo(f"Error: {file} cannot be written: {error.strerror}; its text is printed instead", err=True)
        else:
            return True
    click.echo(text.rstrip("\n"))
    return not file


def _statement(name: str, as_printed: bool) -> Statement:
    s: Statement = boundkit.catalogue[name]
    return s.as_printed if as_printed else s


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on the terminal's error stream while long work runs; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _name, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda name, done, total: bar.update(task, description=name, completed=done, total=total)


def _display(s: Statement) -> str:
    return f"% {s.place}\n\\[ {s.latex()} \\]"


def _echo_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, allow_nan=False))

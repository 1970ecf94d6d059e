"""What the commands share that know statements: reading names, writing files, printing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
import inspect
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp
from typing import TYPE_CHECKING, Any, TypeVar

import click

import boundkit
from boundkit.errors import BoundkitError, Interrupted, ParameterError
from boundkit.formats.commands import echo_json, say
from boundkit.text import one_line

if TYPE_CHECKING:
    from boundkit.api.objects import Statement
    from boundkit.api.papers import Paper

R = TypeVar("R")


def complete_name(_ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    """Names of statements, for the shell."""
    from boundkit.shelf import PAPERS

    names = [name for _, own in PAPERS.values() for name in own]
    qualified = [f"{paper}.{name}" for paper, (_, own) in PAPERS.items() for name in own]
    return [name for name in (*names, *PAPERS, *(qualified if "." in start else ())) if name.startswith(start)]


def complete_parameter(ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    """Parameters of the statement already named, each with its equals sign."""
    statement = boundkit.catalogue.get(ctx.params.get("name"))
    if statement is None or "=" in start:
        return []
    taken = {word.partition("=")[0] for word in ctx.params.get("values") or ()}
    parameters = [p.name for p in statement.parameters]
    return [f"{parameter}=" for parameter in parameters if parameter not in taken and parameter.startswith(start)]


OWN = "or, of your own, FILE.py, FILE.py:name, FILE.json, FOLDER or FOLDER:name"
ANY = f"NAME is a statement, STATEMENT or PAPER.STATEMENT, a paper, PAPER, {OWN}."
MANY = f"{ANY} Without one the first paper is meant."
ONE = f"{ANY} Of a paper that has several statements, name one."
EACH = f"{ANY} Of a paper, each statement that can answer does."


def help_ends(function: Any, says: str) -> Any:
    """The command with this at the end of its help, where all say in the same words what a NAME is."""
    function.__doc__ = f"{inspect.cleandoc(function.__doc__)}\n\n{says}"
    return function


def one_name(function: Any) -> Any:
    """The argument of a command that is about one statement."""
    return click.argument("name", shell_complete=complete_name)(help_ends(function, ONE))


def each_name(function: Any) -> Any:
    """The argument of a command that asks one statement, or each of a paper."""
    return click.argument("name", shell_complete=complete_name)(help_ends(function, EACH))


def many_names(function: Any) -> Any:
    """The arguments of a command that is about statements and papers, and --all for everything."""
    names = click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_name)
    everything = click.option("--all", "whole", is_flag=True, help="Every paper that there is.")
    return everything(names(help_ends(function, MANY)))


def many_names_at_values(function: Any) -> Any:
    """The same, and values after the names."""
    metavar = "[NAME]... [PARAMETER=VALUE]..."
    words = click.argument("words", nargs=-1, metavar=metavar, shell_complete=complete_name)
    everything = click.option("--all", "whole", is_flag=True, help="Every paper that there is.")
    return everything(words(help_ends(function, MANY)))


def at_values(function: Any) -> Any:
    """Values after a NAME."""
    return click.argument("values", nargs=-1, metavar="[PARAMETER=VALUE]...", shell_complete=complete_parameter)(
        function
    )


def read_statement(name: str, as_printed: bool = False) -> Statement:
    """The statement that a word of the command line means."""
    from boundkit.api.loading import find, single

    s = single(find(name), name)
    return s.as_printed if as_printed else s


def exchanged(chosen: tuple[Statement | Paper, ...], as_printed: bool) -> str:
    """The statement or paper that is meant, as JSON to be exchanged."""
    from boundkit.api.exchange import to_json
    from boundkit.api.loading import single

    if len(chosen) > 1:
        raise ParameterError("a file to be exchanged holds one statement or one paper; name one")
    (found,) = chosen
    return to_json(single(found, found.name).as_printed if as_printed else found)


def read_chosen(names: tuple[str, ...], whole: bool = False) -> tuple[Statement | Paper, ...]:
    """The statements and papers that words of the command line mean: without one the first paper, or all of them."""
    from boundkit.api.loading import find
    from boundkit.api.papers import first, papers

    if whole:
        if names:
            raise ParameterError(f"--all is everything; leave out {', '.join(names)}, or --all")
        return tuple(papers.values())
    return tuple(map(find, names)) or (first(),)


def read_statements(names: tuple[str, ...], whole: bool = False, as_printed: bool = False) -> tuple[Statement, ...]:
    """The statements that are meant, each once."""
    from boundkit.api.papers import statements_in

    found = statements_in(read_chosen(names, whole))
    return tuple(s.as_printed for s in found) if as_printed else found


def ask_each(
    statements: tuple[Statement, ...], form: str, ask: Callable[[Statement], tuple[R, Any]], before: str = ""
) -> list[R]:
    """Ask each statement, and print what it says as it comes, `before` before it: words, or one JSON value of all.

    One of several that cannot answer stops none of the others: the error stream says why. Where none can, the first
    error is raised. After Ctrl-C all that was found until then is printed.
    """
    found: list[R] = []
    told, errors = [], []
    for s in statements:
        try:
            one, says = ask(s)
        except Interrupted as stopped:
            told.append(said(stopped.found, form))
            if form == "json":
                echo_json(told[0] if len(statements) == 1 else told)
            else:
                say(f"\n{told[-1]}" if found else f"{before}{told[-1]}")
            raise
        except BoundkitError as error:
            if len(statements) > 1:
                say_left_out(s, error)
            errors.append(error)
            continue
        if form != "json":
            (say if form == "text" else click.echo)(f"\n{says}" if found else f"{before}{says}")
        found.append(one)
        told.append(says)
    if not found and errors:
        raise errors[0]
    if form == "json":
        echo_json(told[0] if len(statements) == 1 else told)
    return found


def say_left_out(s: Statement, error: BoundkitError) -> None:
    """Which statement of several could not be asked, and why."""
    why = one_line(error)
    click.echo(f"left out: {why if why.startswith((s.name, s.number)) else f'{s.name}: {why}'}", err=True)


def said(found: Any, form: str) -> Any:
    """A record as text, LaTeX, or what JSON carries."""
    return found.to_dict() if form == "json" else found.latex() if form == "latex" else str(found)


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


def require_folder(folder: str) -> str:
    """The folder's name, made where it is missing, and refused before long work starts where nothing goes in."""
    if not folder:
        raise ParameterError("'' is no name of a folder; give one")
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ParameterError(f"{folder} cannot be written to: {error.strerror}; choose another folder") from None
    return folder


def write_or_rescue(files: Mapping[str, str]) -> bool:
    """Write files that took long to make; those that cannot be written go to a new folder that is named instead."""
    refuge = None
    for file, text in files.items():
        try:
            Path(file).write_text(text, encoding="utf-8")
        except OSError as error:
            refuge = refuge or Path(mkdtemp(prefix="boundkit-"))
            saved = refuge / Path(file).name
            saved.write_text(text, encoding="utf-8")
            click.echo(f"Error: {file} cannot be written: {error.strerror}; it is at {saved} instead", err=True)
    if refuge is None:
        first, *others = files
        click.echo(f"{f'{Path(first).parent}: {len(files)} files' if others else first} written", err=True)
    return refuge is None


def display(s: Statement) -> str:
    """The statement as a display that fits the line of a paper."""
    from boundkit.engine.displays import statement_display

    return statement_display(s)

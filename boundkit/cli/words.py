"""What the commands share: reading names, letters and values, and printing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
import json
from pathlib import Path
import sys
from tempfile import TemporaryFile, mkdtemp
from typing import TYPE_CHECKING, Any

import click

import boundkit
from boundkit.errors import ParameterError
from boundkit.text import latex_comment

if TYPE_CHECKING:
    from boundkit.statement import Statement


def complete_name(_ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    """Names of statements, for the shell."""
    return [name for name in (*boundkit.PAPER, *boundkit.BEYOND) if name.startswith(start)]


def complete_letter(ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    """Letters of the statement already named, each with its equals sign."""
    name = ctx.params.get("name")
    if name not in (*boundkit.PAPER, *boundkit.BEYOND) or "=" in start:
        return []
    taken = {word.partition("=")[0] for word in ctx.params.get("values") or ()}
    letters = [p.name for p in boundkit.catalogue[name].parameters]
    return [f"{letter}=" for letter in letters if letter not in taken and letter.startswith(start)]


def output_format(*formats: str) -> Callable[[Any], Any]:
    """The option --format with these choices, the first by default."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True, help="How to print it."
    )


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


def number(_ctx: click.Context, param: click.Parameter, text: str) -> Any:
    """An option's number, as anywhere else: 1000, 1e6 or 2/3, taken exactly."""
    return read_values((f"{param.name}={text}",))[str(param.name)]


def read_statement(name: str, as_printed: bool = False) -> Statement:
    from boundkit.files import is_file_name, statement_in

    s: Statement = statement_in(name) if is_file_name(name) else boundkit.catalogue[name]
    return s.as_printed if as_printed else s


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


def require_writable(file: str) -> str:
    """The file's name, refused before long work starts where nothing can be written there; it is left as it was."""
    if not file:
        raise ParameterError("'' is no name of a file; give one")
    path = Path(file)
    new = not path.exists()
    try:
        with path.open("ab"):
            pass
        if new:
            path.unlink()
    except OSError as error:
        raise ParameterError(f"{file} cannot be written: {error.strerror}; choose another place") from None
    return file


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


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on the terminal's error stream while long work runs; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _name, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda name, done, total: bar.update(task, description=name, completed=done, total=total)


def display(s: Statement) -> str:
    return f"{latex_comment(s.place + (f'; {s.reading}' if s.reading else ''))}\n\\[ {s.latex()} \\]"


def echo_as(found: Any, form: str) -> None:
    """Print a record as text, LaTeX or JSON."""
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(found.latex() if form == "latex" else found)


def echo_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, allow_nan=False))

"""What commands share, those of the command line's own and those that a paper brings: options, numbers, printing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from shlex import quote
from shutil import get_terminal_size
import sys
from typing import Any

import click

from boundkit.errors import ParameterError, StatementError
from boundkit.formats.plainly import json_text
from boundkit.formats.progress import Progress
from boundkit.text import fitted, markdown_text, one_line
from boundkit.values import parse_number, value_text
from boundkit.version import VERSION

INTERRUPTED = 130  # the exit code, as shells say it


def output_format(*formats: str) -> Callable[[Any], Any]:
    """The option --format with these choices, the first by default."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True, help="How to print it."
    )


def is_value(word: str) -> bool:
    """Whether a word is PARAMETER=VALUE, and no name of a file with = in it."""
    before, equals, _ = word.partition("=")
    return bool(equals) and not any(sign in before for sign in "/\\.:")


def read_words(words: tuple[str, ...]) -> dict[str, str]:
    """Split PARAMETER=VALUE words."""
    values: dict[str, str] = {}
    for word in words:
        parameter, equals, text = word.partition("=")
        if not equals or not parameter:
            raise ParameterError(f"{word!r} is not PARAMETER=VALUE; write for example d=1000, without spaces")
        parameter = parameter.strip()
        if parameter in values:
            raise ParameterError(f"{parameter} is given twice; give each parameter once")
        values[parameter] = text
    return values


def read_values(words: tuple[str, ...]) -> dict[str, Any]:
    """Read PARAMETER=VALUE words exactly, as numbers and formulas in other parameters; no text is ever run."""
    values: dict[str, Any] = {}
    for parameter, text in read_words(words).items():
        try:
            values[parameter] = _value(text)
        except (ParameterError, StatementError) as error:
            raise ParameterError(f"{parameter}: {error}") from None
    return values


def _value(text: str) -> Any:
    """A number, or where letters are in it a formula."""
    try:
        return parse_number(text)
    except ParameterError:
        if not any(x.isalpha() for x in text) and not any(x in text for x in "()*^+"):
            raise
    from boundkit.formats.plain.reading import read_typed

    return read_typed(text)


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


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Progress as a bar with counts and remaining time on the terminal's error stream; nothing where that is none."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (bars.BarColumn(), bars.MofNCompleteColumn(), bars.TimeRemainingColumn())
    with bars.Progress("{task.description}", *columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)


def echo_json(value: Any) -> None:
    """Print what JSON can carry; each record says what made it."""
    click.echo(json_text(_with_origin(value)))


def made_by() -> str:
    """The version, and the command that is running, seed and all."""
    return f"boundkit {VERSION}: {_command(click.get_current_context())}"


def echo_table(text: Any, form: str) -> None:
    """Print a table that is read elsewhere, with what made it: in comments, a last line, or fields of JSON."""
    if form == "json":
        echo_json(text)
    else:
        click.echo(signed(text, form, made_by()))


def _with_origin(value: Any) -> Any:
    """A record for JSON, or each of a list, with what made it."""
    if isinstance(value, list):
        return [_with_origin(one) for one in value]
    return {"boundkit": VERSION, "command": _command(click.get_current_context()), **value}


def signed(text: str, form: str, origin: str, filed: bool = False) -> str:
    """A table with what made it, as its form has that; text on a terminal stands below its command already."""
    text = text.rstrip("\n")
    if form == "text" and filed:
        return f"{text}\n\n{one_line(origin)}"
    if form == "markdown":
        return f"{text}\n\n{markdown_text(origin)}"
    mark = {"latex": "%", "csv": "#"}.get(form)
    return f"{mark} {one_line(origin)}\n{text}" if mark else text


def say(text: object) -> None:
    """Print words, no line wider than the terminal; where there is none, than COLUMNS says, or 80."""
    click.echo(fitted(str(text), get_terminal_size().columns))


def sizes(*required: str, **usual: str) -> Callable[[Any], Any]:
    """Words PARAMETER=VALUE for a command about no statement; it gets each as a keyword, formulas worked out.

    Those that are not given take the text in `usual`, unless they are `required`.
    """

    def read(_ctx: click.Context, _param: click.Parameter, words: tuple[str, ...]) -> dict[str, Any]:
        from boundkit.terms import worked_out

        given = read_values(words)
        known = (*required, *usual)
        for name in given:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}? " if near else ""
                raise ParameterError(f"there is no parameter {name!r} here; {hint}there are {', '.join(known)}")
        if missing := [name for name in required if name not in given]:
            raise ParameterError(f"{', '.join(missing)} is not given; write for example {missing[0]}=100")
        return worked_out({**{name: parse_number(text) for name, text in usual.items()}, **given})

    def command(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def with_sizes(values: dict[str, Any], **options: Any) -> Any:
            return function(**values, **options)

        return click.argument("values", nargs=-1, metavar="PARAMETER=VALUE...", callback=read)(with_sizes)

    return command


def to_file(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option that says where to, refused before anything is computed where that cannot be written."""
    return click.option(
        "-o", "--out", required=True, metavar="FILE", callback=_picture,
        help="Where to: the ending .pdf, .svg or .png says the format.",
    )(function)  # fmt: skip


def _picture(_ctx: click.Context, _param: click.Parameter, file: str) -> str:
    from boundkit.formats.style import file_format

    file_format(file)
    return require_writable(file)


def _command(ctx: click.Context) -> str:
    """The command that was given, without where its answer goes; a seed is in it, given or not."""
    words = ["boundkit", *ctx.command_path.removeprefix(ctx.find_root().command_path).split()]
    for param in ctx.command.params:
        value = ctx.params.get(str(param.name))
        if (
            param.name == "out"
            or value is None
            or (value == param.get_default(ctx) and param.param_type_name != "argument" and param.name != "seed")
        ):
            continue
        if getattr(param, "is_flag", False):
            words.append(param.opts[-1] if value else param.secondary_opts[-1])
            continue
        several = value if isinstance(value, tuple) else (value,)
        if isinstance(value, dict):
            several = tuple(f"{name}={value_text(number)}" for name, number in value.items())
        for one in several:
            words += [quote(str(one))] if param.param_type_name == "argument" else [param.opts[-1], quote(str(one))]
    return " ".join(words)


def write_picture(ax: Any, out: str) -> None:
    """Write a picture, and say so."""
    from boundkit.formats.style import save

    save(ax, out, _command(click.get_current_context()))
    say(f"{out} written: {' '.join(ax.get_title().split())}")

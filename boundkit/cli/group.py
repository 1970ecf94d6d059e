"""The group of all commands; how a command ends is decided here: one line and an exit code, whatever happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
import errno
import os
from pathlib import Path
import sys
import traceback
from typing import Any

import click

import boundkit
from boundkit.errors import BoundkitError, HypothesisError
from boundkit.formats.commands import INTERRUPTED
from boundkit.text import one_line
from boundkit.version import VERSION

FALSE, WRONG_USE, DOES_NOT_APPLY, UNDECIDED = 1, 2, 3, 4
OUR_FAILURE, OUTPUT_LOST = 70, 74  # as in sysexits.h
PIPE_CLOSED = 141  # as shells say it
LONGEST = 2000  # characters of an error that are told
LOST = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


class _ForeignExit(Exception):  # noqa: N818  a SystemExit that is none of ours would choose the exit code
    pass


class _OutputLost(Exception):  # noqa: N818  click makes exit code 1 of an OSError, and 1 means false
    pass


@contextmanager
def _output() -> Iterator[None]:
    """Write out at the end what was printed; an OSError that says that it is lost becomes an `_OutputLost`."""
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        if error.errno not in (errno.EPIPE, *LOST):
            raise
        raise _OutputLost(error.errno) from error


class Commands(click.Group):
    """Ends every command with one of the exit codes above, and at most one line."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _output():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _output():
            try:
                return super().invoke(ctx)
            except SystemExit as error:
                if isinstance(error.__context__, BrokenPipeError):  # as rich has it
                    raise error.__context__ from None
                raise _ForeignExit(f"SystemExit: {error}") from error

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        run: Callable[..., Any] = super().main
        code = _ended(lambda: run(*args, standalone_mode=False, **extra))
        return sys.exit(code) if standalone_mode else code


def _ended(run: Callable[[], Any]) -> int:
    """The exit code of a command, its error told."""
    try:
        with _output():
            return run() or 0
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return error.exit_code
    except click.Abort as aborted:  # click has ended the line of the terminal's ^C
        return _interrupted(aborted.__cause__, "")
    except KeyboardInterrupt as stopped:
        return _interrupted(stopped)
    except _OutputLost as lost:
        (why,) = lost.args
        if why != errno.EPIPE:
            reason = "it is closed" if why == errno.EBADF else os.strerror(why)
            _say(f"Error: the output could not be written: {reason}")
        _give_output_up()
        return PIPE_CLOSED if why == errno.EPIPE else OUTPUT_LOST
    except BoundkitError as error:
        _say(f"Error: {one_line(error)[:LONGEST]}", error)
        return DOES_NOT_APPLY if isinstance(error, HypothesisError) else WRONG_USE
    except BaseException as error:  # whatever it is, it must not look like an answer
        if isinstance(error, SystemExit):  # click's own, after a completion
            raise
        if (behind := _stop_behind(error)) is not None:
            return _interrupted(behind)
        what = one_line(f"{type(error).__name__}: {error}")[:200]
        hint = "BOUNDKIT_DEBUG=1 shows the traceback"
        _say(f"Error: boundkit itself failed: {what} ({_place(error)}); nothing was decided. {hint}", error)
        return OUR_FAILURE


def _interrupted(stopped: BaseException | None, start: str = "\n") -> int:
    why = one_line(stopped or "")
    _say(f"{start}Interrupted{f': {why}' if why else ''}.")
    return INTERRUPTED


def _say(line: str, error: BaseException | None = None) -> None:
    """A line on the error stream, and the traceback where it is asked for; a lost stream changes no exit code."""
    with suppress(OSError):
        click.echo(line, err=True)
        if error is not None and os.environ.get("BOUNDKIT_DEBUG", "") not in ("", "0"):
            click.echo("".join(traceback.format_exception(error)).rstrip(), err=True)


def _stop_behind(error: BaseException) -> KeyboardInterrupt | None:
    """Ctrl-C, where a library's import made another error of it."""
    behind = error.__cause__ or error.__context__
    if behind is None or isinstance(behind, KeyboardInterrupt):
        return behind
    return _stop_behind(behind)


def _place(error: BaseException) -> str:
    """The deepest line of boundkit's own on the way to an error."""
    frames = traceback.extract_tb(error.__traceback__)
    home = str(Path(boundkit.__file__).parent)
    own = [
        f"{Path(frame.filename).relative_to(home)}, line {frame.lineno}"
        for frame in frames
        if frame.filename.startswith(home)
    ]
    return own[-1] if own else "outside"


def _give_output_up() -> None:
    """Let nothing more be written: Python's own last flush would fail and change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="boundkit")
def main() -> None:
    """A paper's theorems as tested, executable objects.

    NAME is a statement, STATEMENT or PAPER.STATEMENT, a paper, PAPER, or, of your own, FILE.py, FILE.py:name,
    FILE.json, FOLDER or FOLDER:name. A Python file is run; a JSON file is only read.

    Exit codes: 0 done, 1 a claim was found false, 2 wrong use or value, 3 the statement does not apply,
    4 undecided (with --strict) or a step of a proof not shown, 70 boundkit itself failed, 74 the output could
    not be written, 130 interrupted, 141 the reader of the output went away.
    """

"""The group of all commands; it turns the library's errors into one line and an exit code."""

from __future__ import annotations

from typing import Any

import click

import boundkit
from boundkit.errors import BoundkitError, HypothesisError

FALSE, WRONG_USE, DOES_NOT_APPLY = 1, 2, 3
INTERRUPTED = 130  # as shells say it


class Commands(click.Group):
    """Turns the library's errors, and Ctrl-C, into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BoundkitError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(DOES_NOT_APPLY if isinstance(error, HypothesisError) else WRONG_USE)
        except KeyboardInterrupt as stopped:
            click.echo(f"\nInterrupted{f': {stopped}' if str(stopped) else ''}.", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(boundkit.__version__, prog_name="boundkit")
def main() -> None:
    """A paper's theorems as tested, executable objects.

    NAME is a statement of the paper, or path/to/file.py:name for one in a Python file of your own, which is run.

    Exit codes: 0 done, 1 a claim was found false, 2 wrong use or value, 3 the statement does not apply,
    130 interrupted.
    """

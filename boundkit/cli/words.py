"""What the commands share that know statements: reading names, writing files, printing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp
from typing import TYPE_CHECKING, Any

import click

import boundkit
from boundkit.errors import ParameterError
from boundkit.formats.commands import echo_json
from boundkit.text import latex_comment

if TYPE_CHECKING:
    from boundkit.api.objects import Statement
    from boundkit.api.papers import Paper


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


everything = click.option("--all", "whole", is_flag=True, help="Every paper that there is.")


def read_statement(name: str, as_printed: bool = False) -> Statement:
    """The statement that a word of the command line means."""
    from boundkit.api.loading import find, single

    s = single(find(name), name)
    return s.as_printed if as_printed else s


def exchanged(name: str, as_printed: bool) -> str:
    """The statement or paper that is meant, as JSON to be exchanged."""
    from boundkit.api.exchange import to_json
    from boundkit.api.loading import find
    from boundkit.api.papers import Paper

    found = find(name)
    return to_json(found if isinstance(found, Paper) and not as_printed else read_statement(name, as_printed))


def statements_with_proofs(name: str) -> list[Statement]:
    """The statement that is meant, or those of a paper that store a proof."""
    from boundkit.api.loading import find
    from boundkit.api.objects import Statement

    found = find(name)
    if isinstance(found, Statement):
        return [found]
    return [s for s in found.statements if s.proof is not None]


def read_chosen(names: tuple[str, ...], whole: bool = False) -> tuple[Statement | Paper, ...]:
    """The statements and papers that words of the command line mean: without one the first paper, or all of them."""
    from boundkit.api.loading import find
    from boundkit.api.papers import first, papers

    if whole:
        if names:
            raise ParameterError(f"--all is everything; leave out {', '.join(names)}, or --all")
        return tuple(papers.values())
    return tuple(map(find, names)) or (first(),)


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
    return f"{latex_comment(s.place + (f'; {s.reading}' if s.reading else ''))}\n\\[ {s.latex()} \\]"


def echo_as(found: Any, form: str) -> None:
    """Print a record as text, LaTeX or JSON."""
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(found.latex() if form == "latex" else found)

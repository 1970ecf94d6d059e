"""Commands about one statement: what it says, what it promises, why it holds."""

from __future__ import annotations

from textwrap import fill

import click

import boundkit
from boundkit.cli.group import DOES_NOT_APPLY, UNDECIDED, main
from boundkit.cli.words import (
    complete_name,
    complete_parameter,
    display,
    echo_as,
    everything,
    exchanged,
    read_chosen,
    read_statement,
    statements_with_proofs,
)
from boundkit.formats.commands import echo_json, output_format, read_values

WIDTH = 80  # of a terminal


@main.command("list")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_name)
@everything
@output_format("text", "json", "latex")
def list_statements(names: tuple[str, ...], whole: bool, form: str) -> None:
    """List the statements of the papers NAME, or of the first paper, and which papers there are.

    A NAME may be a Python file or a folder of your own.
    """
    from boundkit.api.papers import Paper, statements_in
    from boundkit.engine.cards import statement_dict, summary

    chosen = read_chosen(names, whole)
    statements = statements_in(chosen)
    if form == "json":
        echo_json([statement_dict(s) for s in statements])
    elif form == "latex":
        click.echo("\n\n".join(display(s) for s in statements))
    else:
        width = max(len(s.name) for s in statements)
        parts = []
        for one in chosen:
            rows = [_row(s.name, width, summary(s)) for s in statements_in((one,))]
            absent = (f"{item} is not encoded: {why}." for item, why in getattr(one, "not_encoded", ()))
            heading = [fill(one.heading, WIDTH), ""] if isinstance(one, Paper) else []
            parts.append("\n".join([*heading, *rows, *(f"\n{fill(text, WIDTH)}" for text in absent)]))
        others = [paper for paper in boundkit.papers.values() if paper not in chosen]
        if others:
            width = max(width, *(len(other.name) for other in others))
            parts.append("\n".join(["Other papers:", *(_row(other.name, width, other.heading) for other in others)]))
        click.echo("\n\n".join(parts))


def _row(name: str, width: int, says: str) -> str:
    """A name and what it says, as wide as a terminal."""
    return fill(says, WIDTH, initial_indent=f"{name:{width}}  ", subsequent_indent=" " * (width + 2))


@main.command()
@click.argument("name", shell_complete=complete_name)
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@output_format("text", "json", "latex", "exchange")
def show(name: str, as_printed: bool, form: str) -> None:
    """Show the statement NAME: its words, formulas, parameters, exact law and errata.

    With --format exchange NAME may be a paper too; what is printed is read back from a file FILE.json.
    """
    from boundkit.engine.cards import statement_dict

    if form == "exchange":
        click.echo(exchanged(name, as_printed))
        return
    s = read_statement(name, as_printed)
    if form == "json":
        echo_json(statement_dict(s))
    else:
        click.echo(display(s) if form == "latex" else f"{s.doc.strip()}\n\n{s}")


@main.command("eval")
@click.argument("name", shell_complete=complete_name)
@click.argument("values", nargs=-1, metavar="PARAMETER=VALUE...", shell_complete=complete_parameter)
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@click.option("--exact", is_flag=True, help="Add the exact failure probability, certified.")
@output_format("text", "json", "latex")
@click.pass_context
def evaluate(ctx: click.Context, name: str, values: tuple[str, ...], as_printed: bool, exact: bool, form: str) -> None:
    """Say what the statement NAME promises at given values, such as d=1000 ell=600 m=10.

    A value is an integer, a decimal, 1e6 or a/b, and taken exactly; parameters that are not given stay free.
    """
    g = read_statement(name, as_printed)(**read_values(values))
    if form == "text":
        click.echo(g)
    true = g.exact() if exact else None
    if form == "json":
        from boundkit.engine.cards import exact_dict

        echo_json(g.to_dict() | ({"exact": exact_dict(true)} if true else {}))
    elif form == "latex":
        reading = f"% {g.statement.number} {g.statement.reading}\n" if g.statement.reading else ""
        click.echo(f"{reading}\\[ {g.latex()} \\]")
    elif true:
        click.echo(f"  {true}")
    if g.applies is False:
        ctx.exit(DOES_NOT_APPLY)


@main.command()
@click.argument("name", shell_complete=complete_name)
@click.argument("parameter")
@click.argument("values", nargs=-1, metavar="[PARAMETER=VALUE]...", shell_complete=complete_parameter)
@click.option("--exact", is_flag=True, help="The exact failure probability is meant, not the claimed one.")
@click.option("--largest", is_flag=True, help="The largest value is wanted, not the smallest.")
@output_format("text", "json")
@click.pass_context
def solve(
    ctx: click.Context, name: str, parameter: str, values: tuple[str, ...], exact: bool, largest: bool, form: str
) -> None:
    """Find the smallest PARAMETER at which NAME applies, and fails rarely enough where failure=VALUE is given.

    For example: boundkit solve NAME n t=5 failure=0.01. Exits with 3 where no value works.
    """
    found = read_statement(name, False).solve_for(parameter, exact=exact, largest=largest, **read_values(values))
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(found)
    if found.value is None:
        ctx.exit(DOES_NOT_APPLY)


@main.command()
@click.argument("name", shell_complete=complete_name)
@output_format("text", "json", "latex")
@click.pass_context
def certificate(ctx: click.Context, name: str, form: str) -> None:
    """Check the proof of the statement NAME for all sizes, step by step; of a paper, every proof in it.

    Exits with 4 where a step could not be shown, which does not make the statement false.
    """
    found = [s.certificate() for s in statements_with_proofs(name)]
    for one in found:
        echo_as(one, form)
    if not all(one.holds for one in found):
        ctx.exit(UNDECIDED)


@main.command()
@click.argument("name", shell_complete=complete_name)
@click.argument("values", nargs=-1, metavar="PARAMETER=VALUE...", shell_complete=complete_parameter)
@output_format("text", "json", "latex")
def budget(name: str, values: tuple[str, ...], form: str) -> None:
    """Show the failure budget of the statement NAME: the events its proof spends it on, and what each really costs."""
    echo_as(boundkit.budget(read_statement(name), **read_values(values)), form)

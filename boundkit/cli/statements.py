"""Commands about one statement: what it says, what it promises, why it holds."""

from __future__ import annotations

import click

import boundkit
from boundkit.cli.group import DOES_NOT_APPLY, UNDECIDED, main
from boundkit.cli.words import (
    complete_letter,
    complete_name,
    display,
    echo_as,
    echo_json,
    output_format,
    read_statement,
    read_values,
)


@main.command("list")
@output_format("text", "json", "latex")
def list_statements(form: str) -> None:
    """List the statements: the paper's, and ours."""
    from boundkit.cards import statement_dict, summary
    from boundkit.paper.remainder import NOT_ENCODED

    statements = list(boundkit.catalogue.values())
    if form == "json":
        echo_json([statement_dict(s) for s in statements])
    elif form == "latex":
        click.echo("\n\n".join(display(s) for s in statements))
    else:
        width = max(len(s.name) for s in statements)
        rows = {s.name: f"{s.name:{width}}  {summary(s)}" for s in statements}
        not_encoded = [f"\n{item} is not encoded: {reason}." for item, reason in NOT_ENCODED]
        ours = ["\nBeyond the paper:", *(rows[name] for name in boundkit.BEYOND)]
        click.echo("\n".join([*(rows[name] for name in boundkit.PAPER), *not_encoded, *ours]))


@main.command()
@click.argument("name", shell_complete=complete_name)
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@output_format("text", "json", "latex")
def show(name: str, as_printed: bool, form: str) -> None:
    """Show the statement NAME: its words, formulas, letters, exact law and errata."""
    from boundkit.cards import statement_dict

    s = read_statement(name, as_printed)
    if form == "json":
        echo_json(statement_dict(s))
    else:
        click.echo(display(s) if form == "latex" else f"{s.doc.strip()}\n\n{s}")


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
    g = read_statement(name, as_printed)(**read_values(values))
    if form == "text":
        click.echo(g)
    true = g.exact() if exact else None
    if form == "json":
        from boundkit.cards import exact_dict

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
    found = read_statement(name, False).solve_for(letter, exact=exact, largest=largest, **read_values(values))
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
    """Check the proof of the statement NAME for all sizes, step by step.

    Exits with 4 where a step could not be shown, which does not make the statement false.
    """
    found = read_statement(name).certificate()
    echo_as(found, form)
    if not found.holds:
        ctx.exit(UNDECIDED)


@main.command()
@click.argument("name", shell_complete=complete_name)
@click.argument("values", nargs=-1, metavar="LETTER=VALUE...", shell_complete=complete_letter)
@output_format("text", "json", "latex")
def ledger(name: str, values: tuple[str, ...], form: str) -> None:
    """Show which events the failure probability of the statement NAME pays for, and what each really costs."""
    echo_as(boundkit.ledger(read_statement(name), **read_values(values)), form)

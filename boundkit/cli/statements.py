"""Commands about one statement: what it says, what it promises, why it holds."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

import boundkit
from boundkit.cli.group import DOES_NOT_APPLY, UNDECIDED, main
from boundkit.cli.words import (
    ask_each,
    complete_parameter,
    display,
    each_name,
    exchanged,
    many_names,
    one_name,
    read_chosen,
    read_statement,
    read_statements,
    said,
)
from boundkit.errors import BoundkitError, ParameterError
from boundkit.formats.commands import echo_json, made_by, output_format, read_values, read_words, say
from boundkit.text import labelled, paragraphs

if TYPE_CHECKING:
    from boundkit.api.objects import Guarantee, Statement

WIDTH = 80  # of a terminal


@main.command("list")
@many_names
@output_format("text", "json", "latex")
def list_statements(names: tuple[str, ...], whole: bool, form: str) -> None:
    """List the statements of NAME, and which papers there are."""
    from boundkit.api.papers import Paper, statements_in
    from boundkit.engine.cards import statement_dict, summary

    chosen = read_chosen(names, whole)
    statements = statements_in(chosen)
    if form == "json":
        echo_json([statement_dict(s) for s in statements])
    elif form == "latex":
        click.echo("\n\n".join(display(s) for s in statements))
    else:
        width = max(len(s.name) for s in statements) + 2
        parts = []
        for one in chosen:
            rows = [labelled(s.name, width, summary(s)) for s in statements_in((one,))]
            absent = (f"{item} is not encoded: {why}." for item, why in getattr(one, "not_encoded", ()))
            heading = [fill(one.heading, WIDTH), ""] if isinstance(one, Paper) else []
            parts.append("\n".join([*heading, *rows, *(f"\n{fill(text, WIDTH)}" for text in absent)]))
        others = [paper for paper in boundkit.papers.values() if paper not in chosen]
        if others:
            width = max(width, *(len(other.name) + 2 for other in others))
            rows = [labelled(other.name, width, other.heading) for other in others]
            parts.append("\n".join(["Other papers:", *rows]))
        say("\n\n".join(parts))


@main.command()
@many_names
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@click.option("--theorem", is_flag=True, help="With --format latex: a theorem environment, its assumptions in words.")
@output_format("text", "json", "latex", "exchange")
def show(names: tuple[str, ...], whole: bool, as_printed: bool, theorem: bool, form: str) -> None:
    """Show each statement: its words, formulas, parameters, exact law and errata.

    What --format exchange prints of one statement or paper is read back from a file FILE.json.
    """
    from boundkit.engine.cards import statement_dict

    if theorem and form != "latex":
        raise ParameterError("--theorem is LaTeX; give --format latex too")
    if form == "exchange":
        click.echo(exchanged(read_chosen(names, whole), as_printed))
        return

    def ask(s: Statement) -> tuple[None, Any]:
        if form == "json":
            return None, statement_dict(s)
        if form == "latex":
            return None, s.latex(theorem=True) if theorem else display(s)
        return None, f"{paragraphs(s.doc)}\n\n{s}"

    ask_each(read_statements(names, whole, as_printed), form, ask)


@main.command("eval")
@each_name
@click.argument("values", nargs=-1, metavar="PARAMETER=VALUE...", shell_complete=complete_parameter)
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@click.option("--exact", is_flag=True, help="Add the exact failure probability, certified.")
@output_format("text", "json", "latex")
@click.pass_context
def evaluate(ctx: click.Context, name: str, values: tuple[str, ...], as_printed: bool, exact: bool, form: str) -> None:
    """Say what NAME promises at given values, such as d=1000 ell=600 m=10.

    A value is an integer, a decimal, 1e6 or a/b, and taken exactly; parameters that are not given stay free.
    """
    given = read_values(values)

    def ask(s: Statement) -> tuple[Guarantee, Any]:
        g = s(**given)
        return g, _promise(g, exact, form)

    if all(g.applies is False for g in ask_each(read_statements((name,), as_printed=as_printed), form, ask)):
        ctx.exit(DOES_NOT_APPLY)


def _promise(g: Guarantee, exact: bool, form: str) -> Any:
    """What is printed of it, in words and LaTeX, or what JSON carries."""
    try:
        true = g.exact() if exact else None
    except BoundkitError:
        if form == "text":
            say(g)
        raise
    if form == "json":
        from boundkit.engine.cards import exact_dict

        return g.to_dict() | ({"exact": exact_dict(true)} if true else {})
    if form == "latex":
        from boundkit.engine.displays import guarantee_display

        return guarantee_display(g)
    return f"{g}\n  {true}" if true else str(g)


@main.command()
@one_name
@click.argument("parameter")
@click.argument("values", nargs=-1, metavar="[PARAMETER=VALUE]...", shell_complete=complete_parameter)
@click.option("--exact", is_flag=True, help="The exact failure probability is meant, not the claimed one.")
@click.option("--largest", is_flag=True, help="The largest value is wanted, not the smallest.")
@click.option("--everywhere", is_flag=True, help="PARAMETER is a constant: the best one for all other values.")
@click.option("--over", multiple=True, metavar="PARAMETER=RANGE", help="The best constant along it: 1:5:1 or 1,2,5.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of a search for a constant.")
@output_format("text", "json")
@click.pass_context
def solve(
    ctx: click.Context, name: str, parameter: str, values: tuple[str, ...], exact: bool, largest: bool,
    everywhere: bool, over: tuple[str, ...], seed: int, form: str,
) -> None:  # fmt: skip
    """Find the smallest PARAMETER at which NAME applies, and fails rarely enough where failure=VALUE is given.

    For example: boundkit solve NAME n t=5 failure=0.01. Exits with 3 where no value works.

    With --everywhere, the best constant for which NAME holds wherever it applies, from both sides; PARAMETER may then
    be a number of its formulas: boundkit solve NAME 1/16 --everywhere.
    """
    if everywhere:
        if exact or largest:
            raise ParameterError(
                "--everywhere goes by the exact law, and finds which end is best; leave the others out"
            )
        found_ones = boundkit.best_constants(
            read_statement(name, False), parameter, read_words(over), seed=seed, **read_values(values)
        )
        if form == "json":
            told = [found.to_dict() for found in found_ones]
            echo_json(told if over else told[0])
        else:
            say("\n".join(map(str, found_ones)))
        return
    if over or seed:
        raise ParameterError("--over and --seed go with --everywhere; for one value at a time give PARAMETER=VALUE")
    found = read_statement(name, False).solve_for(parameter, exact=exact, largest=largest, **read_values(values))
    if form == "json":
        echo_json(found.to_dict())
    else:
        say(found)
    if found.value is None:
        ctx.exit(DOES_NOT_APPLY)


@main.command()
@many_names
@click.option("--as-printed", is_flag=True, help="The reading that the paper prints, word for word.")
@click.option("--verify", type=click.Choice(["coq"]), help="Let this proof assistant check the algebra too.")
@output_format("text", "json", "latex", "coq")
@click.pass_context
def certificate(
    ctx: click.Context, names: tuple[str, ...], whole: bool, as_printed: bool, verify: str | None, form: str
) -> None:
    """Check the proof of each statement for all sizes, step by step.

    With --format coq it is a file for Coq; --verify coq lets Coq check it, which takes seconds, and keeps what it says
    beside the paper. Exits with 4 where a step could not be shown, which does not make the statement false.
    """
    from boundkit.engine.proof.coq.accepting import verified
    from boundkit.engine.proof.coq.translation import translated

    def ask(s: Statement) -> tuple[bool | None, Any]:
        found = s.certificate()
        told = verified(found) if verify else None
        says = translated(s).text.rstrip("\n") if form == "coq" else said(found, form)
        if told is not None and (told.refused or found.accepted is None):
            click.echo(f"{s.name}: {told}", err=True)
        return found.holds and not (told and told.refused), says

    if not all(ask_each(read_statements(names, whole, as_printed), form, ask)):
        ctx.exit(UNDECIDED)


@main.command()
@each_name
@click.argument("values", nargs=-1, metavar="PARAMETER=VALUE...", shell_complete=complete_parameter)
@output_format("text", "json", "latex")
def budget(name: str, values: tuple[str, ...], form: str) -> None:
    """Show the failure budget of NAME: the events its proof spends it on, and what each really costs."""
    given = read_values(values)

    def ask(s: Statement) -> tuple[None, Any]:
        return None, said(boundkit.budget(s, **given), form)

    ask_each(read_statements((name,)), form, ask, f"% {made_by()}\n" if form == "latex" else "")

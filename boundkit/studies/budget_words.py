"""A budget in words: a table for the terminal, a LaTeX tabular, and what JSON can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boundkit.engine.proof.words import relation_between, spoken
from boundkit.engine.qualified import qualification
from boundkit.formats.expressions import expression_latex, expression_text, failure_formula
from boundkit.formats.html import signature
from boundkit.formats.latex import INLINE, LINE, display, latex_table, width_of
from boundkit.formats.numbers import failure_text, latex_number
from boundkit.formats.plainly import plainly
from boundkit.formats.prose import prose_latex
from boundkit.formats.tables import html_table, noted_table
from boundkit.text import filled, latex_comment
from boundkit.values import point_text, point_words

if TYPE_CHECKING:
    from boundkit.studies.budgets import Budget, Item

HEADINGS = ("spent", "times", "as claimed", "one constant", "exact tail", "so that")
LIST = 25.0  # points, before a list
OWN_LAW = "its own law"
ONE_CONSTANT = "with one constant, P[|Z| >= x] <= e^(-x^2/2)"


def budget_text(found: Budget) -> str:
    """The items, then the sums with their formulas."""
    spent, sums = [cells(found, item) for item in found.items], sums_of(found)
    granted = ["", *(f"{HEADINGS[-1]} {row[-1]}" for row in spent)]
    events = noted_table([HEADINGS[:-1], *(row[:-1] for row in spent)], granted, indent="  ")
    totals = noted_table([row[:-1] for row in sums], [row[-1] for row in sums], indent="  ")
    return "\n\n".join([filled(f"{heading(found)}: its failure budget"), events, totals])


def budget_html(found: Budget) -> str:
    """The tables of a notebook."""
    items = html_table(HEADINGS, [cells(found, item) for item in found.items], f"{heading(found)}: its failure budget")
    return f"{items}{html_table(('sum', 'probability', 'formula'), sums_of(found))}{signature()}"


def heading(found: Budget) -> str:
    """The statement and where it was taken."""
    g = found.guarantee
    words = qualification(g)
    return f"{g.statement.title} at {point_text(g.values)}{f' ({words.text})' if words.leads else ''}"


def sums_of(found: Budget, latex: bool = False) -> list[tuple[str, str, str]]:
    """Name, number and formula of each sum, from what is allowed down to what is true."""
    s, formulas = found.guarantee.statement, found.formulas
    write = expression_latex if latex else expression_text
    rows = [
        ("the statement allows", found.log_printed, failure_formula(s, latex)),
        ("its proof spends", found.log_claimed, write(s, formulas["claimed"])),
        (ONE_CONSTANT, found.log_one_constant, write(s, formulas["one_constant"])),
        ("with exact tails", found.log_exact, ""),
    ]
    if not all(item.count for item in found.items):  # its formula speaks of events that are not spent here
        rows = [(name, log, "" if i else formula) for i, (name, log, formula) in enumerate(rows)]
    if found.log_one_constant == found.log_claimed:
        del rows[2]
    if found.log_law is not None:
        rows.append(("exact" if s.truth_is == "exact" else "exact, at most", found.log_law, OWN_LAW))
    return [(name, _number(log), formula) for name, log, formula in rows]


def budget_latex(found: Budget) -> str:
    r"""The events as a bare tabular with booktabs, ready for \input, and the sums with their formulas as a list."""
    rows = [
        [prose_latex(name), *(f"${latex_number(x)}$" for x in numbers), f"${_said(found, item, True)}$"]
        for item in found.items
        for name, *numbers, _ in [cells(found, item)]
    ]
    sums = [
        rf"  \item {prose_latex(name)}: ${latex_number(number)}${_by(text)}"
        for name, number, text in sums_of(found, latex=True)
    ]
    events = latex_table(HEADINGS, rows, "lrrrrl")
    return "\n".join([latex_comment(heading(found)), events, r"\begin{itemize}\sloppy", *sums, r"\end{itemize}"])


def _by(formula: str) -> str:
    """What a sum is, beside it or in lines of its own."""
    if formula in ("", OWN_LAW):
        return f", {formula}" if formula else ""
    return f", ${formula}$" if width_of(formula) < INLINE else f"\n    {display([formula], LINE - LIST)}"


def budget_dict(found: Budget) -> dict[str, Any]:
    """What JSON can carry; logs of failure probabilities, each rounded up."""
    g = found.guarantee
    return plainly({
        "statement": g.statement.name,
        "values": point_words(g.values),
        "items": [
            {
                "spent": item.name,
                "times": item.count,
                "log_claimed": item.log_claimed,
                "log_one_constant": item.log_one_constant,
                "log_exact": item.log_exact,
            }
            for item in found.items
        ],
        "sums": {
            name: getattr(found, f"log_{name}")
            for name in ("printed", "claimed", "one_constant", "exact", "law")
        },
        "formulas": {name: expression_text(g.statement, formula) for name, formula in found.formulas.items()},
    })  # fmt: skip


def cells(found: Budget, item: Item) -> tuple[str, ...]:
    """One event, a cell for each heading."""
    numbers = (_number(log) for log in (item.log_claimed, item.log_one_constant, item.log_exact))
    return item.name, f"{item.count:g}", *numbers, _said(found, item)


def _said(found: Budget, item: Item, latex: bool = False) -> str:
    return relation_between(spoken(found.guarantee.statement), item.spend.granted[0], latex=latex)


def _number(log: float) -> str:
    """A failure probability to nearest: here they are compared, not promised."""
    return failure_text(log, 4, toward=0)

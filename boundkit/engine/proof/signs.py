"""Where a sign may come from: guesses at how to write an expression as a sum of products of what is at least 0.

Nothing here is trusted: the kernel checks each proposal, as it checks those that a proof gives itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import sympy

if TYPE_CHECKING:
    from boundkit.engine.proof.known import Known
    from boundkit.model.proof import Term
    from boundkit.values import Formula


def proposals(known: Known, expr: Formula) -> Iterator[tuple[Term, ...]]:
    """Sums of products that may be `expr`: in factors, a known gap and a number, parameters as lower ends and rests."""
    for written in dict.fromkeys((expr, known.written_out(expr))):
        if not written.is_Add:
            yield ((written,),)
            continue
        factored = sympy.factor_terms(sympy.factor(written))
        if not factored.is_Add:
            yield ((factored,),)
        yield from _one_gap(known, written)
        for chained in (True, False):
            yield _shifted(known, written, chained)


def _one_gap(known: Known, expr: Formula) -> Iterator[tuple[Term, ...]]:
    """What is known to be at least 0, some times over, and a number."""
    wide = sympy.expand(expr)
    for difference in known.gaps:
        parameter = min(difference.free_symbols, key=lambda s: s.name, default=None)
        if parameter is None or difference.coeff(parameter) == 0 or wide.coeff(parameter) == 0:
            continue
        times = wide.coeff(parameter) / difference.coeff(parameter)
        rest = sympy.expand(wide - times * difference)
        if rest.is_number:
            yield ((times, difference), (rest,))


def _shifted(known: Known, expr: Formula, chained: bool) -> tuple[Term, ...]:
    """In rests: parameter = lower end + rest; chained, a parameter that bounds another is that one + a rest."""
    taken: dict[Formula, Formula] = {}
    rests: dict[Formula, Formula] = {}
    for p in known.parameters:
        rest = sympy.Dummy(p.name)
        below = next((q for q in known.parameters if (q.high - p.symbol).is_number and q.symbol in known.lows), None)
        if chained and below is not None:  # k <= m - 1: m = k + 1 + a rest
            taken[p.symbol], rests[rest] = below.symbol + p.symbol - below.high + rest, below.high - below.symbol
        elif p.symbol in known.lows:
            low = known.lows[p.symbol][0]
            taken[p.symbol], rests[rest] = low + rest, p.symbol - low
    for _ in range(3):  # d = ell + d', ell = 1 + ell'
        expr = expr.xreplace({symbol: at for symbol, at in taken.items() if symbol in expr.free_symbols})
    terms: dict[Formula, Formula] = defaultdict(lambda: sympy.S.Zero)
    for term in sympy.Add.make_args(sympy.expand(expr)):
        number, rest = term.as_independent(*term.free_symbols, as_Add=False)
        terms[rest] += number
    return tuple(
        (number, *(factor.xreplace(rests) for factor in sympy.Mul.make_args(rest)))
        for rest, number in terms.items()
        if number != 0
    )


def factorings(slope: Formula) -> Iterator[Formula]:
    """Other ways to write a slope."""
    yield sympy.factor(sympy.simplify(slope))

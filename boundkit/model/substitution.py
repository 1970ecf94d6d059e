"""A statement with formulas put in for its parameters: what a corollary is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import sympy
from sympy.core.relational import Relational

from boundkit.coerce import expression
from boundkit.errors import StatementError
from boundkit.model.hypothesis import Hypothesis
from boundkit.model.parameter import Parameter
from boundkit.values import Formula

if TYPE_CHECKING:
    from boundkit.model.statement import StatementRecord

S = TypeVar("S", bound="StatementRecord")
Put = Callable[[Formula], Formula]


def substituted(
    s: S,
    values: Mapping[sympy.Symbol, Formula],
    *,
    parameters: tuple[Parameter, ...],
    words: tuple[tuple[str, str], ...] = (),
    **told: Any,
) -> S:
    """Return the statement with formulas put in for parameters. See `Statement.substituted`."""
    if strange := sorted(str(symbol) for symbol in values if symbol not in s.symbols):
        known = ", ".join(p.name for p in s.parameters)
        raise StatementError(f"{s.name} has no parameter {', '.join(strange)}; its parameters are {known}")
    at = {symbol: expression(value, f"{s.name}: {symbol}") for symbol, value in values.items()}
    put = _putter(at, (*(p for p in s.parameters if p.symbol not in at), *parameters))
    kept = {
        "quantities": tuple(q.within(low=put(q.low), high=put(q.high)) for q in s.quantities),
        "hypotheses": tuple(_hypotheses(s, at, put, words)),
        "claims": tuple(map(put, s.claims)),
        "failure": put(s.failure),
        "truth": None if s.truth is None else put(s.truth),
        "truth_is": s.truth_is,
        "truth_assumes": s.truth_assumes,
    }
    return type(s)(parameters=parameters, **(kept | told))


def _hypotheses(
    s: StatementRecord, at: Mapping[sympy.Symbol, Formula], put: Put, words: tuple[tuple[str, str], ...]
) -> Iterator[Hypothesis]:
    """Those that the values touch in new words, but for those that they always meet; the others as they are."""
    touched = [h for h in s.hypotheses if h.relation is not None and h.relation.free_symbols & at.keys()]
    left = [h for h in touched if put(h.relation) != True]  # noqa: E712  SymPy's own
    if len(words) != len(left):
        named = "; ".join(h.text for h in left) or "none"
        raise StatementError(
            f"{s.name}: {len(words)} hypotheses are written anew, and {len(left)} change ({named}); "
            "give the text and the LaTeX of each in words, in their order"
        )
    said = dict(zip((h.text for h in left), words, strict=True))
    for h in s.hypotheses:
        if h not in touched:
            yield h
        elif h.text in said:
            text, tex = said[h.text]
            yield Hypothesis(text, put(h.relation), tex)


def _putter(at: Mapping[sympy.Symbol, Formula], parameters: tuple[Parameter, ...]) -> Put:
    """What puts the values into a formula, and writes it as one does by hand where parameters are above 0.

    sqrt(1/c) is 1/sqrt(c) then, m - c m is m (1 - c), and c m = 0 is c = 0.
    """
    above = {p.symbol for p in parameters if p.low.is_positive or (p.low.is_zero and p.strict)}

    def is_root(e: Formula) -> bool:
        return bool(e.is_Pow and e.base.is_Pow and e.base.exp == -1 and e.base.base in above)

    def gathered(total: Formula) -> Formula:
        shared = above.intersection(*(sympy.Mul.make_args(term) for term in total.args))
        return sympy.Mul(*shared, sympy.Add(*(term / sympy.Mul(*shared) for term in total.args)))

    def is_sign(e: Formula) -> bool:
        return isinstance(e, Relational) and e.rhs == 0 and e.lhs.is_Mul

    def divided(sign: Formula) -> Formula:
        return sign.func(sympy.Mul(*(factor for factor in sign.lhs.args if factor not in above)), 0)

    def put(formula: Formula) -> Formula:
        if not formula.free_symbols & at.keys():
            return formula
        found = formula.xreplace(at).replace(is_root, lambda e: e.base.base**-e.exp)
        return found.replace(lambda e: e.is_Add, gathered).replace(is_sign, divided)

    return put

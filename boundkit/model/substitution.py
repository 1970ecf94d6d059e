"""A statement with formulas put in for its parameters: what a corollary is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import sympy
from sympy.core.relational import Relational

from boundkit.coerce import expression
from boundkit.errors import StatementError
from boundkit.model.hypothesis import Hypothesis
from boundkit.model.parameter import Parameter
from boundkit.tails import Tail
from boundkit.values import Formula, cut_text

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
    _refuse_shapes(s, values, words, told)
    if strange := sorted(str(symbol) for symbol in values if symbol not in s.symbols):
        known = ", ".join(p.name for p in s.parameters)
        raise StatementError(f"{s.name} has no parameter {', '.join(strange)}; its parameters are {known}")
    at = {symbol: expression(value, f"{s.name}: {symbol}") for symbol, value in values.items()}
    if endless := sorted(str(symbol) for symbol, value in at.items() if value.has(sympy.oo, -sympy.oo, sympy.zoo)):
        raise StatementError(f"{s.name}: {', '.join(endless)} becomes infinite; a value is finite")
    ranges = {p.symbol: p for p in (*(p for p in s.parameters if p.symbol not in at), *parameters)}  # the new one holds
    above = {x for x, p in ranges.items() if p.low.is_positive or (p.low.is_zero and p.strict)}
    put = _putter(at, above)
    within = set().union(*(value.free_symbols for value in at.values()))
    kept = {
        "quantities": tuple(q.within(low=put(q.low), high=put(q.high)) for q in s.quantities),
        "hypotheses": tuple(_hypotheses(s, at, put, words, above)),
        "claims": tuple(map(put, s.claims)),
        "failure": put(s.failure),
        "truth": None if s.truth is None else put(s.truth),
        "truth_is": s.truth_is,
        "truth_assumes": s.truth_assumes,
        "worst_case": tuple((n, x) for n, x in s.worst_case if sympy.Symbol(n) not in at.keys() | within),
    }
    return type(s)(parameters=parameters, **(kept | told))


def _hypotheses(
    s: StatementRecord,
    at: Mapping[sympy.Symbol, Formula],
    put: Put,
    words: tuple[tuple[str, str], ...],
    above: set[sympy.Symbol],
) -> Iterator[Hypothesis]:
    """Those that the values touch in new words, but for those that they always meet; the others as they are."""
    touched = [h for h in s.hypotheses if h.relation is not None and h.relation.free_symbols & at.keys()]
    left = [h for h in touched if put(h.relation) != True]  # noqa: E712  SymPy's own
    for h in touched:
        if h not in left:
            _require_defined(h, at, above)
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


def _putter(at: Mapping[sympy.Symbol, Formula], above: set[sympy.Symbol]) -> Put:
    """What puts the values into a formula, and writes it as one does by hand where parameters are above 0.

    sqrt(1/c) is 1/sqrt(c) then, m - c m is m (1 - c), and c m = 0 is c = 0.
    """

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
        found = found.replace(lambda e: e.is_Add, gathered).replace(is_sign, divided)
        seen = {p.base for p in found.atoms(sympy.Pow) if not _is_plain(p)}
        for part, inside in _partial(formula):
            kept = found.has(part.xreplace(at))
            factors = (f.base if f.is_Pow else f for f in sympy.Mul.make_args(inside.xreplace(at)))
            if not kept and not all(f in seen or _is_above(f, above) for f in factors):
                raise StatementError(
                    f"{part} becomes {part.xreplace(at)}, which may not be defined and is not seen in {found}: "
                    "write that statement out, with a hypothesis that says where it holds"
                )
        return found

    return put


def _require_defined(h: Hypothesis, at: Mapping[sympy.Symbol, Formula], above: set[sympy.Symbol]) -> None:
    """Raise a StatementError where a hypothesis that always holds where it is defined may not be defined."""
    sides = h.relation.atoms(Relational) if h.relation is not None else ()
    for part, inside in (found for r in sides for side in r.args for found in _partial(side.xreplace(at))):
        if not _is_above(inside, above):
            raise StatementError(
                f"{h.text}: it holds wherever it is defined, and {part} may not be: write that statement out"
            )


def _partial(formula: Formula) -> Iterator[tuple[Formula, Formula]]:
    """The parts that are not defined everywhere, each with what has to be above 0 for it to be, or has to be seen."""
    for part in sympy.preorder_traversal(formula):
        if isinstance(part, sympy.Pow) and not _is_plain(part) and not part.base.is_positive:
            yield part, part.base
        elif isinstance(part, sympy.log):
            yield part, part.args[0]
        elif isinstance(part, Tail | sympy.gamma | sympy.loggamma | sympy.factorial | sympy.binomial):
            yield part, part


def _is_plain(power: sympy.Pow) -> bool:
    """Whether it is defined for every base."""
    return bool(power.exp.is_Integer and power.exp > 0)


def _is_above(formula: Formula, above: set[sympy.Symbol]) -> bool:
    """Whether it is certainly above 0 where these symbols are."""
    signed = {x: sympy.Dummy(positive=True) if x in above else sympy.Dummy(real=True) for x in formula.free_symbols}
    return bool(formula.xreplace(signed).is_positive)


def _refuse_shapes(s: StatementRecord, values: object, words: object, told: Mapping[str, Any]) -> None:
    """Raise a StatementError for arguments of other shapes than those that are asked for."""
    if not isinstance(values, Mapping) or not all(isinstance(symbol, sympy.Symbol) for symbol in values):
        raise StatementError(f"{s.name}: values = {cut_text(values)}; give symbols and formulas: {{ell: c * d}}")
    pairs = words if isinstance(words, tuple) else (None,)
    if not all(isinstance(w, tuple) and len(w) == 2 and all(isinstance(x, str) for x in w) for w in pairs):
        raise StatementError(f"{s.name}: words = {cut_text(words)}; give pairs of text and LaTeX: ((text, tex),)")
    known = {field.name: field for field in fields(s) if field.init}
    if unknown := sorted(told.keys() - known.keys()):
        raise StatementError(f"{s.name}: a statement has no field {', '.join(unknown)}; it has {', '.join(known)}")
    if missing := [name for name in ("name", "place") if name not in told]:
        raise StatementError(f"{s.name}: the new statement needs {' and '.join(missing)}")

"""What the signs of the text mean: formulas put together as they are written, and never simplified.

Only numbers that meet are joined, as 2/3 is one number, and stand in front of their sum or product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module

import sympy
from sympy.core.function import Application
from sympy.functions.elementary.piecewise import ExprCondPair

from boundkit import enclose, tails
from boundkit.coerce import RELATIONS
from boundkit.errors import StatementError
from boundkit.formulas import TABLE
from boundkit.shelf import OWN_LAWS
from boundkit.tails import Named, Tail
from boundkit.values import MOST_DIGITS, Formula

DEEPEST = 50  # brackets within brackets
LONGEST = 5000  # characters of one formula
LARGEST_LOG = 10**6  # of what stands in a formula and has no parameters
MOST_BITS = int(MOST_DIGITS * 3.33)
ANY = None  # two arguments or more

CONDITIONS: Mapping[str, type[sympy.Basic]] = {"And": sympy.And, "Or": sympy.Or}
SIGNS: Mapping[str, type[sympy.Basic]] = {{"==": "="}.get(kind.rel_op, kind.rel_op): kind for kind in RELATIONS}
OPPOSITE: Mapping[type[sympy.Basic], type[sympy.Basic]] = {
    sympy.Ge: sympy.Lt, sympy.Lt: sympy.Ge, sympy.Le: sympy.Gt, sympy.Gt: sympy.Le, sympy.Eq: sympy.Ne,
    sympy.Ne: sympy.Eq, sympy.And: sympy.Or, sympy.Or: sympy.And,
}  # fmt: skip
CONSTANTS: Mapping[str, Formula] = {"e": sympy.E, "E": sympy.E, "pi": sympy.pi}  # each the first way first
_LAWS = {
    name: law for name in tails.__all__
    if isinstance(law := getattr(tails, name), type) and issubclass(law, Tail | Named) and law not in (Tail, Named)
}  # fmt: skip
_KEPT = {kind.__name__: kind for kind in (sympy.Add, sympy.Mul, sympy.Pow)}
_WRITTEN = {head.__name__: head for head, entry in TABLE.items() if entry.written}
HEADS: Mapping[str, type[sympy.Basic]] = {**_WRITTEN, **_KEPT, **_LAWS}  # by name, but for sqrt and Piecewise
_SEVERAL = {sympy.Add: ANY, sympy.Mul: ANY, sympy.Max: ANY, sympy.Min: ANY, sympy.Pow: 2, sympy.binomial: 2}


def head_named(name: str) -> type[sympy.Basic] | None:
    """What is called so: of the grammar, or a law of a paper that comes with the package, and loads with it."""
    if name in HEADS or name not in OWN_LAWS:
        return HEADS.get(name)
    law: type[sympy.Basic] = getattr(import_module(OWN_LAWS[name]), name)
    return law


def arguments(head: type[sympy.Basic]) -> int | None:
    """How many arguments a head takes; ANY for two or more."""
    if issubclass(head, Tail | Named):
        return int(next(iter(head.nargs)))
    return _SEVERAL.get(head, 1)


def added(terms: Sequence[Formula]) -> Formula:
    """A sum, its numbers joined in front."""
    return _joined(sympy.Add, terms, sympy.S.Zero)


def multiplied(factors: Sequence[Formula]) -> Formula:
    """A product, its numbers joined in front."""
    return _joined(sympy.Mul, factors, sympy.S.One)


def negated(x: Formula) -> Formula:
    """Its negative, the sign in the number in front."""
    if x.is_Number:
        return -x
    if not x.is_Mul:
        return sympy.Mul(-1, x, evaluate=False)
    first, *rest = x.args
    if not first.is_Number:
        return sympy.Mul(-1, *x.args, evaluate=False)
    return sympy.Mul(*([] if first == -1 else [-first]), *rest, evaluate=False)


def inverse(x: Formula) -> Formula:
    """1/x; of a power by its exponent."""
    if x == 0:
        raise StatementError("it divides by 0")
    if x.is_Number:
        return 1 / x
    if not x.is_Pow:
        return sympy.Pow(x, -1, evaluate=False)
    exponent = negated(x.exp)
    return x.base if exponent == 1 else sympy.Pow(x.base, exponent, evaluate=False)


def power(base: Formula, exponent: Formula) -> Formula:
    """A power; of the constant e it is exp, and of a number that stays short a number."""
    if base is sympy.E:
        return applied(sympy.exp, (exponent,))
    if base.is_Number and exponent.is_Integer and base != 0 and _stays_short(base, exponent):
        return base**exponent
    return sympy.Pow(base, exponent, evaluate=False)


def applied(head: type[sympy.Basic], args: Iterable[Formula]) -> Formula:
    """A function, law, or condition of its arguments, in their order."""
    args = tuple(args)
    if head not in (sympy.Max, sympy.Min, sympy.And, sympy.Or):
        return head(*args, evaluate=False)
    made: Formula = Application.__new__(head, *args, evaluate=False)  # their own would sort, compare and drop some
    made._argset = frozenset(args)
    return made


def piecewise(branches: Iterable[tuple[Formula, Formula]]) -> Formula:
    """Formulas, each with its condition."""
    pairs = [sympy.Tuple.__new__(ExprCondPair, *branch) for branch in branches]  # its own would fold and decide
    return sympy.Basic.__new__(sympy.Piecewise, *pairs)


def opposite(condition: Formula) -> Formula:
    """What holds where the condition does not; Not is pushed inwards."""
    kind = OPPOSITE[type(condition)]
    if isinstance(condition, sympy.And | sympy.Or):
        return applied(kind, map(opposite, condition.args))
    return kind(*condition.args, evaluate=False)


def _joined(kind: type[sympy.Basic], parts: Sequence[Formula], nothing: Formula) -> Formula:
    numbers = [part for part in parts if part.is_Number]
    rest = [part for part in parts if not part.is_Number]
    number = short(kind(*numbers))
    in_front = [] if rest and number == nothing else [number]
    return kind(*in_front, *rest, evaluate=False)


def short(number: Formula) -> Formula:
    """The number, unless its digits are too many."""
    if max(int(number.p).bit_length(), int(number.q).bit_length()) > MOST_BITS:
        raise StatementError(f"numbers of at most {MOST_DIGITS} digits are understood")
    return number


def moderate(formula: Formula) -> Formula:
    """The formula, unless a number in it is too large to write down: looking for its sign would never end."""
    for part in sympy.postorder_traversal(formula):  # what is inside first: it is computed on the way
        if isinstance(part, sympy.Expr) and not part.is_Atom and not part.free_symbols and _is_immense(part):
            raise StatementError(f"a number in it, or its inverse, is above e^{LARGEST_LOG}; write a smaller one")
    return formula


def _is_immense(number: Formula) -> bool:
    size = abs(enclose.as_arb(enclose.ball(number, {})))
    if not size.is_finite():
        return not size.mid().is_nan()  # what is not defined is another matter
    return bool(size.upper() > 0 and size.upper().log() > LARGEST_LOG) or bool(
        size.lower() > 0 and size.lower().log() < -LARGEST_LOG
    )


def _stays_short(base: Formula, exponent: Formula) -> bool:
    return bool(abs(exponent) * max(int(base.p).bit_length(), int(base.q).bit_length()) <= MOST_BITS)

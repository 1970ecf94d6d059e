"""The kernel: every rule by which a proof goes on, and beside each the reason why it is sound. None of them guesses.

A proof is about points: values of the statement's parameters in their ranges at which its hypotheses hold. A
relation is *known* where at every point it is true and both its sides are defined (real numbers, no division by 0, no
log of what is not positive). Two kinds of knowledge are kept apart: what is known *surely*, and what is known *where
nothing that was spent fails*. The sum of what is spent is only compared by the first: from events that exclude each
other anything would follow.

The questions asked here (a sign, a definition, an identity) are answered by `known`, with certainty or not at all.
Trusted besides: ball arithmetic (`enclose`), algebra (`identities`), and what a law of `tails` says of itself.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import sympy
from sympy.core.relational import Relational

from boundkit.coerce import expression, relations_in
from boundkit.engine.proof.known import RELATIONS, Known, gap, ordered, strict
from boundkit.engine.proof.signs import factorings
from boundkit.errors import StatementError
from boundkit.model.parameter import Parameter
from boundkit.model.proof import (
    FAILS,
    Chernoff,
    Fact,
    GaussianMixtureTail,
    Identity,
    Logs,
    NonnegativeSum,
    Rule,
    Spend,
    Squares,
    Term,
    Unimodal,
    in_words,
)
from boundkit.model.statement import StatementRecord
from boundkit.tails import Tail, log_of, row_sum_below_zero
from boundkit.values import Formula

BOTH = ("<=", "<", ">=", ">")
PROVES = {
    NonnegativeSum: BOTH,
    Squares: BOTH,
    Logs: BOTH,
    Identity: ("==", "<=", ">="),
    Chernoff: ("<=", ">="),
    GaussianMixtureTail: ("<=", ">="),
    Unimodal: ("<=", ">="),
}
NAMES = {
    NonnegativeSum: "signs",
    Squares: "squares",
    Logs: "logarithms",
    Identity: "one expression",
    Chernoff: "Chernoff's bound",
    GaussianMixtureTail: "a normal tail, averaged",
    Fact: "taken as known",
}


def name_of(rule: Rule) -> str:
    """A rule in words."""
    return f"its shape in {rule.parameter}" if isinstance(rule, Unimodal) else NAMES.get(type(rule), "no rule")


def missing(known: Known, relation: Formula, rule: Rule) -> str:
    """What a step still needs to be known; '' where it is shown."""
    if type(relation) not in RELATIONS:
        return f"a relation that SymPy keeps, not {relation}"
    if type(rule) not in PROVES:
        return f"a rule, not {type(rule).__name__}"
    if relation.rel_op not in PROVES[type(rule)]:
        return f"another rule: {name_of(rule)} shows no {relation.rel_op}"
    if part := known.undefined(relation):
        return f"both sides defined: {part}; add a hypothesis or a step that says so"
    found: str = _RULES[type(rule)](known, relation, rule)
    return found


def _signs(known: Known, relation: Relational, rule: NonnegativeSum) -> str:
    """Large - small is at least 0 (above 0): large >= small (large > small)."""
    return _positive(known, gap(relation), strict(relation), rule.terms, "the larger side less the smaller one")


def _squares(known: Known, relation: Relational, rule: Squares) -> str:
    """x^2 rises for x >= 0: where both sides are at least 0 they compare as their squares do."""
    for side in ordered(relation):
        if not known.nonnegative(side):
            return f"{side} >= 0: squares compare only what is at least 0"
    small, large = ordered(relation)
    squares = known.written_out(large) ** 2 - known.written_out(small) ** 2
    return _positive(known, squares, strict(relation), rule.terms, "the difference of the squares")


def _logs(known: Known, relation: Relational, rule: Logs) -> str:
    """The log rises: where both sides are above 0 they compare as their logs do."""
    for side in ordered(relation):
        if not known.nonnegative(side, True):
            return f"{side} > 0: logs compare only what is above 0"
    small, large = ordered(relation)
    logs = sympy.log(large) - sympy.log(small)
    try:  # the same, pushed inwards
        written = log_of(known.plain(large)) - log_of(known.plain(small))
    except StatementError:
        written = logs
    written = written if known.same(written, logs) else logs
    return _positive(known, written, strict(relation), rule.terms, "the difference of the logs")


def _same(known: Known, relation: Relational, _: Identity) -> str:
    """Two sides that are one expression, and defined, are equal."""
    if known.same(relation.lhs, relation.rhs):
        return ""
    return "algebra to see that both sides are one; write it in smaller steps"


def _chernoff(known: Known, relation: Relational, rule: Chernoff) -> str:
    """Markov: P[X >= x] <= E exp(theta (X - x)) for theta >= 0, and P[X <= x] <= E exp(theta (x - X)).

    With the log-mean K(theta) of exp(theta X), finite there, its log is K(+-theta) -+ theta x, once for each of the
    `sides` of a symmetric X: P[|X| >= x] <= 2 P[X >= x] for x > 0, and for x <= 0 the bound is 2 or more.
    """
    tail, bound = ordered(relation)
    if not isinstance(tail, Tail) or tail.event is None:
        return "a law of boundkit.tails on its smaller side"
    theta = expression(rule.theta, "theta")
    if not known.nonnegative(theta):
        return f"theta >= 0, which {theta} was not shown to be"
    if not known.nonnegative(bound, True):
        return f"{bound} > 0"
    _, _, operator, threshold = tail.event
    sign = 1 if operator == ">=" else -1
    cumulant, finite = tail.cumulant(sign * theta)
    if not known.has(finite):
        return f"{finite}, where the mean of exp(theta X) is finite; show it in a step before"
    if part := known.undefined(cumulant):
        return f"the mean of exp(theta X) defined: {part}"
    exponent = sympy.log(tail.sides) + cumulant - sign * theta * threshold
    if known.same(sympy.log(known.plain(bound)), exponent):
        return ""
    return f"the bound to be exp({known.plain(exponent)}), as this theta gives it"


def _mixed(known: Known, relation: Relational, _: GaussianMixtureTail) -> str:
    """P[R + sqrt((m - 1) R) g <= 0] = P[g <= -sqrt(R/(m - 1))] <= E exp(-R/(2 (m - 1)))/2 = (1 - 1/m)^(n/2)/2.

    For g normal, P[g <= -x] <= exp(-x^2/2)/2 for x >= 0; R is chi-square with n degrees of freedom, and independent.
    At m = 1 both sides are 0. That m >= 1 and n > 0 is the law's domain.
    """
    tail, bound = ordered(relation)
    if not isinstance(tail, row_sum_below_zero):
        return "the law of one row sum below 0 on its smaller side"
    n, m = tail.args
    average = (1 - 1 / m) ** (n / 2) / 2
    return "" if known.same(bound, average) else f"the bound to be {average}"


def _shape(known: Known, relation: Relational, rule: Unimodal) -> str:
    """A difference that rises up to `turn` and falls from there on is at least the lesser of its two ends.

    It is continuous where it is defined, and piecewise differentiable. Other parameters stay what they are, and so does
    all that is known of them alone. At infinity a number stays what it is, and exp(-p) and erfc(p) go to 0 for a
    polynomial p that goes to infinity; so does either times what is algebraic, which grows like a power at most.
    """
    parameter = known.ranges.get(rule.parameter)
    if parameter is None or rule.parameter not in relation.free_symbols:
        return "a relation in its one parameter"
    tied = any(rule.parameter in (p.low.free_symbols | p.high.free_symbols) for p in known.parameters)
    if tied and known.plain_symbols(relation) != {rule.parameter}:
        return f"other parameters whose ranges do not depend on {rule.parameter}"
    if parameter.integer or not parameter.high.is_number or rule.parameter not in known.lows:
        return "a real parameter from a number to a number or infinity"
    x, low = rule.parameter, known.lows[rule.parameter][0]
    difference = known.plain(gap(relation))
    formulas = {tail: tail.formula for tail in difference.atoms(Tail)}
    if None in formulas.values():
        return "laws with a formula that can be differentiated"
    for tail in formulas:  # the formula of a size is its probability from 0 on
        if tail.event is None or not known.nonnegative(tail.event[3]):
            return f"a threshold that is at least 0 in {tail}"
    curve = difference.xreplace(formulas)
    line = known.within(parameter, strict=False)
    if part := line.undefined(curve):
        return f"both sides defined at the lower end too: {part}"
    if not known.nonnegative(sympy.expand(curve.xreplace({x: low}))):
        return f"the difference to be at least 0 at {x} = {low}"
    ends = [low] + [rule.turn] * (rule.turn is not None) + [parameter.high] * (not parameter.high.is_infinite)
    if any(not b.is_number or known.number_sign(b - a) not in (">", "0") for a, b in pairwise(ends)):
        return f"a turn that is a number from {low} on, in the parameter's range"
    slope = curve.diff(x)
    slope = next((factored for factored in factorings(slope) if line.same(slope, factored)), slope)
    rising = known.within(parameter) if rule.turn is None else known.within(parameter, high=rule.turn, strict=False)
    if rule.turn != low and not rising.nonnegative(slope):
        return f"the difference to rise{'' if rule.turn is None else f' up to {rule.turn}'}: its slope is {slope}"
    if rule.turn is None:
        return ""
    if not known.within(parameter, low=rule.turn, strict=False).nonnegative(-slope):
        return f"the difference to fall from {rule.turn} on: its slope is {slope}"
    at_infinity = sympy.Add(
        *(_at_infinity(known, term, x) for term in sympy.Add.make_args(sympy.expand_mul(curve, deep=False)))
    )
    end = at_infinity if parameter.high.is_infinite else sympy.expand(curve.xreplace({x: parameter.high}))
    return "" if known.nonnegative(end) else "the difference to end at 0 or above"


def _at_infinity(known: Known, term: Formula, x: Formula) -> Formula:
    """Where a term goes as x goes to infinity, a number; minus infinity where that is not known."""
    number, rest = term.as_independent(x, as_Add=False)
    if rest == 1:
        return number
    factors = sympy.Mul.make_args(rest)
    inside = [-f.args[0] if isinstance(f, sympy.exp) else f.args[0] for f in factors if isinstance(f, _VANISHING)]
    others = [f for f in factors if not isinstance(f, _VANISHING)]
    if inside and all(f.is_polynomial(x) for f in inside) and all(_algebraic(f, x) for f in others):
        powers = [sympy.Poly(f, x) for f in inside]
        if all(power.degree() > 0 and known.number_sign(power.LC()) == ">" for power in powers):
            return sympy.S.Zero
    return sympy.S.NegativeInfinity  # not known


def _algebraic(expr: Formula, x: Formula) -> bool:
    """Whether it is made of x by sums, products and rational powers."""
    if x not in expr.free_symbols or expr == x:
        return True
    if expr.is_Pow:
        return bool(expr.exp.is_Rational) and _algebraic(expr.base, x)
    return bool(expr.is_Add or expr.is_Mul) and all(_algebraic(part, x) for part in expr.args)


def _positive(known: Known, difference: Formula, strictly: bool, terms: tuple[Term, ...], what: str) -> str:
    """By the terms that the step gives, or by those that `signs` finds."""
    if terms:
        return known.short_of(difference, strictly, terms)
    if known.nonnegative(difference, strictly):
        return ""
    return (
        f"{what}, {known.plain(difference)}, to be {'above' if strictly else 'at least'} 0: tried were its factors, "
        "one known relation, parameters at their lower ends plus a rest, and cells of a box; say which products add up "
        "to it, as terms ((factor, relation), ...)"
    )


_VANISHING = (sympy.exp, sympy.erfc)
_RULES: dict[type, Callable[..., str]] = {
    NonnegativeSum: _signs,
    Squares: _squares,
    Logs: _logs,
    Identity: _same,
    Chernoff: _chernoff,
    GaussianMixtureTail: _mixed,
    Unimodal: _shape,
}


def unpaid(sure: Known, statement: StatementRecord, spend: Spend, parameters: tuple[Parameter, ...]) -> list[str]:
    """What is missing for the union bound to grant what a spend says; `parameters` are the proof's own.

    Off an event of probability at most `count` times `failure` the spent claims hold. That is so if they are spent at
    least once wherever they are granted, the spent statement applies there, and its parameters are fixed numbers: not
    what is random. Outside `where` nothing is spent, and the claims hold for the reason `otherwise`; what is added up
    there is at least 0.
    """
    needed = [*_said(sure, statement, spend), *_price(sure, spend), *_fixed(sure, statement, spend, parameters)]
    return needed or (
        _applies(sure, spend) if isinstance(spend.event, StatementRecord) else _has_law(sure, spend.event)
    )


def _said(sure: Known, statement: StatementRecord, spend: Spend) -> list[str]:
    """Why a variable has a law, or a statement's assumptions are met, is a fact, and has to be named."""
    needed, where = [], spend.where
    if not in_words(spend.because):
        needed.append("its reason in words (says): why what it is about is so here")
    if where is not None and not in_words(spend.otherwise):
        needed.append(f"a reason why it is not needed outside {where}")
    if where is not None and (type(where) not in RELATIONS or not sure.plain_symbols(where) <= set(statement.symbols)):
        needed.append(f"where: a relation between the statement's parameters, not {where}")
    return needed + [f'the assumption "{need}"' for need in spend.needs if need not in statement.assumed]


def _price(sure: Known, spend: Spend) -> list[str]:
    """What is granted is paid for at least once; where it is not spent the price is no discount on the rest."""
    count, where = expression(spend.count, "a count"), spend.where
    needed = []
    if not _where(sure, spend).nonnegative(count - 1):
        needed.append(f"a count that is at least 1 wherever it is spent, not {count}")
    if not (sure.whole(count) or (in_words(spend.whole) and not sure.plain(count).is_number)):
        needed.append(f"a count that is a whole number, not {count}")
    if where is not None and not sure.nonnegative(count):
        needed.append(f"a count that is at least 0 everywhere, not {count}")
    if not sure.nonnegative(spend.failure):
        needed.append(sure.undefined(spend.failure) or f"a failure that is at least 0, not {spend.failure}")
    return needed


def _fixed(sure: Known, statement: StatementRecord, spend: Spend, parameters: tuple[Parameter, ...]) -> list[str]:
    """Names are quantities or parameters of the proof, in ranges that the event gives them; values are fixed.

    A law for X says nothing of a parameter of the statement, which is any number; and a threshold that depends on X is
    no threshold.
    """
    needed = []
    own = {p.symbol: p for p in (*statement.quantities, *parameters)}
    for source, name in spend.bound:
        if name not in own:
            needed.append(f"a quantity, or a parameter of the proof, where it speaks of {name}")
        elif source is not None and not _inside(sure, source, own[name]):
            needed.append(f"a range of {name} that what is spent gives it: {range_in_words(source)}")
    known_by_name = () if isinstance(spend.event, Tail) else tuple(q.symbol for q in spend.event.quantities)
    if foreign := [str(symbol) for symbol, _ in spend.names if symbol not in known_by_name]:
        needed.append(f"names of what it speaks of, not of {', '.join(foreign)}")
    if len({name for _, name in spend.bound}) < len(spend.bound):
        needed.append("a name of its own for each quantity")
    fixed = sure.fixed | set(spend.given)
    needed += [
        f"fixed parameters, while {value} depends on {symbol}, which is random or not declared; say what is given"
        for value in (*spend.used, spend.count)
        for symbol in sorted(sure.plain(value).free_symbols - fixed, key=str)
    ]
    strange = set(spend.given) - {p.symbol for p in parameters}
    needed += [f"a parameter of the proof to be given, not {parameter}" for parameter in sorted(strange, key=str)]
    if {name for _, name in spend.bound} & set(spend.given):
        needed.append("what is given to be none of what it binds")
    return needed


def _applies(sure: Known, spend: Spend) -> list[str]:
    """The spent statement's parameters are in their ranges, and its hypotheses hold."""
    event: Formula = spend.event
    known = _where(sure, spend)
    needed = []
    if foreign := [str(symbol) for symbol, _ in spend.values if symbol not in event.symbols]:
        needed.append(f"values of its own parameters, not of {', '.join(foreign)}")
    relations: list[Formula] = [spend.at(relation) for relation in event.relations]
    needed += [  # where a relation of it is not defined it does not apply, though SymPy may call it true here
        f"{side} defined: {part}"
        for hypothesis in event.relations
        if isinstance(hypothesis, Relational | sympy.And)
        for relation in relations_in(hypothesis)
        for side in map(spend.at, relation.args)
        if (part := known.undefined(side))
    ]
    for p in event.parameters:
        value, low, high = spend.at(p.symbol), spend.at(p.low), spend.at(p.high)
        if part := known.undefined(value):
            needed.append(f"{p.name} = {value} defined: {part}")
        above: Formula = (sympy.Gt if p.strict else sympy.Ge)(value, low, evaluate=False)
        if p.integer and not known.whole(value):
            if not in_words(spend.whole) or known.plain(value).is_number:
                needed.append(f"an integer {p.name}, which {value} was not shown to be")
            elif low.is_Integer:  # an integer above 0 is at least 1
                above = sympy.Gt(value, low - 1, evaluate=False)
        relations += [above] * (low != -sympy.oo) + [sympy.Le(value, high, evaluate=False)] * (high != sympy.oo)
    return needed + [str(relation) for relation in relations if not known.has(relation)]


def _has_law(sure: Known, tail: Tail) -> list[str]:
    """The law's own parameters make sense, and it says which event it is the probability of."""
    needed = [] if tail.event is not None and tail.event[2] in FAILS else ["a law that says what its event is"]
    return needed + [part for part in [sure.undefined(tail)] if part]


def _where(sure: Known, spend: Spend) -> Known:
    return sure if spend.where is None else sure.where(spend.where)


def _inside(sure: Known, source: Parameter, target: Parameter) -> bool:
    """Whether the target's range holds every value of the source's."""
    above = sympy.Gt if target.strict and not source.strict else sympy.Ge
    low: Formula = above(source.low, target.low, evaluate=False)  # SymPy would round floats
    high: Formula = sympy.Le(source.high, target.high, evaluate=False)
    from_low = target.low == -sympy.oo or (source.low != -sympy.oo and sure.has(low))
    to_high = target.high == sympy.oo or (source.high != sympy.oo and sure.has(high))
    return bool(from_low and to_high and (source.integer or not target.integer))


def range_in_words(p: Parameter) -> str:
    """A range in words."""
    ends = [f"{words} {end}" for end, _, words in p.edges]
    return " and ".join([*(["an integer"] if p.integer else []), *ends]) or "any number"

"""Every statement in reach that bounds one probability, side by side, the tightest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from textwrap import shorten
from typing import Any

from flint import arb
import sympy

from boundkit.api.loading import find
from boundkit.api.objects import Guarantee, Statement
from boundkit.api.papers import Paper, catalogue, speaking_of, statements_in
from boundkit.coerce import exactly
from boundkit.enclose import holds, log_ball, log_law_ball, outward
from boundkit.engine.cards import check_text
from boundkit.errors import BoundkitError, ParameterError, StatementError
from boundkit.formats.expressions import TextPrinter
from boundkit.studies.best_values import at_its_best
from boundkit.studies.bound_records import Bound, Bounds, BoundsOver
from boundkit.studies.chernoff import chernoff
from boundkit.studies.matching import Match, NoMatch, bare_values, law_in, matches
from boundkit.studies.tables.grids import grid
from boundkit.tails import Tail, parameter_names
from boundkit.values import Value, cut_text, exact_number

REASON = 160  # characters of why a law has no value


def bounds(law: Tail, also: Iterable[Statement | Paper | str] = ()) -> Bounds:
    """Return what every statement in reach says of a probability, the tightest bound first.

    In reach is what is in a known paper, and `also`. A statement counts whose truth is this one law: its parameters are
    solved for, so that it speaks of the asked probability, or, where it cannot, of one whose event is larger. Besides
    stands Chernoff's bound at its best theta, where the law knows its cumulants. Each is held against the exact value.

    Parameters
    ----------
    law : Tail
        A law of `boundkit.tails`, or of your own, at numbers.
    also : iterable of Statement, Paper or str
        What else is in reach; text is a name as at the command line, such as ``"my_paper/lemma.py"``.

    Returns
    -------
    Bounds
        Of every bound its claim, whether it applies, and why not.

    Raises
    ------
    ParameterError
        Where an argument of the law is no number, or outside its domain.
    StatementError
        Where nothing in reach bounds it.

    Examples
    --------
    >>> import boundkit as bk
    >>> found = bk.bounds(bk.tails.chi_square_at_least(600, 2))
    >>> next(round(found.ratio(bound), 2) for bound in found.upper if bound.name == "Chernoff")
    1.04
    >>> next(bound.values for bound in found.upper if bound.name == "melamed2023.lemma_c_1")
    (('n', 600), ('sigma', 1))
    """
    asked = _asked(law)
    return _told(_bounds(asked, _reach(type(law), also)))


def bounds_over(law: Tail, over: Mapping[str, Any], also: Iterable[Statement | Paper | str] = ()) -> BoundsOver:
    """Return the bounds of a law along one of its parameters.

    Parameters
    ----------
    law : Tail
        A law with one symbol in it.
    over : mapping of that symbol's name to values
        ``{"a": "1.5:3:0.5"}``, or any iterable of numbers.
    also : iterable of Statement, Paper or str
        As in `bounds`.

    Raises
    ------
    ParameterError
        For another number of symbols, and as `bounds`.
    StatementError
        Where nothing in reach bounds it anywhere.

    Examples
    --------
    >>> import boundkit as bk, sympy
    >>> found = bk.bounds_over(bk.tails.normal_two_sided(sympy.Symbol("t")), {"t": [1, 2]})
    >>> [(value, b.winner.name) for value, b in found.points]
    [(1, 'beyond.normal_tail'), (2, 'classics.normal_interval')]
    """
    if len(over) != 1:
        raise ParameterError(f"over = {dict(over)!r} varies {len(over)} parameters; give exactly one")
    ((name, values),) = grid(over).items()
    symbol = next((s for s in law.free_symbols if str(s) == name), None)
    if symbol is None:
        raise ParameterError(f"{name} is no symbol in {TextPrinter({}).doprint(law)}; put sympy.Symbol({name!r}) in it")
    statements = _reach(type(law), also)
    points = []
    for value in values:
        at = law.xreplace({symbol: sympy.Rational(value.numerator, value.denominator)})
        points.append((value, _bounds(_asked(at), statements)))
    if not any(found.upper or found.lower for _, found in points):
        _told(points[0][1])
    return BoundsOver(law, name, tuple(points))


def law_named(name: str, also: Iterable[Statement | Paper | str] = ()) -> type[Tail]:
    """The law of a name: of `boundkit.tails`, or one that a statement in reach speaks of.

    Raises
    ------
    ParameterError
        Where there is none; near names are offered.
    """
    from difflib import get_close_matches

    from boundkit import tails

    known: dict[str, type[Tail]] = {key: law for key in tails.__all__ if _is_law(law := getattr(tails, key))}
    if name in known:
        return known[name]
    for s in (*_found(also), *catalogue.values()):
        known |= {} if s.truth is None else {type(tail).__name__: type(tail) for tail in s.truth.atoms(Tail)}
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(known)}"
    raise ParameterError(f"there is no law {name!r}; {hint}")


def law_of(name: str, values: Mapping[str, Any], also: Iterable[Statement | Paper | str] = ()) -> Tail:
    """The law of a name at values of its parameters, each a number or a symbol."""
    law = law_named(name, also)
    wanted = parameter_names(law)
    if unknown := [key for key in values if key not in wanted]:
        raise ParameterError(f"{name} has no parameter {unknown[0]!r}; it has {', '.join(wanted)}")
    if missing := [key for key in wanted if key not in values]:
        raise ParameterError(f"{name} needs {', '.join(missing)}; give each, say {missing[0]}=10")
    return law(*(_sympified(values[key]) for key in wanted))


def _sympified(value: Any) -> Any:
    return value if isinstance(value, sympy.Basic) else sympy.Rational(value.numerator, value.denominator)


def _is_law(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, Tail) and thing is not Tail


def _reach(law: type[Tail], also: Iterable[Statement | Paper | str]) -> tuple[Statement, ...]:
    chosen = _found(also)  # first: it may add to the papers
    return tuple(dict.fromkeys((*speaking_of(law.__name__), *chosen)))


def _found(also: Iterable[Statement | Paper | str]) -> tuple[Statement, ...]:
    return statements_in(find(one) if isinstance(one, str) else one for one in also)


def _asked(law: Tail) -> Tail:
    """The law, where its arguments are numbers in its domain."""
    if not isinstance(law, Tail):
        raise ParameterError(f"a law at numbers is needed, not {type(law).__name__}; say bk.tails.normal_two_sided(3)")
    law = exactly(law)
    if law.free_symbols:
        raise ParameterError(f"{law}: {', '.join(sorted(map(str, law.free_symbols)))} is no number; or use bounds_over")
    names = [sympy.Symbol(name) for name in parameter_names(type(law))]
    values = dict(zip(names, law.args, strict=True))
    for name, value in values.items():
        _require_number(f"{type(law).__name__}: {name} = {cut_text(value)}", value)
    anywhere, given = type(law)(*names), ", ".join(f"{name} = {cut_text(value)}" for name, value in values.items())
    for name in anywhere.whole:
        if not values[name].is_Integer:
            raise ParameterError(f"{type(law).__name__} at {given}: {name} is a whole number")
    for relation in anywhere.domain:
        if holds(relation.xreplace(values), {}) is not True:
            raise ParameterError(f"{type(law).__name__} at {given}: {TextPrinter({}).doprint(relation)} is needed")
    return law


def _require_number(said: str, value: Any) -> None:
    """Refuse what is not real, and sizes that no statement takes."""
    try:
        if value.is_Rational:
            exact_number(value)
        elif not value.is_real:
            raise ParameterError("a real number is needed")
    except ParameterError as error:
        raise ParameterError(f"{said}: {error}") from None


def _told(found: Bounds) -> Bounds:
    """The bounds, where there are any."""
    if found.upper or found.lower:
        return found
    from boundkit.studies.bounds_words import exact_words, law_words

    why = "; ".join(f"{name}: {reason}" for name, reason in found.left_out)
    raise StatementError(
        f"no statement in reach bounds {law_words(found.law)}; its exact value is {exact_words(found)}"
        + (f" ({why})" if why else "")
    )


def _bounds(law: Tail, statements: tuple[Statement, ...]) -> Bounds:
    """What each statement says of the law, and Chernoff's bound."""
    exact, unknown = _exact(law, {})
    upper: list[Bound] = []
    lower: list[Bound] = []
    left_out: list[tuple[str, str]] = []
    if (derived := _derived(law, exact)) is not None:
        upper.append(derived)
    for s in statements:
        try:
            if law_in(s, type(law)) is None:
                continue
            above, below = _of_statement(s, law, exact)
        except NoMatch as why:
            left_out.append((s.qualified_name, str(why)))
            continue
        for bound, side in (*((b, upper) for b in above), *((b, lower) for b in below)):
            if bound.applies is None and bound.true is False:
                left_out.append((s.qualified_name, f"what is open there cannot hold, or it is false: {bound.reason}"))
            else:
                side.append(bound)
    upper.sort(key=lambda b: (not b.counts, b.log_claimed))
    lower.sort(key=lambda b: (not b.counts, -b.log_claimed))
    ends = None if exact is None else outward(exact)
    return Bounds(law, ends, tuple(upper), tuple(lower), tuple(left_out), unknown)


def _exact(law: Tail, values: Mapping[sympy.Symbol, Value]) -> tuple[Any, str]:
    """A ball around the log of a law; or None, and why it has no value."""
    if law.event is not None and law.support is not None:
        *_, operator, threshold = law.event
        low, _ = law.support
        if not low.is_infinite and holds(sympy.Lt(threshold, low, evaluate=False), values) is True:
            return arb(0) if operator in (">=", ">") else arb("-inf"), ""
    try:
        found = log_law_ball(law, values)
    except BoundkitError as error:
        return None, shorten(str(error), REASON, placeholder=" ...")
    return (None, "it is not defined there") if found.is_nan() else (found, "")


def _derived(law: Tail, exact: Any) -> Bound | None:
    """Chernoff's bound at its best theta."""
    found = chernoff(law)
    if found is None:
        return None
    theta, log = found
    high = outward(log)[1]
    return Bound(
        "Chernoff", "derived from the cumulants", (("theta", theta),), law, True, high, True,
        _is_true(exact, log, True), "" if high < 0 else "it allows probability 1",
    )  # fmt: skip


def _is_true(exact: Any, claimed: Any, above: bool) -> bool | None:
    """Whether a bound is one, from balls around both logs."""
    if exact is None or claimed.is_nan():
        return None
    low, high = (exact, claimed) if above else (claimed, exact)
    return True if low <= high else False if low > high else None


def _of_statement(s: Statement, law: Tail, exact: Any) -> tuple[list[Bound], list[Bound]]:
    """A statement's bounds from above, and from below; of several values the tightest."""
    if s.failure != 0:
        best = (at_its_best(s, m, s.failure, True) for m in matches(s, law, s.failure.free_symbols))
        found = [_bound(s, m, s.failure, True, exact) for m in best]
        return [_tightest(found, True)], []
    sides: tuple[list[Bound], list[Bound]] = [], []
    for claim in s.claims:
        for above, operators in ((True, ("<=", "<", "==")), (False, (">=", ">", "=="))):
            if claim.lhs == s.claims[0].lhs and claim.rel_op in operators:
                given = matches(s, law, claim.rhs.free_symbols, larger=above)
                best = (at_its_best(s, m, claim.rhs, above) for m in given)
                found = [_bound(s, m, claim.rhs, above, exact) for m in best]
                sides[not above].append(_tightest(found, above))
    return sides


def _tightest(found: list[Bound], above: bool) -> Bound:
    """The tightest that counts; of several that are as tight the first."""
    return min(found, key=lambda b: (not b.counts, float(f"{b.log_claimed if above else -b.log_claimed:.9g}")))


def _bound(s: Statement, match: Match, formula: Any, above: bool, exact: Any) -> Bound:
    """What a formula of a statement says of the law, certified against the exact values."""
    g = _applying(s(**dict(match.values)))
    log = log_ball(formula, g._at_worst)
    claimed = (inf if above else -inf) if log.is_nan() else outward(log)[above]
    true = _is_true(exact, log, above)
    if not match.is_exact and true is not False and _is_true(_exact(match.tail, g.given)[0], log, above) is False:
        true = False  # of the law that it speaks of
    reason = _reason(g, true, claimed)
    name = f"{s.qualified_name} {s.reading}" if s.superseded else s.qualified_name
    return Bound(name, s.place, g.values, match.law, match.is_exact, claimed, g.applies, true, reason, g)


def _applying(g: Guarantee) -> Guarantee:
    """The guarantee, with typical values for what only its hypotheses need, where it then applies."""
    if g.applies is not None:
        return g
    more = bare_values(g.statement, frozenset(map(sympy.Symbol, g.free)))
    try:
        fuller = g.statement(**dict(g.values), **{x.name: value for x, value in more.items()})
    except ParameterError:
        return g
    return fuller if fuller.applies else g


def _reason(g: Guarantee, true: bool | None, log: float) -> str:
    """Why a bound promises nothing, or what is open; '' where it holds."""
    if g.applies is False:
        return "; ".join(check_text(g.statement, c) for c in g.hypotheses if c.holds is False)
    if true is False and g.applies:
        return "false here: the exact value is beyond it"
    if not -inf < log < 0:
        return "it allows probability 1" if log > 0 else "it allows probability 0"
    opened = "; ".join(check_text(g.statement, c) for c in g.hypotheses if c.holds is None)
    return opened or ("the exact value does not decide it" if true is None else "")

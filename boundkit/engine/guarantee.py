"""A statement at given values. Two fields; everything else is computed from them, and certified."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial
from math import inf, isnan
from typing import Any, Self

from flint import arb
import sympy

from boundkit.coerce import fold
from boundkit.enclose import all_hold, as_arb, ball, holds, log_ball, nearest, one_holds
from boundkit.engine.digits import to_digits
from boundkit.engine.exact import Exact, exact
from boundkit.engine.verdict import Verdict as Verdict
from boundkit.engine.verdict import vacuity, verdict_at
from boundkit.errors import HypothesisError, ParameterError
from boundkit.filling import NOT_DEFINED, POWERS, filled
from boundkit.formats.expressions import outward, relation_text
from boundkit.formats.numbers import failure_text, number_text, safe_side, shown_failure
from boundkit.model.statement import Hypothesis, StatementRecord
from boundkit.values import Formula, Value


@dataclass(frozen=True)
class Check:
    """A hypothesis at given values.

    Attributes
    ----------
    hypothesis : Hypothesis
        What is checked.
    holds : bool or None
        Certified; None while parameters are free, or where ball arithmetic cannot tell.
    lhs, rhs : float, int or sympy.Expr
        The two sides at these values; None where it is several relations joined by And, Or.
    parts : tuple of Check
        Those of these relations that decide it.
    """

    hypothesis: Hypothesis
    holds: bool | None
    lhs: float | Formula | None
    rhs: float | Formula | None
    parts: tuple[Check, ...] = ()

    @property
    def text(self) -> str:
        """The hypothesis in plain text."""
        return self.hypothesis.text

    @property
    def relation(self) -> Formula:
        """The hypothesis as a relation between parameters."""
        return self.hypothesis.relation


Answer = tuple[bool | None, tuple[Check, ...]]  # and the checks that decide it


class Digits(dict[str, sympy.Float]):
    """Numbers to many digits by name, and the `verdict` without which they are not read."""

    def __init__(self, verdict: Verdict, numbers: Mapping[str, sympy.Float]) -> None:
        super().__init__(numbers)
        self.verdict = verdict

    def __repr__(self) -> str:
        return f"<{self.verdict.name}: {super().__repr__()}>"


@dataclass(frozen=True)
class GuaranteeRecord:
    """A statement and the values given for some of its parameters.

    Attributes
    ----------
    statement : StatementRecord
        What is promised.
    values : tuple of (name, value)
        The values, exact, in the statement's order.
    """

    statement: StatementRecord
    values: tuple[tuple[str, Value], ...]

    def __reduce__(self) -> Any:
        return type(self), (self.statement, self.values)

    @cached_property
    def given(self) -> dict[sympy.Symbol, Value]:
        """The values by symbol."""
        return {sympy.Symbol(name): value for name, value in self.values}

    @property
    def free(self) -> tuple[str, ...]:
        """Names of the parameters still free."""
        return tuple(s.name for s in self.statement.symbols if s not in self.given)

    def at(self, expr: sympy.Expr) -> Any:
        """Return a float where every parameter is given, None where it is not defined, else what is left of it."""
        expr = self._known(expr)
        if self._missing(expr):
            return None if expr.has(*NOT_DEFINED) else expr
        value = nearest(ball(expr, self.given))
        return None if isnan(value) else value

    @cached_property
    def bound(self) -> Any:
        """The headline's bound: a float, an expression in the free parameters, or None where it is not defined."""
        return self.at(self.statement.bound)

    @cached_property
    def bounds(self) -> tuple[Any, ...]:
        """The right-hand side of each claim, as `bound`."""
        return tuple(self.at(claim.rhs) for claim in self.statement.claims)

    @cached_property
    def log_failure(self) -> float | Formula:
        """The log of the failure probability that the formula allows; an expression while it has free parameters.

        A parameter left free takes the statement's worst case where that decides it, as in `exact`. Where the formula
        is not defined, and so promises nothing, it is inf.
        """
        if self._failure_is_open:
            return sympy.log(self._filled(self.statement.failure))
        log = self._log_failure_ball
        return inf if log.is_nan() else nearest(log)

    @property
    def claims(self) -> tuple[Formula, ...]:
        """The claims with the values put in, exact: SymPy relations, which promise what `verdict` says."""
        return tuple(claim.func(claim.lhs, self._filled(claim.rhs), evaluate=False) for claim in self.statement.claims)

    @property
    def failure(self) -> float | Formula:
        """The failure probability that the formula allows, as a float (0.0 below every float) or an expression."""
        if self._failure_is_open:
            return self._filled(self.statement.failure)
        value = nearest(ball(self.statement.failure, self._at_worst))
        return inf if isnan(value) else value

    @property
    def probability(self) -> float | Formula:
        """1 - failure, never below 0."""
        if self._failure_is_open:
            return 1 - self.failure
        value = nearest(ball(1 - self.statement.failure, self._at_worst))
        return 0.0 if isnan(value) else max(0.0, value)

    @cached_property
    def hypotheses(self) -> tuple[Check, ...]:
        """Each hypothesis that numbers can decide, checked."""
        return tuple(self._check(h) for h in self.statement.hypotheses if h.relation is not None)

    @cached_property
    def applies(self) -> bool | None:
        """Whether every hypothesis holds; None while one is open and none fails."""
        return all_hold(check.holds for check in self.hypotheses)

    @cached_property
    def verdict(self) -> Verdict:
        """What the statement is worth at these values."""
        is_open = self.applies is None or self._failure_is_open
        return verdict_at(self.applies is False, bool(self.vacuous_reason), is_open)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the parameters without which the verdict is UNDETERMINED; none where it is another one."""
        if self.verdict is not Verdict.UNDETERMINED:
            return ()
        told = [h.relation.free_symbols for h in self.hypotheses if h.holds is None]
        told += [self.statement.failure.free_symbols - self._at_worst.keys()]
        wanted = frozenset().union(*told) - self.given.keys()
        return tuple(s.name for s in self.statement.symbols if s in wanted)

    @cached_property
    def vacuous_reason(self) -> str:
        """Why the promise is vacuous, '' where it is not or parameters are still free."""
        if not self._failure_is_open and not bool(self._log_failure_ball < 0):
            return "it allows failure with probability 1"
        met = vacuity(self.statement)
        if met and all(not self._missing(relation) and holds(relation, self.given) is True for relation in met):
            return "its bound is always met" if len(met) == 1 else "its bounds are always met"
        return ""

    def require(self) -> Self:
        """Return itself where every hypothesis holds.

        Raises
        ------
        HypothesisError
            Names every hypothesis that fails or is open, with both sides.
        """
        if self.applies:
            return self
        from boundkit.engine.cards import check_text

        lines = [check_text(self.statement, check) for check in self.hypotheses if check.holds is not True]
        raise HypothesisError(f"{self.statement.title} does not apply: " + "; ".join(lines))

    def exact(self) -> Exact:
        """Return the exact failure probability, certified.

        Parameters that are not given and that the law needs take the statement's worst case, and are named.

        Returns
        -------
        Exact
            With an enclosure of the log of the failure probability whose ends agree to 12 digits.

        Raises
        ------
        ParameterError
            Where a parameter is missing that has no worst case.
        HypothesisError
            Where the law is not defined at these values (k = 0 where k divides).
        StatementError
            Where the statement has no law.
        PrecisionError
            Where no narrow enclosure can be had.
        """
        return exact(self)

    def digits(self, count: int = 50) -> Digits:
        """Return bound, failure and probability to any number of digits, as SymPy floats (mpmath).

        Parameters
        ----------
        count : int
            Significant digits, from 1 to 10000.

        Returns
        -------
        Digits
            A dict of those of "bound", "failure" and "probability" whose parameters are all given, with the `verdict`.

        Raises
        ------
        PrecisionError
            Where no precision gives so many digits.
        """
        if type(count) is not int or not 1 <= count <= 10_000:
            raise ParameterError(f"count = {count!r}: the number of digits is an integer from 1 to 10000")
        formulas = {"bound": self.statement.bound, "failure": self.statement.failure}
        formulas["probability"] = 1 - self.statement.failure
        known = {name: to_digits(f, self.given, count) for name, f in formulas.items() if not self._missing(f)}
        return Digits(self.verdict, {name: number for name, number in known.items() if number is not None})

    def latex(self) -> str:
        """Return the promise at these values as LaTeX mathematics, with what has to be said where it is none."""
        from boundkit.engine.cards import guarantee_latex

        return guarantee_latex(self)

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry: values, verdict, hypotheses, bound, failure; expressions as text."""
        from boundkit.engine.cards import guarantee_dict

        return guarantee_dict(self)

    def _refuse_order(self, other: object) -> Any:
        """Guarantees have no order: one may fail more rarely and claim less."""
        if not isinstance(other, GuaranteeRecord):
            return NotImplemented
        raise TypeError("guarantees have no order: one may fail more rarely and claim less; compare .failure or .bound")

    __lt__ = __le__ = __gt__ = __ge__ = _refuse_order

    def __str__(self) -> str:
        from boundkit.engine.cards import guarantee_text

        return guarantee_text(self)

    def __repr__(self) -> str:
        from boundkit.engine.cards import guarantee_repr

        return guarantee_repr(self)

    def _repr_latex_(self) -> str:
        from boundkit.engine.cards import inline_latex

        return inline_latex(self.statement, self.latex())

    def _repr_html_(self) -> str:
        from boundkit.engine.cards import guarantee_html

        return guarantee_html(self)

    @cached_property
    def _rationals(self) -> dict[sympy.Symbol, sympy.Rational]:
        return {s: sympy.Rational(v.numerator, v.denominator) for s, v in self.given.items()}

    def _known(self, expr: sympy.Expr) -> sympy.Expr:
        """The expression with the values put in where a parameter in it is not given; none may be left then."""
        return self._filled(expr) if self._missing(expr) else expr

    def _filled(self, expr: sympy.Expr) -> sympy.Expr:
        """The expression with the values put in; a power too high to write out becomes a float of thirty digits."""
        return filled(expr, self._rationals, self._as_float, largest=POWERS)

    def _as_float(self, expr: sympy.Expr) -> sympy.Expr:
        value = as_arb(ball(expr, self.given))
        return sympy.Float(value.str(30, radius=False), 40) if value.is_finite() else sympy.nan

    @cached_property
    def _log_failure_ball(self) -> arb:
        return log_ball(self.statement.failure, self._at_worst)

    @cached_property
    def _at_worst(self) -> dict[sympy.Symbol, Value]:
        """The values, and the statement's worst case for parameters left free."""
        return {**{sympy.Symbol(name): value for name, value in self.statement.worst_case}, **self.given}

    @property
    def _failure_is_open(self) -> bool:
        return not self.statement.failure.free_symbols <= self._at_worst.keys()

    def _missing(self, expr: Formula) -> frozenset[sympy.Symbol]:
        return frozenset(expr.free_symbols - self.given.keys())

    def _check(self, hypothesis: Hypothesis) -> Check:
        """Whether a hypothesis holds at these values, with its sides; of a joined one with the parts that decide it."""
        relation: Formula = hypothesis.relation
        if isinstance(relation, sympy.And | sympy.Or):
            answer, parts = fold(relation, self._alone, partial(_together, all_hold), partial(_together, one_holds))
            return Check(hypothesis, answer, None, None, parts)
        lhs, rhs = self.at(relation.lhs), self.at(relation.rhs)
        left = relation
        if self._missing(relation):
            left = relation.func(*map(self._filled, relation.args), evaluate=False)
        return Check(hypothesis, None if self._missing(left) else holds(left, self.given), lhs, rhs)

    def _alone(self, relation: Formula) -> Answer:
        check = self._check(Hypothesis(relation_text(self.statement, relation), relation))
        return check.holds, (check,)


def _together(joined: Callable[[Iterable[bool | None]], bool | None], found: list[Answer]) -> Answer:
    """The answer, and the checks of the parts whose answer it is."""
    answer = joined(part for part, _ in found)
    return answer, tuple(check for part, checks in found if part is answer for check in checks)


def shown_bounds(g: GuaranteeRecord) -> tuple[Any, ...]:
    """The guarantee's bounds as they are printed: numbers on the safe side of what is claimed, or expressions."""
    return tuple(
        safe_side(g._known(claim.rhs), g.given, outward(claim)) if isinstance(bound, float) else bound
        for claim, bound in zip(g.statement.claims, g.bounds, strict=True)
    )


def failure_at(g: GuaranteeRecord) -> tuple[float, Fraction | Decimal]:
    """The log of the claimed failure probability and itself as they are printed, where no parameter of it is open."""
    return shown_failure(g.statement.failure, g._at_worst)


def claimed_text(g: GuaranteeRecord, digits: int | None = None) -> str:
    """The claimed failure probability in digits, rounded up."""
    log, failure = failure_at(g)
    exact = isinstance(failure, Fraction)
    return number_text(failure, digits or 3, toward=1) if exact else failure_text(log, digits)

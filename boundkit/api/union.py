"""Guarantees that hold together: their failure probabilities added, their conditions joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, Self

import sympy

from boundkit.api.objects import Guarantee
from boundkit.enclose import all_hold, as_arb, ball, log_ball, outward
from boundkit.engine.guarantee import Check
from boundkit.engine.verdict import Verdict, verdict_at
from boundkit.errors import ParameterError


@dataclass(frozen=True, repr=False)
class Union:
    """Guarantees that hold together: with probability at least 1 - `failure`, every claim of each of them.

    Attributes
    ----------
    guarantees : tuple of Guarantee
        Those that are joined. Each stands for an event of its own, also where two are equal.
    """

    guarantees: tuple[Guarantee, ...]

    @cached_property
    def log_failure(self) -> Any:
        """The log of the sum, rounded up; an expression while it has free parameters, inf where it is not defined."""
        if self._is_open:
            return sympy.log(self.failure)
        log = self._log_ball
        return inf if log.is_nan() else outward(log)[1]

    @cached_property
    def failure(self) -> Any:
        """The sum of the failure probabilities, rounded up; an expression while it has free parameters."""
        expr, values = _summed(self._closed)
        found = as_arb(ball(expr, values))
        known = inf if found.is_nan() else outward(found)[1]
        if not self._is_open:
            return known
        rest = sympy.oo if known == inf else sympy.Float(known, 40) if known else sympy.S.Zero
        return sympy.Add(*(g.failure for g in self.guarantees if isinstance(g.failure, sympy.Expr)), rest)

    @property
    def probability(self) -> Any:
        """1 - failure, rounded down and never below 0."""
        if self._is_open:
            return 1 - self.failure
        expr, values = _summed(self._closed)
        found = as_arb(ball(1 - expr, values))
        return 0.0 if found.is_nan() else max(0.0, outward(found)[0])

    @property
    def free(self) -> tuple[str, ...]:
        """Names of the parameters still free; one name is one parameter, in whichever guarantees it is."""
        return tuple(dict.fromkeys(name for g in self.guarantees for name in g.free))

    @cached_property
    def bounds(self) -> tuple[Any, ...]:
        """The right-hand side of each claim of each guarantee, as in a `Guarantee`."""
        return tuple(bound for g in self.guarantees for bound in g.bounds)

    @cached_property
    def hypotheses(self) -> tuple[Check, ...]:
        """Every hypothesis that numbers can decide, checked; those of the first guarantee first."""
        return tuple(check for g in self.guarantees for check in g.hypotheses)

    @property
    def assumed(self) -> tuple[str, ...]:
        """What numbers cannot decide, each once."""
        return tuple(dict.fromkeys(text for g in self.guarantees for text in g.statement.assumed))

    @cached_property
    def applies(self) -> bool | None:
        """Whether every hypothesis of each holds; None while one is open and none fails."""
        return all_hold(g.applies for g in self.guarantees)

    @cached_property
    def verdict(self) -> Verdict:
        """What it is worth at these values."""
        is_open = self.applies is None or self._is_open
        return verdict_at(self.applies is False, bool(self.vacuous_reason), is_open)

    @cached_property
    def vacuous_reason(self) -> str:
        """Why the promise is vacuous, '' where it is not or parameters are still free."""
        if self._closed and not bool(self._log_ball < 0):
            return "the failure probabilities add up to 1 or more"
        if all(g.vacuous_reason for g in self.guarantees):
            return "each of its bounds is always met"
        return ""

    def require(self) -> Self:
        """Return itself where every hypothesis holds.

        Raises
        ------
        HypothesisError
            Names what fails or is open in the first guarantee that does not apply.
        """
        for fails in (False, None):
            for g in self.guarantees:
                if g.applies is fails:
                    g.require()
        return self

    def latex(self) -> str:
        """Return the joined promise as LaTeX mathematics, with what has to be said where it is none."""
        from boundkit.api.union_words import union_latex

        return union_latex(self)

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry: verdict, claims, failure, and each guarantee."""
        from boundkit.api.union_words import union_dict

        return union_dict(self)

    def __str__(self) -> str:
        from boundkit.api.union_words import union_text

        return union_text(self)

    def __repr__(self) -> str:
        from boundkit.api.union_words import union_repr

        return union_repr(self)

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        from boundkit.api.union_words import union_html

        return union_html(self)

    @cached_property
    def _closed(self) -> tuple[Guarantee, ...]:
        """Those whose failure probability is a number."""
        return tuple(g for g in self.guarantees if not isinstance(g.log_failure, sympy.Expr))

    @property
    def _is_open(self) -> bool:
        return len(self._closed) < len(self.guarantees)

    @cached_property
    def _log_ball(self) -> Any:
        """Around the log of the sum of those that are numbers."""
        return log_ball(*_summed(self._closed))


def union(*guarantees: Guarantee | Union) -> Union:
    """Return guarantees that hold together: by the union bound they all do but with the sum of their failures.

    Parameters
    ----------
    *guarantees : Guarantee or Union
        Each stands for an event of its own: the same one twice, say for two vectors, is counted twice. A parameter
        that is free in several of them is the same one there.

    Returns
    -------
    Union
        With the verbs of a `Guarantee`; its failure probability is never below the true sum.

    Raises
    ------
    ParameterError
        Where none is given, or something that is no guarantee.

    Examples
    --------
    >>> import boundkit as bk
    >>> both = bk.union(bk.lemma_b_1(n=600), bk.lemma_c_1(n=600))
    >>> print(both)
    Lemma B.1 at n = 600, sigma = 1 and Lemma C.1 at n = 600, sigma = 1:
      with probability at least 1 - 1.04e-16: |w|^2 >= 300 and |w|^2 <= 1200
      assumed: w ~ N(0, sigma^2 I_n)
      corrected: sigma > 0 (E21)
    >>> both.verdict.name, bk.union(*[bk.lemma_b_1(n=16)] * 3).verdict.name
    ('INFORMATIVE', 'VACUOUS')
    """
    joined = tuple(_parts(guarantees))
    if not joined:
        raise ParameterError("a union of no guarantees says nothing; give at least one, say bk.union(g1, g2)")
    return Union(joined)


def _parts(given: Iterable[Any]) -> Iterable[Guarantee]:
    for one in given:
        if isinstance(one, Union):
            yield from one.guarantees
        elif isinstance(one, Guarantee):
            yield one
        else:
            raise ParameterError(f"a guarantee is needed, not {type(one).__name__}; call a statement, say s(n=10)")


def _summed(guarantees: tuple[Guarantee, ...]) -> tuple[sympy.Expr, dict[sympy.Symbol, Any]]:
    """The sum of the failures as one formula, and its values: the parameters of each under names of its own."""
    terms: list[sympy.Expr] = []
    values: dict[sympy.Symbol, Any] = {}
    for g in guarantees:
        own = {symbol: sympy.Dummy(symbol.name) for symbol in g.statement.failure.free_symbols}
        terms.append(g.statement.failure.xreplace(own))
        at = g._at_worst
        values |= {dummy: at[symbol] for symbol, dummy in own.items()}
    return sympy.Add(*terms), values

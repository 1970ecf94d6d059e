"""What is known of a probability, as records: one bound, all of them, and along a parameter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any

from boundkit.api.objects import Guarantee
from boundkit.formats.expressions import TextPrinter
from boundkit.formats.tables import Tabular
from boundkit.tails import Tail
from boundkit.values import Value


@dataclass(frozen=True)
class Bound:
    """What one statement says of a probability.

    Attributes
    ----------
    name, place : str
        The statement's qualified name, and where it stands; of what is derived, how.
    values : tuple of (name, value)
        The values of its parameters at which it speaks of the law; or Chernoff's theta.
    law : Tail
        The law that it bounds there: the asked one, or the nearest that it speaks of, whose event holds the asked one
        (of a lower bound: lies in it).
    is_exact : bool
        Whether that is the asked one.
    log_claimed : float
        The log of the bound, rounded to the safe side: inf or -inf where it is not defined.
    applies : bool or None
        Whether the hypotheses hold; None while one is open.
    true : bool or None
        Whether the bound is one, held against the exact values: certified; None where that stays open.
    reason : str
        Why it promises nothing there, or what is open.
    guarantee : Guarantee or None
        The statement at these values; None of what is derived.
    """

    name: str
    place: str
    values: tuple[tuple[str, Value], ...]
    law: Tail
    is_exact: bool
    log_claimed: float
    applies: bool | None
    true: bool | None
    reason: str = ""
    guarantee: Guarantee | None = None

    @property
    def counts(self) -> bool:
        """Whether it applies, says something, and is not refuted by the exact value."""
        return self.applies is True and self.true is not False and -inf < self.log_claimed < 0


@dataclass(frozen=True, repr=False)
class Bounds(Tabular):
    """What is known of one probability.

    Attributes
    ----------
    law : Tail
        The probability.
    enclosure : tuple of (float, float) or None
        The log of its exact value, rounded outward; None where the law has none.
    upper, lower : tuple of Bound
        Bounds from above and from below, the tightest first; those that do not count come last.
    left_out : tuple of (name, why)
        Statements that speak of this law, and bound nothing here.
    unknown : str
        Why there is no exact value; '' where there is.
    """

    law: Tail
    enclosure: tuple[float, float] | None
    upper: tuple[Bound, ...]
    lower: tuple[Bound, ...]
    left_out: tuple[tuple[str, str], ...]
    unknown: str = ""

    @property
    def winner(self) -> Bound | None:
        """The tightest bound from above that counts."""
        return next((bound for bound in self.upper if bound.counts), None)

    @property
    def log_exact(self) -> float | None:
        """The middle of the enclosure."""
        return None if self.enclosure is None else sum(self.enclosure) / 2

    def ratio(self, bound: Bound) -> float | None:
        """The log of the exact value over that of a bound: 1 is tight; None where either is trivial."""
        if self.log_exact is None or not (-inf < bound.log_claimed < 0 and -inf < self.log_exact < 0):
            return None
        return self.log_exact / bound.log_claimed

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        from boundkit.studies.bounds_words import bounds_dict

        return bounds_dict(self)

    def records(self) -> list[dict[str, Any]]:
        """Return one flat record a bound, as in CSV."""
        from boundkit.studies.bounds_words import bounds_records

        return bounds_records(self)

    def to_csv(self) -> str:
        """Return one line a bound, logs to their last digit."""
        from boundkit.studies.bounds_words import bounds_csv

        return bounds_csv(self)

    def latex(self) -> str:
        r"""Return the bounds as a LaTeX tabular, ready for \input."""
        from boundkit.studies.bounds_words import bounds_latex

        return bounds_latex(self)

    def __str__(self) -> str:
        from boundkit.studies.bounds_words import bounds_text

        return bounds_text(self)

    def __repr__(self) -> str:
        count = f"{len(self.upper)} from above, {len(self.lower)} from below"
        return f"<bounds of {TextPrinter({}).doprint(self.law)}: {count}>"

    def _repr_html_(self) -> str:
        from boundkit.studies.bounds_words import bounds_html

        return bounds_html(self)


@dataclass(frozen=True, repr=False)
class BoundsOver(Tabular):
    """The bounds of a law along one of its parameters.

    Attributes
    ----------
    law : Tail
        The law, with the parameter as a symbol.
    parameter : str
        Its name.
    points : tuple of (value, Bounds)
        The bounds at each of its values.
    """

    law: Tail
    parameter: str
    points: tuple[tuple[Value, Bounds], ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Who bounds it from above anywhere, those that win first."""
        won = dict.fromkeys(found.winner.name for _, found in self.points if found.winner)
        return tuple(dict.fromkeys([*won, *(b.name for _, found in self.points for b in found.upper if b.counts)]))

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        from boundkit.studies.bounds_words import over_dict

        return over_dict(self)

    def records(self) -> list[dict[str, Any]]:
        """Return one flat record a point, as in CSV."""
        from boundkit.studies.bounds_words import over_records

        return over_records(self)

    def to_csv(self) -> str:
        """Return one line a point: its winner, and logs to their last digit."""
        from boundkit.studies.bounds_words import over_csv

        return over_csv(self)

    def latex(self) -> str:
        r"""Return the winners as a LaTeX tabular, ready for \input."""
        from boundkit.studies.bounds_words import over_latex

        return over_latex(self)

    def __str__(self) -> str:
        from boundkit.studies.bounds_words import over_text

        return over_text(self)

    def __repr__(self) -> str:
        return f"<bounds of {TextPrinter({}).doprint(self.law)} at {len(self.points)} values of {self.parameter}>"

    def _repr_html_(self) -> str:
        from boundkit.studies.bounds_words import over_html

        return over_html(self)

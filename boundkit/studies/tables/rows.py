"""A row of a table: what a statement promises at one point, beside the exact law there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from boundkit.api.objects import Guarantee, Statement
from boundkit.enclose import log_ball
from boundkit.enclose import outward as ends
from boundkit.engine.cards import exact_dict
from boundkit.engine.exact import Exact
from boundkit.engine.guarantee import Verdict
from boundkit.errors import BoundkitError, ParameterError
from boundkit.formats.expressions import expression_text, outward
from boundkit.formats.plainly import plainly
from boundkit.terms import given_text
from boundkit.values import Formula, Value, point_text


@dataclass(frozen=True)
class Row:
    """A statement at one point of the grid.

    Attributes
    ----------
    guarantee : Guarantee
        What is promised there.
    exact : Exact, optional
        The exact failure probability; none where there is no law, or it needs a parameter that is not given.
    why : str
        Why there is no exact value.
    """

    guarantee: Guarantee
    exact: Exact | None
    why: str = ""

    @property
    def statement(self) -> Statement:
        """The statement."""
        return self.guarantee.statement

    @property
    def values(self) -> dict[str, Value]:
        """The parameters' values, exact."""
        return dict(self.guarantee.values)

    @property
    def bound(self) -> Any:
        """The headline's bound: a float, an expression in the free parameters, or None where it is not defined."""
        return self.guarantee.bound

    @property
    def failure(self) -> float | Formula:
        """The claimed failure probability, 0.0 below every float; an expression while it has free parameters."""
        return self.guarantee.failure

    @property
    def log_failure(self) -> float | Formula:
        """The log of the claimed failure probability."""
        return self.guarantee.log_failure

    @property
    def claimed(self) -> tuple[float, float]:
        """Ends of the log of the claimed failure probability, where no parameter of it is free, rounded outward."""
        return ends(log_ball(self.statement.failure, self.guarantee.given))

    @property
    def verdict(self) -> Verdict:
        """What the statement is worth there."""
        return self.guarantee.verdict

    @property
    def ratio(self) -> float | None:
        """The exact log failure over the claimed one: above 1, the statement promises less than is true.

        It is 0 where the law is an upper bound of 1 or more, and None where nothing is claimed, or failure 0 is.
        """
        claimed = self.log_failure
        if self.exact is None or not isinstance(claimed, float) or not -inf < claimed < 0:
            return None
        return max(self.exact.log_failure / claimed, 0.0)

    @property
    def refuted(self) -> bool:
        """Whether the exact failure certainly exceeds the claimed one though every hypothesis holds."""
        if self.exact is None or self.exact.kind != "exact" or not self.guarantee.applies:
            return False
        return isinstance(self.log_failure, float) and self.exact.enclosure[0] > self.claimed[1]

    @property
    def worst_case(self) -> str:
        """The parameters that took their worst case for the exact value, as text."""
        return point_text(self.exact.worst_case) if self.exact else ""

    def to_dict(self) -> dict[str, Any]:
        """Return the row as one flat record: numbers as they are, expressions and non-finite numbers as text."""
        told = self.guarantee.to_dict()
        exact = exact_dict(self.exact) if self.exact else {}
        s, bound = self.statement, self.bound
        if bound is not None and not isinstance(bound, float):
            told["bound"] = expression_text(s, bound, outward(s.claims[0]))
        return plainly({
            "statement": s.label,
            **told["values"],
            **{name: told[name] for name in ("bound", "failure", "log_failure", "probability")},
            "exact": exact.get("failure"),
            "log_exact": exact.get("log_failure"),
            "log_exact_low": exact["enclosure"][0] if exact else None,
            "log_exact_high": exact["enclosure"][1] if exact else None,
            "exact_kind": exact.get("kind"),
            "worst_case": self.worst_case or None,
            "ratio": self.ratio,
            "applies": told["applies"],
            "verdict": told["verdict"],
        })  # fmt: skip


def row_at(number: int, s: Statement, values: Mapping[str, Value], exact: bool = True) -> Row:
    """Return the row of a statement at given values, the exact law only where it is asked for.

    Raises
    ------
    ParameterError
        Where a value makes no sense for its parameter; names the row by its number and its values.
    """
    try:
        g = s(**values)
    except ParameterError as error:
        at = ", ".join(f"{name} = {given_text(value)}" for name, value in values.items())
        raise ParameterError(f"row {number} ({s.name} at {at}): {error}") from None
    if not exact:
        return Row(g, None, "not asked for")
    try:
        return Row(g, g.exact())
    except BoundkitError as error:  # no law, or none here: a table has a gap where a single call is refused
        return Row(g, None, str(error))

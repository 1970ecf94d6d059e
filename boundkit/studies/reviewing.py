"""A statement on one page, for who has twenty minutes: what it says, whether that is true, and what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boundkit.api.answers import Certificate
from boundkit.api.objects import Statement
from boundkit.errors import BoundkitError, HypothesisError, LawError, PrecisionError, StatementError
from boundkit.studies.auditing import Entry, audit
from boundkit.studies.showing import shown_at
from boundkit.studies.tightness import Tightness, tightness


@dataclass(frozen=True)
class Review:
    """What there is to say of one statement.

    Attributes
    ----------
    entry : Entry
        What the audit found: at how many sizes it holds, its errata with their witnesses run again, its simulation.
    rows : tuple of Tightness
        Claimed against exact failure probability, and the bound against the best possible one, size by size.
    why_not : str
        Why there are no rows, where there are none.
    certificate : Certificate, optional
        Its proof for all sizes, checked; none where it carries none, or none that could be checked.
    """

    entry: Entry
    rows: tuple[Tightness, ...]
    why_not: str
    certificate: Certificate | None

    @property
    def statement(self) -> Statement:
        """The reading that should hold."""
        return self.entry.statement

    @property
    def is_false(self) -> bool:
        """Whether it was found false as corrected, or a witness no longer shows what is wrong in print."""
        return self.entry.is_false

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        from boundkit.studies.review_words import review_dict

        return review_dict(self)

    def __str__(self) -> str:
        from boundkit.studies.review_words import review_text

        return review_text(self)

    def __repr__(self) -> str:
        return f"<review of {self.statement.name}: {self.entry.outcome}>"

    def _repr_html_(self) -> str:
        from boundkit.studies.review_words import review_html

        return review_html(self)


def review(statement: Statement, over: Mapping[str, Any] | None = None, **sizes: Any) -> Review:
    """Review a statement: as printed and as corrected, its verdict, its witnesses, exact numbers, and its proof.

    Parameters
    ----------
    statement : Statement
        Any reading; the last one is held against the printed one.
    over : mapping of parameter to values, optional
        What varies in the comparison with the exact law, as for `tightness`.
    **sizes
        Values of parameters there; without any, a size at which the statement says something.

    Returns
    -------
    Review
        It prints itself as a page, and shows itself as one in a notebook.

    Raises
    ------
    ParameterError
        Where a parameter is unknown or a value makes no sense.
    StatementError
        Where the audit of the statement alone raises one.

    Examples
    --------
    >>> import boundkit as bk
    >>> found = bk.review(bk.lemma_b_1, n=100)
    >>> found
    <review of lemma_b_1: true>
    >>> round(found.rows[0].exponent_ratio, 3), found.certificate.holds
    (1.9, True)
    """
    at = sizes if sizes or over else shown_at(statement)
    rows: tuple[Tightness, ...] = ()
    why_not = ""
    try:
        rows = tightness(statement, over, **at)
    except (HypothesisError, LawError, PrecisionError, StatementError) as error:  # the rest can be told all the same
        why_not = str(error)
    (entry,) = audit(statement).entries
    return Review(entry, rows, why_not, _certificate(statement))


def _certificate(s: Statement) -> Certificate | None:
    try:
        return None if s.proof is None else s.certificate()
    except BoundkitError:
        return None

"""A review as one self-contained page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundkit.formats.html import tag
from boundkit.report.page import made_by, whole_page
from boundkit.studies.review_words import review_html

if TYPE_CHECKING:
    from boundkit.studies.reviewing import Review


def review_page(found: Review, command: str = "") -> str:
    """Write the page: the review, the command that makes it again, and versions.

    Equal reviews give equal pages; a date is on it only where SOURCE_DATE_EPOCH gives one.
    """
    heading = found.statement.title
    top = tag("header", tag("p", "boundkit review", class_="kicker"), tag("h1", heading))
    made = tag("section", tag("h2", "How it was made"), made_by(command))
    return whole_page(f"boundkit review: {heading}", top, tag("main", review_html(found), made))

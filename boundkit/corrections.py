"""Which reading of a statement one looks at: the printed one, the one that holds, or one between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundkit.erratum import CHANGING, Erratum

if TYPE_CHECKING:
    from boundkit.statement import Statement


def corrections(s: Statement) -> tuple[Erratum, ...]:
    """Return the errata that are mended in this reading and change what it says."""
    if s.printed is None:
        return ()
    mended = s.errata[len(s.as_printed.errata) :] if s.superseded else s.errata
    return tuple(e for e in mended if e.grade in CHANGING)


def reading_words(s: Statement) -> str:
    """Say which reading it is; nothing where there is one only."""
    mended = corrections(s)
    if s.superseded:
        return f"as printed but for {', '.join(dict.fromkeys(e.id for e in mended))}" if mended else "as printed"
    return f"corrected: {'; '.join(e.correction for e in mended)}" if mended else ""

"""The statements by name: the paper's in its order, then ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

import boundkit
from boundkit.errors import UnknownStatement

if TYPE_CHECKING:
    import sympy

    from boundkit.statement import Statement


NAMES = (*boundkit.PAPER, *boundkit.BEYOND)


class Catalogue(Mapping[str, "Statement"]):
    """Name to Statement; a miss names its near ones.

    Examples
    --------
    >>> import boundkit as bk
    >>> bk.catalogue["theorem_5_1"].place
    'Theorem 5.1, section 5; proof in appendix C'
    """

    def __getitem__(self, name: str) -> Statement:
        if name not in NAMES:
            near = get_close_matches(str(name), NAMES, n=3)
            hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(NAMES)}"
            raise UnknownStatement(f"there is no statement {name!r}; {hint}")
        found: Statement = getattr(boundkit, name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)

    def __repr__(self) -> str:
        return f"<the catalogue: {', '.join(self)}>"


catalogue = Catalogue()


def is_ours(s: Statement) -> bool:
    """Whether a statement is one of the catalogue's, or a reading of one; a name alone does not make it so."""
    return s.name in catalogue and s in catalogue[s.name].readings


def used_by(s: Statement) -> tuple[Statement, ...]:
    """The statements that its proof uses: of the catalogue, or among those that the proof spends.

    Raises
    ------
    UnknownStatement
        Where `depends_on` names what is neither.
    """
    spends = () if s.proof is None else s.proof.spends
    spent = {spend.event.name: spend.event for spend in spends if hasattr(spend.event, "depends_on")}
    if unknown := [name for name in s.depends_on if name not in spent and name not in catalogue]:
        near = get_close_matches(unknown[0], [*spent, *catalogue], n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        what = "no statement of the catalogue and none that its proof spends"
        raise UnknownStatement(f"{s.name} depends on {unknown[0]!r}, which is {what}; {hint}mend depends_on")
    return tuple(spent.get(name) or catalogue[name] for name in s.depends_on)


def sharper(s: Statement) -> tuple[tuple[Statement, dict[sympy.Symbol, sympy.Expr]], ...]:
    """The statements of the catalogue that say more than this one, and what their own letters are there."""
    if not is_ours(s):
        return ()
    found = ((other, dict(other.sharpens)) for other in catalogue.values() if other.sharpens)
    return tuple((other, dict(at[s.name])) for other, at in found if s.name in at)

"""The statements by name: the paper's in its order, then ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

import boundkit
from boundkit.errors import UnknownStatement

if TYPE_CHECKING:
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

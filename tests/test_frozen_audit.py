"""What the audit certifies at its first 20 sizes, as it was before the rooms were cut anew: every digit of every row.

A statement that is corrected, or a law that is enclosed more narrowly, changes its rows on purpose: print them with
`python tests/test_frozen_audit.py NAME` and put them into `frozen_audit.json` after reading them.
"""

from __future__ import annotations

import json
from pathlib import Path
import sys
from typing import Any

import pytest

import boundkit as bk
from boundkit.studies.grid import grid

FROZEN: dict[str, list[Any]] = json.loads((Path(__file__).parent / "frozen_audit.json").read_text())


def rows(name: str) -> list[Any]:
    """The point, its status, and the ends of the logs of the claimed and of the exact failure probability."""
    found = []
    for point in grid(s := bk.catalogue[name], 20):
        one = bk.check_point(s, **dict(point))
        at = " ".join(f"{parameter}={value}" for parameter, value in one.guarantee.values)
        found.append(
            [at, one.status.name, *(ends and [repr(x) for x in ends] for ends in (one.log_claimed, one.log_exact))]
        )
    return found


@pytest.mark.parametrize("name", FROZEN)
def test_every_certified_number_is_what_it_was(name: str) -> None:
    assert rows(name) == FROZEN[name]


def test_every_statement_of_the_first_two_papers_is_frozen() -> None:
    assert {s.name for paper in ("melamed2023", "beyond") for s in bk.papers[paper].statements} == {*FROZEN}


if __name__ == "__main__":
    sys.stdout.writelines(f"  {json.dumps(row)},\n" for row in rows(sys.argv[1]))

"""Starting.

Whole processes of the same interpreter: an import, a command, and the first call of a statement, each beside a program
that only imports what one would import anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
import subprocess
from subprocess import DEVNULL
import sys

from measure import Run, pairs
from record import Row

RUNS = 15
COMMAND = "import sys; from boundkit.cli import main; sys.exit(main())"  # what the installed command does
CALL = "boundkit.theorem_5_1(d=1000, ell=600, m=10)"


def process(code: str, *words: str) -> Run:
    """A run of a program, which finds packages where this process does and not in the current folder."""
    command = [sys.executable, "-P", "-c", code, *words]
    return lambda: subprocess.run(command, check=True, stdout=DEVNULL)


CASES = (  # ours, the peer, and the aims
    ("import boundkit", process("import boundkit"), "import numpy", 1.2, None),
    ("boundkit --version", process(COMMAND, "--version"), "import numpy", 1.2, 0.15),
    ("boundkit --version", process(COMMAND, "--version"), "pass", None, None),
    ("boundkit show theorem_5_1", process(COMMAND, "show", "theorem_5_1"), "import sympy", None, None),
    (f"import boundkit; {CALL}", process(f"import boundkit; print({CALL})"), "import sympy", None, None),
)


def rows(quick: bool) -> Iterator[Row]:
    for what, ours, peer, at_most, within in CASES:
        found = pairs(ours, process(peer), 1 if quick else RUNS)
        yield Row(f"`{what}`", f"`{peer}`", *found, at_most=at_most, within=within)

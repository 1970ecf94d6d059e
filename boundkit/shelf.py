"""Where papers are: a paper's name to its module and the names of its statements; where the library's statements are.

The front door puts the papers of the library here, and loading a paper of one's own adds it; rooms look papers up by
name, so that none of them imports the library that stands above.
"""

from __future__ import annotations

PAPERS: dict[str, tuple[str, tuple[str, ...]]] = {}
FILES: dict[str, str] = {}  # of the library, "paper.statement" to its module: one loads without the rest of its paper
OWN_LAWS: dict[str, str] = {}  # of the library, a law that one paper alone needs to its module
LAWS: dict[str, tuple[str, ...]] = {}  # of the library, a law to the statements whose truth it is

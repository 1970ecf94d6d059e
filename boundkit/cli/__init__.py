"""The commands. No mathematics here: each reads its words, asks the library, and prints.

Exit codes: 0 done, 1 a claim was found false, 2 wrong use or value, 3 the statement does not apply.
"""

from boundkit.cli import checks, explorer, papers, plots, statements, sweeping
from boundkit.cli.group import main

__all__ = ["checks", "explorer", "main", "papers", "plots", "statements", "sweeping"]

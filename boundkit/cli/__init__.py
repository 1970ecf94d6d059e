"""The commands. No mathematics here: each reads its words, asks the library, and prints.

How one ends, and with which exit code, is decided in `group`.
"""

from boundkit.cli import checks, explorer, papers, plots, statements, sweeping
from boundkit.cli.group import main

__all__ = ["checks", "explorer", "main", "papers", "plots", "statements", "sweeping"]

"""The commands. No mathematics here: each reads its words, asks the library, and prints.

How one ends, and with which exit code, is decided in `group`. Papers of the library bring commands of their own.
"""

from importlib import import_module

from boundkit import library
from boundkit.cli import bounds, checks, explorer, networks, papers, plots, statements, sweeping
from boundkit.cli.group import main

GROUPS = {"": main, "plot": plots.plot}
for paper in library.PAPERS:
    for group, command in import_module(f"boundkit.library.{paper}.commands").COMMANDS:
        GROUPS[group].add_command(command)

__all__ = ["bounds", "checks", "explorer", "main", "networks", "papers", "plots", "statements", "sweeping"]

"""A seeded sample of mutants, made by cosmic-ray's operators, the same number from each room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
import difflib
from functools import cache
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any

from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.mutating import mutate_code
import cosmic_ray.plugins

ROOT = Path(__file__).parents[2]
ROOMS = ("statement", "evaluate", "enclose", "guarantee", "exact", "proof", "paper", "beyond", "verify")
NEEDS_ARGUMENTS = ("core/VariableInserter", "core/VariableReplacer")


@dataclass(frozen=True)
class Mutant:
    """One change: the `occurrence`-th place in `path` where cosmic-ray's `operator` applies."""

    path: str
    operator: str
    occurrence: int
    line: int

    @property
    def name(self) -> str:
        """What it is called in the results."""
        return f"{self.path}:{self.line}:{self.operator.removeprefix('core/')}:{self.occurrence}"

    def source(self) -> str:
        """Return the file with the change."""
        code = mutate_code(_read(self.path), cosmic_ray.plugins.get_operator(self.operator)(), self.occurrence)
        assert code is not None, self.name
        return str(code)

    def diff(self) -> str:
        """Return the lines taken out and put in."""
        lines = difflib.unified_diff(_read(self.path).splitlines(), self.source().splitlines(), lineterm="", n=0)
        return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def modules() -> dict[str, tuple[str, ...]]:
    """The files of each room."""
    package = ROOT / "boundkit"
    found = {room: sorted([*package.glob(f"{room}.py"), *package.glob(f"{room}/[!_]*.py")]) for room in ROOMS}
    return {room: tuple(str(path.relative_to(ROOT)) for path in paths) for room, paths in found.items()}


def sample(count: int, seed: int) -> tuple[Mutant, ...]:
    """Draw mutants, rooms in turn; a longer sample with the same seed begins with the shorter ones.

    Which places are drawn depends on the text of their lines only, so that a change elsewhere leaves the sample.
    """
    drawn = []
    for paths in modules().values():
        places: dict[str, list[Mutant]] = {}
        for mutant, place in (found for path in paths for found in _all(path)):
            places.setdefault(place, []).append(mutant)
        # a place, then one of its changes: else the many ways to change an operator would crowd out the rest
        order = sorted(places, key=lambda place: Random(f"{seed} {place}").random())
        drawn.append([Random(f"{seed} {place} change").choice(places[place]) for place in order])
    turns = (mutant for turn in zip_longest(*drawn) for mutant in turn if mutant is not None)
    return tuple(mutant for mutant, _ in zip(turns, range(count), strict=False))


def _all(path: str) -> Iterator[tuple[Mutant, str]]:
    lines = _read(path).splitlines()
    silent = _annotations(ast.parse(_read(path)))
    finder = _Places()
    finder.walk(get_ast(_read(path)))
    for family, places in finder.found.items():
        for occurrence, (start, end) in enumerate(places):
            if not any(first <= start and end <= last for first, last in silent):
                place = _place(path, lines, start, end)
                for operator in finder.families[family]:
                    yield Mutant(path, operator, occurrence, start[0]), place


def _place(path: str, lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """The line, which of those that read the same, and where in it."""
    text = lines[start[0] - 1]
    alike = sum(line == text for line in lines[: start[0] - 1])
    return f"{path} {text} {alike} {start[1]} {end[0] - start[0]} {end[1]}"


class _Places(Visitor):
    """Where each operator applies; replacements of one binary operator apply where any of them does."""

    def __init__(self) -> None:
        self.families: dict[str, list[str]] = {}
        for name in sorted(set(cosmic_ray.plugins.operator_names()) - {*NEEDS_ARGUMENTS}):
            family = name.rpartition("_")[0] if "BinaryOperator" in name else name
            self.families.setdefault(family, []).append(name)
        self.operators = {f: cosmic_ray.plugins.get_operator(names[0])() for f, names in self.families.items()}
        self.found: dict[str, list[Any]] = {family: [] for family in self.families}

    def visit(self, node: Any) -> Any:
        for family, operator in self.operators.items():
            self.found[family] += [(tuple(a), tuple(b)) for a, b in operator.mutation_positions(node)]
        return node


def _annotations(tree: ast.Module) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where types are written, which are never run."""
    nodes = (getattr(node, field, None) for node in ast.walk(tree) for field in ("annotation", "returns"))
    return [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in nodes if n is not None]


@cache
def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")

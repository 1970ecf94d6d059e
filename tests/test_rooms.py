"""The rooms of the house: imports go down, at any depth of nesting and for types alike.

Inside of them every private function that is long says what it gives.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
import re

import pytest

import boundkit as bk
from boundkit import laws
from boundkit.library import PAPERS

HOME = Path(bk.__file__).parent
OUTSIDE = sorted(
    path
    for path in HOME.rglob("*")
    if path.suffix in (".py", ".js", ".html", ".css")
    and path.relative_to(HOME).parts[0] != "library"
    and path != HOME / "__init__.py"
)
ROOMS = (  # each imports only from rooms further down; a file beside the rooms is one of its own, "" the front door
    ("__main__",), ("cli",), ("report", "explorer"), ("plots", "testing"), ("",), ("library",), ("studies",),
    ("simulate",), ("api",), ("engine",), ("formats",), ("model",), ("enclose", "terms"), ("coerce", "filling"),
    ("tails",), ("formulas",), ("laws",), ("precision", "values"), ("errors", "shelf", "text", "version"),
)  # fmt: skip
LEVEL = {room: level for level, rooms in enumerate(ROOMS) for room in rooms}
TREES = {path: ast.parse(path.read_text()) for path in sorted(HOME.rglob("*.py"))}
LONG = 8  # lines of a body from which on a private function has a docstring


def module(path: Path) -> str:
    return ".".join(path.relative_to(HOME.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(path) for path in TREES}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module of ours that a file imports, in functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] == "boundkit")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "boundkit":
            names = (f"{node.module}.{name.name}" for name in node.names)
            yield from (name if name in MODULES else str(node.module) for name in names)


def test_imports_go_down() -> None:
    upward = [
        f"{path.relative_to(HOME)} imports {target}"
        for path, tree in TREES.items()
        for own, there, target in ((room(module(path)), room(target), target) for target in imported(tree))
        if there != own and LEVEL[there] <= LEVEL[own]
    ]
    assert not upward


def test_every_room_stands_in_the_order() -> None:
    assert {room(module) for module in MODULES} == set(LEVEL)


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    import boundkit.cli",
        "if TYPE_CHECKING:\n    from boundkit.cli import main",
        "from boundkit import cli",
    ],
)
def test_an_import_is_seen_wherever_it_is(text: str) -> None:
    assert [room(target) for target in imported(ast.parse(text))] == ["cli"]


@cache
def words_of_a_paper() -> re.Pattern[str]:
    """What names a paper of the library, one of its statements, a numbered place in it, or one of its errata.

    A step that a network takes may be called as the statement about it.
    """
    names = [name for paper in PAPERS for name in (s.name for s in bk.papers[paper].statements)]
    names = [name for name in names if not hasattr(bk.simulate.TrainedNetwork, name)]
    errata = [e.id for paper in PAPERS for e in bk.papers[paper].errata]
    errata += [e.id for s in bk.catalogue.values() for reading in s.readings for e in reading.errata]
    kinds = "theorem|lemma|corollary|remark|proposition"
    forms = [
        "melamed",
        *(rf"""["'`.]{paper}\b""" for paper in PAPERS if paper not in dir(laws)),  # or of a law
        rf"\b(?:{'|'.join(names)})\b",
        rf"\b(?:{kinds})_(?:[a-z]_)?\d",
        rf"\b(?:{kinds}|section|appendix)s? (?:[A-Z]\.)?\d",
        rf"\b(?-i:{'|'.join(sorted(set(errata)))})\b",
    ]
    return re.compile("|".join(forms), re.IGNORECASE)


def without_examples(text: str) -> str:
    """A file's text without the examples in its docstrings and what they print."""
    kept, inside = [], False
    for line in text.splitlines():
        inside = bool(line.strip()) and (inside or line.lstrip().startswith(">>>")) and '"""' not in line
        kept.append("" if inside else line)
    return "\n".join(kept)


def test_no_word_of_a_paper_outside_the_library() -> None:
    told = [
        f"{path.relative_to(HOME)}, line {number}: {line.strip()}"
        for path in OUTSIDE
        for number, line in enumerate(without_examples(path.read_text()).splitlines(), 1)
        if words_of_a_paper().search(line)
    ]
    assert not told


@pytest.mark.parametrize(
    "line",
    [
        "from boundkit.library.melamed2023 import x",
        "x = bk.theorem_5_1",
        "# as in Theorem 5.1",
        "Lemma C.3 says",
        "the errata E2 and E21",
        "from boundkit import off_subspace_radius_at",
        'if s.paper == "beyond":',
        "see section 6.3",
    ],
)
def test_a_word_of_a_paper_is_seen(line: str) -> None:
    assert words_of_a_paper().search(without_examples(f'"""Say it.\n\n    >>> nothing\n    0\n\n    {line}\n    """'))


def untold(tree: ast.AST) -> Iterator[str]:
    """The long private functions and methods without a docstring, by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and re.match("_(?!_)", node.name):
            lines = int(node.end_lineno or 0) - node.body[0].lineno + 1
            if lines >= LONG and not ast.get_docstring(node):
                yield node.name


def test_a_long_private_function_says_what_it_gives() -> None:
    assert not [f"{path.relative_to(HOME)}: {name}" for path, tree in TREES.items() for name in untold(tree)]


@pytest.mark.parametrize("indent", ["", "    "], ids=["function", "method"])
def test_a_function_that_does_not_say_it_is_seen(indent: str) -> None:
    def seen(name: str, lines: int, first: str = "x = 1") -> list[str]:
        body = [f"def {name}():", *(f"    {line}" for line in (first, *["x = 1"] * (lines - 1)))]
        whole = [*(["class A:"] if indent else []), *(indent + line for line in body)]
        return [*untold(ast.parse("\n".join(whole)))]

    assert seen("_f", LONG) == ["_f"]
    assert seen("_f", LONG, '"""What it gives."""') == seen("_f", LONG - 1) == []
    assert seen("f", LONG) == seen("__f__", LONG) == []

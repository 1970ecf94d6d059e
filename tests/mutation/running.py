"""Each mutant in a forked process that imports the changed module and runs the tests that reach it, quickest first.

No file is changed. The process that forks has imported what is slow to import and is not ours.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from itertools import chain
import json
import os
from pathlib import Path
import resource
import signal
import sys
import time
from types import ModuleType
from typing import Any

from mutants import ROOT, Mutant
import pytest

SHARED = (
    "click.testing",
    "flint",
    "hypothesis",
    "joblib",
    "matplotlib",
    "mpmath",
    "numpy",
    "pandas",
    "rich.console",
    "scipy.stats",
    "sympy.parsing.latex",
    "sympy.parsing.sympy_parser",
)
BUSY = 20  # times as long as alone, at most, on a machine that does other things


@dataclass(frozen=True)
class Trace:
    """Which tests run which lines, and how long each takes."""

    tests: list[str]
    seconds: list[float]
    lines: dict[str, dict[str, list[int]]]

    @classmethod
    def read(cls, state: Path) -> Trace:
        """Read what `trace` wrote."""
        return cls(**json.loads((state / "trace.json").read_text(encoding="utf-8")))

    def tests_for(self, mutant: Mutant, budget: float) -> list[str]:
        """The tests that run the changed code, then all others, quickest first, as many as `budget` seconds allow.

        What runs when a module is imported belongs to no test, or to whichever came first: so those that name the
        module come before the others.
        """
        lines = self.lines[mutant.path]
        inside, rows = _statement_at(ast.parse((ROOT / mutant.path).read_text(encoding="utf-8")), mutant.line)
        reached = {i for row in rows for i in lines.get(str(row), ())} if inside else set()
        stem = Path(mutant.path).stem
        named = {i for i, test in enumerate(self.tests) if f"[{stem}" in test or f"-{stem}" in test}
        chosen, spent = [], 0.0
        groups = (reached & named, reached - named, named - reached, {*range(len(self.tests))} - reached - named)
        for i in chain.from_iterable(map(self._in_turn, groups)):
            spent += self.seconds[i]
            if spent > budget and chosen:
                break
            chosen.append(self.tests[i])
        return chosen

    def _in_turn(self, group: set[int]) -> list[int]:
        """Quickest first; of one function's many cases, each counts as slower than the one before."""
        before: Counter[str] = Counter()
        cost = {}
        for i in sorted(group, key=lambda i: self.seconds[i]):
            function = self.tests[i].partition("[")[0]
            before[function] += 1
            cost[i] = self.seconds[i] * before[function]
        return sorted((i for i in cost if cost[i] < float("inf")), key=lambda i: cost[i])


def run_all(mutants: Sequence[Mutant], trace: Trace, results: Path, jobs: int, budget: float, minutes: float) -> None:
    """Run mutants, `jobs` at a time, and append one line each to `results`."""
    for name in SHARED:
        __import__(name)
    assert "boundkit" not in sys.modules
    seconds = int(60 + 4 * budget)  # of processor time, after which a mutant is taken not to end
    end, waiting = time.monotonic() + 60 * minutes, list(reversed(mutants))
    running: dict[int, tuple[Mutant, float, Path]] = {}
    while running or (waiting and time.monotonic() < end):
        while waiting and len(running) < jobs and time.monotonic() < end:
            mutant = waiting.pop()
            said = results.with_name(f"said.{len(waiting)}")
            said.unlink(missing_ok=True)  # of a run that was stopped
            if not (pid := os.fork()):
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 9))
                _in_child(mutant, trace, budget, said)
            running[pid] = (mutant, time.monotonic() + BUSY * seconds, said)
        for pid, (mutant, deadline, said) in list(running.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            late = time.monotonic() > deadline
            if not done and late:
                os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            if done or late:
                del running[pid]
                _record(mutant, "timeout" if late else status, said, results)
        time.sleep(0.02)


def _record(mutant: Mutant, status: Any, said: Path, results: Path) -> None:
    by = said.read_text(encoding="utf-8") if said.exists() else ""
    said.unlink(missing_ok=True)
    code = status if status == "timeout" else os.waitstatus_to_exitcode(status)
    stopped = "" if not by else "killed" if "::" in by else "at import"
    outcomes = {0: "survived", 1: stopped, 2: stopped, "timeout": "timeout", -signal.SIGXCPU: "timeout"}
    outcome = outcomes.get(code) or f"error {code}"
    row = {"name": mutant.name, "outcome": outcome, "by": by}
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    print(f"{outcome:10} {mutant.name}  {by}", flush=True)


def _in_child(mutant: Mutant, trace: Trace, budget: float, said: Path) -> None:
    os.setpgid(0, 0)
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    sys.meta_path.insert(0, _Changed(mutant))
    alone = ("-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
    tests = trace.tests_for(mutant, budget)
    chosen = _Chosen(tests, frozenset(trace.tests), said)
    codes = (pytest.main([*files, *alone], plugins=[chosen]) for files in _stages(tests, mutant))
    os._exit(int(next((code for code in codes if code), 0)))


OWN = {"proof": "certificate", "paper": "catalogue", "verify": "falsify", "statement": "guarantee"}


def _stages(tests: list[str], mutant: Mutant) -> Iterator[list[str]]:
    """The room's own test file, which is likely to suffice, then all others; collecting costs more than most tests."""
    room = Path(mutant.path).parts[1].removesuffix(".py")
    own = f"test_{OWN.get(room, room)}.py"
    files = Counter(test.partition("::")[0] for test in tests)
    first, *others = sorted(files, key=lambda file: (Path(file).name != own, -files[file]))
    yield [first]
    if others:
        yield others


class _Chosen:
    """A pytest plugin that keeps the chosen tests, in their order, and says which fails first.

    A test of these files that the trace does not know is new, or named by what the mutant changed; it comes last.
    """

    def __init__(self, tests: list[str], known: frozenset[str], said: Path) -> None:
        self.place, self.known, self.said = {test: i for i, test in enumerate(tests)}, known, said

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        kept = (item for item in items if item.nodeid in self.place or item.nodeid not in self.known)
        items[:] = sorted(kept, key=lambda item: self.place.get(item.nodeid, len(self.place)))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.said.write_text(report.nodeid, encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.said.write_text(report.nodeid, encoding="utf-8")


class _Changed(MetaPathFinder, Loader):
    """Imports the changed module in place of the one on disk."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = mutant.path.removesuffix(".py").replace("/", ".")
        self.path, self.source = str(ROOT / mutant.path), mutant.source()

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        return spec_from_loader(name, self, origin=self.path) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self.path
        exec(compile(self.source, self.path, "exec"), module.__dict__)


def _statement_at(tree: ast.Module, line: int) -> tuple[bool, range]:
    """Whether the line lies in a function's body, and the lines of the smallest statement around it."""
    inside, rows = False, range(line, line + 1)
    for node in _around(tree, line):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            inside = inside or (isinstance(node, ast.Lambda) or line >= node.body[0].lineno)
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if isinstance(body, list) and line < body[0].lineno else node.end_lineno
            rows = range(node.lineno, (last or line) + 1) if body is None or line <= (last or 0) else rows
    return inside, rows


def _around(node: ast.AST, line: int) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if getattr(child, "lineno", line) <= line <= (getattr(child, "end_lineno", None) or line):
            yield child
            yield from _around(child, line)

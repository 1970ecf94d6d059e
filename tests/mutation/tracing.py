"""Which tests run which lines, and how long each takes: what a mutant is then tried against, quickest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
OUTSIDE = ("test_documents.py",)  # the documents are run by Sybil, a page at a time
Runs = dict[str, dict[str, list[str]]]  # of each module, of each line: the tests that run it
SUITE = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "tests").glob("test_*.py") if p.name not in OUTSIDE)


class Tracer:
    """A pytest plugin that gives coverage.py a context for each test."""

    def __init__(self, coverage: Any) -> None:
        self.coverage = coverage
        self.seconds: dict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        result = yield
        self.coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            self.seconds[report.nodeid] = float("inf")  # a test that fails without a mutant says nothing about one


def trace(state: Path, modules: tuple[Path, ...], files: Sequence[str] = ()) -> None:
    """Run the fast suite once, traced, and write `state`/trace.json; or some files or tests, merged into what is there.

    What the others run is kept, so that the package has to be as it was.
    """
    from coverage import Coverage

    coverage = Coverage(data_file=None, source=[str(ROOT / "boundkit")])
    coverage.start()
    tracer = Tracer(coverage)
    pytest.main([*(files or SUITE), "-q", "-n", "0", "-p", "no:cacheprovider"], plugins=[tracer])
    coverage.stop()
    data = coverage.get_data()
    seconds = {name: round(s, 4) for name, s in tracer.seconds.items()}
    runs = {
        str(module.relative_to(ROOT)): {
            str(line): [test for test in contexts if test in seconds]
            for line, contexts in data.contexts_by_lineno(str(module)).items()
        }
        for module in modules
    }
    if files:
        seconds, runs = _merged(json.loads((state / "trace.json").read_text(encoding="utf-8")), seconds, runs, files)
    tests = sorted(seconds)
    number = {name: i for i, name in enumerate(tests)}
    lines = {
        module: {line: sorted(number[test] for test in run) for line, run in found.items()}
        for module, found in runs.items()
    }
    state.mkdir(exist_ok=True)
    written = {"tests": tests, "seconds": [seconds[name] for name in tests], "lines": lines}
    (state / "trace.json").write_text(json.dumps(written))


def _merged(old: Any, seconds: dict[str, float], runs: Runs, files: Sequence[str]) -> tuple[dict[str, float], Runs]:
    """The old trace of all tests but these, and the new one of these."""
    known = dict(zip(old["tests"], old["seconds"], strict=True))
    again = tuple(f"{file}{end}" for file in files for end in ("::", "["))
    kept = {name: s for name, s in known.items() if name not in files and not name.startswith(again)}
    for module, lines in old["lines"].items():
        for line, numbers in lines.items():
            tests = [old["tests"][i] for i in numbers if old["tests"][i] in kept]
            runs[module][line] = tests + runs[module].get(line, [])
    return kept | seconds, runs

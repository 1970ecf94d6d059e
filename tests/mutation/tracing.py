"""Which tests run which lines, and how long each takes: what a mutant is then tried against, quickest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
OUTSIDE = ("test_documents.py",)  # the documents are run by Sybil, a page at a time
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


def trace(state: Path, modules: tuple[Path, ...]) -> None:
    """Run the fast suite once, traced, and write `state`/trace.json."""
    from coverage import Coverage

    coverage = Coverage(data_file=None, source=[str(ROOT / "boundkit")])
    coverage.start()
    tracer = Tracer(coverage)
    pytest.main([*SUITE, "-q", "-n", "0", "-p", "no:cacheprovider"], plugins=[tracer])
    coverage.stop()
    data = coverage.get_data()
    tests = sorted(name for name, seconds in tracer.seconds.items() if seconds < float("inf"))
    number = {name: i for i, name in enumerate(tests)}
    lines = {
        str(module.relative_to(ROOT)): {
            line: sorted(number[test] for test in contexts if test in number)
            for line, contexts in data.contexts_by_lineno(str(module)).items()
        }
        for module in modules
    }
    state.mkdir(exist_ok=True)
    seconds = [round(tracer.seconds[name], 4) for name in tests]
    (state / "trace.json").write_text(json.dumps({"tests": tests, "seconds": seconds, "lines": lines}))

"""What a run of the benchmarks found: rows, stored as JSON, and the page docs/benchmarks.md made from them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import asdict, astuple, dataclass, replace
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NAMES = (
    "start", "evaluate", "laws_chi_square", "laws_family", "laws_classic", "perturbations", "own_network", "sweep",
    "simulate",
)  # fmt: skip

PAGE = """# Benchmarks

`python tests/benchmarks --out docs/benchmarks.json` measures everything on this page in one run, stores the rows and
writes the page; with names, such as `python tests/benchmarks evaluate`, it measures only those. Where another page
names a figure of speed, the tests hold its sentence against these rows.

Boundkit and its peer, what one would use instead, run in turn. Times are medians, and `ratio` is the median of
boundkit's time over the peer's within these pairs: below 1 boundkit is quicker. An aim is the largest ratio, or the
largest time, that is accepted.

"""


@dataclass(frozen=True)
class Row:
    """One comparison: seconds of ours and of the peer, the ratio within pairs, accuracy where it counts, and the aim.

    `lost` is a share of the values. `at_most` is the aim for the ratio, `within` the aim for our time, in seconds.
    """

    what: str
    peer: str
    ours: float
    theirs: float
    ratio: float
    error: float | None = None
    its_error: float | None = None
    lost: float | None = None
    its_lost: float | None = None
    at_most: float | None = None
    within: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells rows of a benchmark apart."""
        return self.what, self.peer

    @property
    def times(self) -> float:
        """The peer's time over boundkit's."""
        return 1 / self.ratio

    def rounded(self) -> Row:
        """To four digits: what is measured has no more."""
        return Row(*(float(f"{v:.4g}") if isinstance(v, float) else v for v in astuple(self)))

    def meets_its_aim(self) -> bool:
        """Whether it is as quick as wanted, where something is."""
        in_time = self.within is None or self.ours <= self.within
        return in_time and (self.at_most is None or self.ratio <= self.at_most)


@dataclass(frozen=True)
class Record:
    """One run: when and on what, and the rows of each benchmark."""

    run: Mapping[str, Any]
    rows: Mapping[str, tuple[Row, ...]]

    @property
    def quiet(self) -> bool:
        """Whether the machine had little else to do, so that times say something."""
        return bool(self.run["load"] <= 1)

    def plus(self, name: str, row: Row) -> Record:
        """The record with a row more."""
        return replace(self, rows={**self.rows, name: (*self.rows.get(name, ()), row.rounded())})

    def with_later(self, other: Record) -> Record:
        """The record with the rows of a later run in the place of its own; it says which they are."""
        rows = {name: other.rows.get(name, self.rows.get(name, ())) for name in NAMES}
        here, there = (run.get("versions", {}) for run in (self.run, other.run))
        about = {
            "date": other.run["date"],
            "load": other.run["load"],
            "versions": {name: version for name, version in there.items() if version != here.get(name)},
        }
        later = dict.fromkeys(other.rows, about)
        return Record({**self.run, "later": {**self.run.get("later", {}), **later}}, rows)

    def write(self, path: Path) -> None:
        """Store it, and its page beside it."""
        rows = {name: [_filled(row) for row in rows] for name, rows in self.rows.items()}
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps({"run": self.run, "rows": rows}, indent=1) + "\n")
        part.replace(path)
        path.with_suffix(".md").write_text(page(self))


def read(path: Path) -> Record:
    """A stored record."""
    found = json.loads(path.read_text())
    return Record(found["run"], {name: tuple(Row(**row) for row in rows) for name, rows in found["rows"].items()})


def _filled(row: Row) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if value is not None}


def page(record: Record) -> str:
    """The page of a record."""
    run = record.run
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    about = f"{run['date']}, {run['cores']} cores, load {run['load']} before the run; {versions}."
    warning = "" if record.quiet else "The machine was busy: accuracy counts, times and ratios do not.\n\n"
    if run["quick"]:
        warning = "A shortened run, to try the benchmarks: its figures mean nothing.\n\n"
    return f"{PAGE}{about}\n\n{warning}" + "\n".join(
        section(name, rows) + _later(run.get("later", {}).get(name)) for name, rows in record.rows.items()
    )


def _later(run: Mapping[str, Any] | None) -> str:
    """When a section was measured apart, and on how busy a machine."""
    if run is None:
        return ""
    busy = "" if run["load"] <= 1 else ": the machine was busy, accuracy counts, times and ratios do not"
    others = "".join(f", {name} {version}" for name, version in run.get("versions", {}).items())
    return f"\nMeasured apart, {run['date']}{others}, load {run['load']} before the run{busy}.\n"


def section(name: str, rows: tuple[Row, ...]) -> str:
    """A benchmark: what its docstring says, and its table."""
    title, _, text = (ast.get_docstring(ast.parse((HERE / f"{name}.py").read_text())) or name).partition("\n")
    return f"## {title.rstrip('.')}\n\n{text.strip()}\n\n{table(rows)}"


def table(rows: tuple[Row, ...]) -> str:
    """A Markdown table with the columns that some row fills."""
    shown = [title for title, (_, cell) in COLUMNS.items() if any(cell(row) for row in rows)]
    lines = [" | ".join(shown), "|".join(COLUMNS[title][0] for title in shown)]
    lines += [" | ".join(COLUMNS[title][1](row) for title in shown) for row in rows]
    return "".join(f"| {line} |\n" if i != 1 else f"|{line}|\n" for i, line in enumerate(lines))


def duration(seconds: float) -> str:
    """Three digits of a time in a unit that fits; what boundkit adds to a peer may be below zero."""
    unit, size = next((u for u in (("s", 1), ("ms", 1e-3), ("us", 1e-6)) if abs(seconds) >= u[1]), ("ns", 1e-9))
    return f"{seconds / size:.3g} {unit}" if abs(seconds / size) < 999.5 else f"{seconds / size:.0f} {unit}"


def _error(size: float | None) -> str:
    return "" if size is None else f"{size:.1e}" if size else "0"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _aim(row: Row) -> str:
    ratio = [] if row.at_most is None else [f"{row.at_most:.3g}"]
    time = [] if row.within is None else [duration(row.within)]
    return ", ".join(ratio + time)


COLUMNS: dict[str, tuple[str, Callable[[Row], str]]] = {
    "what": ("---", lambda row: row.what),
    "boundkit": ("---:", lambda row: duration(row.ours)),
    "peer": ("---", lambda row: row.peer),
    "its time": ("---:", lambda row: duration(row.theirs)),
    "ratio": ("---:", lambda row: f"{row.ratio:.3g}"),
    "aim": ("---:", _aim),
    "error": ("---:", lambda row: _error(row.error)),
    "its error": ("---:", lambda row: _error(row.its_error)),
    "lost": ("---:", lambda row: _share(row.lost)),
    "its lost": ("---:", lambda row: _share(row.its_lost)),
}

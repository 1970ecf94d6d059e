"""Run the benchmarks, each beside its peers, and print what was found as Markdown: python tests/benchmarks --help."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
import os
from pathlib import Path
import platform
import sys
from time import perf_counter

from record import NAMES, Record, read, section, table

PACKAGES = {
    "boundkit": "boundkit", "NumPy": "numpy", "SciPy": "scipy", "SymPy": "sympy", "python-flint": "python-flint",
    "mpmath": "mpmath", "joblib": "joblib", "PyTorch": "torch",
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python tests/benchmarks", description=__doc__.partition(":")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)} (all of them)")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, one run: to see that everything runs")
    parser.add_argument("--out", type=Path, help="a .json file for the rows, as they come; their page goes beside it")
    parser.add_argument("--into", type=Path, help="as --out, and what else is stored in that .json file stays")
    parser.add_argument("--stored", type=Path, help="measure nothing, write the page of this .json file again")
    asked = parser.parse_args()
    for name in asked.names:
        if name not in NAMES:
            parser.error(f"{name!r} is no benchmark; there are {', '.join(NAMES)}")
    for path in (asked.out, asked.into, asked.stored):
        if path and path.suffix != ".json":
            parser.error(f"{path}: the rows are kept in a .json file, the page beside it")
        if path and not path.parent.is_dir():
            parser.error(f"{path}: there is no folder {path.parent}; make it first")
    if asked.stored:
        if not asked.stored.exists():
            parser.error(f"{asked.stored}: there is no such file; --out makes one")
        read(asked.stored).write(asked.stored)
        return 0
    try:
        measured = measure(asked.names or NAMES, asked.quick, asked.out)
        if asked.into:
            read(asked.into).with_later(measured).write(asked.into)
    except KeyboardInterrupt:
        print("interrupted" + (f"; what there is is in {asked.out}" if asked.out else ""), file=sys.stderr)
        return 130
    return 0


def measure(names: tuple[str, ...], quick: bool, out: Path | None) -> Record:
    record = Record({**machine(), "quick": quick}, {})
    if out:
        record.write(out)
    began = perf_counter()
    for name in names:
        for row in import_module(name).rows(quick):
            record = record.plus(name, row)
            if out:
                record.write(out)
            if sys.stderr.isatty():
                print(f"{perf_counter() - began:4.0f} s  {name}: {row.what}, {row.peer}", file=sys.stderr)
        print(section(name, record.rows[name]), flush=True)
    missed = tuple(row for rows in record.rows.values() for row in rows if not row.meets_its_aim())
    if missed and not quick:
        print(f"## Above the aim\n\n{table(missed)}")
    return record


def machine() -> dict[str, object]:
    """When and on what."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "versions": {"Python": platform.python_version()}
        | {name: found for name, package in PACKAGES.items() if (found := installed(package))},
    }


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())

"""Run a seeded sample of mutants against the fast suite: python tests/mutation --help. See README.md beside this."""

from __future__ import annotations

import os

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[threads] = "1"
os.environ["HYPOTHESIS_PROFILE"] = "ci"  # the same examples for every mutant

import argparse  # noqa: E402
from collections import Counter  # noqa: E402
import json  # noqa: E402
from pathlib import Path  # noqa: E402
import sys  # noqa: E402

from mutants import ROOMS, ROOT, Mutant, modules, sample  # noqa: E402
from running import Trace, run_all  # noqa: E402
from tracing import trace  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="how many mutants")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=float, default=60.0, help="seconds of tests that a mutant is tried against")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--state", type=Path, default=ROOT / ".mutation", help="where the trace and results are kept")
    parser.add_argument("--again", action="store_true", help="run survivors again, after new tests")
    parser.add_argument("--retrace", nargs="*", metavar="TEST", help="trace all tests again, or these")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so long; the next run goes on")
    asked = parser.parse_args()
    os.chdir(ROOT)
    if asked.retrace is not None or not (asked.state / "trace.json").exists():
        if not os.fork():  # tracing imports the package, which a mutant has to import for itself
            paths = tuple(ROOT / path for paths in modules().values() for path in paths)
            trace(asked.state, paths, asked.retrace or ())
            os._exit(0)
        os.wait()
    mutants = sample(asked.count, asked.seed)
    results = asked.state / "results.jsonl"
    known = _known(results)
    again = ("error", "survived") if asked.again else ("error",)
    due = [m for m in mutants if m.name not in known or known[m.name]["outcome"].startswith(again)]
    run_all(due, Trace.read(asked.state), results, asked.jobs, asked.budget, asked.minutes)
    _report(mutants, _known(results))


def _known(results: Path) -> dict[str, dict[str, str]]:
    lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
    return {row["name"]: row for row in map(json.loads, lines)}


def _report(mutants: tuple[Mutant, ...], known: dict[str, dict[str, str]]) -> None:
    done = [m for m in mutants if m.name in known and not known[m.name]["outcome"].startswith("error")]
    tally = Counter((_room(m), known[m.name]["outcome"]) for m in done)
    outcomes = ("killed", "at import", "timeout", "survived")
    print(f"{'room':12}" + "".join(f"{outcome:>12}" for outcome in (*outcomes, "all")))
    for room in ROOMS:
        counts = [tally[room, outcome] for outcome in outcomes]
        print(f"{room:12}" + "".join(f"{count:12}" for count in (*counts, sum(counts))))
    survivors = [m for m in done if known[m.name]["outcome"] == "survived"]
    for m in survivors:
        print(f"\n{m.name}\n{m.diff()}")
    print(f"\n{len(done)} of {len(mutants)} run; {len(done) - len(survivors)} killed, {len(survivors)} survived")


def _room(m: Mutant) -> str:
    return Path(m.path).parts[1].removesuffix(".py")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()

"""A sweep of your own function: written down as it goes, and not run again when it is called again."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import boundkit as bk
from boundkit import simulate


def shortest_flip(d: int, m: int, seed: int) -> dict[str, float]:
    """The shortest step off the subspace that flips the first point's label, over |N(x0)|."""
    data = simulate.problem(d=d, ell=d * 9 // 10, points=10, seed=seed)
    step = simulate.train(data, m, steps=50, seed=seed).shortest_flip(0)
    return {"length": step.norm / abs(step.before)}


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        store = Path(folder) / "runs.sqlite"
        grid = {"d": 200, "m": [10, 40], "seed": range(3)}
        bk.sweep(shortest_flip, {**grid, "m": 10}, version="1", store=store, workers=1)
        print("runs in the store:", len(bk.runs(store)))
        done = bk.sweep(shortest_flip, grid, version="1", store=store, workers=1)  # runs m = 40 only
        print("runs in the store:", len(bk.runs(store)))
    for m in grid["m"]:
        lengths = [run.result["length"] for run in done if run.parameters["m"] == m]
        print(f"m = {m}: median length {median(lengths):.2f}")

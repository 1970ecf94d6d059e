"""Sweeps as they run: the numbers of every kind, the same on any backend, and what stops one."""

from pathlib import Path

import joblib
import numpy as np
import pytest

import boundkit as bk
from boundkit import simulate
from boundkit.errors import BoundkitError, ParameterError
from boundkit.studies.sweeps import running

SIZES = {"d": 200, "ell": [100, 150], "m": [5, 8]}


def grow(n: int, seed: int = 0) -> dict:
    if n == 13:
        raise ParameterError("n = 13: unlucky; take another")
    return {"y": np.float64(n) / 3, "seed": seed, "big": 10**30}


def breaks(n: int) -> dict:
    return {"y": 1 / (n - 6)}


def returns_a_number(n: int) -> int:
    return n


def test_exact_rows_are_what_single_calls_say() -> None:
    for run in bk.sweep("theorem_5_1", SIZES, workers=1):
        g = bk.theorem_5_1(**run.parameters)
        true = g.exact()
        assert (run.result["log_exact_low"], run.result["log_exact_high"]) == true.enclosure
        assert (run.result["bound"], run.result["log_failure"]) == (str(g.bound), g.log_failure)
        told = (run.result["verdict"], run.result["applies"], run.result["worst_case"])
        assert told == (g.verdict.name, g.applies, "k = 1")
        assert run.result["refuted"] is False


def test_evaluated_rows_agree_with_the_arrays() -> None:
    found = bk.sweep("theorem_4_1", {"d": 10**6, "ell": "1000:9000:1000", "m": 10, "k": 3}, kind="evaluate", workers=1)
    arrays = bk.theorem_4_1.evaluate(d=10**6, ell=np.arange(1000, 9001, 1000), m=10, k=3)
    for name in ("bound", "log_failure"):
        np.testing.assert_allclose([run.result[name] for run in found], arrays[name], rtol=1e-14)


def test_simulated_rows_are_checks_with_the_derived_seed() -> None:
    found = bk.sweep("theorem_5_1", {**SIZES, "m": 5, "steps": 30}, trials=50, seeds=[3], workers=1)
    for run in found:
        parameters = {name: value for name, value in run.parameters.items() if name != "steps"}
        told = simulate.check(
            bk.theorem_5_1, 50, seed=run.derived_seed, training={"steps": 30}, **parameters
        ).to_dict()  # fmt: skip
        assert run.result["failures"] == told["failures"]
        assert (run.result["k"], run.result["output"]) == (told["values"]["k"], told["values"]["output"])
        assert [run.result["interval_low"], run.result["interval_high"]] == told["interval"]


def test_attacked_rows_hold_together() -> None:
    """A step anywhere is no longer than one off P or on it, up to what the attack's bisection leaves open."""
    found = bk.sweep("theorem_5_1", SIZES, kind="attack", seeds=2, workers=1)
    assert len(found) == 8
    for run in found:
        if run.error is None:
            told = run.result
            assert told["attack_free"] <= 1.01 * min(told["attack_off"], told["attack_on"])
            assert told["attack_off"] <= 1.01 * told["norm_z"] * told["flip_scale"]
            assert told["flipped"] is (told["flip_scale"] < 1)
    assert sum(run.error is None for run in found) >= 4  # a network of 5 to 8 neurons has k = 0 half the time, 20 times


def test_a_statement_is_found_false_where_print_is() -> None:
    printed = bk.lemma_c_3.as_printed
    at = {"n": 100, "sigma_1": 1, "sigma_2": 5, "t": 25, "r": 0}
    assert [run.result["refuted"] for run in bk.sweep(printed, at, workers=1).found_false] == [True]
    assert bk.sweep(printed, at, trials=20_000, workers=1).rows[0].result["verdict"] == "VIOLATED"
    assert bk.sweep("lemma_c_3", {k: v for k, v in at.items() if k != "r"}, workers=1).found_false == ()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # multiprocessing's own way, where Python frowns on it
@pytest.mark.parametrize(
    ("backend", "workers"), [("loky", 2), ("threading", 3), ("multiprocessing", 2), ("sequential", 1)]
)
def test_the_rows_are_the_same_on_any_backend_and_in_any_order(backend: str, workers: int) -> None:
    parameters = [{"n": n, "m": m} for n in (20, 40) for m in (1, 2, 7)]
    alone = bk.sweep("lemma_d_1", parameters, trials=300, seeds=2, workers=1)
    with joblib.parallel_config(backend=backend, n_jobs=workers):
        beside = bk.sweep("lemma_d_1", parameters[::-1], trials=300, seeds=2)
    assert {r.identity: r for r in beside} == {r.identity: r for r in alone}
    assert [r.parameters for r in beside][::2] == parameters[::-1]
    counted = [(r.result["failures"], r.result["interval_low"]) for r in alone]
    assert len(set(counted)) > 1


def test_a_task_that_fails_is_a_row_and_a_task_that_breaks_stops_the_sweep(tmp_path: Path) -> None:
    found = bk.sweep(grow, {"n": [12, 13, 14]}, seeds=1, workers=1)
    assert [run.error for run in found] == [None, "n = 13: unlucky; take another", None]
    assert found.rows[0].result == {"y": 4.0, "seed": found.rows[0].derived_seed, "big": 10**30}
    assert len(found.failed) == 1
    assert "1 failed" in str(found)

    file = tmp_path / "runs.sqlite"
    with pytest.raises(BoundkitError, match=r"breaks at n = 6 broke, .* is kept(.|\n)*ZeroDivisionError"):
        bk.sweep(breaks, {"n": "1:9:1"}, store=file, workers=1)
    assert [run.parameters["n"] for run in bk.runs(file)] == [1, 2, 3, 4, 5]
    assert "returned int; return a dict" in bk.sweep(returns_a_number, {"n": 1}, workers=1).rows[0].error


def test_a_function_runs_again_under_another_version(tmp_path: Path) -> None:
    file = tmp_path / "runs.sqlite"
    for version in ("1", "2", "2"):
        bk.sweep(grow, {"n": 3}, store=file, version=version, workers=1)
    assert len(bk.runs(file)) == 2


def test_progress_counts_to_the_end_with_what_the_store_had(tmp_path: Path) -> None:
    file, told = tmp_path / "runs.sqlite", []
    bk.sweep(grow, {"n": "20:29:1"}, store=file, workers=1)
    bk.sweep(grow, {"n": "20:60:1"}, store=file, workers=1, progress=lambda *said: told.append(said))
    counts = [done for _, done, _ in told]
    assert counts == sorted(set(counts))
    assert counts[0] > 10
    assert told[-1] == (running.subject_of(grow, None, None, "").label, 41, 41)


def test_batches_grow_for_short_tasks_and_stay_single_for_long_ones() -> None:
    subject = running.subject_of(grow, None, None, "")
    todo = list(running.tasks_of(subject, {"n": range(3000)}))

    def sizes(pace: float) -> list[int]:
        queue = running._Queue(subject, todo, 2)
        queue.pace = pace
        return [len(batch.tasks) for batch in queue]

    assert set(sizes(10.0)) == {1}
    short = sizes(1e-5)
    assert max(short) >= 500
    assert short[-1] < 10  # nobody waits for one worker's long last batch
    assert sum(short) == 3000


@pytest.mark.parametrize("workers", [0, -1, 1.5, True])
def test_workers_are_counted(workers: object) -> None:
    with pytest.raises(ParameterError, match="the number of worker processes"):
        bk.sweep(grow, {"n": 3}, workers=workers)


def test_ctrl_c_keeps_what_was_done_and_says_how_to_go_on(tmp_path: Path) -> None:
    def stop(_what: str, done: int, _total: int) -> None:
        if done >= 10:
            raise KeyboardInterrupt

    file = tmp_path / "runs.sqlite"
    with pytest.raises(KeyboardInterrupt, match=r"stopped after \d\d of 41 tasks, which are in .*; the same sweep"):
        bk.sweep(grow, {"n": "20:60:1"}, store=file, workers=1, progress=stop)
    assert 10 <= len(bk.runs(file)) < 41
    resumed = bk.sweep(grow, {"n": "20:60:1"}, store=file, workers=1)
    assert resumed.rows == bk.sweep(grow, {"n": "20:60:1"}, workers=1).rows
    with pytest.raises(KeyboardInterrupt, match="which are lost"):
        bk.sweep(grow, {"n": "20:60:1"}, workers=1, progress=stop)

"""Tasks: their keys and seeds, the grids they come from, and values on their way to the store and back."""

from dataclasses import replace
from fractions import Fraction
from functools import partial
import math

from hypothesis import given
from hypothesis import strategies as st
import numpy as np
import pytest
import sympy

import boundkit as bk
from boundkit.errors import ParameterError, StatementError, UnknownStatement
from boundkit.studies.sweeps.serialize import from_text, to_text
from boundkit.studies.sweeps.tasks import LARGEST_SEED, subject_of, tasks_of

PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(),
    st.fractions().filter(lambda x: x.denominator > 1),
)  # fmt: skip
GRID = {"d": "100:300:100", "ell": [50, 60], "m": 4}


def tasks(grid: object, seeds: object = None, **how: object) -> tuple:
    return tasks_of(subject_of(how.pop("what", "theorem_5_1"), how.get("kind"), how.get("trials"), ""), grid, seeds)


def double(n: int, seed: int = 0) -> dict:
    return {"y": 2 * n + seed % 2}


def same(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.copysign(1, a) == math.copysign(1, b) and (a == b or (math.isnan(a) and math.isnan(b)))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


@given(st.dictionaries(st.text(), PLAIN | st.lists(PLAIN)))
def test_values_come_back_from_text_to_the_last_bit(values: dict) -> None:
    nan = [x for x in values.values() if isinstance(x, float) and math.isnan(x)]
    if not any(math.copysign(1, x) < 0 for x in nan):  # the sign of a nan is no part of it
        back = from_text(to_text(values))
        assert back.keys() == values.keys()
        assert all(same(abs(v) if v != v else v, back[k]) for k, v in values.items() if not isinstance(v, list))
        assert to_text(back) == to_text(values)


def test_numpy_values_are_numbers_and_other_things_are_refused() -> None:
    values = {"a": np.float64(0.1), "b": np.int64(3), "c": np.bool_(True), "d": np.array([1.5, np.inf])}
    told = from_text(to_text(values))
    assert told == {"a": 0.1, "b": 3, "c": True, "d": [1.5, math.inf]}
    with pytest.raises(StatementError, match="x is dict; give numbers"):
        to_text({"x": {}})


def test_keys_tell_everything_that_changes_a_number_apart() -> None:
    one = {"d": 100, "ell": 50, "m": 4}
    s = bk.theorem_5_1
    found = [
        tasks(one, kind="exact"), tasks(one, kind="evaluate"), tasks(one, kind="attack"), tasks(one, trials=10),
        tasks(one, trials=11), tasks(one, 2, trials=10)[1:], tasks({**one, "m": 5}), tasks({**one, "k": 1}),
        tasks(one, what=s.as_printed), tasks(one, what=replace(s, failure=s.failure * 2)),
        tasks_of(subject_of(s, "attack", None, "mine"), one), tasks({**one, "steps": 7}, trials=10),
        tasks({**one, "method": "sgd"}, trials=10), tasks({**one, "d": Fraction(201, 2)}),
    ]  # fmt: skip
    keys = [task.identity.key for (task,) in found]
    assert len(set(keys)) == len(keys)
    # A seed is asked for and not used as it is: two points never share their random numbers.
    seeds = [task.identity.derived_seed for (task,) in found if task.identity.seed is not None]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed <= LARGEST_SEED for seed in seeds)


def test_keys_do_not_depend_on_how_a_grid_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written = tasks(GRID)
    assert len(written) == 6
    others = ({"m": 4, "ell": (50, 60), "d": [100, 200, 300]}, [{**GRID, "ell": 50}, {**GRID, "ell": 60}, GRID])
    for grid in others:
        assert {t.identity.key for t in tasks(grid)} == {t.identity.key for t in written}
        assert len(tasks(grid)) == 6
    key, seed = written[0].identity.key, tasks(GRID, trials=5)[0].identity.derived_seed
    monkeypatch.setattr("boundkit.studies.sweeps.tasks.VERSION", "0.0.9")
    assert tasks(GRID)[0].identity.key != key
    assert tasks(GRID, trials=5)[0].identity.derived_seed == seed  # a new version draws the same


def test_statements_of_one_name_in_two_papers_are_two_tasks() -> None:
    here, there = bk.lemma_b_1, replace(bk.lemma_b_1, paper="elsewhere")
    one, other = (tasks({"n": [3]}, what=s, trials=5)[0].identity for s in (here, there))
    assert one.label == "melamed2023.lemma_b_1"
    assert other.label.startswith("elsewhere.lemma_b_1#")
    assert one.key != other.key


def test_the_order_is_the_grids_and_seeds_change_fastest() -> None:
    made = tasks({"n": [3, 1]}, [7, 5], what="lemma_b_1", trials=10)
    assert [(t.parameters["n"], t.identity.seed) for t in made] == [(3, 7), (3, 5), (1, 7), (1, 5)]


def test_functions_get_floats_words_and_a_name() -> None:
    subject = subject_of(double, None, None, "2")
    assert subject.label == "test_tasks.double"
    made = tasks_of(subject, {"n": [0.1, 0.25]})
    assert [t.parameters for t in made] == [{"n": 0.1}, {"n": 0.25}]
    assert made[0].identity.seed is None
    assert len(tasks_of(subject, {"n": ["a", "b"]}, 3)) == 6


@pytest.mark.parametrize(
    ("what", "grid", "how", "says"),
    [
        ("theorem_5_1", {"d": "10:"}, {}, r"d: '10:' is no range"),
        ("theorem_5_1", {"d": []}, {}, "d: no values"),
        ("theorem_5_1", {"d": "10:20:0"}, {}, "step 0"),
        ("theorem_5_1", {"d": ["10", "20"]}, {}, "d: text is not a number"),
        ("theorem_5_1", {"d": range(10**15)}, {}, "d: more than 10000 values"),
        ("theorem_5_1", {"d": True}, {}, "truth value"),
        ("theorem_5_1", {"d": float("nan")}, {}, "finite"),
        ("theorem_5_1", {"d": sympy.Symbol("x")}, {}, "symbol"),
        ("theorem_5_1", {"q": 1}, {}, "no parameter 'q'"),
        ("theorem_5_1", {"steps": 1}, {}, "no parameter 'steps'"),
        ("theorem_5_1", 5, {}, "no grid"),
        ("theorem_5_1", "d=5", {}, "no grid"),
        ("theorem_5_1", [], {}, "no grid"),
        ("theorem_5_1", {5: 5}, {}, "no grid"),
        (double, {"n": ["a"] * 10_001}, {}, "n: more than 10000 values"),
        ("theorem_5_1", [{"d": 5}, 3], {}, "no grid"),
        ("theorem_5_1", {"d": range(1, 10001), "ell": range(1, 10001)}, {}, "100000000 tasks, and at most 1000000"),
        ("theorem_5_1", {"d": 5}, {"seeds": 3}, "nothing is random"),
        ("theorem_5_1", {"d": 5}, {"trials": 10, "seeds": -1}, "number of seeds"),
        ("theorem_5_1", {"d": 5}, {"trials": 10, "seeds": [0, -1]}, "seed = -1"),
        ("theorem_5_1", {"d": 5}, {"trials": 10, "seeds": [2**63]}, "at most 9223372036854775807"),
        ("theorem_5_1", {"d": 5}, {"trials": 0}, "trials = 0"),
        ("theorem_5_1", {"d": 5}, {"trials": 10, "kind": "exact"}, "trials belong to"),
        ("theorem_5_1", {"d": 5}, {"kind": "guess"}, "choose one of 'evaluate', 'exact', 'simulate', 'attack'"),
        ("theorem_5_1", {"d": 5, "k": 2}, {"kind": "attack"}, "k: measured"),
        ("lemma_b_1", {"n": 5}, {"kind": "attack"}, "lemma_b_1 has no parameter for its input dimension"),
        (double, {"n": 5}, {"kind": "exact"}, "belong to statements"),
        (double, {"n": 5, "o": 1}, {}, "double takes no o; it takes n, seed"),
        (double, {"n": 5, "seed": 1}, {"seeds": 2}, "give one of them"),
        (lambda n: {"y": n}, {"n": 5}, {}, "define it with def"),
        (partial(double, seed=1), {"n": 5}, {}, "define it with def"),
        (3, {"n": 5}, {}, "3 cannot be swept"),
    ],
)  # fmt: skip
def test_what_cannot_be_swept_is_refused_before_anything_runs(what: object, grid: object, how: dict, says: str) -> None:
    with pytest.raises(ParameterError, match=says):
        bk.sweep(what, grid, **how)


def test_an_unknown_statement_names_near_ones() -> None:
    with pytest.raises(UnknownStatement, match="did you mean theorem_5_1"):
        bk.sweep("theorem_51", {"d": 5})

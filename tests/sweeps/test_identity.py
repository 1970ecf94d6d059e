"""Who is who in a store: nothing takes another one's rows, and what has no identity is refused."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache, partial, wraps
import importlib.util
from pathlib import Path
import subprocess
import sys
from types import FunctionType

import numpy as np
from numpy import sqrt
import pytest
import sympy

import boundkit as bk
from boundkit.errors import BoundkitError, ParameterError
from boundkit.studies.sweeps.identity import fingerprint
from boundkit.tails import Tail


def make(c: int) -> Callable:
    def times(n: int) -> dict:
        return {"y": c * n}

    return times


class Model:
    def __init__(self, c: int) -> None:
        self.c = c

    def run(self, n: int) -> dict:
        return {"y": self.c * n}

    __call__ = run

    @classmethod
    def of_class(cls, n: int) -> dict:
        return {"y": n}


def logged(function: Callable) -> Callable:
    @wraps(function)
    def inner(n: int) -> dict:
        return function(n)

    return inner


@pytest.mark.parametrize(
    "thing",
    [make(2), Model(2).run, Model(2), Model.of_class, partial(make(2)), partial(make, 2), logged(make(2)), lambda n: {},
     lru_cache(make(2)), print, Model, np.sqrt],
    ids=lambda thing: type(thing).__name__,
)  # fmt: skip
def test_what_has_no_identity_is_refused_with_the_remedy(tmp_path: Path, thing: object) -> None:
    for how in ({}, {"store": tmp_path / "runs.sqlite"}, {"version": "1"}):
        with pytest.raises(ParameterError, match="goes into the grid|as parameters of the grid"):
            bk.sweep(thing, {"n": 1}, workers=1, **how)


CODE = """
{head}
FACTOR = {factor}
POWERS = [1, {power}]

def helper(n):
    return n ** POWERS[1] * neighbour.scale()

class Shape:
    bend = {bend}
    def area(self, n):
        return n + self.bend

def f(n, add={default}):
    # {comment}
    return {{"y": FACTOR * helper(n) + add + Shape().area(n) + {constant} + (n in {{"a", {member!r}}})}}
"""
PLAIN = {"head": "import neighbour", "factor": 2, "power": 1, "bend": 0, "default": 0, "comment": "", "constant": 0,
         "member": "b"}  # fmt: skip
NEIGHBOUR = "SCALE = {}\ndef scale():\n    return SCALE\n"
CHANGES = [("factor", 3), ("power", 2), ("bend", 5), ("default", 7), ("constant", 1), ("member", 1), ("neighbour", 4)]


def written(folder: Path, **changes: object) -> FunctionType:
    """The function f of a file my.py in a folder, whose neighbour it imports."""
    folder.mkdir(exist_ok=True)
    scale = changes.pop("neighbour", 1)
    (folder / "neighbour.py").write_text(NEIGHBOUR.format(scale))
    (folder / "my.py").write_text(CODE.format(**PLAIN | changes))
    sys.path.insert(0, str(folder))
    try:
        sys.modules.pop("neighbour", None)
        spec = importlib.util.spec_from_file_location("my", folder / "my.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["my"] = module
        sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
        spec.loader.exec_module(module)
        sys.dont_write_bytecode = before
    finally:
        sys.path.remove(str(folder))
    return module.f


@pytest.fixture
def _modules() -> object:
    yield
    sys.modules.pop("my", None)
    sys.modules.pop("neighbour", None)


@pytest.mark.usefixtures("_modules")
@pytest.mark.parametrize(("name", "value"), CHANGES, ids=str)
def test_an_edited_file_gets_no_old_rows(tmp_path: Path, name: str, value: object) -> None:
    store = tmp_path / "runs.sqlite"
    before = bk.sweep(written(tmp_path / "a"), {"n": [1, 2]}, store=store, workers=1)
    same = bk.sweep(written(tmp_path / "a", comment="another word"), {"n": [1, 2]}, store=store, workers=1)
    assert same.rows == before.rows
    assert len(bk.runs(store)) == 2
    after = bk.sweep(f := written(tmp_path / "a", **{name: value}), {"n": [1, 2]}, store=store, workers=1)
    assert [run.result["y"] for run in after] == [f(n)["y"] for n in (1, 2)]
    assert len(bk.runs(store)) == 4
    assert [run.result["y"] for run in after] != [run.result["y"] for run in before]
    assert {run.statement for run in bk.runs(store)} == {"my.f"}


@pytest.mark.usefixtures("_modules")
def test_two_files_of_one_name_are_two(tmp_path: Path) -> None:
    store = tmp_path / "runs.sqlite"
    for folder, factor in (("a", 2), ("b", 3), ("c", 2)):
        found = bk.sweep(written(tmp_path / folder, factor=factor), {"n": 1}, store=store, workers=1)
        assert found.rows[0].result["y"] == factor + 1
    assert len(bk.runs(store)) == 3


@pytest.mark.slow
def test_python_c_and_a_redefined_function_are_what_they_do(tmp_path: Path) -> None:
    line = (
        "import boundkit as bk\n"
        "def f(n): return {{'y': {0} * n}}\n"
        "print(bk.sweep(f, {{'n': 5}}, store='runs.sqlite', workers=1).rows[0].result['y'])"
    )
    both = "\n".join(line.format(c) for c in (2, 3))
    told = []
    for code in (both, line.format(4), line.format(2)):
        words = [sys.executable, "-c", code]
        done = subprocess.run(
            words, capture_output=True, text=True, check=True, cwd=tmp_path,
            env={"PYTHONPATH": str(Path(bk.__file__).parent.parent), "PYTHONHASHSEED": str(len(told))},
        )  # fmt: skip
        told += done.stdout.split()
    assert told == ["10", "15", "20", "10"]
    assert len(bk.runs(tmp_path / "runs.sqlite")) == 3


rng = np.random.default_rng(0)
TABLE = np.arange(3.0)


@dataclass(frozen=True)
class Plan:
    size: int


PLAN = Plan(3)


def draws(n: int) -> dict:
    return {"y": float(rng.random()) + n}


class Kind(Enum):
    ONE = 1


ENDLESS: list = []
ENDLESS.append(ENDLESS)


def looks_up(n: int) -> dict:
    return {"y": float(sqrt(TABLE[n])) + PLAN.size + Kind.ONE.value}


def has_no_end(n: int) -> dict:
    return {"y": n + len(ENDLESS)}


def test_state_that_cannot_be_told_apart_needs_a_version(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ParameterError, match="rng, which draws uses, is a Generator, .* give version="):
        bk.sweep(draws, {"n": 1}, workers=1)
    assert len(bk.sweep(draws, {"n": 1}, version="1", workers=1)) == 1
    with pytest.raises(ParameterError, match="holds itself, and has no end"):
        bk.sweep(has_no_end, {"n": 1}, workers=1)
    digits = {fingerprint(looks_up)}
    for name, value in (("TABLE", np.arange(4.0)), ("TABLE", np.arange(3)), ("PLAN", Plan(4)), ("sqrt", np.exp)):
        with monkeypatch.context() as patch:
            patch.setitem(globals(), name, value)
            digits.add(fingerprint(looks_up))
    assert len(digits) == 5
    assert fingerprint(looks_up) in digits


class some_law(Tail):
    nargs = 1

    def ball(self, n: object) -> object:
        return -n


class another_law(Tail):
    nargs = 1

    def ball(self, n: object) -> object:
        return -2 * n


another_law.__name__ = another_law.__qualname__ = "some_law"
n, U = sympy.symbols("n U")


def own(truth: object = None, sampler: object = None, bound: object = 1) -> bk.Statement:
    return bk.Statement(
        name="own", place="Own", parameters=(bk.integers(n, "a count"),), hypotheses=(),
        quantities=(bk.reals(U, "a length", 0, strict=False),), claims=(U <= bound,), failure=sympy.exp(-n),
        truth=truth, sampler=sampler,
    )  # fmt: skip


def keys(s: bk.Statement, **how: object) -> set[str]:
    from boundkit.studies.sweeps.tasks import subject_of, tasks_of

    return {task.identity.key for task in tasks_of(subject_of(s, how.get("kind"), how.get("trials"), ""), {"n": 1})}


def test_statements_differ_by_what_they_say_their_laws_and_their_samplers() -> None:
    def sampler(c: float) -> Callable:
        return lambda rng, trials, n: rng.random(trials) * c

    made = [
        keys(own()), keys(own(bound=2)), keys(own(some_law(n))), keys(own(another_law(n))),
        keys(own(some_law(n)), kind="evaluate"), *(keys(own(sampler=sampler(c)), trials=10) for c in (1.0, 2.0)),
        keys(replace(own(some_law(n)), truth_is="upper bound")),
    ]  # fmt: skip
    assert len(set().union(*made)) == len(made)
    assert keys(own(sampler=sampler(1.0)), trials=10) == keys(own(sampler=sampler(1.0)), trials=10)
    assert keys(own(sampler=sampler(1.0))) == keys(own())  # nothing is drawn
    with pytest.raises(BoundkitError, match="rng, which .* holds, is a Generator"):
        stateful = np.random.default_rng(1)
        keys(own(sampler=(lambda rng: lambda _rng, trials, n: rng.random(trials))(stateful)), trials=10)


def test_a_change_of_words_alone_changes_no_key() -> None:
    s = replace(bk.lemma_b_1, name="mine")
    assert keys(s) == keys(replace(s, doc="Another word.", place="Elsewhere"))

"""A statement that is defined in a notebook, or in what Python reads from its input."""

import json
from pathlib import Path
import subprocess
import sys
import textwrap
from typing import Any

import nbclient
import nbformat
import pytest

import boundkit as bk

ROOT = Path(bk.__file__).parent.parent
CELLS = """
from dataclasses import replace
from functools import cache
import json
from math import ceil, comb
import threading

from flint import arb, fmpq
import numpy as np
from sympy import exp, symbols

import boundkit as bk

n, t, excess = symbols("n t excess")
HALF = fmpq(1, 2)


def ways(coins, first):
    return sum(comb(coins, j) for j in range(first, coins + 1))


class heads_at_least(bk.tails.Tail):
    @staticmethod
    def ball(n, t):
        return arb(fmpq(ways(int(n), int(ceil(n * (HALF + t)))), 2 ** int(n))).log()


def share_of_heads(rng, trials, n, **_):
    return rng.binomial(n, 0.5, trials) / n - 0.5


def stated(truth, sampler):
    return bk.Statement(
        name="coins", place="Hoeffding's inequality, for coins",
        parameters=(bk.integers(n, "the number of coins", 1, 200), bk.reals(t, "the excess of heads", 0, 0.5)),
        quantities=(bk.reals(excess, "the share of heads above 1/2", -0.5, 0.5, strict=False),),
        hypotheses=(), claims=(excess < t,), failure=exp(-2 * n * t**2), truth=truth, sampler=sampler,
    )


s = stated(heads_at_least(n, t), share_of_heads)
said = []


def swept(what=None, kind="exact", **options):
    grid = {"n": [50, 60], "t": 0.2}
    try:
        runs = bk.sweep(what or s, grid, kind=kind, **{"workers": 2, **options})
    except bk.errors.BoundkitError as error:
        return f"{type(error).__name__}: {error}"
    column = {"exact": "log_exact", "simulate": "failures", "evaluate": "log_failure"}.get(kind, "y")
    return [run.error or run.result[column] for run in runs]
"""
EXACT = [-5.71376494, -6.6186606]  # the logarithms of P[Bin(50, 1/2) >= 35] and of P[Bin(60, 1/2) >= 42]


def told(folder: Path, *cells: str) -> list[Any]:
    """What the cells put into `said`, in a Python of its own that reads them from its input."""
    text = "\n".join([CELLS, *map(textwrap.dedent, cells), "print('said', json.dumps(said))"])
    done = subprocess.run(
        [sys.executable, "-"], input=text, capture_output=True, text=True, check=False, cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.rpartition("said ")[2])


def near(values: Any) -> Any:
    return pytest.approx(values, rel=1e-6)


def test_a_statement_of_a_cell_can_do_everything(tmp_path: Path) -> None:
    answers = told(tmp_path, """
        import pickle
        from joblib import Parallel, delayed

        said += [s(n=50, t=0.2).verdict.name, float(s.evaluate(n=[50], t=0.2, columns=("log_exact",))["log_exact"][0])]
        said += [bk.audit(s, points=20).is_false, bk.falsify(s, seconds=5).counterexample is None]
        said += [bk.tightness(s, n=50, t=0.2)[0].exponent_ratio > 1]
        said += ["0.0325" in bk.table(s, {"n": [50]}, {"t": 0.125}).to_text()]
        said += [pickle.loads(pickle.dumps(s)) == s, bk.simulate.check(s, 50, n=50, t=0.2).failures < 9]
        said += Parallel(2)(delayed(lambda at: s(n=at, t=0.2).exact().log_failure)(at) for at in (50, 60))
        for kind, options in {"evaluate": {}, "exact": {}, "simulate": {"trials": 50}}.items():
            said += [swept(kind=kind, workers=1, **options) == swept(kind=kind, **options)]
        try:
            s.certificate()
        except bk.errors.StatementError as error:
            said.append(str(error))
    """)  # fmt: skip
    assert answers[:2] == ["INFORMATIVE", near(EXACT[0])]
    assert answers[2:8] == [False, True, True, True, True, True]
    assert answers[8:10] == near(EXACT)
    assert answers[10:13] == [True, True, True]
    assert "carries no proof" in answers[13]


SWEPT = """
said += [swept(store="runs.sqlite"), swept(store="runs.sqlite", kind="simulate", trials=50)]
"""


@pytest.mark.slow
def test_a_store_knows_an_unchanged_cell_again_and_a_changed_one_apart(tmp_path: Path) -> None:
    def runs_after(*cells: str) -> int:
        told(tmp_path, *cells, SWEPT)
        return len(bk.runs(tmp_path / "runs.sqlite"))

    assert [runs_after(), runs_after("# a comment\nother = 3", "HALF = fmpq(1, 2)")] == [4, 4]
    assert runs_after("s = replace(s, sampler=lambda rng, trials, **_: np.zeros(trials))") == 6  # simulated anew
    assert runs_after("HALF = fmpq(1, 4)") == 10  # a law belongs to what is simulated too


REDEFINED = [
    "said.append(swept())",
    "def ways(coins, first):\n    return 2 ** (coins - 1)",
    "said.append(swept())",
    "class heads_at_least(bk.tails.Tail):\n    @staticmethod\n    def ball(n, t):\n        return -arb(n)",
    "said.append(swept())\ns = stated(heads_at_least(n, t), share_of_heads)\nsaid.append(swept())",
    "s = replace(s, sampler=lambda rng, trials, **_: np.ones(trials) / 2)",
    "said.append(swept(kind='simulate', trials=50))",
    "said += [swept(store='runs.sqlite'), len(bk.runs('runs.sqlite'))]",
]
AFTER = [near(EXACT), near([-0.693147, -0.693147]), near([-0.693147, -0.693147]), [-50, -60], [50, 50], [-50, -60], 2]


@pytest.mark.slow
def test_in_jupyter_a_cell_that_is_run_again_is_the_new_one_in_workers_that_live_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    cells = [CELLS, *REDEFINED, "print(json.dumps(said))"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    where = {"metadata": {"path": tmp_path}}
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    assert json.loads(notebook.cells[-1].outputs[0].text) == AFTER


def test_what_a_cell_may_be_made_of(tmp_path: Path) -> None:
    answers = told(tmp_path, """
        class heads_at_least(bk.tails.Tail):
            ball = staticmethod(cache(lambda n, t: -arb(n)))

        said.append(swept(stated(heads_at_least(n, t), share_of_heads)))

        @cache
        def binomial(above, below):
            return 1 if below in (0, above) else binomial(above - 1, below - 1) + binomial(above - 1, below)

        def ways(coins, first):
            return sum(binomial(coins, j) for j in range(first, coins + 1))

        said.append(swept())

        def law(scale):
            class scaled(bk.tails.Tail):
                @staticmethod
                def ball(n, t):
                    return -arb(scale)
            return scaled

        said += [swept(stated(law(scale)(n, t), share_of_heads)) for scale in (2, 3)]

        def count(n, t):
            return {"y": binomial(n, 2)}

        said.append(swept(count, kind="function"))
    """)  # fmt: skip
    assert answers == [[-50, -60], near(EXACT), [-2, -2], [-3, -3], [1225, 1770]]


def test_what_cannot_be_sent_or_told_apart_is_said_by_its_name(tmp_path: Path) -> None:
    answers = told(tmp_path, """
        LOCK = threading.Lock()

        class heads_at_least(bk.tails.Tail):
            @staticmethod
            def ball(n, t):
                with LOCK:
                    return -arb(n)

        s = stated(heads_at_least(n, t), share_of_heads)
        said += [swept(), swept(version="1"), swept(version="1", workers=1)]
        RNG = np.random.default_rng()
        s = replace(s, sampler=lambda rng, trials, **_: RNG.normal(size=trials), truth=None)
        said.append(swept(kind="simulate", trials=50))
    """)  # fmt: skip
    untold, unsent, alone, drawn = answers
    assert untold.startswith("ParameterError: LOCK, which heads_at_least.ball uses, is a lock, of which a store cannot")
    assert unsent.startswith("ParameterError: coins cannot be sent to other processes: cannot pickle '_thread.lock'")
    assert "use workers=1" in unsent
    assert alone == [-50, -60]
    assert "RNG, which <lambda> uses, is a Generator, of which a store cannot tell" in drawn


@pytest.mark.slow
def test_an_edited_file_is_the_new_one_in_workers_that_live_on(tmp_path: Path) -> None:
    (tmp_path / "coins.py").write_text(CELLS)
    answers = told(tmp_path, """
        import importlib, pathlib, sys
        sys.dont_write_bytecode = True
        sys.path.insert(0, "")
        import coins
        from boundkit.api.loading import find

        file = pathlib.Path("coins.py")
        held = find("coins.py:s")
        said += [swept(held), swept(coins.s)]
        file.write_text(file.read_text() + "\\nHALF = fmpq(1, 4)\\n")
        said += [swept(coins.s), swept("coins.py:s")]
        importlib.reload(coins)
        said.append(swept(coins.s))

        held = find("coins.py:s")
        file.write_text(file.read_text() + "\\nHALF = fmpq(1, 8)\\n")
        bk.sweep(find("coins.py:s"), {"n": 50, "t": 0.2}, workers=2)
        said.append(swept(held))
    """)  # fmt: skip
    quarter = near([-0.27436294166, -0.20229613097])
    assert answers == [near(EXACT), near(EXACT), near(EXACT), quarter, quarter, quarter]


@pytest.mark.slow
def test_a_file_that_was_edited_since_it_was_read_is_not_taken_for_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "coins.py").write_text(CELLS)
    edited, again = told(tmp_path, """
        import pathlib
        from boundkit.api.loading import find

        held, file = find("coins.py:s"), pathlib.Path("coins.py")
        file.write_text(file.read_text() + "\\nHALF = fmpq(1, 4)\\n")
        said += [swept(held), swept("coins.py:s")]
    """)  # fmt: skip
    assert "coins.py was edited since this process read it; load it again, and sweep again" in edited
    assert again == near([-0.27436294166, -0.20229613097])


@pytest.mark.slow
def test_a_module_that_cannot_be_sent_is_imported_anew(tmp_path: Path) -> None:
    text = "import threading\nLOCK = threading.Lock()\ndef f(n, t):\n    with LOCK:\n        return {'y': n}\n"
    (tmp_path / "locked.py").write_text(text)
    answers = told(tmp_path, """
        import importlib, pathlib, sys
        sys.dont_write_bytecode = True
        sys.path.insert(0, "")
        import locked

        said.append(swept(locked.f, kind="function", version="1"))
        file = pathlib.Path("locked.py")
        file.write_text(file.read_text().replace("'y': n", "'y': -n"))
        importlib.reload(locked)
        said.append(swept(locked.f, kind="function", version="1"))
    """)  # fmt: skip
    assert answers == [[50, 60], [-50, -60]]

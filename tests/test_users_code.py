"""Code of users that raises, at every place where it is called: never an exit code of its own, never silence."""

from collections.abc import Callable
import os
from pathlib import Path
import subprocess
import sys

import pytest
import sympy

import boundkit as bk
from boundkit.api.loading import find
from boundkit.enclose import law_ball
from boundkit.engine.arraylaws import guarded
from boundkit.errors import BoundkitError, LawError, Signal, StatementError, UnknownStatement, is_mistake
from boundkit.studies.errata import ErratumCheck
from boundkit.tails import Tail


class Odd(BaseException):
    """An error that is no Exception."""


MISTAKES = (ValueError("no"), SystemExit(1), SystemExit(), Odd("no"))
PASSING = (KeyboardInterrupt(), GeneratorExit(), Signal())
n, t, U = sympy.symbols("n t U")


class Broken(Tail):
    """Raises whatever is asked for."""

    nargs = 1
    raises: BaseException

    def ball(*_: object) -> object:
        raise Broken.raises

    def log(*_: object) -> object:
        raise Broken.raises


def statement(sampler: Callable) -> bk.Statement:
    return bk.Statement(
        name="own", place="Own", parameters=(bk.integers(n, "a count"),), hypotheses=(), claims=(U <= 1,),
        quantities=(bk.reals(U, "a length", 0, strict=False),), failure=sympy.exp(-n), sampler=sampler,
    )  # fmt: skip


def raising(error: BaseException) -> Callable:
    def called(*_: object, **__: object) -> object:
        raise error

    return called


def uses(error: BaseException, folder: Path) -> dict[type, Callable[[], object]]:
    """Each place where code of users is called, by the error that comes of it."""
    Broken.raises = error
    (folder / "own.py").write_text(f"class Odd(BaseException): pass\nraise {error!r}\n")
    swept = raising(error)
    swept.__qualname__ = "swept"
    return {
        StatementError: lambda: bk.simulate.check(statement(raising(error)), 10, n=2),
        LawError: lambda: law_ball(Broken, [1]),
        UnknownStatement: lambda: find(str(folder / "own.py")),
        BoundkitError: lambda: bk.sweep(broken, {"n": 1}, version="1", workers=1),
    }


def broken(n: int) -> dict:  # noqa: ARG001
    raise Broken.raises


@pytest.mark.parametrize("error", MISTAKES, ids=repr)
def test_any_mistake_of_a_user_is_an_error_that_names_it(tmp_path: Path, error: BaseException) -> None:
    assert is_mistake(error)
    for kind, use in uses(error, tmp_path).items():
        with pytest.raises(kind, match=type(error).__name__):
            use()
    with pytest.raises(LawError, match=type(error).__name__):
        guarded(Broken)(2.0)
    erratum = bk.Erratum("E1", "a", "b", "typo", simulation=raising(error))
    found = ErratumCheck(erratum, None)
    assert (found.confirmed, found.simulation) == (None, None)
    assert type(error).__name__ in found.undecided
    assert "simulated UNDECIDED" in str(found)


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_is_no_mistake_goes_through(tmp_path: Path, error: BaseException) -> None:
    assert not is_mistake(error)
    if isinstance(error, Signal):
        (tmp_path / "own.py").write_text("from boundkit.errors import Signal")
    for kind, use in uses(error, tmp_path).items():
        if not (kind is UnknownStatement and isinstance(error, Signal)):
            with pytest.raises(type(error)):
                use()


OWN = """
import sympy
import boundkit as bk
n, t, U = sympy.symbols("n t U")

class Odd(BaseException): pass

def sampler(rng, trials, n, t):
    raise {error}

s = bk.Statement(
    name="s", place="Own", hypotheses=(), claims=(U <= t,), failure=sympy.exp(-n), sampler=sampler,
    parameters=(bk.integers(n, "a count"), bk.reals(t, "a bound", 0)),
    quantities=(bk.reals(U, "a length", 0, strict=False),),
)
{rest}
"""
SWEEP = 'store = "own.sqlite"\n[[sweep]]\nwhat = "own.py:s"\ntrials = 10\ngrid = { n = "10:40:10", t = 3 }\n'
LINES = ("simulate own.py:s n=10 t=3", "falsify own.py:s", "audit own.py:s")


def command(folder: Path, line: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "boundkit", *line.split()], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(bk.__file__).parent.parent)},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("error", ["SystemExit(1)", "Odd('no')"])
def test_no_exit_code_is_a_users(tmp_path: Path, error: str) -> None:
    name = error.partition("(")[0]
    (tmp_path / "own.py").write_text(OWN.format(error=error, rest=""))
    for line in LINES[:1] if error == "SystemExit(1)" else LINES:
        code, told = command(tmp_path, line)
        assert (code, told.count("\n")) == (2, 1)
        assert told.startswith(f"Error: s's sampler gave {name} at n = ")
    (tmp_path / "own.toml").write_text(SWEEP)
    code, told = command(tmp_path, "sweep own.toml --workers 2")
    assert (code, told.count(f"s's sampler gave {name}")) == (0, 4)
    (tmp_path / "own.py").write_text(OWN.format(error=error, rest=f"raise {error}"))
    code, told = command(tmp_path, "eval own.py:s n=10 t=3")
    assert (code, told.count("\n")) == (2, 1)
    assert f"own.py does not run: {name}" in told


def test_a_foreign_exit_is_a_failure_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from boundkit.cli import main

    for error in (SystemExit(1), SystemExit(0), Odd("no")):
        monkeypatch.setattr(bk, "audit", raising(error))
        done = CliRunner().invoke(main, ["audit"])
        assert done.exit_code == 70
        assert type(error).__name__ in done.output

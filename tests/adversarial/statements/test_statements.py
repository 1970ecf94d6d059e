"""Eighty and more statements from outside the paper, true and false, through everything that boundkit does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from click.testing import CliRunner
import numpy as np
import pytest

from adversarial.statements.false import FALSE, WITNESS
from adversarial.statements.true import TRUE
import boundkit as bk
from boundkit.cli import main
from boundkit.simulate import check
from boundkit.verify.auditing import grid

HERE = Path(__file__).parent
SEEDS = (0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2)))
ALL = {**TRUE, **FALSE}
LAWFUL = [name for name, s in ALL.items() if s.truth is not None]
COMMANDS = ("show", "eval", "solve", "table", "plot tightness", "audit", "falsify", "simulate", "errata", "certificate",
            "ledger", "cite", "graph")  # fmt: skip


def inside(s: bk.Statement) -> dict[str, Any]:
    """A point of the domain at which the statement applies, and says something where there is such a point."""
    points = [dict(point) for point in grid(s, 200)]
    covered = [at for at in points if s(**at).applies]
    telling = [at for at in covered if s(**at).verdict is bk.Verdict.INFORMATIVE]
    return (telling or covered or points)[0]


def test_there_are_forty_of_each() -> None:
    assert len(TRUE) >= 40
    assert len(FALSE) >= 40
    assert set(FALSE) == set(WITNESS)


@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_is_false_at_its_witness(name: str) -> None:
    s, at = FALSE[name], WITNESS[name]
    if s.truth is not None:
        assert bk.refute(s, **at) is not None
        assert bk.judge(s, **at).standing.name == "FALSE"
    else:
        assert check(s, 4000, seed=1, **at).verdict.name == "VIOLATED"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_is_found_false(name: str, seed: int) -> None:
    found = bk.falsify(FALSE[name], seed=seed).counterexample
    assert found is not None
    assert found.statement == FALSE[name]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_is_never_found_false(name: str, seed: int) -> None:
    s = TRUE[name]
    points = 600 if seed == 0 else 2000
    assert bk.falsify(s, seed=seed, points=points, seconds=3 if seed == 0 else 20).counterexample is None


@pytest.mark.parametrize("name", ALL)
def test_the_audit_gives_no_wrong_verdict(name: str) -> None:
    (entry,) = bk.audit(ALL[name], points=60).entries
    if name in TRUE:
        assert not entry.is_false
    else:
        assert entry.is_false or entry.is_undecided or name in NOT_AT_60_POINTS


@pytest.mark.slow
@pytest.mark.parametrize("name", FALSE)
def test_the_whole_audit_calls_a_false_statement_false(name: str) -> None:
    (entry,) = bk.audit(FALSE[name]).entries
    assert entry.is_false


@pytest.mark.parametrize("name", LAWFUL)
def test_arrays_say_what_calls_say(name: str) -> None:
    s = ALL[name]
    points = [dict(point) for point in grid(s, 12)]
    columns = {letter: np.array([float(at[letter]) for at in points]) for letter in points[0]}
    got = s.evaluate(**columns)
    for i, at in enumerate(points):
        g = s(**{letter: values[i] for letter, values in columns.items()})
        assert got["applies"][i] == (g.applies is True), at
        np.testing.assert_allclose(got["log_failure"][i], g.log_failure, rtol=1e-9, atol=1e-300)
        if g.bound is not None:
            np.testing.assert_allclose(got["bound"][i], g.bound, rtol=1e-9)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", [*list(ALL)[::9], *(pytest.param(name, marks=pytest.mark.slow) for name in ALL)])
def test_no_command_fails_with_anything_but_a_line(name: str, command: str) -> None:
    s = ALL[name]
    where = f"{HERE / ('true.py' if name in TRUE else 'false.py')}:{attribute(name)}"
    at = [f"{letter}={value}" for letter, value in inside(s).items()]
    letter = s.parameters[0].name
    rest = {
        "eval": [where, *at, "--exact"], "solve": [where, letter, *at[1:], "failure=0.1"],
        "table": [where, "--over", at[0], *(part for one in at[1:] for part in ("--fix", one))],
        "plot tightness": [where, "--over", f"{letter}={at[0].partition('=')[2]}:{at[0].partition('=')[2]}:1"],
        "audit": [where, "--points", "10"], "falsify": [where, "--seconds", "0.5"],
        "simulate": [where, *at, "--trials", "50"], "ledger": [where, *at], "graph": [],
    }.get(command, [where])  # fmt: skip
    done = CliRunner().invoke(main, [*command.split(), *rest])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    assert "Traceback" not in done.output
    assert done.exit_code in (0, 1, 2, 3, 4), done.output
    if done.exit_code == 1:
        assert name in FALSE, done.output


def attribute(name: str) -> str:
    """What a statement is called in its file."""
    import adversarial.statements.false as false
    import adversarial.statements.true as true

    return next(key for room in (true, false) for key, value in vars(room).items() if value is ALL[name])


NOT_AT_60_POINTS: set[str] = set()

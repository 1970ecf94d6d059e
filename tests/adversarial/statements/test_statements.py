"""Eighty and more statements from outside the paper, true and false, through everything that boundkit does."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

from click.testing import CliRunner
import numpy as np
import pytest
from support import some

from adversarial.statements.false import FALSE, WITNESS
from adversarial.statements.true import TRUE
import boundkit as bk
from boundkit.cli import main
from boundkit.simulate import check
from boundkit.studies.auditing import grid

HERE = Path(__file__).parent
SEEDS = (0, 1, 2)
ALL = {**TRUE, **FALSE}
LAWFUL = [name for name, s in ALL.items() if s.truth is not None]
COMMANDS = ("show", "eval", "solve", "table", "plot tightness", "audit", "falsify", "simulate", "errata", "certificate",
            "budget", "cite", "graph")  # fmt: skip


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
        assert bk.check_point(s, **at).status.name == "FALSE"
    else:
        assert check(s, 4000, seed=1, **at).verdict.name == "VIOLATED"


@pytest.mark.parametrize(("name", "seed"), some(product(FALSE, SEEDS), 2))
def test_a_false_statement_is_found_false(name: str, seed: int) -> None:
    found = bk.falsify(FALSE[name], seed=seed).counterexample
    assert found is not None
    assert found.statement == FALSE[name]


@pytest.mark.parametrize(("name", "seed"), some(product(TRUE, SEEDS), 2))
def test_a_true_statement_is_never_found_false(name: str, seed: int) -> None:
    assert bk.falsify(TRUE[name], seed=seed, points=1000).counterexample is None


@pytest.mark.parametrize("name", some(ALL, 2))
def test_the_audit_gives_no_wrong_verdict(name: str) -> None:
    (entry,) = bk.audit(ALL[name], points=200).entries
    assert entry.is_false == (name in FALSE)


@pytest.mark.parametrize("name", some(LAWFUL, 6))
def test_arrays_say_what_calls_say(name: str) -> None:
    s = ALL[name]
    points = [dict(point) for point in grid(s, 12)]
    columns = {parameter: np.array([float(at[parameter]) for at in points]) for parameter in points[0]}
    got = s.evaluate(**columns)
    for i, at in enumerate(points):
        g = s(**{parameter: values[i] for parameter, values in columns.items()})
        assert got["applies"][i] == (g.applies is True), at
        np.testing.assert_allclose(got["log_failure"][i], g.log_failure, rtol=1e-9, atol=1e-300)
        if g.bound is not None:
            np.testing.assert_allclose(got["bound"][i], g.bound, rtol=1e-9)


@pytest.mark.parametrize(("name", "command"), some(product(ALL, COMMANDS), 12))
def test_no_command_fails_with_anything_but_a_line(name: str, command: str) -> None:
    s = ALL[name]
    where = f"{HERE / ('true.py' if name in TRUE else 'false.py')}:{attribute(name)}"
    at = [f"{parameter}={value}" for parameter, value in inside(s).items()]
    parameter = s.parameters[0].name
    rest = {
        "eval": [where, *at, "--exact"], "solve": [where, parameter, *at[1:], "failure=0.1"],
        "table": [where, *at[1:], "--over", at[0]],
        "plot tightness": [where, "--over", f"{parameter}={at[0].partition('=')[2]}:{at[0].partition('=')[2]}:1"],
        "audit": [where, "--points", "10"], "falsify": [where, "--seconds", "0.5"],
        "simulate": [where, *at, "--trials", "50"], "budget": [where, *at], "graph": [],
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

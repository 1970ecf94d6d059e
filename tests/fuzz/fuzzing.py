"""Random calls, arrays and command lines: never a traceback, a nan verdict, or an "applies" that is not so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
import json
from math import isnan
import os
from pathlib import Path
from random import Random
import subprocess
import sys
import traceback
from typing import Any

from click.testing import CliRunner
from fuzz.again import certain
from fuzz.draws import READINGS, command_line, sensible, values
import numpy as np

import boundkit as bk
from boundkit.api.objects import Statement
from boundkit.cli import main

ROWS, WIDE = (
    200,
    5,
)  # points in one call of evaluate; so many times more where a parameter broadcasts against the others
PRINTED = 20  # one call of so many is printed in every way, one of ten times as many asked for its exact law


class Found(list[str]):
    """What went wrong, and a count of what was tried."""

    def __init__(self) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()

    def guard(self, what: str, act: Callable[[], Any]) -> Any:
        """Run, and note anything raised that is not the package's own refusal."""
        try:
            return act()
        except bk.BoundkitError as error:
            self.count[f"refused: {type(error).__name__}"] += 1
        except Exception:  # noqa: BLE001 - that is what is looked for
            self.append(f"{what}\n{traceback.format_exc(limit=-4)}")
        return None


def fuzz_arrays(points: int, seed: int) -> Found:
    """`evaluate` on arrays of all kinds, until so many points have been asked for."""
    found, rng = Found(), Random(f"arrays {seed}")
    while found.count["points"] < points:
        s = rng.choice(READINGS)
        arrays = _arrays(s, rng)
        found.count["calls"] += 1
        found.count["points"] += ROWS * (WIDE if any(getattr(a, "ndim", 0) == 2 for a in arrays.values()) else 1)
        what = f"{s.name} ({len(s.readings)}).evaluate: {_said(arrays)}"
        some = rng.choice((("applies",), ("log_exact",), ("log_failure", "applies")))
        columns = some if rng.random() < 0.05 else None
        got = found.guard(what, lambda s=s, c=columns, a=arrays: s.evaluate(columns=c, **a))
        if got is not None:
            _judge_arrays(s, arrays, got, found)
    return found


def _arrays(s: Statement, rng: Random) -> dict[str, Any]:
    """Rows of sensible values, as one of many types; now and then a column with something odd in it."""
    rows = [_row(s, rng) for _ in range(ROWS)]
    arrays: dict[str, Any] = {}
    for p in s.parameters:
        column = [row[p.name] for row in rows]
        form = rng.randrange(6)
        if form == 0:
            arrays[p.name] = column  # ints, floats and Fractions side by side
        elif form == 1:
            arrays[p.name] = np.array(column, dtype=object)
        elif form == 2 and p.integer:
            arrays[p.name] = np.array([int(x) for x in column])
        else:
            arrays[p.name] = np.array([float(x) for x in column], dtype=rng.choice(("f8", "f8", "f8", "g", "f4")))
    tied = set().union(*(end.free_symbols for p in s.parameters for end in (p.low, p.high)))
    if alone := [p for p in s.parameters if p.symbol not in tied and not (p.low.free_symbols | p.high.free_symbols)]:
        p = rng.choice(alone)
        arrays[p.name] = np.array([[sensible(p, rng, {})] for _ in range(WIDE)])
    if rng.random() < 0.1:
        arrays |= values(s, rng, 0.7, 0.5)
    return arrays


def _row(s: Statement, rng: Random) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for p in s.parameters:
        row[p.name] = sensible(p, rng, row)
    return row


def _judge_arrays(s: Statement, arrays: dict[str, Any], got: dict[str, np.ndarray], found: Found) -> None:
    found.count["calls answered"] += 1
    if "log_failure" in got and np.isnan(got["log_failure"]).any():
        found.append(f"{s.name}: log_failure is nan at {_at(s, arrays, np.isnan(got['log_failure']))}")
    if "applies" not in got or any(p.name not in arrays and p.default is None for p in s.parameters):
        return
    applies = np.atleast_1d(got["applies"])
    columns = {
        p.name: np.broadcast_to(np.asarray(arrays.get(p.name, p.default), dtype=object), applies.shape).ravel()
        for p in s.parameters
    }
    for i, told in enumerate(applies.ravel()):
        point = {name: _exact(column[i]) for name, column in columns.items()}
        _judge(s, point, bool(told), found)
    nowhere = np.isnan(got["bound"]) & got["applies"] if "bound" in got else np.False_
    if s is bk.catalogue[s.name] and np.any(nowhere):  # the readings before it may promise what is not defined
        found.append(f"{s.name}: the bound is nan where it applies, {_at(s, arrays, nowhere)}")


def _judge(s: Statement, point: dict[str, Fraction], told: bool | None, found: Found) -> None:
    so = certain(s, point)
    found.count[f"applies {told}, again {so}"] += 1
    if told is not None and so is not None and told is not so:
        found.append(f"{s.name} ({len(s.readings)}) says applies = {told} at {point}; again: {so}")


def _said(values: dict[str, Any]) -> str:
    try:
        return repr(values)[:1000]
    except ValueError:  # an int too long for Python to write
        return ", ".join(values)


def _exact(value: Any) -> Fraction:
    return Fraction(*value.as_integer_ratio()) if isinstance(value, np.floating) else Fraction(value)


def _at(s: Statement, arrays: dict[str, Any], where: np.ndarray) -> dict[str, Any]:
    i = int(np.flatnonzero(np.atleast_1d(where).ravel())[0])
    return {p.name: np.broadcast_to(arrays.get(p.name, p.default), np.shape(where)).ravel()[i] for p in s.parameters}


def fuzz_calls(calls: int, seed: int) -> Found:
    """Statements called with values for some parameters, sensible and odd; some printed, some asked for their law."""
    found, rng = Found(), Random(f"calls {seed}")
    for i in range(calls):
        s = rng.choice(READINGS)
        given = values(s, rng, odd=rng.choice((0, 0, 0.1)), missing=rng.choice((0, 0, 0.3)))
        found.count["calls"] += 1
        what = f"{s.name} ({len(s.readings)}) called: {_said(given)}"
        g = found.guard(what, lambda s=s, v=given: s(**v))
        if g is not None:
            found.guard(what, lambda g=g, i=i: _judge_call(g, i, found))
    return found


def _judge_call(g: bk.Guarantee, i: int, found: Found) -> None:
    found.count[g.verdict.name] += 1
    if not g.free:
        _judge(g.statement, {name: Fraction(value) for name, value in g.values}, g.applies, found)
        if isnan(g.log_failure) or isnan(g.failure) or isnan(g.probability):
            found.append(f"{g!r}: its failure is nan")
    if i % PRINTED == 0:
        printed = (str(g), repr(g), g.latex(), g._repr_html_(), json.dumps(g.to_dict(), allow_nan=False))
        found.count["printed"] += 1
        if any("nan" in text for text in printed):
            found.append(f"{g.statement.name} {g.values} prints nan:\n{g}")
        found.guard(f"{g!r}.digits()", g.digits)
    if i % (10 * PRINTED) == 0:
        found.count["exact"] += 1
        true = found.guard(f"{g!r}.exact()", g.exact)
        if true is not None and not true.enclosure[0] <= true.log_failure <= true.enclosure[1]:
            found.append(f"{g!r}: {true} is not in its enclosure {true.enclosure}")


def fuzz_commands(lines: int, seed: int, folder: Path, drawn: Callable[[Random], list[str]] = command_line) -> Found:
    """Command lines in this process, with `folder` as the working directory."""
    found, rng, runner, here = Found(), Random(f"commands {seed}"), CliRunner(), Path.cwd()
    os.chdir(folder)
    try:
        for _ in range(lines):
            words = drawn(rng)
            found.count["lines"] += 1
            found.count[f"command {words[0]}"] += 1
            result = runner.invoke(main, words)
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                found.append(f"{words}\n{''.join(traceback.format_exception(result.exception, limit=-4))}")
            _judge_command(words, result.exit_code, result.output, found)
    finally:
        os.chdir(here)
    return found


def fuzz_real_commands(lines: int, seed: int, folder: Path) -> Found:
    """Command lines through the installed command, which is what a shell runs."""
    found, rng = Found(), Random(f"real {seed}")
    command = str(Path(sys.executable).with_name("boundkit"))
    while found.count["lines"] < lines:
        words = command_line(rng)
        found.count["lines"] += 1
        done = subprocess.run([command, *words], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        _judge_command(words, done.returncode, done.stdout + done.stderr, found)
    return found


def _judge_command(words: list[str], code: int, output: str, found: Found) -> None:
    found.count[f"exit code {code}"] += 1
    if code not in (0, 1, 2, 3):
        found.append(f"{words}: exit code {code}\n{output[-500:]}")
    if "Traceback (most recent" in output:
        found.append(f"{words} prints a traceback\n{output[-1500:]}")

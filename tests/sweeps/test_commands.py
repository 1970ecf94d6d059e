"""The commands sweep and runs, and the TOML files they read: every mistake is named by its line."""

from collections.abc import Iterator
from contextlib import suppress
import csv
from fractions import Fraction
import io
import json
import os
from pathlib import Path
import signal
import subprocess
import sys
import time

from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import pytest
from support import examples

import boundkit as bk
from boundkit.cli import main
from boundkit.errors import BoundkitError, ParameterError
from boundkit.studies.sweeps.sweep_files import read_sweep_file

GOOD = """\
store = "runs.sqlite"

[[sweep]]            # a comment with ell = 5 in it
what = "theorem_5_1"
kind = "exact"

[sweep.grid]
d = "100:300:100"
ell = [50, 60]
m = 2

[[sweep]]
what = "lemma_b_1"
trials = 100
seeds = 2
grid = [{ n = 10, sigma = 0.1 }, { n = "20:30:10" }]
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a folder of its own, and the good file in it."""
    monkeypatch.chdir(tmp_path)
    Path("good.toml").write_text(GOOD)


def test_a_file_is_swept_and_its_store_shown() -> None:
    result = run("sweep", "good.toml", "--workers", "1")
    assert result.exit_code == 0, result.output
    assert result.output == run("sweep", "good.toml", "--workers", "1").output  # and nothing runs twice
    assert "12 runs by boundkit" in result.output
    shown = run("runs", "runs.sqlite")
    told = ("lemma_b_1, simulate: 6 runs, over n, sigma", "theorem_5_1, exact: 6 runs, over d, ell, m")
    assert "\n".join(f"  melamed2023.{line}" for line in told) in shown.output
    rows = list(csv.DictReader(io.StringIO(run("runs", "runs.sqlite", "--format", "csv").output)))
    told = json.loads(run("runs", "runs.sqlite", "--format", "json").output)["rows"]
    assert len(rows) == len(told) == 12
    assert [row["n"] for row in rows[:4]] == ["10", "10", "20", "20"]
    assert {row["sigma"] for row in rows[:2]} == {"0.1"}


def test_the_example_prints_what_the_page_says() -> None:
    root = Path(__file__).parent.parent.parent
    result = run("sweep", str(root / "examples" / "sweep.toml"), "--workers", "2")
    assert result.exit_code == 0
    assert f"```text\n{result.output}```" in (root / "docs" / "sweeps.md").read_text()


def test_numbers_in_a_file_are_exact() -> None:
    (_, (_, tasks)) = read_sweep_file("good.toml").sweeps
    assert tasks[0].parameters["sigma"] == Fraction(1, 10)


def test_exit_codes() -> None:
    Path("false.toml").write_text(
        '[[sweep]]\nwhat = "theorem_4_1"\n[sweep.grid]\nd = 100\nell = [50, 200]\nm = 4\nk = 2\n'
    )
    mixed = run("sweep", "false.toml", "--workers", "1", "--store", "a.sqlite")
    assert mixed.exit_code == 0
    assert "1 failed" in mixed.output
    assert "ell = 200: the dimension orthogonal to the data is at most d = 100" in mixed.output
    for words, says in (
        (("sweep", "none.toml"), "none.toml cannot be read: No such file"),
        (("sweep", "."), "cannot be read"),
        (("sweep", "false.toml"), "names no store"),
        (("sweep", "good.toml", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"), "leave it out"),
        (("sweep", "good.toml", "--store", "none/runs.sqlite"), "no folder none; make it first"),
        (("sweep", "good.toml", "--store", "good.toml"), "good.toml is not a database"),
        (("runs", "none.sqlite"), "there is no file none.sqlite"),
        (("runs", "good.toml"), "good.toml is not a database"),
    ):
        result = run(*words)
        assert result.exit_code == 2
        assert says in result.output
        assert "Traceback" not in result.output
    assert Path("good.toml").read_text() == GOOD


def test_a_statement_found_false_exits_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    from boundkit.api.papers import Catalogue

    printed = bk.lemma_c_3.as_printed
    monkeypatch.setattr(Catalogue, "__getitem__", lambda _self, _name: printed)
    Path("c3.toml").write_text(
        'store = "c.sqlite"\n[[sweep]]\nwhat = "lemma_c_3"\n'
        "grid = { n = 100, sigma_1 = 1, sigma_2 = 5, t = 25, r = 0 }\n"
    )
    result = run("sweep", "c3.toml", "--workers", "1")
    assert result.exit_code == 1
    assert "1 found it false" in result.output


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('store = "runs.sqlite"', "store = runs", 1, "Invalid value"),
        ('store = "runs.sqlite"', "store = 5", 1, "write the name of a file"),
        ('store = "runs.sqlite"', 'stor = "runs.sqlite"', 1, "did you mean store"),
        ('what = "theorem_5_1"', 'what = "theorem_51"', 4, "did you mean theorem_5_1"),
        ('what = "theorem_5_1"', "what = 5", 4, "name of a statement"),
        ('what = "theorem_5_1"', "", 3, "has no what"),
        ('kind = "exact"', 'kind = "exat"', 5, "choose one of"),
        ('kind = "exact"', 'knd = "exact"', 5, "did you mean kind"),
        ('kind = "exact"', 'kind = "exact"\ntrials = 5', 6, "trials belong to"),
        ('kind = "exact"', "seeds = 5", 5, "nothing is random"),
        ('"100:300:100"', '"100:300"', 8, "d: '100:300' is no range"),
        ('"100:300:100"', "1979-05-27", 8, "d: a real number is needed, not date"),
        ('"100:300:100"', "nan", 8, "d: a finite number"),
        ('"100:300:100"', "\"__import__('os').system('true')\"", 8, "not a number"),
        ("ell = [50, 60]", 'ell = ["50"]', 9, "text is not a number"),
        ("ell = [50, 60]", "ell = [50, 60", 10, "at line 10"),
        ("ell = [50, 60]", "elll = [50, 60]", 9, "did you mean ell"),
        ("trials = 100", "trials = 1.5", 14, "the number of trials"),
        ("seeds = 2", "seeds = -2", 15, "the number of seeds"),
        ("n = 10, sigma", "n = [], sigma", 16, "n: no values"),
        ("sigma = 0.1", "tau = 0.1", 16, "no parameter 'tau'"),
        ("grid = [{ n = 10, sigma = 0.1 }, { n = \"20:30:10\" }]", "grid = 3", 16, "no grid"),
        ("grid = [{ n = 10, sigma = 0.1 }, { n = \"20:30:10\" }]", "", 12, "has no grid"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_file_is_named_by_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in GOOD
    Path("bad.toml").write_text(GOOD.replace(old, new, 1))
    result = run("sweep", "bad.toml", "--workers", "1")
    assert result.exit_code == 2
    assert f"line {line}" in result.output
    assert says in result.output
    assert not Path("runs.sqlite").exists()


def test_a_file_without_a_sweep_and_a_file_that_is_no_text() -> None:
    Path("empty.toml").write_text('store = "runs.sqlite"\n')
    assert "there is no sweep; write each below a line [[sweep]]" in run("sweep", "empty.toml").output
    Path("binary.toml").write_bytes(b"\xff\xfe\x00")
    assert "is not text in UTF-8" in run("sweep", "binary.toml").output


ODD = ("[sweep]", "grid = 1", "[[sweep.grid]]", "sweep = 3", "n = {}", "d = [[1]]")
PIECES = st.sampled_from([*GOOD.splitlines(), *ODD])


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=12), st.text(max_size=10))
def test_no_file_gives_a_traceback(lines: list[str], rest: str) -> None:
    Path("any.toml").write_text("\n".join([*lines, rest]), encoding="utf-8", newline="")
    with suppress(ParameterError):
        assert read_sweep_file("any.toml").sweeps


@pytest.fixture
def heard() -> Iterator[None]:
    """Ctrl-C is heard by what is started here: a shell's background job ignores it, and so would its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_at_the_command_line() -> None:
    """SIGINT to the whole group, as a terminal sends it: no traceback from anybody, exit code 130, and then on."""
    Path("long.toml").write_text(
        'store = "long.sqlite"\n[[sweep]]\nwhat = "theorem_5_1"\n'
        'grid = { d = 100_000, ell = "10000:90000:100", m = 10 }\n'
    )
    words = [sys.executable, "-m", "boundkit", "sweep", "long.toml", "--workers", "2"]
    with subprocess.Popen(
        words, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        store, until = Path("long.sqlite"), time.monotonic() + 60
        while time.monotonic() < until and not (store.exists() and store.stat().st_size and len(bk.runs(store))):
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 130, output
    done = len(bk.runs(store))
    assert 0 < done < 801
    assert output.strip() == (
        f"stopped after {done} of 801 tasks, which are in long.sqlite; the same sweep into it goes on: "
        "boundkit sweep long.toml"
    )


LONG, HEX = "9" * 5000, "0x" + "f" * 6000
STORE, N, WHAT, KIND, SEEDS = '"runs.sqlite"', "n = 10,", '"lemma_b_1"', 'kind = "exact"', "seeds = 2"
HOSTILE = (
    (N, f"n = {LONG},"), (N, f"n = {HEX},"), (N, "n = 1e99999999,"), (N, "n = 1e-99999999,"), (N, f"n = 1.{LONG},"),
    (N, f'n = "{LONG}",'), (N, f'n = "1:{LONG[:400]}:x2",'), (N, f"n = {'[' * 3000}{']' * 3000},"), (N, "n = inf,"),
    (N, "n = { a = { b = 1 } },"), (N, '"\\u001b\\n" = 10,'), ("trials = 100", f"trials = {LONG}"),
    ("trials = 100", f"trials = {HEX}"), ("trials = 100", "trials = 100\nversion = [1]"), (SEEDS, f"seeds = {HEX}"),
    (SEEDS, "seeds = 10_000_000_000"), (SEEDS, "seeds = { a = 1 }"), (KIND, f"kind = {HEX}"), (KIND, "kind = [1]"),
    (KIND, "version = 0"), (STORE, HEX), (STORE, '":memory:"'), (STORE, '"a\\u0000b"'), (STORE, '"/dev/full"'),
    (STORE, '"/none/\\u001b[31m\\n/x"'), (STORE, f'"{LONG}"'), (WHAT, HEX), (WHAT, '"\\u001b[31m\\n.py:x"'),
    (WHAT, '"/dev/null.py:x"'), ("[[sweep]]", f"{'a.' * 3000}a = 1\n[[sweep]]"),
    ("[[sweep]]", f"[{'a.' * 3000}a]\n[[sweep]]"), ("[[sweep]]", "\ufeff[[sweep]]"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new"), HOSTILE, ids=[f"{old} {new[:24]!r}" for old, new in HOSTILE])
def test_a_hostile_file_is_a_line_and_exit_code_2(old: str, new: str) -> None:
    assert old in GOOD
    Path("bad.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    result = run("sweep", "bad.toml", "--workers", "1")
    assert result.exit_code == 2, result.output
    assert result.output.count("\n") == 1
    assert result.output.startswith("Error: ")
    assert len(result.output) < 2100
    assert all(x.isprintable() for x in result.output.rstrip("\n"))


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.text(max_size=3)), min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused_in_a_line(changes: list) -> None:
    text = GOOD
    for at, length, new in changes:
        text = text[:at] + new + text[at + length :]
    Path("any.toml").write_text(text, encoding="utf-8", newline="", errors="replace")
    with suppress(BoundkitError):
        read_sweep_file("any.toml")

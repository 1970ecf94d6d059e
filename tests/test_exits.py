"""How commands end: one line and an exit code that means one thing, in real processes."""

from collections.abc import Callable
import os
from pathlib import Path
import random
import signal
import subprocess
import sys
import time

from click.testing import CliRunner
import pytest

import boundkit as bk
from boundkit.cli import main

# As the installed command begins; what comes before is Python's own start, which no package can speak for.
COMMAND = "import os; from boundkit.__main__ import run; os.write(1, b'.'); run()"
EVAL = ("eval", "theorem_5_1", "d=1000000", "ell=900000", "m=10", "--exact")
LONG = """\
store = "long.sqlite"
[[sweep]]
what = "theorem_5_1"
grid = { d = 100_000, ell = "10000:90000:100", m = 10 }
"""


def shell(line: str) -> subprocess.CompletedProcess:
    done = f"{sys.executable} -m boundkit {line}"
    return subprocess.run(["bash", "-c", done], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words",
    ["--version", *(pytest.param(line, marks=pytest.mark.slow) for line in ("list", "eval --help", "show lemma_b_1"))],
)
def test_a_full_disk_is_a_line_and_a_closed_pipe_is_silence(words: str) -> None:
    full = shell(f"{words} > /dev/full")
    assert full.returncode == 74
    assert full.stderr == "Error: the output could not be written: No space left on device\n"
    piped = shell(f"{words} | true; exit ${{PIPESTATUS[0]}}")
    assert piped.returncode in (0, 141)  # 0 where it was faster than `true`
    assert piped.stderr == ""
    assert shell(f"{words} > /dev/full 2>&1").returncode == 74
    closed = shell(f"{words} >&-")
    assert (closed.returncode, closed.stderr) == (74, "Error: the output could not be written: it is closed\n")
    assert shell(f"{words} >&- 2>&- <&-").returncode == 74


@pytest.mark.slow
def test_a_counterexample_that_nobody_read_is_no_verdict() -> None:
    assert shell("eval lemma_b_1 n=x 2> /dev/full").returncode == 2
    falsify = "falsify lemma_c_3 --as-printed"
    assert shell(f"{falsify} > /dev/full").returncode == 74
    assert shell(f"{falsify} | true; exit ${{PIPESTATUS[0]}}").returncode == 141


def fails(error: BaseException) -> Callable[..., None]:
    def failing(*_args: object, **_options: object) -> None:
        raise error

    return failing


def test_a_failure_of_our_own_is_a_line_and_70(monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (KeyError("x\n\x1b[31m"), RecursionError("deep"), MemoryError(), SystemError("C"), OSError(5, "no")):
        monkeypatch.setattr(bk, "audit", fails(error))
        done = CliRunner().invoke(main, ["audit"])
        if isinstance(error, OSError):
            assert done.exit_code == 74
            continue
        assert done.exit_code == 70
        line, rest = done.output.split("\n", 1)
        assert line.startswith(f"Error: boundkit itself failed: {type(error).__name__}: ")
        assert "cli/checks.py, line" in line
        assert "BOUNDKIT_DEBUG=1" in line
        assert (rest, "\x1b" in line) == ("", False)
        monkeypatch.setenv("BOUNDKIT_DEBUG", "1")
        shown = CliRunner().invoke(main, ["audit"])
        assert (shown.exit_code, "Traceback (most recent call last)" in shown.output) == (70, True)
        monkeypatch.delenv("BOUNDKIT_DEBUG")


def test_ctrl_c_that_a_library_turned_into_its_own_error_is_still_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    def imports(*_args: object, **_options: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as stopped:
            raise ImportError("numpy could not be imported") from stopped

    monkeypatch.setattr(bk, "audit", imports)
    done = CliRunner().invoke(main, ["audit"])
    assert (done.exit_code, done.output) == (130, "\nInterrupted.\n")


def interrupted_at(delay: float, words: tuple[str, ...], folder: Path) -> tuple[int, list[str]]:
    """The exit code, and the lines on both streams after Ctrl-C so many seconds from the start."""
    listens = lambda: signal.signal(signal.SIGINT, signal.default_int_handler)  # noqa: E731  a shell's job may not
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words], cwd=folder, start_new_session=True, preexec_fn=listens,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(bk.__file__).parent.parent)},
    ) as process:  # fmt: skip
        assert process.stdout.read(1) == "."
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=120)
    return process.returncode, [line for line in told.splitlines() if line.strip()]


def check_interrupts(seed: int, times: int, longest: float, words: tuple[str, ...], folder: Path) -> None:
    rng = random.Random(seed)
    for _ in range(times):
        delay = rng.uniform(0.02, longest)
        code, lines = interrupted_at(delay, words, folder)
        if code == 0:  # it was done already
            assert lines == []
        else:
            assert (code, len(lines)) == (130, 1), (delay, code, lines)


def test_ctrl_c_at_any_moment_is_a_line_and_130(tmp_path: Path) -> None:
    check_interrupts(1, 2, 0.15, EVAL, tmp_path)
    check_interrupts(2, 2, 1.2, EVAL, tmp_path)


def test_ctrl_c_while_workers_start_is_a_line_and_130(tmp_path: Path) -> None:
    (tmp_path / "long.toml").write_text(LONG)
    check_interrupts(3, 2, 2.0, ("sweep", "long.toml", "--workers", "2"), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 8))
def test_ctrl_c_often(tmp_path: Path, seed: int) -> None:
    (tmp_path / "long.toml").write_text(LONG)
    check_interrupts(seed, 15, 3.0, ("sweep", "long.toml", "--workers", "2"), tmp_path)
    check_interrupts(seed, 15, 1.5, EVAL, tmp_path)
    check_interrupts(seed, 10, 2.0, ("audit", "lemma_b_1", "--points", "10"), tmp_path)

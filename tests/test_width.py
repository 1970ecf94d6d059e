"""No line of any command is wider than the terminal, but for tables and formats that are asked for."""

import contextlib
import os
from pathlib import Path
import shlex

import click
from click.testing import CliRunner
import pytest
from support import some

from boundkit.cli import main
from boundkit.text import filled, fitted

ASKED = """
list --all
show --all
eval theorem_5_1 d=1000 ell=600 m=10 --exact
eval theorem_5_1 d=1e6 ell=9e5 m=10 --exact
eval theorem_6_2 d=1000
solve theorem_5_1 ell d=1e6 m=10 failure=0.01
solve theorem_4_1 ell d=1000 m=10 k=6 bound=0.5
solve sharpened_5_1 c failure=0.01 d=1000 ell=600 m=10 --exact
certificate theorem_5_1 remark_3_1 lemma_c_3
budget theorem_5_1 d=1e6 ell=9e5 m=10 k=1
budget sharpened_5_1 d=1000 ell=600 m=10 k=1
errata --all
audit lemma_b_1 theorem_4_1 uml_b_12_above --points 20 --no-simulate
review lemma_b_2 n=100 m=4
falsify uml_b_12_above --as-printed
simulate lemma_b_1 n=20 --trials 100
graph --all
cite --all
bounds binomial_at_least n=1000 p=0.1 x=150
bounds chi_square_at_least n=600 --over a=1.1:3:0.4
compare d=784 m=2
plot tightness lemma_b_1 --over n=10:100:10 -o picture.svg
plot coverage theorem_5_1 --over d=100:1e6:x10 --over m=1:100:x10 -o picture.svg
plot gradient d=100 ell=50 m=10 k=5 --trials 100 -o picture.svg
sweep sweep.toml
runs runs.sqlite
""".strip().splitlines()
TABLES = ("table",)  # as wide as what is asked for
ELSEWHERE = (
    "explore",
    "completion",
    "figure",
    "plot flips",
    "plot lengths",
    "plot pixels",
    "plot residue",
    "network",
)  # a page, a script, pictures that take long
SWEEP = """store = "runs.sqlite"
[[sweep]]
what = "lemma_b_1"
kind = "evaluate"
grid = {n = "10:30:10"}
"""


def commands(group: click.Group = main, start: str = "") -> list[str]:
    found = []
    for name, command in group.commands.items():
        found += commands(command, f"{name} ") if isinstance(command, click.Group) else [start + name]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("width")
    (made / "sweep.toml").write_text(SWEEP)
    with contextlib.chdir(made):  # so that there are runs to show
        lines("sweep sweep.toml", 80)
    return made


def lines(words: str, columns: int) -> list[str]:
    done = CliRunner(env={"COLUMNS": str(columns)}).invoke(main, shlex.split(words))
    assert done.exit_code in (0, 1, 3), done.output
    return done.stdout.splitlines()


@pytest.mark.parametrize("words", some(ASKED, 10, keep=lambda words: words.startswith(("sweep", "runs"))))
def test_no_line_is_wider_than_80(words: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Piped as here, or at a terminal."""
    monkeypatch.chdir(folder)
    printed = lines(words, 80)
    assert printed
    assert [line for line in printed if len(line) > 80] == []


@pytest.mark.parametrize(
    "words", [*(x for x in ASKED if x.startswith(("eval", "solve", "audit", "list"))), "review lemma_b_1"]
)
def test_no_line_is_wider_than_a_narrow_terminal(words: str) -> None:
    """All but what is one word, as the name of a statement or a formula without a space."""
    assert [line for line in lines(words, 60) if len(line) > 60 and " " in line.strip()] == []


@pytest.mark.parametrize("command", commands())
def test_help_is_no_wider_either(command: str) -> None:
    assert max(map(len, lines(f"{command} --help", 80))) <= 80


def test_every_command_is_asked() -> None:
    asked = {words for words in commands() for line in ASKED if f"{line} ".startswith(f"{words} ")}
    assert set(commands()) - asked == {*TABLES, *ELSEWHERE}


def test_a_wide_terminal_is_used_and_nothing_is_lost() -> None:
    words = "solve theorem_5_1 ell d=1e6 m=10 failure=0.01"
    narrow, wide = lines(words, 50), lines(words, 200)
    assert len(wide) == 2 < len(narrow)
    assert " ".join(narrow).split() == " ".join(wide).split()


def test_relations_are_not_torn() -> None:
    assert filled("for every k >= 1", 14).splitlines() == ["for every", "  k >= 1"]
    assert fitted("as it is   here", 20) == "as it is   here"


def test_80_is_what_a_pipe_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert "COLUMNS" not in os.environ
    done = CliRunner().invoke(main, ["eval", "theorem_5_1", "d=1000", "ell=600", "m=10", "--exact"])
    assert 60 < max(map(len, done.output.splitlines())) <= 80

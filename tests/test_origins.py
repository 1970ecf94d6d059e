"""Whatever leaves the terminal says by which version and command it was made; that command makes it again."""

from __future__ import annotations

import json
from pathlib import Path
import re
import shlex

from click.testing import CliRunner
import pytest

import boundkit as bk
from boundkit.cli import main

C3 = {"n": 100, "t": 2, "sigma_1": 1, "sigma_2": 1}
TABLE = "table lemma_b_1 sigma=1 --over n=10,100"
BOUNDS = "bounds binomial_at_least n=1000 p=0.1 x=150"
COMPARE = "compare d=30 m=2 --searched 0"
AUDIT = "audit lemma_b_1 --points 5 --no-simulate"
WRITERS = [
    *((TABLE, form) for form in ("latex", "markdown", "csv", "json")),
    *((words, form) for words in (BOUNDS, "bounds normal_at_least --over t=1,2") for form in ("latex", "csv", "json")),
    *((COMPARE, form) for form in ("latex", "markdown", "csv", "json")),
    *((AUDIT, form) for form in ("latex", "markdown", "json")),
    *(
        (words, "json")
        for words in (
            "eval lemma_b_1 n=20 sigma=1 --exact",
            "solve lemma_b_1 n sigma=1 failure=1e-6",
            "simulate lemma_b_1 n=20 sigma=1 --trials 50 --seed 3",
            "falsify lemma_b_1 lemma_c_1",
            "review lemma_b_1",
            "certificate lemma_b_1 lemma_c_1",
            "budget lemma_c_3 n=100 t=2 sigma_1=1 sigma_2=1",
            "show lemma_b_1",
            "graph",
            "list",
        )
    ),
    ("errata lemma_b_1", "latex"),
    ("budget lemma_c_3 n=100 t=2 sigma_1=1 sigma_2=1", "latex"),
]


def printed(words: list[str]) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def origin(text: str, form: str) -> str:
    """The command that a table says it was made by."""
    if form == "json":
        read = json.loads(text)
        told, *others = read if isinstance(read, list) else [read]
        assert all(one["command"] == told["command"] for one in others)
        assert told["boundkit"] == bk.__version__
        return str(told["command"])
    line = text.rstrip().splitlines()[-1 if form == "markdown" else 0]
    found = re.fullmatch(rf"(?:[%#] |- )?boundkit {bk.__version__}: (boundkit .*)", line)
    assert found, line
    return found[1]


@pytest.mark.parametrize(("words", "form"), WRITERS)
def test_a_table_says_what_makes_it_again(words: str, form: str) -> None:
    text = printed([*words.split(), "--format", form])
    command = shlex.split(origin(text, form).replace("\\*", "*"))
    assert command[0] == "boundkit"
    again = command[1:] if "--format" in command else [*command[1:], "--format", form]
    assert printed(again) == text
    if words is COMPARE:
        assert "--seed 0" in origin(text, form)


def test_pages_and_folders_and_pictures_say_it_too(tmp_path: Path) -> None:
    page, folder, picture = tmp_path / "a.html", tmp_path / "tables", tmp_path / "a.svg"
    printed([*AUDIT.split(), "--html", str(page), "--latex", str(folder)])
    assert f"boundkit {AUDIT} --html {page}" in page.read_text()
    for file in folder.iterdir():
        assert file.read_text().startswith(f"% boundkit {bk.__version__}: boundkit "), file
    printed(["review", "lemma_b_1", "n=100", "sigma=1", "--html", str(page)])
    assert f"boundkit review lemma_b_1 n=100 sigma=1 --html {page}" in page.read_text()
    printed(["plot", "tightness", "lemma_b_1", "--over", "n=10:100:10", "-o", str(picture)])
    assert "boundkit plot tightness lemma_b_1 --over n=10:100:10" in picture.read_text()
    assert f"boundkit {bk.__version__}" in picture.read_text()
    for shown in (bk.table("lemma_b_1"), bk.bounds(bk.tails.normal_at_least(2)), bk.budget(bk.lemma_c_3, **C3)):
        assert f"boundkit {bk.__version__}" in shown._repr_html_()

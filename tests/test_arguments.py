"""Every command with every form of NAME: a statement, a paper, files and a folder of one's own."""

from itertools import product
import json
from pathlib import Path

from click.testing import CliRunner, Result
import pytest
from support import some

import boundkit as bk
from boundkit.api.loading import load
from boundkit.cli import main
from boundkit.cli.words import ANY
from boundkit.explorer import page as explorer

FOLDER = Path(__file__).parent.parent / "examples" / "my_paper"
AT = ("n=100", "t=0.5")
GRID = ("t=0.5", "--over", "n=50:100:50")
# What stands after the name; {out} is a file to write.
MANY = {
    "audit": ("--points", "3", "--no-simulate"), "list": (), "show": (), "falsify": ("--seconds", "0.2"), "errata": (),
    "graph": (), "explore": ("--no-open", "--out", "{out}.html"), "cite": (), "table": GRID, "certificate": (),
}  # fmt: skip
EACH = {"eval": (*AT, "--exact"), "budget": AT, "simulate": (*AT, "--trials", "50")}
ONE = {
    "solve": ("n", "t=0.5", "failure=0.01"),
    "plot tightness": (*GRID, "-o", "{out}.svg"),
    "plot coverage": ("--over", "n=2:100:x2", "--over", "t=0.1:1:x2", "-o", "{out}.svg"),
}  # fmt: skip
COMMANDS = {**MANY, **EACH, **ONE}
FORMS = {
    "NAME": "theorem_1", "PAPER.NAME": "example2024.theorem_1", "FILE.py:name": f"{FOLDER}/theorem_1.py:theorem_1",
    "FOLDER:name": f"{FOLDER}:theorem_1", "FILE.json": "{json}",
    "PAPER": "example2024", "FILE.py": f"{FOLDER}/theorem_1.py", "FOLDER": f"{FOLDER}",
}  # fmt: skip
SEVERAL = ("PAPER", "FILE.py", "FOLDER")
CODES = {
    **{(command, form): 2 for command in ONE for form in SEVERAL},
    ("simulate", "FILE.json"): 2,
}  # no sampler in it


def run(*words: str) -> Result:
    done = CliRunner().invoke(main, list(words))
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its first lemma as a JSON file."""
    file = tmp_path_factory.mktemp("exchanged") / "lemma_1.json"
    file.write_text(run("show", f"{FOLDER}:lemma_1", "--format", "exchange").output)
    return file


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The paper is known by its name; the explorer's page takes seconds, and has tests of its own."""
    load(FOLDER)
    monkeypatch.setattr(explorer, "explorer_page", lambda chosen, _: ", ".join(one.name for one in chosen))


@pytest.mark.parametrize(("command", "form"), some(product(COMMANDS, FORMS), 40))
def test_every_command_takes_every_form(command: str, form: str, exchanged: Path, tmp_path: Path) -> None:
    name = FORMS[form].format(json=exchanged)
    done = run(*command.split(), name, *(word.format(out=tmp_path / "out") for word in COMMANDS[command]))
    assert done.exit_code == CODES.get((command, form), 0), done.output
    if command in ONE and form in SEVERAL:
        mark = "." if form == "PAPER" else ":"
        assert f"{name} has 3 statements; name one: " in done.output
        assert f"{name}{mark}theorem_1" in done.output
    elif form in SEVERAL and command not in ("explore", "cite", "errata"):
        assert all(word in done.stdout for word in ("emma", "heorem"))
    if command in EACH and form in SEVERAL:
        assert "left out: lemma_2 has no parameter 't'" in done.stderr
        assert "left out" not in done.stdout


@pytest.mark.parametrize("command", MANY)
def test_without_a_name_the_first_paper_is_meant_and_with_all_every_one(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def chosen(names: tuple[str, ...], whole: bool) -> None:
        asked.append((names, whole))
        raise bk.errors.ParameterError("that is enough")

    asked: list[tuple[tuple[str, ...], bool]] = []
    monkeypatch.setattr("boundkit.cli.words.read_chosen", chosen)
    for room in ("checks", "explorer", "papers", "statements"):
        monkeypatch.setattr(f"boundkit.cli.{room}.read_chosen", chosen)
    words = [word.format(out=tmp_path / "out") for word in MANY[command]]
    assert run(command, *words).exit_code == run(command, "--all", *words).exit_code == 2
    assert asked == [((), False), ((), True)]


def test_all_is_not_said_beside_a_name() -> None:
    done = run("show", "--all", "lemma_b_1")
    assert (done.exit_code, "--all is everything; leave out lemma_b_1" in done.output) == (2, True)


@pytest.mark.parametrize("words", [(), *(tuple(command.split()) for command in COMMANDS)], ids=" ".join)
def test_every_help_says_in_the_same_words_what_a_name_is(words: tuple[str, ...]) -> None:
    assert ANY.rstrip(".") in " ".join(run(*words, "--help").output.split())


def test_what_is_found_false_in_a_paper_is_1_and_stops_no_other_search() -> None:
    done = run("falsify", str(FOLDER), "--as-printed", "--seconds", "1")
    assert done.exit_code == 1
    assert "Lemma 1 as printed is false at n = 4, t = 1" in done.output
    assert "Theorem 1: no counterexample found" in done.output


def test_where_no_statement_of_a_paper_can_answer_it_is_wrong_use() -> None:
    done = run("eval", str(FOLDER), "q=3")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("has no parameter 'q'") == 4  # of three statements, and why nothing was done


def test_one_statement_is_a_json_object_and_several_a_list() -> None:
    one = json.loads(run("eval", "theorem_1", *AT, "--format", "json").stdout)
    several = json.loads(run("eval", str(FOLDER), *AT, "--format", "json").stdout)
    assert [told["statement"] for told in several] == ["lemma_1", "theorem_1"]
    assert {**several[1], "command": one["command"]} == one
    cards = json.loads(run("show", str(FOLDER), "--format", "json").stdout)
    assert [card["name"] for card in cards] == ["lemma_1", "lemma_2", "theorem_1"]

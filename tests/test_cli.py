"""The command line: what it prints, its exit codes, and that it never shows a traceback."""

import json
from pathlib import Path
import subprocess
import sys

from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from support import STATEMENTS, examples

import boundkit as bk
from boundkit.cli import main


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_eval_prints_the_guarantee_and_exits_with_3_where_it_does_not_apply() -> None:
    result = run("eval", "theorem_5_1", "d=1000", "ell=600", "m=10")
    assert result.exit_code == 3
    assert result.output.split() == str(bk.theorem_5_1(d=1000, ell=600, m=10)).split()
    assert run("eval", "theorem_5_1", "d=1e6", "ell=9e5", "m=10").exit_code == 0


def test_eval_exact_and_as_printed() -> None:
    result = run("eval", "theorem_5_1", "d=1000", "ell=600", "m=10", "--exact")
    assert "at most 2.5659e-12, for the worst case k = 1" in result.output
    printed = run("eval", "lemma_c_3", "n=100", "sigma_1=1", "sigma_2=5", "t=25", "r=0", "--as-printed", "--exact")
    assert "is 0.1563" in printed.output


def test_numbers_are_read_exactly() -> None:
    told = json.loads(run("eval", "lemma_c_2", "norm_u=2/3", "t=0.1", "sigma=1e-2", "--format", "json").output)
    assert told["values"] == {"norm_u": "2/3", "sigma": "0.01", "t": "0.1"}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("eval", "theorem_51"), 2, "did you mean theorem_5_1"),
        (("show", "nonsense"), 2, "no statement 'nonsense'"),
        (("errata", "nonsense"), 2, "no statement 'nonsense'"),
        (("eval", "theorem_5_1", "d"), 2, "not PARAMETER=VALUE"),
        (("eval", "theorem_5_1", "=3"), 2, "not PARAMETER=VALUE"),
        (("eval", "theorem_5_1", "d=1", "d=2"), 2, "given twice"),
        (("eval", "theorem_5_1", "d=x"), 2, "d = x is not a number: theorem_5_1 has no parameter 'x'"),
        (("eval", "theorem_5_1", "d=1/0"), 2, "divides by zero"),
        (("eval", "theorem_5_1", "d=nan"), 2, "not a number"),
        (("eval", "theorem_5_1", "d=1e999"), 2, "1e-300 to 1e300"),
        (("eval", "theorem_5_1", "d=__import__('os').system('true')"), 2, "expected a number"),
        (("eval", "theorem_5_1", "d=10**3**9"), 2, "too long a number"),
        (("eval", "theorem_5_1", "q=3"), 2, "no parameter 'q'"),
        (("eval", "theorem_5_1", "ell=0"), 2, "at least 1"),
        (("eval", "theorem_a_1", "d=5", "--exact"), 2, "can only be simulated"),
        (("eval", "theorem_5_1", "d=9", "ell=9", "m=2", "k=0", "--exact"), 3, "not defined"),
        (("eval", "theorem_5_1", "--format", "yaml"), 2, "yaml"),
        (("frobnicate",), 2, "No such command"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, tuple) else None,
)
def test_wrong_use_is_one_line_and_an_exit_code(words: tuple, code: int, says: str) -> None:
    result = run(*words)
    assert result.exit_code == code
    assert says in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("form", ["text", "json", "latex"])
@pytest.mark.parametrize(
    "words", [("list",), ("show", "theorem_5_1"), ("eval", "lemma_b_1", "n=5"), ("errata",)], ids=str
)
def test_every_command_speaks_every_format(words: tuple, form: str) -> None:
    result = run(*words, "--format", form)
    assert result.exit_code == 0
    if form == "json":
        assert json.loads(result.output)
    elif form == "latex":
        assert "\\" in result.output
        assert result.output.count("{") == result.output.count("}")


def test_list_and_show_name_everything() -> None:
    listed = run("list", "--all").output
    assert all(name in listed for name in STATEMENTS)
    assert "Open Problem 7.1 is not encoded" in listed
    for name in STATEMENTS:
        assert run("show", name).output.rstrip("\n").endswith(str(bk.catalogue[name]))
    assert "(1 - eta lam)^T" in run("show", "theorem_6_2", "--as-printed").output


def test_errata_run_their_witnesses() -> None:
    result = run("errata")
    assert result.exit_code == 0
    assert "it fails with probability 0.156, and claims at most 0.00194" in " ".join(result.output.split())
    assert "NOT CONFIRMED" not in result.output
    assert json.loads(run("errata", "lemma_c_3", "--format", "json").output)["errata"][0]["confirmed"] is True


def test_errata_exit_with_1_where_a_witness_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from boundkit.studies import errata

    monkeypatch.setattr(errata, "refute", lambda *_args, **_values: None)
    result = run("errata", "lemma_c_3")
    assert result.exit_code == 1
    assert "NOT CONFIRMED" in result.output


def test_completion_knows_names_and_parameters() -> None:
    from click.shell_completion import ShellComplete

    complete = ShellComplete(main, {}, "boundkit", "_BOUNDKIT_COMPLETE")
    names = [item.value for item in complete.get_completions(["eval"], "theorem_5")]
    assert names == ["theorem_5_1"]
    parameters = [item.value for item in complete.get_completions(["eval", "theorem_5_1", "d=5"], "")]
    assert parameters == ["ell=", "m=", "k=", "output="]
    for shell in ("bash", "zsh", "fish"):
        assert "_BOUNDKIT_COMPLETE" in run("completion", shell).output


def test_as_a_module_and_as_a_command() -> None:
    for command in ([sys.executable, "-m", "boundkit"], [str(Path(sys.executable).with_name("boundkit"))]):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == f"boundkit, version {bk.__version__}"


WORDS = st.one_of(
    st.sampled_from(["list", "show", "eval", "errata", "--exact", "--format", "json"]),
    st.sampled_from([*bk.PAPER[:4], "d=1", "ell=2", "m=3"]),
    st.text(max_size=8),
    st.builds("{}={}".format, st.sampled_from(["d", "ell", "m", "k", "t"]), st.text(max_size=6)),
)


@settings(max_examples=examples(150))
@given(st.lists(WORDS, max_size=6))
def test_no_words_give_a_traceback(words: list) -> None:
    result = run(*words)
    assert result.exit_code in (0, 2, 3)
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_ctrl_c_is_a_line_and_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bk, "audit", stopped)
    done = CliRunner().invoke(main, ["audit"])
    assert (done.exit_code, done.output) == (130, "\nInterrupted.\n")


def test_what_is_kept_says_what_made_it(tmp_path: Path) -> None:
    out = tmp_path / "table.txt"
    assert run("table", "lemma_b_1", "--over", "n=10,20", "--out", str(out)).exit_code == 0
    assert out.read_text().rstrip().endswith(f"boundkit {bk.__version__}: boundkit table lemma_b_1 --over n=10,20")
    for words in (["errata", "lemma_c_3"], ["budget", "theorem_5_1", "d=1e6", "ell=9e5", "m=10"]):
        made = json.loads(run(*words, "--format", "json").output)
        assert (made["boundkit"], made["command"]) == (bk.__version__, " ".join(["boundkit", *words, "--format json"]))

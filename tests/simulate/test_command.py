"""The command: what it prints and how it exits."""

from __future__ import annotations

import json

from click.testing import CliRunner
import pytest

from boundkit.cli import main


def run(*words):
    return CliRunner().invoke(main, ["simulate", *words])


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["lemma_b_1", "n=10"], 0, "CONSISTENT"),
        (["theorem_5_1", "d=1e12", "ell=6e11", "m=10", "k=3", "output=2"], 0, "INCONCLUSIVE"),
        (["theorem_5_1", "--as-printed", "d=1e6", "ell=9e5", "m=10", "k=3", "output=-1"], 1, "VIOLATED"),
        (["theorem_5_1", "d=1000", "ell=600", "m=10", "k=3", "output=2"], 3, "nothing is promised"),
        (["theorem_4_1", "d=30", "ell=10", "m=4", "--full", "--trials=5", "--steps=3"], 0, "of 5 trials failed (full"),
        (["theorem_4_1", "d=30", "ell=30", "m=4"], 2, "ell = 30"),
        (["theorem_5_1", "d=30", "ell=10", "m=4", "k=0", "output=1"], 3, "z is not defined"),
        (["lemma_b_1", "n=10", "--trials", "0"], 2, "trials = 0"),
    ],
)
def test_exit_codes(words, code, says):
    found = run(*words)
    assert found.exit_code == code, found.output
    assert says in found.output


def test_json_carries_the_counts():
    found = json.loads(run("lemma_b_1", "n=10", "--trials", "500", "--format", "json").output)
    assert (found["trials"], found["verdict"], found["values"]["n"]) == (500, "CONSISTENT", 10)

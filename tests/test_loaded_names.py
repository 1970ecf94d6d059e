"""What is read from files of one's own changes no answer about what is installed, and means what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
import shutil
import subprocess
import sys

from click.testing import CliRunner
import pytest

import boundkit as bk
from boundkit.api.loading import find, load
from boundkit.api.papers import used_by
from boundkit.cli import main
from boundkit.errors import BoundkitError
from boundkit.shelf import PAPERS

MINE = Path(__file__).parent.parent / "examples" / "my_paper"
HEAD = """
import boundkit as bk, sympy
n, U = sympy.symbols("n U")
def one(name, **more):
    return bk.Statement(name=name, place=name, parameters=(bk.integers(n, "n"),), quantities=(bk.reals(U, "u"),),
                        hypotheses=(), claims=(U <= 1,), failure=sympy.exp(-n), **more)
"""


@pytest.fixture(autouse=True)
def _shelf() -> Iterator[None]:
    before = dict(PAPERS)
    yield
    PAPERS.clear()
    PAPERS.update(before)


def paper(folder: Path, name: str, *statements: str) -> Path:
    folder.mkdir()
    made = ", ".join(f"one({s!r}, paper={name!r})" for s in statements)
    (folder / "paper.py").write_text(f"{HEAD}\npaper = bk.Paper(name={name!r}, title='Mine', statements=({made},))\n")
    return folder


def test_a_paper_whose_statements_are_called_as_all_of_ours_changes_nothing(tmp_path: Path) -> None:
    names = [s.name for s in bk.catalogue.values() if s.paper in ("melamed2023", "beyond")]
    before = {s: used_by(s) for s in bk.catalogue.values()}
    load(paper(tmp_path / "mine", "mine", *names))
    assert {s: used_by(s) for s in before} == before
    for name in names:
        assert bk.catalogue[name] is find(name)
        assert bk.catalogue[name].paper != "mine"
    assert CliRunner().invoke(main, ["list", str(tmp_path / "mine"), "theorem_5_1"]).exit_code == 0


@pytest.mark.parametrize("name", ["lemma_b_1", "keys", "get", "items", "_mine"])
def test_a_paper_hides_nothing(name: str, tmp_path: Path) -> None:
    with pytest.raises(BoundkitError, match="would hide|no name"):
        load(paper(tmp_path / "folder", name, "mine"))
    assert name not in PAPERS


def test_a_name_of_ours_in_a_file_without_a_paper_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "loose.py"
    file.write_text(f"{HEAD}\nlemma_c_1 = one('lemma_c_1')\ntop = one('top', depends_on=('lemma_c_1',))\n")
    for name in (str(file), f"{file}:top"):
        with pytest.raises(BoundkitError, match="in this file and in melamed2023; write"):
            find(name)
    file.write_text(file.read_text().replace("('lemma_c_1',))", "('melamed2023.lemma_c_1',))"))
    assert used_by(find(f"{file}:top")) == (bk.lemma_c_1,)


def test_two_folders_with_one_papers_name_are_told_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(MINE, tmp_path / name)
    load(tmp_path / "one")
    for what in (tmp_path / "two", tmp_path / "two" / "theorem_1.py", f"{tmp_path / 'two' / 'theorem_1.py'}:theorem_1"):
        with pytest.raises(BoundkitError, match=r"there is a paper .* already, in .*one.paper\.py; rename"):
            find(str(what))


def test_a_dependency_on_nothing_is_found_when_the_paper_is_read(tmp_path: Path) -> None:
    folder = paper(tmp_path / "mine", "mine", "first")
    text = (folder / "paper.py").read_text()
    (folder / "paper.py").write_text(text.replace("paper='mine')", "paper='mine', depends_on=('zz',))"))
    with pytest.raises(BoundkitError, match="depends on 'zz'"):
        load(folder)
    assert "mine" not in PAPERS


def test_an_audit_into_a_closed_pipe_says_nothing() -> None:
    audit = f"{sys.executable} -m boundkit audit lemma_b_1 --points 50 --no-simulate"
    command = f"{audit} 2>&1 | sleep 0; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["141"]

"""boundkit audit --html and --latex: written after the audit, refused before it, and never lost."""

import os
from pathlib import Path
import shutil
import subprocess

from browser import address, chromium, complaints, requested
from click.testing import CliRunner, Result
import pytest

import boundkit as bk
from boundkit.cli import main

SMALL = ("lemma_c_3", "theorem_a_2", "--points", "10", "--no-simulate")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["audit", *map(str, words)])


def pdflatex(folder: Path) -> str:
    if shutil.which("pdflatex") is None:
        if os.environ.get("CI"):
            pytest.fail("pdflatex is missing: install texlive-latex-base texlive-latex-recommended texlive-science")
        pytest.skip("pdflatex is not installed")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report.tex"], cwd=folder, capture_output=True
    )
    said = done.stdout.decode(errors="replace")
    assert done.returncode == 0, said[-2000:]
    return said


@pytest.mark.slow
def test_a_page_and_tables_are_written_beside_the_audit(tmp_path: Path) -> None:
    page, folder = tmp_path / "report.html", tmp_path / "new" / "tables"
    done = run(*SMALL, "--html", page, "--latex", folder)
    assert done.exit_code == 0
    assert "No corrected statement was found false." in done.stdout
    assert f"{page} written" in done.stderr
    command = f"boundkit audit lemma_c_3 theorem_a_2 --points 10 --no-simulate --html {page}"
    assert command in page.read_text()
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "audit.tex",
        "errata.tex",
        "table-lemma_c_3.tex",
        "budget-lemma_c_3.tex",
        "table-theorem_a_2.tex",
        "report.tex",
    }
    assert (folder / "table-lemma_c_3.tex").read_text() == bk.table(
        "lemma_c_3", {"n": "1,10,100,600,1000,10000,100000"}, {"sigma_2": 1, "t": 5}
    ).to_latex()
    assert "undefined" not in pdflatex(folder).lower()
    assert (folder / "report.pdf").stat().st_size > 10_000


@pytest.mark.parametrize("option", ["--html", "--latex"])
@pytest.mark.parametrize("place", ["taken/report.html", "missing/report.html"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    option: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worked(*_: object, **__: object) -> None:
        raise AssertionError("the audit ran all the same")

    monkeypatch.setattr(bk, "audit", worked)
    (tmp_path / "taken").write_text("a file")
    if option == "--latex" and place.startswith("missing"):
        place = "taken"
    done = run(*SMALL, option, tmp_path / place)
    assert done.exit_code == 2
    assert done.output.startswith(f"Error: {tmp_path / place} cannot be written")
    assert len(done.output.splitlines()) == 1
    assert (tmp_path / "taken").read_text() == "a file"


@pytest.mark.parametrize("option", ["--html", "--latex"])
def test_an_empty_name_is_none(option: str) -> None:
    done = run(*SMALL, option, "")
    assert done.exit_code == 2
    assert "give one" in done.output


def test_asking_whether_a_file_can_be_written_leaves_it_as_it_was(tmp_path: Path) -> None:
    old = tmp_path / "old.html"
    old.write_text("old")
    assert run("no_such_statement", "--html", old).exit_code == 2
    assert old.read_text() == "old"
    assert run("no_such_statement", "--html", tmp_path / "new.html").exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["old.html"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full disk to try")
def test_what_cannot_be_written_after_all_is_kept_elsewhere() -> None:
    done = run(*SMALL, "--html", "/dev/full")
    assert done.exit_code == 2
    assert "No corrected statement was found false." in done.stdout
    said = next(line for line in done.stderr.splitlines() if line.startswith("Error: "))
    assert said.startswith("Error: /dev/full cannot be written: No space left on device; it is at ")
    kept = Path(said.split(" is at ")[1].removesuffix(" instead"))
    assert "<h1>" in kept.read_text()
    shutil.rmtree(kept.parent)


def test_json_stays_json(tmp_path: Path) -> None:
    import json

    done = run(*SMALL, "--html", tmp_path / "x.html", "--format", "json")
    assert json.loads(done.stdout)["false"] is False


@pytest.mark.slow
def test_the_whole_paper_on_one_page(tmp_path: Path) -> None:
    page, folder = tmp_path / "report.html", tmp_path / "tables"
    assert run("--html", page, "--latex", folder).exit_code == 0
    text = page.read_text()
    for name in (*bk.PAPER, *bk.BEYOND):
        assert f'<section id="{name}"' in text
    for n in range(1, 25):
        assert f">E{n}, " in text, f"E{n} is on no page"
    assert "Not drawn" not in text
    assert "undefined" not in pdflatex(folder).lower()
    for width in (1300, 400):
        with chromium(width) as driver:
            driver.get(address(page))
            assert requested(driver) == [address(page)]
            assert complaints(driver) == []
            shown, window = driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
            assert shown <= window

"""Every example in README, docs and examples/ runs, and prints what is written beside it."""

import doctest
from pathlib import Path
import re
import shlex
import subprocess
import sys

from click.testing import CliRunner
import nbclient
import nbformat
import numpy as np
import pytest
from support import some
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from boundkit.cli import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SEEN = some(PAGES, 3, keep=lambda page: page.name == "README.md")  # .ci/run sees them all
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")


def console_blocks(text: str) -> list[tuple[str, str]]:
    """Each boundkit command of a console block, with the output written below it."""
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [
        (command, output)
        for block in blocks
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", block, re.MULTILINE)
    ]


@pytest.mark.parametrize("page", SEEN)
def test_code_blocks_run(page: Path) -> None:
    document = Sybil([PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS)]).parse(page)
    for example in document.examples():
        example.evaluate()


@pytest.mark.parametrize("page", SEEN)
def test_commands_print_what_is_written(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for command, expected in console_blocks(page.read_text()):
        name, *words = shlex.split(command)
        assert name == "boundkit", command
        printed = CliRunner(env={"COLUMNS": "80"}).invoke(main, words).output
        assert [line.rstrip() for line in printed.rstrip().splitlines()] == expected.rstrip().splitlines(), command


def test_files_that_are_named_exist() -> None:
    named = re.compile(r"`((?:boundkit|tests|docs|examples|\.ci)/[\w./-]+)`")
    missing = [
        f"{page.relative_to(ROOT)}: {path}"
        for page in (*PAGES, ROOT / "CONTRIBUTING.md")
        for path in named.findall(page.read_text())
        if not re.search("NAME|PAPER", path) and not (ROOT / path).exists()
    ]
    assert not missing


@pytest.mark.parametrize("example", some(EXAMPLES, 2))
def test_examples_print_what_is_beside_them(example: Path) -> None:
    done = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == example.with_suffix(".txt").read_text()


def shown(notebook: nbformat.NotebookNode) -> list:
    """What every cell of a notebook shows; of a picture only that it is one."""
    outputs = [dict(output["data"]) for cell in notebook.cells for output in cell.get("outputs", ())]
    return [{kind: text if kind.startswith("text/") else "a picture" for kind, text in one.items()} for one in outputs]


@pytest.mark.slow
def test_the_notebook_shows_what_is_stored_in_it() -> None:
    stored = nbformat.read(ROOT / "examples" / "notebook.ipynb", as_version=4)
    again = nbformat.read(ROOT / "examples" / "notebook.ipynb", as_version=4)
    for cell in again.cells:
        cell.pop("outputs", None)
    nbclient.NotebookClient(again, timeout=300, kernel_name="python3", resources={"metadata": {"path": ROOT}}).execute()
    assert len(shown(stored)) == 5
    assert shown(again) == shown(stored)


@pytest.mark.slow
def test_the_picture_of_the_readme_is_what_its_script_draws(tmp_path: Path) -> None:
    """Up to two points, which is what another version of matplotlib may move it by."""
    command = [sys.executable, str(ROOT / "docs" / "picture.py"), str(tmp_path / "again.svg")]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    curves = [curves_of(path) for path in (ROOT / "docs" / "theorem_5_1.svg", tmp_path / "again.svg")]
    assert len(curves[0]) == len(curves[1]) > 3
    assert all(np.allclose(one, other, atol=2) for one, other in zip(*curves, strict=True))


def curves_of(picture: Path) -> list[list[float]]:
    """The points of the lines in a picture, without the outlines of its words."""
    paths = re.findall(r'<path d="([^"]*)" clip-path', picture.read_text())
    return [[float(number) for number in NUMBER.findall(path)] for path in paths]


def test_links_between_the_documents_lead_somewhere() -> None:
    made = {"notebook.ipynb", "statements", "pictures"}  # when the pages are built
    for page in (*PAGES, ROOT / "CONTRIBUTING.md"):
        for link in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text()):
            assert Path(link).parts[0] in made or (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_readme_has_a_command_to_install_and_one_to_test() -> None:
    commands = re.findall(r"^```sh\n(.*)\n```$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(commands) == 2
    assert all("pip install" in command for command in commands)
    assert commands[1].endswith("pytest")

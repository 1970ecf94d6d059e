"""Every example in README, docs and examples/ runs, and prints what is written beside it."""

import doctest
from pathlib import Path
import re
import shlex
import subprocess
import sys

from click.testing import CliRunner
import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from boundkit.cli import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def console_blocks(text: str) -> list[tuple[str, str]]:
    """Each boundkit command of a console block, with the output written below it."""
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [
        (command, output)
        for block in blocks
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", block, re.MULTILINE)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_blocks_run(page: Path) -> None:
    document = Sybil([PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS)]).parse(page)
    for example in document.examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_print_what_is_written(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for command, expected in console_blocks(page.read_text()):
        name, *words = shlex.split(command)
        assert name == "boundkit", command
        printed = CliRunner(env={"COLUMNS": "120"}).invoke(main, words).output
        assert [line.rstrip() for line in printed.rstrip().splitlines()] == expected.rstrip().splitlines(), command


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_examples_print_what_is_beside_them(example: Path) -> None:
    done = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == example.with_suffix(".txt").read_text()


def test_the_readme_has_a_command_to_install_and_one_to_test() -> None:
    commands = re.findall(r"^```sh\n(.*)\n```$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(commands) == 2
    assert all("pip install" in command for command in commands)
    assert commands[1].endswith("pytest")

"""Statements in files of one's own: their neighbours, two folders alike, edits, and the line to mend."""

from pathlib import Path

from click.testing import CliRunner, Result
import pytest

import boundkit as bk
from boundkit.api.loading import find, is_file_name, single
from boundkit.cli import main
from boundkit.errors import UnknownStatement


def statement_in(name: str) -> bk.Statement:
    """What a command takes."""
    return single(find(name), name)


NOTATION = "import sympy\nn, U = sympy.symbols('n U')\nRATE = {}\n"
MY = """\
{imports}
import boundkit as bk
from boundkit.tails import Tail, chi_square_at_least

def sampler(rng, trials, n):
    import {late}
    return {late}.RATE + rng.random(trials)

bound = bk.Statement(
    name="bound", place="Own", hypotheses=(), claims=(notation.U <= 10 * notation.n + notation.RATE,),
    parameters=(bk.integers(notation.n, "a count"),), quantities=(bk.reals(notation.U, "a length", 0, strict=False),),
    failure=1 / notation.n, truth=chi_square_at_least(notation.n, 10 * notation.n + notation.RATE), sampler=sampler,
)
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def written(folder: Path, rate: int = 1, name: str = "my.py", imports: str = "import notation") -> str:
    """A file whose statement takes its parameters, and the bound at n = 1 less 10, from a neighbour."""
    folder.mkdir(exist_ok=True)
    (folder / "notation.py").write_text(NOTATION.format(rate))
    (folder / name).write_text(MY.format(imports=imports, late="notation"))
    return str(folder / name)


@pytest.mark.parametrize(
    "imports", ["import notation", "from . import notation", "import notation as parameters\nnotation = parameters",
                "import notation\nfrom notation import *"]
)  # fmt: skip
def test_a_neighbour_is_imported_at_the_command_line(tmp_path: Path, imports: str) -> None:
    file = written(tmp_path, imports=imports)
    done = run("eval", f"{file}:bound", "n=2")
    assert done.exit_code == 0, done.output
    assert "U <= 21" in done.output
    assert run("eval", file, "n=2").output == done.output
    simulated = run("simulate", file, "n=2", "--trials", "10")  # its sampler imports a neighbour when it draws
    assert simulated.exit_code == 0, simulated.output


def test_two_folders_alike_are_two(tmp_path: Path) -> None:
    one, other = written(tmp_path / "one", 1), written(tmp_path / "other", 2)
    for _ in range(2):
        assert [str(statement_in(file).bound) for file in (one, other)] == ["10*n + 1", "10*n + 2"]
    assert statement_in(one) is statement_in(one)
    both = [statement_in(file) for file in (one, other)]
    assert [bk.sweep(s, {"n": [2]}, kind="simulate", trials=50, workers=1).rows[0].error for s in both] == [None, None]


def test_an_edit_is_seen_at_once_in_the_file_and_beside_it(tmp_path: Path) -> None:
    for rate in range(6):
        assert str(statement_in(written(tmp_path, rate)).bound) == ("10*n" if rate == 0 else f"10*n + {rate}")
    file = Path(written(tmp_path, 5))
    for place in "ABCD":
        file.write_text(MY.format(imports="import notation", late="notation").replace("Own", place))
        assert statement_in(str(file)).place == place
    assert not list(tmp_path.rglob("*.pyc"))


def test_names_of_files_that_are_no_names_of_modules(tmp_path: Path) -> None:
    for name in ("my-theorem.v2.py", "2023.py", "my theorem.py", "a:b.py"):
        done = run("eval", f"{written(tmp_path, name=name)}:bound", "n=2")
        assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        (r"C:\x\my.py:name", True), (r"C:\x\my.py", True), ("C:/x/my.py:name", True), ("my.py:", True), ("my.py", True),
        ("theorem_5_1", False), ("my.pyx:name", False), ("a:b", False), (".py", False), ("my.py.txt", False),
    ],
)  # fmt: skip
def test_what_names_a_file(name: str, is_one: bool) -> None:
    assert is_file_name(name) is is_one


def test_a_path_with_colons_is_split_at_the_last_one(tmp_path: Path) -> None:
    (tmp_path / "C:").mkdir()
    file = written(tmp_path / "C:")
    assert statement_in(f"{file}:bound").name == "bound"
    with pytest.raises(UnknownStatement, match=r"C:\\x\\my.py cannot be read"):
        statement_in(r"C:\x\my.py:name")
    with pytest.raises(UnknownStatement, match="no statement 'bound:x'"):
        statement_in(f"{file}:bound:x")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("x = 1\ny = x +\n", r"does not run: SyntaxError: [^(]* \(my.py, line 2\); mend it there"),
        ("x = 1\n\ny = z\n", r"NameError: name 'z' is not defined .*\(my.py, line 3\)"),
        ("import helper\n", r"ZeroDivisionError: .* \(helper.py, line 2\)"),
        ("import nowhere\n", r"ModuleNotFoundError: .*nowhere.* \(my.py, line 1\)"),
        ("import sys\nsys.exit(1)\n", r"SystemExit: 1 \(my.py, line 2\)"),
        ("def f(): f()\nf()\n", r"RecursionError: .* \(my.py, line 1\)"),
        ("raise ValueError('one\\n\\x1b[31mtwo')\n", r"ValueError: one \?\[31mtwo \(my.py, line 1\)"),
        ("import boundkit as bk\n\nbk.reals('x', 'y', [])\n", r"\(my.py, line 3\)"),
        ("x = '\0'\n", "does not run: (SyntaxError|ValueError)"),
    ],
)
def test_a_file_that_does_not_run_is_a_line_with_the_line_to_mend(tmp_path: Path, code: str, says: str) -> None:
    (tmp_path / "helper.py").write_text("x = 0\ny = 1 / x\n")
    file = tmp_path / "my.py"
    file.write_text(code)
    for _ in range(2):  # and again: nothing half-read is left behind
        done = run("eval", f"{file}:bound")
        assert done.exit_code == 2
        assert done.output.count("\n") == 1
        with pytest.raises(UnknownStatement, match=says):
            statement_in(f"{file}:bound")


@pytest.mark.slow
def test_a_sweep_of_a_file_in_other_processes_and_in_a_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = written(tmp_path, 3)
    alone = bk.sweep(f"{file}:bound", {"n": [1, 2, 3]}, trials=20, workers=1)
    beside = bk.sweep(f"{file}:bound", {"n": [1, 2, 3]}, trials=20, workers=2)
    assert alone.rows == beside.rows
    assert [run.error for run in alone] == [None] * 3
    Path("own.toml").write_text('store = "s.sqlite"\n[[sweep]]\nwhat = "my.py:bound"\ngrid = { n = [1, 2] }\n')
    for rate, rows in ((3, 2), (4, 4), (4, 4)):
        written(tmp_path, rate)
        assert run("sweep", "own.toml", "--workers", "1").exit_code == 0
        assert len(bk.runs("s.sqlite")) == rows
    written(tmp_path / "elsewhere", 5)
    Path("own.toml").write_text(Path("own.toml").read_text().replace("my.py", "elsewhere/my.py"))
    assert run("sweep", "own.toml", "--workers", "1").exit_code == 0
    assert len(bk.runs("s.sqlite")) == 6

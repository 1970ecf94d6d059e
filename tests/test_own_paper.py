"""A paper of one's own in a folder: every command on it, the page it gets, and what is wrong with a bad one."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import product
import json
from pathlib import Path
import pickle
import re
import shutil
import subprocess
import sys

from click.testing import CliRunner, Result
import pytest
from support import some
from sympy import exp, symbols

import boundkit as bk
from boundkit.api.loading import find, load
from boundkit.api.papers import Collection
from boundkit.cli import main
from boundkit.errors import BoundkitError, StatementError
from boundkit.report.folder import audit_tables
from boundkit.report.page import audit_page
from boundkit.report.references import bibtex_fields, plain_text, short_name
from boundkit.shelf import PAPERS
from boundkit.tails import binomial_at_least

FOLDER = Path(__file__).parent.parent / "examples" / "my_paper"
TITLE = "How Good Is a Mean? The Measurements Alone Can Tell"
THEOREM = (f"{FOLDER}:theorem_1", f"{FOLDER}/theorem_1.py:theorem_1", f"{FOLDER}/paper.py:theorem_1")


def run(*words: object, code: int = 0) -> str:
    done: Result = CliRunner(env={"COLUMNS": "150"}).invoke(main, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output


n, p, t, X = symbols("n p t X")
hoeffding = bk.Statement(
    name="hoeffding",
    place="Theorem 1",
    parameters=(bk.integers(n, "trials"), bk.reals(p, "a probability", 0, 1), bk.reals(t, "a deviation", 0)),
    claims=(X < n * (p + t),),
    failure=exp(-2 * n * t**2),
    truth=binomial_at_least(n, p, n * (p + t)),
)


def test_a_statement_of_ones_own_takes_eight_lines_and_may_be_asked_everything() -> None:
    text = Path(__file__).read_text()
    written = text[text.index("hoeffding = bk.") :].partition("\n)\n")[0].splitlines()
    assert len(written) + 1 <= 8
    assert hoeffding.quantities == (bk.reals(X, "what is bounded"),)
    assert hoeffding.hypotheses == ()
    assert str(hoeffding(n=10, p=0.3, t=0.2).exact()) == "the exact failure probability is 0.15027"
    assert bk.falsify(hoeffding, seconds=0.2).counterexample is None
    wrong = bk.falsify(replace(hoeffding, failure=exp(-3 * n * t**2))).counterexample
    assert wrong is not None
    told = {"name": "own", "place": "Own", "parameters": hoeffding.parameters}
    with pytest.raises(StatementError, match="failure is nan; give a number"):
        bk.Statement(**told, claims=hoeffding.claims)
    with pytest.raises(StatementError, match="claims nothing"):
        bk.Statement(**told, failure=hoeffding.failure)
    with pytest.raises(StatementError, match="no quantity on its left"):
        replace(hoeffding, claims=(n < n * (p + t),), quantities=())
    with pytest.raises(StatementError, match="claims is no tuple"):
        replace(hoeffding, claims=X < n, quantities=())


# Each command on the whole paper: its words after the name, its exit code, and what it says.
WHOLE = {
    "list": ((), 0, ("lemma_1    the mean is close", "Remark 1 is not encoded: it names", TITLE)),
    "errata": ((), 0, ("E1 Lemma 1: wrong formula", "it fails with probability 0.0455", "E2 The text: typo")),
    "graph": ((), 0, ("theorem_1  lemma_1, lemma_2", "lemma_2    laurent2000adaptive, Lemma 1")),
    "cite": ((), 0, (f"{TITLE}\n@unpublished", "Lemma 1, for Lemma 2\n@article")),
    "table": (("t=0.5", "--over", "n=50:100:50"), 0, ("Theorem 1  100  < 0.70711          0.00207",)),
    "certificate": ((), 0, ("Theorem 1: proved for all sizes; all 6 steps", "Lemma 2: proved for all sizes; all 6")),
}  # fmt: skip
# Each command on one statement of it.
SINGLE = {
    "show": (
        (),
        0,
        (
            "Theorem 1, section 3",
            "ratio < sqrt(2) t",
            "exact     it fails with probability P[|student|(n - 1) >= sqrt(2) t sqrt(n)]",
        ),
    ),
    "eval": (("n=100", "t=0.5", "--exact"), 0, ("0.997937: ratio < 0.70711", "is 2.2041e-10")),
    "solve": (("n", "t=0.5", "failure=0.01"), 0, ("n = 75 is the smallest n", "n = 74 fails")),
    "falsify": (("--seconds", "0.5"), 0, ("Theorem 1: no counterexample found",)),
    "budget": (("n=100", "t=0.5"), 0, ("Lemma 2  1      0.002055    0.002055      7.694e-6", "2.204e-10  its own law")),
    "simulate": (
        ("n=20", "t=1", "--trials", "500"),
        0,
        ("Theorem 1 at n = 20, t = 1: CONSISTENT", "exact: 4.5"),
    ),
    "cite": ((), 0, ("Theorem 1, section 3\n@unpublished", "Lemma 1, for Lemma 2\n@article")),
    "graph": ((), 0, ("theorem_1  lemma_1, lemma_2",)),
    "errata": ((), 0, ("no errata",)),
    "list": ((), 0, ("theorem_1    the measurements alone", f"example2024  {TITLE}")),
    "table": (("t=0.5", "--over", "n=50:100:50"), 0, ("100  0.70711          0.00207",)),
    "certificate": ((), 0, ("Theorem 1: proved for all sizes; all 6 steps",)),
    "audit": (("--points", "10", "--no-simulate"), 0, ("Theorem 1                 proved", TITLE)),
}


@pytest.mark.parametrize("command", WHOLE)
@pytest.mark.parametrize("name", [FOLDER, FOLDER / "paper.py"], ids=["folder", "file"])
def test_every_command_takes_the_paper(command: str, name: Path) -> None:
    words, code, says = WHOLE[command]
    said = run(command, name, *words, code=code)
    assert all(" ".join(part.split()) in " ".join(said.split()) for part in says), said


@pytest.mark.parametrize(("command", "name"), some(product(SINGLE, THEOREM), 16))
def test_every_command_takes_a_statement_of_it(command: str, name: str) -> None:
    words, code, says = SINGLE[command]
    said = run(command, name, *words, code=code)
    assert all(" ".join(part.split()) in " ".join(said.split()) for part in says), said


def test_commands_about_one_statement_say_which_there_are() -> None:
    assert f"has 3 statements; name one: {FOLDER}:lemma_1" in run("solve", FOLDER, "n", code=2)
    assert "no statement 'theorem_2'; did you mean theorem_1?" in run("eval", f"{FOLDER}:theorem_2", code=2)


def test_the_erratum_is_found_and_is_corrected() -> None:
    said = " ".join(run("falsify", f"{FOLDER}:lemma_1", "--as-printed", code=1).split())
    assert "Lemma 1 as printed is false at n = 4, t = 1" in said
    assert "it fails with probability 0.0455, and claims at most 0.0367" in said
    assert "no counterexample found" in run("falsify", f"{FOLDER}:lemma_1")


def test_its_law_is_that_of_student() -> None:
    from scipy.stats import t as student

    theorem = load(FOLDER).theorem_1
    for n, tolerance in ((2, 0.3), (5, 1.0), (30, 0.5), (400, 0.05)):
        told = theorem(n=n, t=tolerance).exact().failure
        assert told == pytest.approx(2 * student.sf((2 * n) ** 0.5 * tolerance, n - 1), rel=1e-9)


def test_a_plot(tmp_path: Path) -> None:
    told = run("plot", "tightness", THEOREM[0], "t=0.5", "--over", "n=10:200:x2", "-o", tmp_path / "x.svg")
    assert "Theorem 1 at t = 0.5" in told
    assert "<svg" in (tmp_path / "x.svg").read_text()


def test_sweeps_of_it_with_two_workers(tmp_path: Path) -> None:
    recipe = "".join(
        f'[[sweep]]\nwhat = "{name}"\nkind = "{kind}"\ngrid = {{ n = [10, 20], t = [1, 2] }}\n{more}'
        for name, kind, more in ((THEOREM[0], "simulate", "trials = 100\n"), (THEOREM[1], "evaluate", ""))
    )
    for store in ("one", "other"):
        (tmp_path / "own.toml").write_text(f'store = "{tmp_path / store}.sqlite"\n{recipe}')
        assert ": 8 runs by boundkit" in run("sweep", tmp_path / "own.toml", "--workers", "2")
    one, other = (bk.runs(str(tmp_path / f"{store}.sqlite")) for store in ("one", "other"))
    assert one.rows == other.rows
    assert {run.error for run in one} == {None}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, Path]:
    """What the audit prints, its page, and the folder of its tables."""
    folder = tmp_path_factory.mktemp("audit")
    said = run("audit", FOLDER, "--points", "20", "--html", folder / "report.html", "--latex", folder / "tex")
    return said, (folder / "report.html").read_text(), folder / "tex"


def test_the_audit_finds_nothing_false(made: tuple[str, str, Path]) -> None:
    said, _, _ = made
    assert said.startswith(f"{TITLE}, statement by statement")
    rows = re.findall(r"^(Lemma 1|Lemma 2|Theorem 1) +(wrong formula)? +proved ", said, re.MULTILINE)
    assert [name for name, _ in rows] == ["Lemma 1", "Lemma 2", "Theorem 1"]
    assert "No corrected statement was found false.\nAll 3 are proved for all sizes.\nAs printed, 1 of 3 needs" in said
    assert "Errata as printed: 1 wrong formula" in said


def test_the_page_is_the_papers(made: tuple[str, str, Path]) -> None:
    _, page, _ = made
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    for part in (TITLE, "Ada Example, Ben Specimen, 2024", "Remark 1 is not encoded", "E2, The text: typo",
                 "What rests on what", "Laurent and Massart 2000, Lemma 1", "References", "Lemma 1, for Lemma 2",
                 f"Ben Specimen, {TITLE} , Made up as an example, 2024"):  # fmt: skip
        assert part in text, part
    assert "Melamed" not in page
    assert "Not drawn" not in page
    links = set(re.findall(r'href="#([^"]+)"', page))
    names = Counter(re.findall(r' id="([^"]+)"', page))
    assert links <= names.keys()
    assert max(names.values()) == 1
    assert {"summary", "graph", "references", "text", "text-E2", "lemma_1-E1", "theorem_1"} <= links
    graph = page.partition('class="graph"')[2].partition("</svg>")[0]
    assert (graph.count("<path"), graph.count("<rect")) == (2, 3)


def test_the_tables_as_latex(made: tuple[str, str, Path]) -> None:
    _, _, folder = made
    names = {path.name for path in folder.iterdir()}
    tables = {f"{kind}-{s}.tex" for kind in ("budget", "table") for s in ("lemma_1", "lemma_2", "theorem_1")}
    assert names == {"audit.tex", "errata.tex", "report.tex", *tables}


def copied(folder: Path, name: str, title: str = "Another") -> Path:
    """The paper under another name."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in folder.glob("*.py"):
        path.write_text(path.read_text().replace("example2024", name).replace(TITLE, title))
    return folder


@pytest.mark.slow
def test_two_papers_whose_statements_are_called_alike_share_a_page(tmp_path: Path) -> None:
    papers = load(FOLDER), load(copied(tmp_path / "other", "other2024"))
    found = bk.audit(*(s for paper in papers for s in paper.statements[:2]), points=5, simulated=False)
    page = audit_page(found)
    names = Counter(re.findall(r' id="([^"]+)"', page))
    assert max(names.values()) == 1
    assert set(re.findall(r'href="#([^"]+)"', page)) <= names.keys()
    assert page.count('class="statement"') == 4
    assert {"budget-example2024-lemma_1.tex", "budget-other2024-lemma_1.tex"} <= audit_tables(found).keys()


# Bad papers: what is changed in which file of a sound one, and the error.
def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))

    return change


LISTED = "statements=(lemma_1, lemma_2, theorem_1)"
BAD = {
    "no paper.py": (lambda folder: (folder / "paper.py").unlink(), r"has no paper.py; write one with paper = bk.Paper"),
    "no paper in it": (
        replaced("paper.py", "paper = bk", "mine = bk"),
        r"paper.py: paper is not there; write paper = ",
    ),
    "no statements": (
        replaced("paper.py", LISTED, "statements=()"),
        r"it has no statements; give .*\(paper.py, line \d+",
    ),
    "no title": (
        replaced("paper.py", 'title="Another"', 'title=""'),
        r"it has no title; give title= \(paper.py, line \d+",
    ),
    "two of one name": (
        replaced("paper.py", LISTED, "statements=(lemma_1, lemma_1)"),
        "two statements are called lemma_1; ",
    ),
    "a statement of another": (
        replaced("paper.py", LISTED, "statements=(lemma_1, bk.lemma_b_1)"),
        r"lemma_b_1 says paper='melamed2023'; .*\(paper.py, line \d+",
    ),
    "a statement of nobody": (
        replaced("lemma_2.py", '    paper="bad2024",\n', ""),
        "lemma_2 says no paper; write paper='bad2024'",
    ),
    "the printed reading": (
        replaced("paper.py", LISTED, "statements=(lemma_1.as_printed,)"),
        "lemma_1 is there as printed",
    ),
    "no statement": (
        replaced("paper.py", LISTED, "statements=(lemma_1, 'lemma_2')"),
        "statements holds 'lemma_2'; make it",
    ),
    "no tuple": (replaced("paper.py", LISTED, "statements=[lemma_1]"), r"statements is \[.*\]; give a tuple"),
    "a field's name": (
        replaced("lemma_2.py", 'name="lemma_2"', 'name="title"'),
        "a statement is called title, like a field",
    ),
    "a broken neighbour": (
        replaced("parameters.py", "import symbols", "import symbol"),
        r"ImportError: .*symbol.* \(parameters.py, line 3\)",
    ),
    "a neighbour that is not there": (
        replaced("lemma_2.py", "from parameters", "from leters"),
        r"leters.* \(lemma_2.py, line \d+\)",
    ),
    "a neighbour with a slip": (
        replaced("theorem_1.py", "spend(lemma_2", "spend(lemma_3"),
        r"NameError.*lemma_3.*\(theorem_1.py, line \d+\)",
    ),
    "two that import each other": (
        replaced("lemma_2.py", "import boundkit", "from theorem_1 import close\nimport boundkit"),
        r"circular import.*\(theorem_1.py, line \d+\)|\(\w+.py, line \d+\)",
    ),
    "a circle": (
        replaced("lemma_1.py", 'paper="bad2024"', 'depends_on=("theorem_1",), paper="bad2024"'),
        "rests on .*lemma_1.*; mend depends_on",
    ),
    "no paper but a word": (
        replaced("paper.py", "paper = bk.Paper(", "paper = dict("),
        "paper.py: paper is a dict; write paper = ",
    ),
    "a known name": (
        replaced("paper.py", 'name="bad2024"', 'name="beyond"'),
        "says paper='bad2024'|there is a paper 'beyond' already",
    ),
    "no identifier": (
        replaced("paper.py", 'name="bad2024"', 'name="bad 2024"'),
        "a paper's name is 'bad 2024'; write an identifier",
    ),
    "authors as text": (
        replaced("paper.py", '("Ada Example", "Ben Specimen")', '"Ada Example"'),
        "authors is 'Ada Example'; give a tuple",
    ),
    "a year as text": (replaced("paper.py", "year=2024", 'year="2024"'), "year is '2024'; give a whole number"),
    "sources without keys": (
        replaced("paper.py", "sources=(", "sources=('x',) + ("),
        "sources holds 'x'; give pairs of texts",
    ),
    "an erratum that is none": (
        replaced("paper.py", "errata=(", "errata=('E1',) + ("),
        r"errata holds 'E1'; make it with bk.Erratum",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_paper_is_one_line_that_says_what_to_mend(what: str, tmp_path: Path) -> None:
    change, says = BAD[what]
    folder = copied(tmp_path / "bad", "bad2024")
    change(folder)
    before = dict(PAPERS)
    with pytest.raises(BoundkitError, match=says):
        find(str(folder))
    said = run("audit", folder, code=2)  # and again: nothing half-read is left behind
    assert said.count("\n") == 1
    assert before == PAPERS


def test_a_paper_with_a_known_name_is_refused_wherever_the_other_is(tmp_path: Path) -> None:
    load(FOLDER)
    twin = copied(tmp_path / "twin", "example2024")
    with pytest.raises(
        StatementError, match=r"twin/paper.py: there is a paper 'example2024' already, in .*my_paper/pa"
    ):
        load(twin)
    ours = copied(tmp_path / "ours", "beyond")
    with pytest.raises(StatementError, match=r"there is a paper 'beyond' already, in .*beyond.*; rename"):
        load(ours)


def test_a_statement_stands_alone_while_its_paper_is_being_written(tmp_path: Path) -> None:
    folder = copied(tmp_path / "unfinished", "new2024")
    (folder / "theorem_1.py").write_text("to be done\n")
    assert "proved for all sizes" in run("certificate", f"{folder}/lemma_1.py:lemma_1")
    assert "(theorem_1.py, line 1)" in run("list", folder, code=2)


def test_a_file_of_several_statements_is_a_collection() -> None:
    found = load(FOLDER / "theorem_1.py")
    assert isinstance(found, Collection)
    assert [s.name for s in found.statements] == ["lemma_1", "lemma_2", "theorem_1"]
    assert found.lemma_1 == load(FOLDER).lemma_1


def test_parameters_of_two_folders_stay_apart(tmp_path: Path) -> None:
    other = copied(tmp_path / "other", "other2024")
    replaced("parameters.py", '"the number of measurements", 2', '"the number of measurements", 3')(other)
    replaced("draws.py", "return sigma * np.abs(", "return 1000 * np.abs(")(other)
    one, two = load(FOLDER).lemma_1, load(other).lemma_1
    assert [s.parameters[0].low for s in (one, two)] == [2, 3]
    swept = [bk.sweep(s, {"n": [4, 5], "t": 1}, kind="simulate", trials=100, workers=2).rows for s in (one, two)]
    assert [all(row.result["failures"] > 90 for row in rows) for rows in swept] == [False, True]


def test_what_is_loaded_twice_is_equal_and_goes_to_other_processes(tmp_path: Path) -> None:
    paper = load(FOLDER)
    assert find(THEOREM[0]) == load(FOLDER).theorem_1 == find(THEOREM[1])
    assert pickle.loads(pickle.dumps(paper)) == paper
    other = load(copied(tmp_path / "other", "other2024"))
    (tmp_path / "both").write_bytes(pickle.dumps((other.theorem_1, paper.theorem_1)))
    script = (
        "import pickle, sys\n"
        "for s in pickle.load(open(sys.argv[1], 'rb')):\n"
        "    print(s.paper, s(n=100, t=0.5).exact(), s.certificate().holds, type(s.truth).__module__)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "both"], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["other2024", "example2024"]
    assert all("is 2.2041e-10 True boundkit_own_" in line for line in lines)


@pytest.mark.parametrize("folder", ["with space", "ünïcode", "a_b.c", "x" * 100])
def test_a_folder_of_any_name_is_found_by_the_name_of_its_package(folder: str, tmp_path: Path) -> None:
    other = copied(tmp_path / folder, "other2024")
    s = load(other).theorem_1
    assert pickle.loads(pickle.dumps(s)) == s


ENTRIES = {
    r'@article{x, author = "Erd{\H o}s, P. and R{\'e}nyi, A.", title = {On {Random} graphs}, year = 1959}':
        ("Erdős and Rényi 1959", "On Random graphs"),
    "@book{key1,\n  title = {A {B} of {C {D}}},\n  year = {2001},\n}": ("key1", "A B of C D"),
    "@misc{y, author={A. One and B. Two and C. Three}, title={T, with = and, commas}, note = {n}}":
        ("One and others", "T, with = and, commas"),
}  # fmt: skip


@pytest.mark.parametrize("entry", ENTRIES)
def test_bibtex_is_read(entry: str) -> None:
    name, title = ENTRIES[entry]
    assert short_name(entry) == name
    assert plain_text(bibtex_fields(entry)["title"]) == title


@pytest.mark.parametrize("entry", ["", "@", "@article{", "@article{x, title = {open", 'title = "', "{}{}}}"])
def test_bibtex_that_is_none_gives_no_error(entry: str) -> None:
    assert isinstance(short_name(entry), str)
    assert json.dumps(bibtex_fields(entry))

"""What to cite, and the graph of what rests on what."""

from dataclasses import replace
from fractions import Fraction
from graphlib import TopologicalSorter
import json
import re

from click.testing import CliRunner
import pytest
from support import STATEMENTS

import boundkit as bk
from boundkit.cli import main
from boundkit.studies.citations import dependencies, graph_dict, graph_dot

FIRST = bk.papers.melamed2023
PAPER = "melamed2023adversarial"
ALL = (FIRST, bk.papers.beyond)
CLASSIC = tuple(
    f"classics.{name}"
    for name in ("laurent_massart_lower", "laurent_massart_upper", "davidson_szarek_lower", "davidson_szarek_upper")
)


def keys(bibtex: str) -> list[str]:
    return re.findall(r"^@\w+\{(\w+),$", bibtex, re.MULTILINE)


def test_the_graph_is_acyclic_and_every_name_exists() -> None:
    graph = dependencies(ALL)
    assert list(graph) == list(STATEMENTS)
    used = {name for names in graph.values() for name in names}
    assert used - set(STATEMENTS) == set(CLASSIC)
    assert all(bk.catalogue[name].name == name.removeprefix("classics.") for name in used)
    assert set(TopologicalSorter(graph).static_order()) == {*STATEMENTS, *CLASSIC}


@pytest.mark.parametrize("n", [1, 16, 1000])
def test_the_lemmas_are_the_classics_that_the_paper_cites_at_a_sixteenth(n: int) -> None:
    low, high = (bk.catalogue[name](n=n, x=Fraction(n, 16)) for name in CLASSIC[:2])
    small, large = bk.lemma_b_1(n=n, sigma=1), bk.lemma_c_1(n=n, sigma=1)
    assert (bk.lemma_b_1.depends_on, bk.lemma_c_1.depends_on) == (CLASSIC[:1], CLASSIC[1:2])
    assert low.bound == small.bound
    assert high.bound <= large.bound
    assert low.failure == high.failure == small.failure == large.failure


def test_sources_from_elsewhere_name_statements_and_entries() -> None:
    assert {key for s in STATEMENTS.values() for key, _ in s.rests_on} == set(dict(FIRST.sources))
    for key, entry in (*FIRST.sources, (PAPER, FIRST.bibtex)):
        assert keys(entry) == [key]
        assert entry.count("{") == entry.count("}")


@pytest.mark.parametrize("name", bk.PAPER)
def test_a_statement_cites_laurent_and_massart_where_its_proof_reaches_them(name: str) -> None:
    reaches, todo = set(), [name]
    while todo:
        reaches.add(todo[-1])
        todo += set(bk.catalogue[todo.pop()].depends_on) - reaches
    spent = [bk.catalogue[classic].title for classic in CLASSIC[:2] if classic in reaches]
    bibtex = bk.cite(bk.catalogue[name])
    expected = [PAPER, "laurentmassart2000"] if reaches & {"lemma_b_1", "lemma_c_1"} else [PAPER]
    assert keys(bibtex) == expected
    assert bibtex == bk.cite(name)
    assert bibtex.startswith(bk.catalogue[name].title)
    assert all(title in bibtex.partition("@article")[0] for title in spent)


def test_the_words_between_entries_hide_nothing_from_bibtex() -> None:
    outside = re.sub(r"@\w+\{.*?^\}$", "", bk.cite("theorem_5_1"), flags=re.MULTILINE | re.DOTALL)
    assert "@" not in outside


def test_a_statement_of_ones_own_cites_what_it_builds_on() -> None:
    own = replace(bk.lemma_b_1, name="own", place="Lemma 7", paper="", rests_on=(), depends_on=("lemma_d_1",))
    assert bk.cite(own).startswith("Lemma D.1\n@inproceedings")
    assert keys(bk.cite(own)) == [PAPER, "laurentmassart2000"]
    with pytest.raises(bk.StatementError, match="nothing to cite"):
        bk.cite(replace(own, depends_on=()))
    with pytest.raises(bk.UnknownStatement, match="lemma_d_1"):
        bk.cite(replace(own, depends_on=("lemma_d1",)))


def test_cite_and_graph_as_commands() -> None:
    run = CliRunner().invoke
    assert run(main, ["cite", "theorem_6_1"]).output.split() == bk.cite(bk.theorem_6_1).split()
    unknown = run(main, ["cite", "theorem_61"])
    assert unknown.exit_code == 2
    assert "did you mean theorem_6_1" in unknown.output
    assert json.loads(run(main, ["graph", "--format", "json"]).output)["statements"] == graph_dict([FIRST])
    lines = run(main, ["graph", "--all"]).output.splitlines()
    named = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert named[: len(STATEMENTS)] == list(STATEMENTS)
    assert "lemma_c_3 lemma_c_1, lemma_c_2" in [" ".join(line.split()) for line in lines]
    dot = run(main, ["graph", "--all", "--format", "dot"]).output
    assert dot == graph_dot(tuple(bk.papers.values())) + "\n"
    edges = {tuple(edge) for edge in re.findall(r"(\w+) -> (\w+);", dot)}
    everywhere = dependencies(tuple(bk.papers.values())).items()
    assert edges == {(name, other.removeprefix("classics.")) for name, used in everywhere for other in used}
    assert all(
        re.fullmatch(r"digraph \w+ \{|  rankdir=BT;|  node.*;|  \w+ \[.*\];|  \w+ -> \w+( \[.*\])?;|\}", line)
        for line in dot.splitlines()
    )  # a name with a dot would be no name there
    assert run(main, ["graph", "--format", "svg"]).exit_code == 2

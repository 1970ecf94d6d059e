"""Objects as Python users expect them: numbers, orders, tables, displays; and a function for each command."""

from __future__ import annotations

from functools import cache
import importlib
from math import exp

import click
import pytest
import sympy

import boundkit as bk
from boundkit.cli import main
from boundkit.formats.tables import Rows, Tabular
from boundkit.version import VERSION

# Each command and the functions that do the same; what is after a colon is looked up in that module.
FUNCTIONS = {
    "audit": ("audit", "audit_page"), "bounds": ("bounds", "bounds_over"), "budget": ("budget",),
    "certificate": ("Statement.certificate",), "cite": ("cite",), "compare": ("compare",), "errata": ("errata",),
    "eval": ("Statement.__call__", "check_point", "refute"), "explore": ("explorer_page",), "falsify": ("falsify",),
    "figure": ("library.melamed2023.figures.making:write",), "graph": ("graph",), "list": ("papers", "catalogue"),
    "plot coverage": ("plots.coverage",), "plot flips": ("flip_probability",), "plot gradient": ("gradient_law",),
    "plot lengths": ("library.beyond.lengths_figure:lengths_against_k",), "network": ("applicable",),
    "plot pixels": ("library.beyond.pixels_figure:change_against_pixels",), "review": ("review",),
    "plot residue": ("library.beyond.residue_figure:residue_against_steps",),
    "plot tightness": ("plots.tightness_curves", "tightness"), "runs": ("runs",), "show": ("Statement.__str__",),
    "simulate": ("simulate.check",), "solve": ("Statement.solve_for", "best_constant", "best_constants"),
    "sweep": ("sweep",), "table": ("table",),
}  # fmt: skip
ALONE = {"completion": "it is for the shell", "union": "it takes statements at values, which a shell cannot write"}


def commands(group: click.Group, before: str = "") -> set[str]:
    found: set[str] = set()
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{name} ")
        else:
            found.add(before + name)
    return found


def test_every_command_has_its_function() -> None:
    assert commands(main) == FUNCTIONS.keys() | {"completion"}
    for names in FUNCTIONS.values():
        for name in names:
            module, _, attribute = name.rpartition(":")
            place = importlib.import_module(f"boundkit.{module}") if module else bk
            for part in attribute.split("."):
                place = getattr(place, part)
            assert place is not None


def test_every_public_function_has_its_command() -> None:
    functions = {name for name in bk.__all__ if name.islower() and type(getattr(bk, name)).__name__ == "function"}
    makers = {"assumed", "integers", "reals"}  # of statements, which are written in Python
    assert functions - makers <= {name for names in FUNCTIONS.values() for name in names} | ALONE.keys()


def test_an_exact_answer_is_a_number() -> None:
    found = bk.lemma_b_1(n=100).exact()
    assert float(found) == found.failure == pytest.approx(exp(found.log_failure), rel=1e-15)
    assert found.probability == pytest.approx(1 - found.failure, rel=1e-15)
    assert bk.lemma_b_1(n=10**6).exact().probability == 1.0
    assert bk.papers.classics.hoeffding(n=1, p=0.5, t=0.5).exact().probability == 0.5


def test_claims_are_the_statements_with_the_values_put_in() -> None:
    g = bk.lemma_b_1(n=16)
    (claim,) = g.claims
    assert claim == sympy.Ge(bk.lemma_b_1.claims[0].lhs, 8)
    assert float(claim.rhs) == g.bound
    free = bk.theorem_5_1(d=1000, ell=600).claims
    assert {str(x) for x in free[0].rhs.free_symbols} == {"m", "k", "output"}


def test_guarantees_have_no_order() -> None:
    one, other = bk.lemma_b_1(n=16), bk.lemma_b_1(n=17)
    for compare in (lambda: one < other, lambda: one <= other, lambda: one > other, lambda: max(one, other)):
        with pytest.raises(TypeError, match=r"no order: .*compare \.failure or \.bound"):
            compare()
    with pytest.raises(TypeError, match="not supported"):
        one < 1  # noqa: B015
    assert one != other


@cache
def tables() -> dict[str, Tabular]:
    law = bk.tails.binomial_at_least
    x = sympy.Symbol("x")
    return {
        "bounds": bk.bounds(law(1000, sympy.Rational(1, 10), 150)),
        "bounds_over": bk.bounds_over(law(1000, sympy.Rational(1, 10), x), {"x": "120:160:20"}),
        "budget": bk.budget(bk.theorem_5_1, d=10**6, ell=9 * 10**5, m=10),
        "audit": bk.audit(bk.lemma_b_1, points=5, simulated=False),
        "errata": bk.errata(bk.theorem_5_1),
        "tightness": bk.tightness(bk.lemma_b_1, {"n": "10:30:10"}),
        "compare": bk.compare(60, 4, searched=0),
    }


def test_every_answer_that_is_a_table_goes_to_pandas_and_to_a_notebook() -> None:
    pandas = pytest.importorskip("pandas")
    for name, found in tables().items():
        frame = found.to_pandas()
        assert isinstance(frame, pandas.DataFrame)
        assert (
            frame.to_dict("records") == pandas.DataFrame(found.records()).to_dict("records") or frame.isna().any().any()
        )
        assert len(frame) == len(found.records()) > 0, name
        assert "<table>" in found._repr_html_(), name  # type: ignore[attr-defined]
    assert len(tables()["tightness"]) == 3 == len(tables()["bounds_over"].points)  # type: ignore[arg-type,attr-defined]


def test_several_answers_are_a_tuple_still() -> None:
    found = bk.tightness(bk.lemma_b_1, {"n": "10:30:10"})
    assert isinstance(found, Rows)
    assert tuple(found) == found
    assert [row.guarantee.given[sympy.Symbol("n")] for row in found] == [10, 20, 30]


def test_papers_and_searches_show_themselves_in_notebooks() -> None:
    paper = bk.papers.gaussian_mechanism._repr_html_()
    assert all(s.name in paper for s in bk.papers.gaussian_mechanism.statements)
    search = bk.falsify(bk.papers.uml_appendix_b.uml_b_12_above.as_printed, seconds=20)
    assert "is false at" in search._repr_html_()
    assert "<li>" in search._repr_html_()


def test_tables_say_how_they_were_made() -> None:
    made = bk.table(bk.lemma_b_1, {"n": "10:30:10"}, {"sigma": 2})
    command = "boundkit table lemma_b_1 sigma=2 --over n=10,20,30"
    for text in (made.to_markdown(), made.to_latex(), made._repr_html_()):
        assert f"boundkit {VERSION}: {command}" in text
    assert command in made.to_json()


@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_pictures_say_how_they_were_made(kind: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from click.testing import CliRunner

    words = ["plot", "gradient", "d=60", "ell=d/2", "m=4", "k=2", "--trials", "10", "--seed", "3"]
    out = tmp_path / f"x.{kind}"
    assert CliRunner().invoke(main, [*words, "-o", str(out)], prog_name="boundkit").exit_code == 0
    told = out.read_bytes()
    if kind != "pdf":  # whose text is packed
        assert b"boundkit plot gradient d=60 ell=30 m=4 k=2 --trials 10 --seed 3" in told
    assert VERSION.encode() in told

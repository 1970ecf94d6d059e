"""The pages of the laws: no law is left out, no row that they quote has gone, and their tables say who wins."""

from fractions import Fraction
import importlib.util
from pathlib import Path
import sys
from types import ModuleType

import pytest
from sympy import Symbol

import boundkit as bk

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("law_pages", DOCS / "law_pages.py")
    module = sys.modules["law_pages"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_classical_law_has_one_page(pages: ModuleType) -> None:
    listed = [tail for law in pages.LAWS for tail in law.tails]
    assert len(listed) == len({*listed})
    modules = ("boundkit.tails.continuous", "boundkit.tails.discrete")
    public = [getattr(bk.tails, name) for name in bk.tails.__all__]
    assert {law for law in public if getattr(law, "__module__", "") in modules} <= {*listed}
    assert {bk.tails.chi_square_at_least, bk.tails.chi_square_at_most, bk.tails.normal_two_sided} <= {*listed}


def test_every_quoted_row_is_on_its_page(pages: ModuleType) -> None:
    for law in pages.LAWS:
        assert any(
            "worst found" in table or "error" in table
            for page in law.told
            for table in pages.rows(page, law.told[page])
        )
        for page, starts in law.told.items():
            for start in starts:
                assert [*pages.rows(page, (start,))], (law.name, start)


def test_the_ranges_are_of_the_laws_of_their_page(pages: ModuleType) -> None:
    for law in pages.LAWS:
        assert {type(tail) for tail, _ in law.along} <= {*law.tails}
        assert len({*map(str, (tail.free_symbols for tail, _ in law.along))}) == 1


def test_a_table_says_who_is_tightest(pages: ModuleType) -> None:
    found = bk.bounds_over(bk.tails.normal_two_sided(Symbol("t")), {"t": [1, Fraction(3, 2), 2, 3]})
    lines = [*pages.winners(found)]
    assert [line.split(" | ")[2] for line in lines] == ["1 to 1.5", "2", "3"]
    assert r"`P[\|normal\| >= t]`" in lines[0]
    assert ["normal_tail" in line for line in lines] == [True, False, True]


def test_misquotes_of_a_law_are_listed_on_its_page(pages: ModuleType) -> None:
    told = {law.name: "\n".join(pages.misquotes(law)) for law in pages.LAWS}
    assert "[M6](../statements/misquoted.md#m6-chernoff-third-wrong-formula)" in told["binomial"]
    assert "M39" in told["gaussian_mechanism"]
    assert not told["beta"]

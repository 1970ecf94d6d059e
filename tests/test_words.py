"""The paper's LaTeX and our plain text, read back: they say the same numbers as the expressions."""

from fractions import Fraction

import pytest
from support import read_latex, read_relation, read_text, same_number
import sympy

import boundkit as bk
from boundkit.api.objects import Statement

READINGS = [
    pytest.param(reading, id=f"{name}-{i}")
    for name in bk.PAPER
    for i, reading in enumerate(bk.catalogue[name].readings)
]
POINT = {
    "d": 97,
    "ell": 53,
    "m": 7,
    "k": 3,
    "k_0": 1,
    "n": 11,
    "T": 2,
    "beta": Fraction(3, 10),
    "c_ell": Fraction(1, 3),
    "c_k": Fraction(2, 5),
    "eta": Fraction(1, 7),
    "gamma": Fraction(5, 3),
    "lam": Fraction(2, 3),
    "output": Fraction(-7, 4),
    "r": Fraction(1, 9),
    "sigma": Fraction(6, 5),
    "sigma_1": Fraction(4, 3),
    "sigma_2": Fraction(5, 7),
    "t": Fraction(9, 4),
    "norm_u": Fraction(8, 3),
}
READERS = {"tex": read_latex, "text": read_text}


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("form", READERS)
def test_formulas_read_back_to_the_same_number(reading: Statement, form: str) -> None:
    expressions = {"bound": reading.bound, "failure": reading.failure}
    for key, words in getattr(reading, form):
        assert same_number(READERS[form](words), expressions[key], POINT), words


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("form", READERS)
def test_hypotheses_read_back_to_the_same_relation(reading: Statement, form: str) -> None:
    for hypothesis in reading.hypotheses:
        words = hypothesis.tex if form == "tex" else hypothesis.text
        if hypothesis.relation is None or not words:
            continue
        read = read_relation(words, READERS[form])
        expected = hypothesis.relation
        if words != r"u \neq 0":  # for a length, not 0 and above 0 are one
            assert read.rel_op == expected.rel_op
        for side, other in zip(read.args, expected.args, strict=True):
            assert same_number(side, other, POINT), words


def test_every_random_statement_carries_the_papers_own_formulas() -> None:
    for s in map(bk.catalogue.get, bk.PAPER):
        for reading in s.readings:
            if reading.failure != 0:
                assert dict(reading.tex).keys() == dict(reading.text).keys() == {"bound", "failure"}, reading.name


def test_a_changed_constant_does_not_read_back() -> None:
    s = bk.theorem_4_1
    assert not same_number(read_latex(dict(s.tex)["failure"]), sympy.exp(-sympy.Symbol("ell") / 4), POINT)
    assert not same_number(read_text(dict(s.text)["bound"]), s.bound * sympy.sqrt(2), POINT)

"""The conformance suite over the whole catalogue, and wrong statements that it must reject."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
import re

import conformance
import numpy as np
import pytest
from support import STATEMENTS, some
import sympy

import boundkit as bk
from boundkit.api.objects import Statement
from boundkit.library.melamed2023.paper import NOT_ENCODED
from boundkit.library.melamed2023.theorem_a_2 import loss_derivative
from boundkit.model.statement import Hypothesis
from boundkit.studies.walking import covered_points

CARDS = Path(__file__).parent / "cards"
ITEMS = {
    "Theorem A.1",
    "Theorem A.2",
    "Theorem 4.1",
    "Theorem 5.1",
    "Theorem 6.1",
    "Theorem 6.2",
    "Corollary 4.1",
    "Corollary 5.1",
    "Corollary 6.1",
    "Corollary 6.2",
    "Lemma B.1",
    "Lemma B.2",
    "Lemma C.1",
    "Lemma C.2",
    "Lemma C.3",
    "Lemma D.1",
    "Remark 3.1",
    "Open Problem 7.1",
}


HELD = [(name, check) for name in STATEMENTS for check in conformance.CHECKS]


@pytest.mark.parametrize(("name", "check"), some(HELD, keep=lambda held: held[0] in bk.PAPER))
def test_conforms(name: str, check: object) -> None:
    check(bk.catalogue[name])


@pytest.mark.parametrize("name", STATEMENTS)
def test_card_is_the_one_read_against_the_paper(name: str) -> None:
    conformance.claims_as_recorded(bk.catalogue[name], (CARDS / f"{name}.txt").read_text().rstrip("\n"))


def test_every_numbered_item_of_the_paper_is_encoded_or_explained() -> None:
    encoded = {bk.catalogue[name].title for name in bk.PAPER}
    explained = {item for item, reason in NOT_ENCODED if reason}
    assert encoded | explained == ITEMS
    assert not encoded & explained


def test_the_table_of_contents_is_the_files() -> None:
    folder = Path(bk.__file__).parent / "library" / "melamed2023"
    files = {file.stem for file in folder.glob("[a-z]*_*_*.py")}
    assert files == set(bk.PAPER)
    others = {
        "__init__", "assumptions", "commands", "draws", "draws_pointwise", "draws_anywhere", "draws_norms",
        "draws_patches", "draws_near", "experiments", "flips", "lengths_figure", "notation", "notation_near", "paper",
        "prescribed_moves", "residue_figure", "pixels_figure", "sign_laws", "sign_sums", "weighted_laws",
    }  # fmt: skip
    ours = {file.stem for file in folder.with_name("beyond").glob("*.py")} - others
    assert ours == set(bk.BEYOND)
    assert tuple(STATEMENTS) == (*bk.PAPER, *bk.BEYOND)
    for name in bk.PAPER:
        s = bk.catalogue[name]
        assert s.name == name
        assert s.title.lower().replace(" ", "_").replace(".", "_") == name
        assert {used for used in s.depends_on if not used.startswith("classics.")} <= set(bk.PAPER)
        assert f"\n{name} = " in (folder / f"{name}.py").read_text()


@pytest.mark.parametrize("name", bk.PAPER)
def test_every_witness_refutes_what_it_should_and_every_earlier_reading_has_one(name: str) -> None:
    s = bk.catalogue[name]
    refuted = []
    for erratum, reading in s.steps():
        assert erratum.witness or erratum.reason, erratum
        if erratum.witness:
            assert bk.refute(reading, **dict(erratum.witness)) is not None, erratum
            refuted.append(reading)
    assert all(reading in refuted for reading in s.readings[:-1])
    assert s not in refuted


@pytest.mark.parametrize("name", bk.PAPER)
def test_mending_turns_no_claim_round(name: str) -> None:
    """Though it may settle whether the sides may be equal."""

    def senses(s: Statement) -> list[tuple[sympy.Symbol, str]]:
        return [(claim.lhs, claim.rel_op.strip("=")) for claim in s.claims]

    s = bk.catalogue[name]
    assert all(senses(reading) == senses(s) for reading in s.readings)


@pytest.mark.parametrize("name", bk.PAPER)
def test_a_witness_shows_its_own_erratum_and_no_other(name: str) -> None:
    """With that one corrected the statement is not refuted there, even where others are still to be."""
    s = bk.catalogue[name]
    corrected = {
        erratum.id: (erratum, after)
        for before, after in zip(s.readings, s.readings[1:], strict=False)
        for erratum in after.errata[len(before.errata) :]
        if erratum.step is None
    }
    for erratum, after in corrected.values():
        known = {p.name for p in after.parameters}
        with suppress(bk.HypothesisError, bk.ParameterError):
            assert (
                bk.refute(after, **{parameter: x for parameter, x in erratum.witness if parameter in known}) is None
            ), erratum


def test_the_display_that_lost_a_factor_is_right_for_the_label_1() -> None:
    """L(y N) = log(1 + e^(-y N)), by SymPy's own derivative."""
    y, output = sympy.symbols("y output")
    derivative = sympy.log(1 + sympy.exp(-y * output)).diff(output)
    assert sympy.simplify(derivative - loss_derivative.truth) == 0
    assert bk.refute(loss_derivative, y=1, output=3) is None
    assert loss_derivative(y=1, output=3).exact().failure == 0
    assert loss_derivative(y=-1, output=3).exact().failure == 1


def test_every_erratum_of_the_list_is_there() -> None:
    from boundkit.studies.errata import all_errata

    findings = all_errata((bk.papers.melamed2023, bk.papers.beyond))
    assert {f.erratum.id for f in findings} == {f"E{i}" for i in range(1, 26)}
    assert [f.erratum.id for f in findings if f.confirmed is False] == []


@pytest.mark.parametrize(
    ("name", "point", "true", "claimed"),
    [
        ("lemma_c_3", {"n": 100, "t": 25, "sigma_1": 1, "sigma_2": 5, "r": 0}, 0.1562917, 0.0019379),
        ("lemma_c_3", {"n": 64, "t": 3, "sigma_1": 1, "sigma_2": 1, "r": 1}, 0.9993, 0.0405),
        ("lemma_d_1", {"n": 20, "m": 2, "sigma": 1, "r": 1}, 0.458, 0.287),
    ],
)
def test_witnesses_give_the_known_numbers(name: str, point: dict, true: float, claimed: float) -> None:
    reading = bk.catalogue[name].as_printed if point["n"] != 64 else bk.catalogue[name].printed
    g = reading(**point)
    assert g.exact().failure == pytest.approx(true, rel=2e-3)
    assert g.failure == pytest.approx(claimed, rel=2e-3)


ELL = sympy.Symbol("ell")
n, m, d, k, t, sigma = sympy.symbols("n m d k t sigma")


def without(s: Statement, text: str) -> Statement:
    return replace(s, hypotheses=tuple(h for h in s.hypotheses if h.text != text))


PLANTED = {
    "B.1 with ell/4": replace(bk.lemma_b_1, failure=sympy.exp(-n / 4), tex=(), text=()),
    "4.1 with ell/4": replace(bk.theorem_4_1, failure=sympy.exp(-ELL / 4), tex=(), text=()),
    "6.1 with ell/4": replace(bk.theorem_6_1, failure=sympy.exp(-ELL / 4), tex=(), text=()),
    "C.1 with 1 for 2": replace(
        bk.lemma_c_1,
        claims=(bk.lemma_c_1.claims[0].lhs <= bk.lemma_c_1.bound / 2,),
        truth=bk.tails.chi_square_at_least(n, 1),
        tex=(),
        text=(),
    ),
    "C.2 with sigma^2 for 2 sigma^2": replace(bk.lemma_c_2, failure=2 * sympy.exp(-(t**2) / sigma**2), tex=(), text=()),
    "C.3 with 4 n for n/16": replace(
        bk.lemma_c_3,
        failure=bk.lemma_c_3.failure.xreplace({sympy.exp(-n / 16): sympy.exp(-4 * n)}),
        tex=(),
        text=(),
    ),
    "C.2 without u != 0": without(bk.lemma_c_2, "|u| > 0"),
    "5.1 without k >= 1": without(bk.theorem_5_1, "k >= 1"),
    "5.1 with k > 1": replace(
        bk.theorem_5_1,
        hypotheses=tuple(
            Hypothesis(h.text, k > 1, h.tex) if h.text == "k >= 1" else h for h in bk.theorem_5_1.hypotheses
        ),
    ),
    "5.1 with 4 for 8": replace(bk.theorem_5_1, claims=(bk.theorem_5_1.claims[0].lhs <= bk.theorem_5_1.bound / 2,)),
    "6.2 without the absolute value": replace(bk.theorem_6_2, claims=bk.theorem_6_2.as_printed.claims, tex=(), text=()),
    "C6.2 without the absolute value": replace(bk.corollary_6_2, hypotheses=bk.corollary_6_2.as_printed.hypotheses),
    "hypotheses that nothing satisfies": replace(
        bk.lemma_b_1, hypotheses=(Hypothesis("n < 1", n < 1),), tex=(), text=()
    ),
}


@pytest.mark.parametrize("name", some(PLANTED, 4))
def test_a_planted_mistake_is_rejected(name: str) -> None:
    with pytest.raises(AssertionError):
        for check in conformance.CHECKS:
            check(PLANTED[name])


@pytest.mark.parametrize("name", [n for n in bk.PAPER if bk.catalogue[n].failure != 0])
def test_a_claim_with_its_sense_turned_round_is_rejected(name: str) -> None:
    s = bk.catalogue[name]
    strict = {">=": sympy.Gt, "<=": sympy.Lt, "<": sympy.Le}[s.claims[0].rel_op]
    planted = replace(s, claims=(strict(*s.claims[0].args), *s.claims[1:]))
    with pytest.raises(AssertionError):
        conformance.claims_as_recorded(planted, (CARDS / f"{name}.txt").read_text().rstrip("\n"))


SCALING = [
    # statement, parameters multiplied (parameter: factor), factor of the bound
    ("theorem_6_1", {"beta": 2}, 2),
    ("theorem_6_1", {"k": 2, "m": 2}, 1),
    ("theorem_4_1", {"k": 2, "m": 2}, 1),
    ("theorem_4_1", {"d": 4}, sympy.Rational(1, 2)),
    ("corollary_4_1", {"c_ell": sympy.Rational(1, 4)}, sympy.Rational(1, 2)),
    ("theorem_5_1", {"output": -3}, 3),
    ("theorem_5_1", {"d": 2, "ell": 2}, 1),
    ("corollary_5_1", {"output": 5}, 5),
    ("theorem_6_2", {"d": 4, "ell": 4}, 1),
    ("theorem_6_2", {"k": 2, "m": 2}, 1),
    ("corollary_6_1", {"d": 4}, sympy.Rational(1, 2)),
    ("corollary_6_2", {"d": 4}, sympy.Rational(1, 2)),
    ("lemma_b_1", {"sigma": 3}, 9),
    ("lemma_b_2", {"sigma": 3}, 9),
    ("lemma_c_1", {"sigma": 3}, 9),
    ("lemma_d_1", {"sigma": 3}, 9),
    ("lemma_c_2", {"norm_u": 7}, 7),
    ("lemma_c_3", {"sigma_1": 7}, 7),
]


@pytest.mark.parametrize(("name", "parameters", "factor"), SCALING)
def test_bounds_scale_as_their_quantity_does(name: str, parameters: dict, factor: object) -> None:
    s = bk.catalogue[name]
    point = {p.symbol: sympy.Rational(3 + i, 8 if not p.integer else 1) for i, p in enumerate(s.parameters)}
    scaled = {symbol: value * parameters.get(symbol.name, 1) for symbol, value in point.items()}
    ratio = s.bound.subs(scaled, simultaneous=True) / s.bound.subs(point, simultaneous=True)
    assert sympy.simplify(ratio - factor) == 0


def test_every_random_statement_has_a_scaling_relation() -> None:
    assert {name for name, _, _ in SCALING} == {n for n in bk.PAPER if bk.catalogue[n].failure != 0}


def test_corollaries_have_the_order_that_the_paper_claims() -> None:
    """Omega(1), O(N(x0)) and e^(-Omega(d)): no d, m or k is left in the bound, and the exponent is linear in d."""
    assert {x.name for x in bk.corollary_4_1.bound.free_symbols} == {"c_ell", "c_k"}
    assert {x.name for x in bk.corollary_5_1.bound.free_symbols} == {"c_ell", "c_k", "output"}
    c_ell, c_k, output = sympy.symbols("c_ell c_k output")
    assert sympy.diff(sympy.log(bk.corollary_4_1.failure), d) == -c_ell / 16
    for corollary, theorem in (("corollary_4_1", "theorem_4_1"), ("corollary_5_1", "theorem_5_1")):
        expected = bk.catalogue[theorem].bound.subs({ELL: c_ell * d, k: c_k * m})
        at = {c_ell: sympy.Rational(1, 3), c_k: sympy.Rational(1, 5), d: 30, m: 10, output: -2}
        assert sympy.simplify((expected / bk.catalogue[corollary].bound).subs(at)) == 1


def test_names_in_prose_are_no_longer_than_a_line() -> None:
    for s in STATEMENTS.values():
        number = r"[A-Z0-9.]+: " if s.name in bk.PAPER else r".*: "
        assert re.match(rf"^[A-Z][a-z-]+ {number}", s.doc.strip()), s.name
        assert max(map(len, str(s).splitlines())) <= 120


@pytest.mark.parametrize("name", some([n for n in STATEMENTS if bk.catalogue[n].worst_case], 4))
def test_the_worst_case_is_the_worst(name: str) -> None:
    """At random sizes the failure, exact or claimed, with parameters left out is at least that with any value."""
    s = bk.catalogue[name]
    points = [{name: float(value) for name, value in point} for point in covered_points(s, seed=2)]
    arrays = {p.name: np.array([values[p.name] for values in points]) for p in s.parameters}
    anywhere = s.evaluate(columns=("log_exact",), **arrays)["log_exact"]
    left = {parameter: column for parameter, column in arrays.items() if parameter not in dict(s.worst_case)}
    worst = s.evaluate(columns=("log_exact",), **left)["log_exact"]
    assert (anywhere <= worst + 1e-9 * np.abs(worst)).all()
    for values in points[:20]:
        left_out = s(**{parameter: value for parameter, value in values.items() if parameter not in dict(s.worst_case)})
        assert s(**values).log_failure <= left_out.log_failure + 1e-9 * abs(left_out.log_failure)


def test_one_opposing_neuron_is_the_worst_case_of_theorem_5_1() -> None:
    for ell, m in ((600, 10), (50, 40), (3000, 100), (5, 3)):
        k = np.arange(1, m)
        exact = bk.theorem_5_1.evaluate(columns=("log_exact",), d=10**6, ell=ell, m=m, k=k)["log_exact"]
        assert (np.diff(exact) <= 0).all()

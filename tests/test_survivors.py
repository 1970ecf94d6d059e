"""Properties that mutants outlived the rest of the suite without; see tests/mutation/README.md."""

from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
import inspect
from itertools import pairwise

from flint import arb, fmpq
import numpy as np
import pytest
import sympy

import boundkit as bk
from boundkit.enclose import ball
from boundkit.engine.proof.cells import split

x, y = sympy.symbols("x y")


@pytest.mark.parametrize(("a", "b"), [(2, 3), (3, 2), (-1, Fraction(1, 2))])
def test_the_smaller_and_the_larger_of_rationals_and_of_roots(a: int, b: Fraction) -> None:
    assert ball(sympy.Min(x, y), {x: a, y: b}) == fmpq(*Fraction(min(a, b)).as_integer_ratio())
    assert isinstance(ball(sympy.Max(x, y), {x: a, y: b}), fmpq)
    mixed = arb(ball(sympy.Max(sympy.sqrt(x), y), {x: abs(a), y: b}))
    assert mixed.overlaps(max(arb(abs(a)).sqrt(), arb(fmpq(*Fraction(b).as_integer_ratio()))))


def test_probability_and_failure_add_up_to_one_while_parameters_are_free() -> None:
    g = bk.theorem_4_1(d=100)
    assert sympy.simplify(g.probability + g.failure - 1) == 0


@pytest.mark.parametrize("s", bk.catalogue.values(), ids=lambda s: s.name)
def test_signatures_show_defaults_and_free_parameters(s: bk.Statement) -> None:
    shown = inspect.signature(replace(s)).parameters
    assert [shown[p.name].default for p in s.parameters] == [
        p.symbol if p.default is None else p.default for p in s.parameters
    ]


def test_a_guarantee_and_its_check_cannot_be_changed() -> None:
    g = bk.lemma_b_1(n=5)
    with pytest.raises(FrozenInstanceError):
        g.values = ()
    exact = g.exact()
    with pytest.raises(FrozenInstanceError):
        exact.failure = 0.0


def test_the_first_integer_that_floats_do_not_carry_is_refused() -> None:
    bk.lemma_b_1.evaluate(n=np.array([2**53]))
    with pytest.raises(bk.ParameterError, match="2\\^53"):
        bk.lemma_b_1.evaluate(n=np.array([2**53 + 2]))


def test_domains_reach_as_far_as_the_paper_does() -> None:
    assert bk.theorem_6_1(d=100, ell=50, m=4, k=2, beta=Fraction(1, 10**6)).applies is True
    assert bk.remark_3_1(gamma=0, d=1).applies is True
    bk.lemma_b_2.as_printed(n=3, m=3, sigma=1, r=Fraction(-1, 2))  # three vectors that sum to 0
    with pytest.raises(bk.ParameterError, match="correlation"):
        bk.lemma_b_2.as_printed(n=3, m=3, sigma=1, r=Fraction(-51, 100))


def test_the_printed_bounds_of_the_remark_meet_at_its_edge() -> None:
    """At gamma = log(d)^2 the second is the first times 1 + e^-gamma."""
    first, second = (claim.rhs for claim in bk.remark_3_1.as_printed.claims)
    d = sympy.Symbol("d")
    at = {d: sympy.Integer(10**6), sympy.Symbol("gamma"): sympy.log(10**6) ** 2}
    assert float(second.subs(at) / first.subs(at)) == pytest.approx(1, rel=1e-12)


def test_cells_tile_their_box() -> None:
    box = ((Fraction(1), Fraction(4)), (Fraction(-2), Fraction(-1)))
    cells = list(split(box, 3))
    assert len(cells) == 9
    for side, (low, high) in enumerate(box):
        edges = sorted({cell[side] for cell in cells})
        assert edges[0][0] == low
        assert edges[-1][1] == high
        assert all(a < b for a, b in edges)
        assert all(one[1] == two[0] for one, two in pairwise(edges))


def correlated(rng: np.random.Generator, n: int, m: int, r: float) -> np.ndarray:
    """Draws of m vectors of n standard normals, any two of them correlated by r: draws x m x n."""
    values, turn = np.linalg.eigh((1 - r) * np.eye(m) + r * np.ones((m, m)))
    return (turn * np.sqrt(np.maximum(values, 0))) @ rng.standard_normal((DRAWS, m, n))


DRAWS = 40_000


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("lemma_b_2", {"n": 4, "m": 3, "sigma": 2, "r": Fraction(-1, 4)}),
        ("lemma_b_2", {"n": 4, "m": 3, "sigma": 2, "r": Fraction(1, 2)}),
        ("lemma_d_1", {"n": 4, "m": 3, "sigma": 2, "r": Fraction(-1, 4)}),
        ("lemma_d_1", {"n": 4, "m": 3, "sigma": 2, "r": Fraction(1, 2)}),
        ("lemma_c_3", {"n": 3, "sigma_1": 2, "sigma_2": 3, "t": 4, "r": Fraction(1, 2)}),
        ("lemma_c_3", {"n": 3, "sigma_1": 2, "sigma_2": 3, "t": 4, "r": Fraction(-3, 4)}),
        ("theorem_4_1", {"d": 9, "ell": 5, "m": 4, "k": 3, "k_0": 1}),
        ("theorem_4_1", {"d": 9, "ell": 5, "m": 4, "k": 3, "k_0": 0}),
    ],
)  # fmt: skip
def test_the_laws_of_printed_readings_are_what_is_seen(name: str, values: dict) -> None:
    """Where print leaves a parameter open; wrong once in a million runs for each (5 standard deviations)."""
    rng, v = np.random.default_rng(5), {parameter: float(x) for parameter, x in values.items()}
    if name == "lemma_c_3":
        pairs = correlated(rng, values["n"], 2, v["r"])
        quantity = v["sigma_1"] * v["sigma_2"] * np.abs(np.sum(pairs[:, 0] * pairs[:, 1], axis=1))
    elif name == "theorem_4_1":  # hat w_i is N(0, I_ell/d); k_0 active neurons have derivative 0
        moving = rng.standard_normal((DRAWS, values["k"] - values["k_0"], values["ell"])) / v["d"] ** 0.5
        quantity = np.linalg.norm(moving.sum(axis=1), axis=1) / v["m"] ** 0.5
    else:
        quantity = np.sum((v["sigma"] * correlated(rng, values["n"], values["m"], v["r"]).sum(axis=1)) ** 2, axis=1)
    readings = [s for s in bk.catalogue[name].readings if {p.name for p in s.parameters} == set(values)]
    for reading in readings:
        g = reading(**values)
        fails = quantity < g.bound if reading.claims[0].rel_op in (">", ">=") else quantity > g.bound
        true = g.exact().failure
        assert 0.001 < true < 0.999
        assert abs(fails.mean() - true) < 5 * (true * (1 - true) / DRAWS) ** 0.5, reading.text

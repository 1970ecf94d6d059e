"""Statements in which nothing is random, failure = 0: the truth is the quantity itself, held against the bounds."""

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from click.testing import CliRunner
from flint import arb, fmpz
import numpy as np
import pytest
from scipy import special
from support import some
import sympy

import boundkit as bk
from boundkit.cli import main
from boundkit.studies.point_check import PointStatus

n, p, t, x, y, Q, D, B = sympy.symbols("n p t x y Q D B")
phi = sympy.exp(-(t**2) / 2) / sympy.sqrt(2 * sympy.pi)
HUNDRED = sympy.Rational(1, 100)


class normal_at_least(bk.tails.Tail):
    """P[Z >= t]."""

    @staticmethod
    def ball(t: Any) -> arb:
        return ((arb(t) / arb(2).sqrt()).erfc() / 2).log()


class binomial_distance(bk.tails.Tail):
    """The largest distance between the distribution functions of a standardised binomial and the normal."""

    @staticmethod
    def ball(n: Any, p: Any) -> arb:
        n, below, largest = int(n), arb(0), arb(0)
        for k in range(n + 1):
            z = (k - n * p) / (arb(n) * p * (1 - p)).sqrt()
            normal = (-z / arb(2).sqrt()).erfc() / 2
            upto = below + arb(int(fmpz.bin_uiui(n, k))) * arb(p) ** k * arb(1 - p) ** (n - k)
            largest = largest.max(abs(upto - normal)).max(abs(below - normal))
            below = upto
        return largest.log()


def statement(truth: Any, *claims: Any, parameters: tuple = (), **more: Any) -> bk.Statement:
    fields = {"name": "own", "place": "Own", "parameters": parameters, "hypotheses": (), "doc": "Own."}
    quantities = (bk.reals(Q, "a quantity", 0, strict=False),)
    return bk.Statement(**{**fields, "quantities": quantities, "claims": claims, "failure": 0, "truth": truth, **more})


def mills(*claims: Any) -> bk.Statement:
    return statement(normal_at_least(t), *claims, parameters=(bk.reals(t, "t", 0, 1000),))


def berry_esseen(constant: str) -> bk.Statement:
    bound = sympy.Rational(constant) * (p**2 + (1 - p) ** 2) / sympy.sqrt(n * p * (1 - p))
    inside = (bk.Hypothesis("p < 1", p < 1),)
    parameters = (bk.integers(n, "n", 1, 7), bk.reals(p, "p", 0, 1))
    return statement(binomial_distance(n, p), Q <= bound, parameters=parameters, hypotheses=inside)


TRUE = {
    "Mills, Gordon": mills(Q >= t / (1 + t**2) * phi, Q <= phi / t),
    "Birnbaum": mills(Q >= 2 / (t + sympy.sqrt(t**2 + 4)) * phi),
    "Berry and Esseen": berry_esseen("0.4748"),
    "the law as the bound": mills(Q <= normal_at_least(t), Q >= normal_at_least(t) * normal_at_least(t)),
}
FALSE = {
    "below 9 only": (mills(Q >= phi / t * sympy.Rational(79, 80)), lambda at: at["t"] < 9),
    "by 1%": (mills(Q >= t / (1 + t**2) * phi * (1 + HUNDRED)), lambda at: at["t"] > 3),
    "below 0.303 only": (mills(Q >= phi * normal_at_least(t), Q <= phi), lambda at: at["t"] < 0.31),
    "near n = 6, p = 2/5": (berry_esseen("0.40"), lambda at: 0.3 < at["p"] < 0.7),
    "beyond every float": (mills(Q <= phi / t, Q >= phi / t * (1 - 3 / t**2 / 4)), lambda at: at["t"] > 2),
}


@pytest.mark.parametrize("name", some(TRUE, 2))
def test_true_ones_are_never_called_false(name: str) -> None:
    s = TRUE[name]
    found = bk.falsify(s, points=400)
    assert found.counterexample is None
    assert found.searched == found.covered >= 100
    entry = bk.audit(s, points=60).entries[0]
    assert not entry.is_false
    assert entry.counts[PointStatus.HOLDS] >= 40
    bk.testing.assert_conforms(s)


@pytest.mark.slow
@pytest.mark.parametrize("name", some(FALSE, 2))
def test_false_ones_are_found_by_every_way_to_ask(name: str) -> None:
    s, region = FALSE[name]
    found = bk.falsify(s).counterexample
    assert found is not None
    assert region(dict(found.point))
    assert bk.refute(s, **dict(found.point)) is not None
    assert bk.check_point(s, **dict(found.point)).status is PointStatus.FALSE
    entry = bk.audit(s).entries[0]
    assert entry.is_false
    assert region(dict(entry.counterexample.guarantee.values))
    with pytest.raises(AssertionError, match="is false at"):
        bk.testing.assert_conforms(s)


def test_both_sides_below_every_float_are_told_apart_and_printed() -> None:
    """Q(999) is about 10^-216717: by the first terms of its expansion, in decimal logs."""
    s = mills(Q >= phi / t)
    found = bk.refute(s, t=999)
    words = found.why.removesuffix("e-216717").split("e-216717, not >= ")
    said, claimed = float(words[0].removeprefix("Q is ")), float(words[1])
    log = special.log_ndtr(-999.0) / np.log(10)
    assert said == pytest.approx(10 ** (log + 216717), rel=1e-5)
    assert claimed / said == pytest.approx(1 + 1 / 999**2, rel=1e-5)
    assert bk.refute(mills(Q <= phi / t), t=999) is None
    close = mills(Q <= normal_at_least(t) * (1 - sympy.Rational(1, 10**9)))
    assert len({*bk.refute(close, t=30).why.split()[2:-1:3]}) == 1
    assert "4.90671" in bk.refute(close, t=30).why


def test_a_truth_speaks_of_its_own_quantity_only() -> None:
    two = (bk.reals(Q, "Q", 0, strict=False), bk.reals(D, "D"))
    s = statement(sympy.exp(-t), Q <= 1, D <= -5, parameters=(bk.reals(t, "t", 0),), quantities=two)
    assert bk.check_point(s, t=1).status is PointStatus.UNDECIDED
    assert "nothing tells D" in bk.check_point(s, t=1).reason
    assert bk.refute(s, t=1) is None
    found = bk.falsify(s, points=100)
    assert found.counterexample is None
    assert found.searched == 0 < found.covered
    wrong = replace(s, claims=(Q <= sympy.exp(-2 * t), D <= 5))
    assert bk.falsify(wrong, points=100).counterexample is not None


def test_a_truth_that_is_an_upper_bound_shows_upper_claims_and_refutes_lower_ones() -> None:
    parameters = (bk.reals(t, "t", 0),)
    loose = statement(2 * sympy.exp(-t), Q <= 3 * sympy.exp(-t), parameters=parameters, truth_is="upper bound")
    assert bk.check_point(loose, t=1).status is PointStatus.HOLDS
    above = replace(loose, claims=(Q <= sympy.exp(-t),))
    assert bk.check_point(above, t=1).status is PointStatus.UNDECIDED
    assert bk.falsify(above, points=200).counterexample is None
    assert not bk.audit(above, points=40).is_false
    lower = replace(loose, claims=(Q >= 3 * sympy.exp(-t),))
    assert "is at most" in bk.refute(lower, t=1).why
    assert bk.check_point(replace(loose, claims=(Q >= sympy.exp(-t),)), t=1).status is PointStatus.UNDECIDED


def test_tightness_is_the_bound_beside_the_quantity() -> None:
    rows = bk.tightness(mills(Q <= phi / t), over={"t": [1, 3, 30]})
    for row, at in zip(rows, (1.0, 3.0, 30.0), strict=True):
        assert row.best == pytest.approx(special.ndtr(-at), rel=1e-12)
        assert row.bound_ratio == pytest.approx(row.bound / row.best)
        assert row.exponent_ratio is None


def test_solving_for_where_it_holds_in_fact() -> None:
    s = mills(Q >= phi / t * sympy.Rational(79, 80))
    least = s.solve_for("t", failure=Fraction(1, 10), exact=True).value
    assert bk.check_point(s, t=least).status is PointStatus.HOLDS
    assert bk.check_point(s, t=least * Fraction(999, 1000)).status is PointStatus.FALSE


def test_at_the_command_line(tmp_path: Any) -> None:
    lines = [
        "import boundkit as bk", "from sympy import Rational, exp, symbols", 't, Q = symbols("t Q")',
        'own = bk.Statement(name="own", place="Own", doc="Own.", parameters=(bk.reals(t, "t", 0, 1000),),',
        "    hypotheses=(), quantities=(bk.reals(Q, \"Q\", 0),),",
        "    claims=(Q <= exp(-t) * (1 + t / 100 - Rational(1, 10)),),",
        "    failure=0, truth=exp(-t))",
    ]  # fmt: skip
    (tmp_path / "own.py").write_text("\n".join(lines))
    for words, says in ((["falsify"], "Own is false at t = "), (["audit"], "FALSE at ")):
        done = CliRunner(env={"COLUMNS": "200"}).invoke(main, [*words, f"{tmp_path / 'own.py'}:own"])
        assert done.exit_code == 1
        assert says in done.output
    done = CliRunner().invoke(main, ["table", f"{tmp_path / 'own.py'}:own", "--over", "t=1,20"])
    assert "false in 1 of 2 rows" in done.output


def family(rng: Random, margin: float) -> tuple[bk.Statement, Any]:
    """Q = f(x, y), and a bound that is `margin` times f too small on a tenth of the decades of x, or nowhere if 0.

    f is smooth and ranges over many powers of ten; the domain of x is wide, narrow, near 0, or on a scale of its own.
    """
    a, b, c = (sympy.Rational(rng.randint(-300, 300), 100) for _ in range(3))
    top = sympy.Integer(10) ** rng.choice((-6, -2, 0, 2, 5))
    low, decades = rng.choice(((0, 4), (top / 1000, 3)))
    u = sympy.log(x / top) / sympy.log(10) / decades + 1  # from 0 to 1 over the decades below the top
    truth = sympy.exp(10 * a + b * u + c * u**2 / (1 + y))
    at, width = sympy.Rational(rng.randint(10, 90), 100), sympy.Rational(1, 20)
    bump = ((u - at) ** 2 / width**2 - 1) * sympy.Rational(str(margin)) * 2 if margin else (u - at) ** 2 / 10
    parameters = [bk.reals(x, "x", low, top), bk.reals(y, "y", 0, strict=False)]
    upper = rng.random() < 0.5
    claim = Q <= truth * (1 + bump) if upper else Q >= truth * (1 - sympy.Min(bump, sympy.Rational(1, 2)))
    rng.shuffle(parameters)
    return statement(truth, claim, parameters=tuple(parameters)), (at, width)


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(s, marks=pytest.mark.slow) for s in range(3, 60))])
def test_a_family_whose_truth_is_known(seed: int) -> None:
    wrong, _ = family(Random(seed), 0.01)
    assert bk.falsify(wrong, seed=seed).counterexample is not None
    assert bk.audit(wrong).is_false
    right, _ = family(Random(seed), 0)
    assert bk.falsify(right, seed=seed, points=500).counterexample is None
    found = bk.audit(right, points=100)
    assert not found.is_false
    assert not found.is_undecided


TOLD = {  # of a quantity that is at most n - 1, n or n + 1: what is known of its relation to n
    "<=": ("HOLDS", "HOLDS", "UNDECIDED"),
    "<": ("HOLDS", "UNDECIDED", "UNDECIDED"),
    ">=": ("FALSE", "UNDECIDED", "UNDECIDED"),
    ">": ("FALSE", "FALSE", "UNDECIDED"),
    "==": ("FALSE", "UNDECIDED", "UNDECIDED"),
    "!=": ("HOLDS", "UNDECIDED", "UNDECIDED"),
}


@pytest.mark.parametrize("op", TOLD)
def test_an_upper_bound_of_a_quantity_tells_no_more_than_it_knows(op: str) -> None:
    n, u = sympy.symbols("n U")
    for step, told in zip((-1, 0, 1), TOLD[op], strict=True):
        s = bk.Statement(
            name="own",
            place="Own",
            parameters=(bk.integers(n, "a count"),),
            quantities=(bk.reals(u, "a length"),),
            hypotheses=(),
            claims=(sympy.Rel(u, n, op),),
            failure=0,
            truth=n + step,
            truth_is="upper bound",
        )
        assert bk.check_point(s, n=3).status.name == told
        assert (bk.refute(s, n=3) is not None) == (told == "FALSE")
        assert (bk.falsify(s, points=100).counterexample is not None) == (told == "FALSE")

"""Arrays agree with calls where functions magnify rounding: near zeros, poles, jumps, and at high powers of 1."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples
import sympy

import boundkit as bk
from boundkit.formulas import TABLE

t, s, U = sympy.symbols("t s U")
PARAMETERS = (bk.reals(t, "a real"), bk.reals(s, "another"))
HEADS = [head for head, entry in TABLE.items() if entry.written]
TWO = (sympy.Pow, sympy.Min, sympy.Max, sympy.binomial)
FORMULAS = [head(t, s) if head in TWO else head(t) for head in HEADS]
FORMULAS += [head(t * s) for head in HEADS if head not in TWO]
FORMULAS += [
    sympy.Piecewise((sympy.log(t), t * s < 3), (s, True)), sympy.gamma(t) - sympy.gamma(s), (t * s) ** s,
    sympy.exp(t) ** s, t ** (10**13), sympy.binomial(t, 3), sympy.binomial(t * s, s), sympy.erf(t - s),
]  # fmt: skip
FAILURES = [
    sympy.erfc(t) / 2, 1 / (2 * sympy.binomial(t, s)), sympy.exp(-t) / 2 + sympy.exp(-s) / 2, 1 - sympy.exp(-t * s),
    1 - (1 - t) ** s, sympy.log(1 + sympy.exp(-t)), 1 / sympy.gamma(t), t**-s,
]  # fmt: skip
BOUNDS = {f: bk.Statement(name="own", place="Own", parameters=PARAMETERS, quantities=(bk.reals(U, "u"),), hypotheses=(),
                          claims=(sympy.Le(U, f),), failure=sympy.Rational(1, 10)) for f in FORMULAS}  # fmt: skip
LOGS = {f: bk.Statement(name="own", place="Own", parameters=PARAMETERS, quantities=(bk.reals(U, "u"),), hypotheses=(),
                        claims=(sympy.Le(U, 1),), failure=f) for f in FAILURES}  # fmt: skip

SPECIAL = (0, 1, -1, 2, -2, 3, 0.5, -0.5, 5, 10, 26, 100, 170, -170, 0.5413248546129181, 1e6, 2**30, 1e13)
near = st.builds(
    lambda x, sign, power, share: x + sign * share * 10.0**power,
    st.sampled_from((1, 2)) | st.sampled_from(SPECIAL), st.sampled_from((-1, 1, 0)),
    st.integers(-15, -1), st.floats(1, 9),
)  # fmt: skip
reals = near.map(lambda x: x if abs(x) > 1e-290 else 0.0)


def agrees(call: Any, found: float) -> bool:
    if call is None or not np.isfinite(call):
        return not np.isfinite(found)
    return abs(found - call) <= max(1e-9 * abs(call), 1e-300)


@settings(max_examples=examples(500))
@given(st.sampled_from(FORMULAS), reals, reals)
def test_bounds_agree_with_calls(formula: sympy.Expr, x: float, y: float) -> None:
    own = BOUNDS[formula]
    found = float(own.evaluate(columns=("bound",), t=x, s=y)["bound"])
    assert agrees(own(t=x, s=y).bound, found), (formula, x, y, own(t=x, s=y).bound, found)


@settings(max_examples=examples(150))
@given(st.sampled_from(FAILURES), reals, reals)
def test_logs_of_failures_agree_with_calls(failure: sympy.Expr, x: float, y: float) -> None:
    own = LOGS[failure]
    found = float(own.evaluate(columns=("log_failure",), t=x, s=y)["log_failure"])
    assert agrees(own(t=x, s=y).log_failure, found), (failure, x, y, own(t=x, s=y).log_failure, found)


@pytest.mark.parametrize(
    ("formula", "x", "y"),
    [
        (t**s, 1.000000000001, 2**45), (t**s, 0.99999999999, 10**13), (sympy.loggamma(t), 1 + 1e-12, 1),
        (sympy.loggamma(t), 2 - 1e-12, 1), (sympy.binomial(t, s), 2.000000000001, 3), (sympy.exp(t) ** s, 1e-8, 1e9),
        ((t * s) ** s, 1e-13, 1e13 + 1), (sympy.binomial(t, s), 10**12 + 0.25, 10**12),
    ],
)  # fmt: skip
def test_places_at_which_floats_alone_have_no_digits(formula: sympy.Expr, x: float, y: float) -> None:
    own = bk.Statement(
        name="own", place="Own", parameters=PARAMETERS, quantities=(bk.reals(U, "u"),), hypotheses=(),
        claims=(sympy.Le(U, formula),), failure=sympy.Rational(1, 10),
    )  # fmt: skip
    assert agrees(own(t=x, s=y).bound, float(own.evaluate(columns=("bound",), t=x, s=y)["bound"]))


def test_every_function_of_the_table_is_asked() -> None:
    assert {type(f) for f in FORMULAS} >= set(HEADS)

"""What is asked of `bounds`: any arguments of any law are answered soundly, or refused in a line."""

import json
from math import inf
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from support import assert_sound_bounds
import sympy
from sympy import Rational, sqrt

import boundkit as bk
from boundkit.tails import Tail, chi_square_at_least, chi_square_at_most, inner_product_at_least, normal_two_sided

T = bk.tails
HALF = Rational(1, 2)


@pytest.mark.parametrize(
    "law",
    [
        bk.tails.binomial_at_least(Rational(21, 2), Rational(1, 2), 2),
        bk.tails.hypergeometric_at_most(10, Rational(7, 2), 3, 1),
        bk.tails.negative_binomial_at_least(Rational(1, 2), Rational(1, 2), 3),
        bk.tails.kolmogorov_at_least(Rational(5, 2), Rational(1, 2)),
        bk.tails.uniform_sum_at_least(Rational(5, 2), 1),
    ],
)
def test_a_number_of_things_is_whole(law: Tail) -> None:
    with pytest.raises(bk.ParameterError, match="is a whole number"):
        bk.bounds(law)


LAWS = [law for name in bk.tails.__all__ if isinstance(law := getattr(bk.tails, name), type) and issubclass(law, Tail)]
LAWS.remove(Tail)
AWKWARD = [0, 1, -1, 2, 5, 300, 10**9, 10**30, 10**400, sqrt(2), sympy.pi, sympy.oo, sympy.nan]
AWKWARD += [Rational(1, 2), Rational(-7, 2), Rational(1, 10**30)]


@settings(max_examples=60)
@given(st.sampled_from(LAWS), st.lists(st.sampled_from(AWKWARD), min_size=4, max_size=4))
def test_any_arguments_of_any_law_are_answered_or_refused_in_a_line(law: type[Tail], args: list[Any]) -> None:
    asked = law(*args[: len(bk.tails.parameter_names(law))])
    try:
        found = bk.bounds(asked)
    except bk.BoundkitError:
        with pytest.raises(bk.BoundkitError, match=r"\A.{1,1000}\Z"):
            bk.bounds(asked)
        return
    if found.enclosure is None:
        assert found.unknown
        assert not any(b.true for b in (*found.upper, *found.lower))
    else:
        assert_sound_bounds(found)
    assert max(map(len, str(found).splitlines())) < 200
    assert found.to_csv()
    assert found.latex()
    assert json.dumps(found.to_dict())


@pytest.mark.parametrize(
    ("law", "probability"),
    [
        (normal_two_sided(-1), 1), (chi_square_at_most(5, -1), 0), (chi_square_at_least(5, -1), 1),
        (inner_product_at_least(-1, 5), 1),
        (T.binomial_at_least(10, HALF, Rational(21, 2)), 0), (T.binomial_at_least(10, HALF, 0), 1),
        (T.binomial_at_most(10, HALF, -1), 0), (T.binomial_at_most(10, HALF, 10), 1), (T.poisson_at_most(5, -1), 0),
        (T.negative_binomial_at_most(5, HALF, 4), 0), (T.negative_binomial_at_least(5, HALF, 5), 1),
        (T.hypergeometric_at_least(10, 4, 3, 4), 0), (T.hypergeometric_at_most(10, 8, 5, 2), 0),
        (T.gamma_at_least(5, -1), 1), (T.kolmogorov_at_least(10, 1), 0), (T.uniform_sum_at_least(10, 11), 0),
    ],
)  # fmt: skip
def test_where_the_support_decides_the_value_is_exact(law: Tail, probability: int) -> None:
    found = bk.bounds(law)
    assert found.enclosure == ((0, 0) if probability else (-inf, -inf))
    assert_sound_bounds(found)

"""Pictures of bounds: the tightest ones, and names that can be read."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, Symbol

import boundkit as bk
from boundkit.plots.bounds import _apart

TENTH, x = Rational(1, 10), Symbol("x")


def test_a_picture_shows_the_tightest_bounds_and_the_tail_to_the_right() -> None:
    upper = bk.plots.bounds_curves(bk.bounds_over(bk.tails.binomial_at_least(1000, TENTH, x), {"x": "150:200:25"}))
    assert len(upper.get_lines()) == 9
    assert not upper.xaxis_inverted()
    lower = bk.plots.bounds_curves(bk.bounds_over(bk.tails.binomial_at_most(1000, TENTH, x), {"x": "30:90:30"}))
    assert lower.xaxis_inverted()


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.05, 0.1])), min_size=1, max_size=8).map(sorted))
def test_names_beside_curves_do_not_overlap(names: list[tuple[float, float]]) -> None:
    heights, sizes = map(list, zip(*names, strict=True))
    places = _apart(heights, sizes)
    assert places[-1] <= 1
    for i in range(len(names) - 1):
        assert places[i + 1] - places[i] >= (sizes[i] + sizes[i + 1]) / 2 - 1e-12
    gaps = [b - a for a, b in pairwise(heights)]
    assert places == heights or any(gap < 0.1 for gap in gaps)

"""The two-sided normal tail against balls and its own asymptotics."""

from __future__ import annotations

from flint import arb, ctx
import numpy as np
import pytest

from boundkit.errors import ParameterError
from boundkit.laws import balls, normal


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: 10 ** rng.uniform(-300, 5, 3000),
        lambda rng: 10 ** rng.uniform(-2, 2, 3000),
        lambda rng: rng.uniform(0.9, 1.1, 1000),  # both sides of where the formula changes
        lambda rng: rng.uniform(0, 1e5, 2000),
    ],
)
def test_relative_error_of_the_log_is_below_1e_15(draw) -> None:
    t = draw(np.random.default_rng(30))
    with ctx.workprec(160):
        for value, u in zip(normal.log_two_sided(t).tolist(), t.tolist(), strict=True):
            truth = balls.normal_log_two_sided(u)
            assert abs(arb(value) - truth) <= 1e-15 * abs(truth), u


def test_ends() -> None:
    assert normal.log_two_sided(0) == 0
    assert np.copysign(1, normal.log_two_sided(0)) == 1
    assert normal.log_two_sided(np.inf) == -np.inf
    assert normal.log_two_sided(1e200) == -np.inf  # below the least double
    tiny = normal.log_two_sided(1e-300)
    assert tiny == pytest.approx(-np.sqrt(2 / np.pi) * 1e-300, rel=1e-15)


def test_decreasing() -> None:
    t = np.sort(np.random.default_rng(31).uniform(0, 3, 100_000))
    log_p = normal.log_two_sided(t)
    assert np.all(log_p[1:] <= log_p[:-1] * (1 - 2e-15))


def test_kinds() -> None:
    assert type(normal.log_two_sided(1)) is float
    assert normal.log_two_sided([[1.0, np.nan]]).shape == (1, 2)
    assert np.isnan(normal.log_two_sided([1.0, np.nan])).tolist() == [False, True]


@pytest.mark.parametrize("t", [-1, np.nan, "1", [0, -1e-300]])
def test_bad_input(t: object) -> None:
    with pytest.raises(ParameterError, match=r"^t(\[1\])? = .* needed; give"):
        normal.log_two_sided(t)

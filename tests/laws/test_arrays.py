"""Every law on arrays of every kind: NaN, empty, without dimension, integers, single precision, not contiguous."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import Any

from laws.domains import Law, Point
import numpy as np
import pytest

from boundkit.errors import ParameterError
from boundkit.laws import chi_square, closed_forms, inner_product, normal, row_sum, row_sums

CALLS: dict[str, tuple[Law, Point]] = {
    "cdf": (chi_square.logcdf, (3, 4)),
    "sf": (chi_square.logsf, (3, 4)),
    "pdf": (chi_square.logpdf, (3, 4)),
    "cdf by ratio": (chi_square.logcdf_ratio, (0.5, 4)),
    "sf by ratio": (chi_square.logsf_ratio, (0.5, 4)),
    "ppf": (chi_square.ppf_log, (-2, 4)),
    "isf": (chi_square.isf_log, (-2, 4)),
    "normal": (normal.log_two_sided, (2,)),
    "inner product": (inner_product.logsf_abs, (3, 4, 0.5)),
    "row sum": (row_sum.logcdf, (0.5, 4, 3)),
    "row sum, upper": (row_sum.logsf, (0.5, 4, 3)),
    "below zero": (row_sum.log_below_zero, (4, 3)),
    "all": (row_sums.log_all_at_least, (0.5, 4, 3)),
    "some": (row_sums.log_some_below, (0.5, 4, 3)),
    "longer": (closed_forms.log_perturbation_longer, (1, 4, 3)),
}
UNBOUNDED = {"ppf", "isf", "row sum", "row sum, upper"}  # their first argument may be -inf


@pytest.mark.parametrize("name", CALLS)
def test_arrays_of_every_kind(name: str) -> None:
    law, point = CALLS[name]
    value = law(*point)
    assert type(value) is float
    assert law(*(np.array(x) for x in point)) == value  # shape ()
    for position, x in enumerate(point):

        def at(column: Any, position: int = position) -> Any:
            return law(*(column if i == position else y for i, y in enumerate(point)))

        assert at(np.empty((0, 2))).shape == (0, 2)
        np.testing.assert_allclose(at(np.full((2, 3), x, float)[:, ::-2]), np.full((2, 2), value), rtol=4e-15)
        gaps = at(np.array([x, np.nan, x], float))
        assert np.isnan(gaps).tolist() == [False, True, False]
        np.testing.assert_allclose(gaps[::2], value, rtol=4e-15)
        assert at(np.float32(x)) == (value if float(np.float32(x)) == x else at(float(np.float32(x))))
        if x == round(x):
            assert at(np.array([x], np.int64)).tolist() == at([Fraction(x)]).tolist() == [value]
        with pytest.raises(ParameterError, match="needed; give"):
            at(np.nan)
        for wrong in ("1", 1j, None, [True]):
            with pytest.raises(ParameterError, match="real numbers are needed"):
                at(wrong)
        if name not in UNBOUNDED or position:
            with pytest.raises(ParameterError, match=r"\[1\] = -inf: .* needed; "):
                at([x, -inf])

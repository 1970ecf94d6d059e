"""A formula at one point to any number of digits, however many of them cancel on the way."""

from __future__ import annotations

from typing import Any

from flint import fmpq
import sympy

from boundkit.enclose import UNDEFINED, Values, ball, equals_zero
from boundkit.errors import PrecisionError
from boundkit.values import cut_text

SPARE = 32  # bits beyond the digits asked for
MORE = (0, 2**10, 2**12, 2**14)  # bits that may cancel


def to_digits(expr: sympy.Expr, values: Values, count: int) -> sympy.Float | None:
    """The number to so many significant digits; None where it is not defined.

    Raises
    ------
    PrecisionError
        Where no precision gives them.
    """
    needed = int(count * 3.33) + SPARE
    for more in MORE:
        try:
            found: Any = ball(expr, values, needed + SPARE + more)
        except PrecisionError:
            if more == MORE[-1]:
                raise
            continue
        if found is UNDEFINED:
            return None
        if isinstance(found, fmpq):
            return sympy.Float(sympy.Rational(int(found.p), int(found.q)), count)
        if found.is_finite() and (found.is_exact() or found.rel_accuracy_bits() >= needed):
            mantissa, exponent = (int(part) for part in found.mid().man_exp())
            return sympy.Float((int(mantissa < 0), abs(mantissa), exponent, mantissa.bit_length()), count)
    if found.is_nan():
        return None
    if found.contains(0) and equals_zero(expr, values):
        return sympy.Float(0, count)
    raise PrecisionError(
        f"{cut_text(expr)} has no {count} digits that {needed + MORE[-1]} bits can tell; ask for fewer"
    )

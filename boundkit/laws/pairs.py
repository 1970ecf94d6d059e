"""Sums and products of doubles with what their rounding lost: a number as a pair, about 32 digits."""

from __future__ import annotations

import numpy as np

from boundkit.laws.arrays import Array

Pair = tuple[Array, Array]


def half_word(x: Array) -> Array:
    """x cut to 26 bits."""
    return (x.view("i8") & -(1 << 27)).view("f8")


def two_sum(x: Array, y: Array) -> Pair:
    """x + y, and what its rounding lost (Knuth)."""
    total = x + y
    shift = total - x
    return total, (x - (total - shift)) + (y - shift)


def two_product(x: Array, y: Array) -> Pair:
    """x y, and what its rounding lost (Dekker)."""
    product = x * y
    x_lead, y_lead = half_word(x), half_word(y)
    x_rest, y_rest = x - x_lead, y - y_lead
    return product, ((x_lead * y_lead - product) + x_lead * y_rest + x_rest * y_lead) + x_rest * y_rest


def exact(x: Array) -> Pair:
    return x, np.zeros_like(x)


def add(x: Pair, y: Pair) -> Pair:
    total, lost = two_sum(x[0], y[0])
    rest = lost + (x[1] + y[1])
    near = total + rest
    return near, rest - (near - total)


def multiply(x: Pair, y: Pair) -> Pair:
    product, lost = two_product(x[0], y[0])
    return product, lost + (x[0] * y[1] + x[1] * y[0])


def divide(x: Pair, y: Pair) -> Pair:
    quotient = x[0] / y[0]
    product, lost = two_product(quotient, y[0])
    return quotient, (((x[0] - product) - lost) + (x[1] - quotient * y[1])) / y[0]


def minus(x: Pair) -> Pair:
    return -x[0], -x[1]

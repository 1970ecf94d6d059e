"""One grammar for numbers: what a letter may be given, in Python and as text, always kept exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
import numbers
import re
from typing import Any

from boundkit.errors import ParameterError

Value = int | Fraction

LARGEST = 10**300
_TEXT = re.compile(r"[+-]?(\d{1,400}(/\d{1,400})?|(\d{1,400}\.?\d{0,400}|\.\d{1,400})([eE][+-]?\d{1,3})?)")


def parse_number(text: str) -> Value:
    """Read an integer, a decimal, 1e6 or a/b exactly.

    Parameters
    ----------
    text : str
        One number. Nothing else is understood, and nothing is evaluated.

    Returns
    -------
    int or fractions.Fraction
        The exact value: ``parse_number("0.1")`` is 1/10, not the float nearest to it.

    Raises
    ------
    ParameterError
        Where the text is no number, or divides by zero.

    Examples
    --------
    >>> parse_number("1e6"), parse_number("0.1"), parse_number("2/3")
    (1000000, Fraction(1, 10), Fraction(2, 3))
    """
    if not _TEXT.fullmatch(text.strip()):
        raise ParameterError(f"{text!r} is not a number; write an integer, a decimal, 1e6 or a/b")
    try:
        return _plain(Fraction(text.strip()))
    except ZeroDivisionError:
        raise ParameterError(f"{text!r} divides by zero; write an integer, a decimal, 1e6 or a/b") from None


def exact_number(value: Any) -> Value:
    """Return a Python, NumPy or SymPy number as an exact int or Fraction.

    Raises
    ------
    ParameterError
        For anything else: a bool, text, nan, an infinity, a complex number, a symbol, an array; and for a
        size outside [1e-300, 1e300], where floats give out. The text says which.
    """
    kind = type(value).__name__
    if isinstance(value, bool) or kind in ("bool_", "bool", "BooleanTrue", "BooleanFalse"):
        raise ParameterError("a truth value is not a number; write 0 or 1")
    if isinstance(value, str | bytes):
        raise ParameterError("text is not a number; give the number itself")
    if getattr(value, "free_symbols", None):
        raise ParameterError("a symbol is not a number; leave the letter out and it stays free")
    if getattr(value, "shape", ()) != ():
        raise ParameterError("one number is meant here; arrays go to .evaluate(...)")
    if hasattr(value, "item") and not isinstance(value, numbers.Rational):
        value = value.item()
    if getattr(value, "is_Float", False):
        value = float(value)
    if isinstance(value, numbers.Rational):
        exact = Fraction(int(value.numerator), int(value.denominator))
    elif isinstance(value, float | Decimal):
        if value != value or value in (float("inf"), float("-inf")):
            raise ParameterError("a finite number is needed")
        exact = Fraction(value)
    else:
        raise ParameterError(f"a real number is needed, not {kind}")
    if exact and not Fraction(1, LARGEST) <= abs(exact) <= LARGEST:
        raise ParameterError("sizes from 1e-300 to 1e300 are understood")
    return _plain(exact)


def value_text(value: Value) -> str:
    """Write an exact value as people do: an integer, a decimal where one is meant, else a/b.

    >>> value_text(1000000), value_text(10**30), value_text(Fraction(1, 10)), value_text(Fraction(1, 3))
    ('1000000', '1e30', '0.1', '1/3')
    """
    if isinstance(value, int):
        text = str(value)
        figures = text.rstrip("0")
        return text if len(text) <= 15 or len(figures) > 6 else f"{figures}e{len(text) - len(figures)}"
    decimal = repr(float(value))
    return decimal if value in (Fraction(float(value)), Fraction(decimal)) else f"{value.numerator}/{value.denominator}"


def cut_text(value: Any) -> str:
    """Write anything at all in at most 40 characters, as an error names what it was given."""
    try:
        text = repr(value)
    except ValueError:  # an int too long for Python to write
        return "a number of thousands of digits"
    return text if len(text) <= 40 else f"{text[:37]}..."


def _plain(value: Fraction) -> Value:
    return value.numerator if value.denominator == 1 else value

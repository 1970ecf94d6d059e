"""One grammar for numbers: what a parameter may be given, in Python and as text, always kept exact."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
import numbers
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from boundkit.errors import ParameterError

if TYPE_CHECKING:
    from flint import arb, fmpq

Value = int | Fraction
Ball: TypeAlias = "arb | fmpq"  # python-flint's: an enclosure, or a rational exactly; as text, for flint loads slowly
Formula: TypeAlias = Any  # a SymPy expression, relation or Boolean: SymPy's own types are too narrow for what it gives

LARGEST = 10**300
MOST_DIGITS = 1000
FLOATS = ("float16", "float32", "longdouble", "float128", "float96", "Float")  # of NumPy and SymPy; float64 is a float
DOUBLE = 53  # bits of a Python float
SIZES = "sizes from 1e-300 to 1e300 are understood, written in at most 1000 digits"
_TEXT = re.compile(r"[+-]?(\d{1,400}(/\d{1,400})?|(\d{1,400}\.?\d{0,400}|\.\d{1,400})([eE][+-]?\d{1,3})?)")
_POWER = re.compile(r"([+-]?)(\d{1,20})(?:\^|\*\*)([+-]?\d{1,3})")
_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")


def parse_number(text: str) -> Value:
    """Read an integer, a decimal, 1e6, 10^6 or a/b exactly; 1_000_000 is 1000000.

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
    >>> parse_number("1e6"), parse_number("0.1"), parse_number("2/3"), parse_number("10^6"), parse_number("1_000")
    (1000000, Fraction(1, 10), Fraction(2, 3), 1000000, 1000)
    """
    plain = re.sub(r"(?<=\d)_(?=\d)", "", text.strip()).replace("\N{MINUS SIGN}", "-")
    power = _POWER.fullmatch(plain)
    if not power and not _TEXT.fullmatch(plain):
        instead = plain.replace(",", "") if _GROUPS.fullmatch(plain) else "an integer, a decimal, 1e6, 10^6 or a/b"
        raise ParameterError(f"{cut_text(text)} is not a number; write {instead}")
    try:
        if power:
            return _plain(int(f"{power[1]}1") * Fraction(int(power[2])) ** int(power[3]))
        return _plain(Fraction(plain))
    except ZeroDivisionError:
        raise ParameterError(f"{text!r} divides by zero; write an integer, a decimal, 1e6 or a/b") from None


def exact_number(value: Any) -> Value:
    """Return a Python, NumPy or SymPy number as an exact int or Fraction.

    A float stands for the decimal that Python prints for it, the shortest that names it among the floats of its own
    type: 0.1 is 1/10, in single precision too, and 0.1 + 0.2 is 0.30000000000000004.

    Raises
    ------
    ParameterError
        For anything else: a bool, text, nan, an infinity, a date, a masked or complex number, a symbol, an array; and
        for a size outside [1e-300, 1e300], where floats give out, or of more than 1000 digits. The text says which.

    Examples
    --------
    >>> exact_number(0.1), exact_number(0.1 + 0.2)
    (Fraction(1, 10), Fraction(7500000000000001, 25000000000000000))
    """
    if hasattr(value, "__array__"):
        value = _scalar(value)  # by its own type: a single-precision 0.1 is 1/10 too
    kind = type(value).__name__
    if isinstance(value, bool) or kind in ("bool_", "bool", "BooleanTrue", "BooleanFalse"):
        raise ParameterError("a truth value is not a number; write 0 or 1")
    if isinstance(value, str | bytes):
        raise ParameterError("text is not a number; give the number itself")
    if getattr(value, "free_symbols", None):
        raise ParameterError("a symbol is not a number; leave the parameter out and it stays free")
    if isinstance(value, numbers.Rational):
        exact = _in_reach(int(value.numerator), int(value.denominator))
    elif isinstance(value, float | Decimal) or kind in FLOATS:
        exact = decimal_value(value)
    else:
        raise ParameterError(f"a real number is needed, not {kind}")
    if exact and not Fraction(1, LARGEST) <= abs(exact) <= LARGEST:
        raise ParameterError(SIZES)
    return _plain(exact)


def decimal_value(value: Any) -> Fraction:
    """The decimal that a float prints: of Python, of NumPy in any precision, of SymPy in its own; or a Decimal itself.

    Its size is looked at before it is written out: 1e99999999 has as many digits as it says.
    """
    decimal = value if isinstance(value, Decimal) else Decimal(_printed(value))
    if not decimal.is_finite():
        raise ParameterError("a finite number is needed")
    _, digits, exponent = decimal.as_tuple()
    if not decimal:
        return Fraction(0)
    if len(digits) > MOST_DIGITS or abs(int(exponent)) > 2 * MOST_DIGITS:
        raise ParameterError(SIZES)
    return Fraction(decimal)


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


def point_words(point: Iterable[tuple[str, Value]]) -> dict[str, str]:
    """A point's values as people write them."""
    return {name: value_text(value) for name, value in point}


def point_text(point: Iterable[tuple[str, Value]]) -> str:
    """Write a point as people do: n = 16, m = 2."""
    return ", ".join(f"{name} = {text}" for name, text in point_words(point).items())


def point_numbers(point: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A point for other programs: whole numbers and words as they are, fractions as the floats nearest to them."""
    return {name: value if isinstance(value, int | str) else float(value) for name, value in point}


def cut_text(value: Any) -> str:
    """Write anything at all in at most 40 characters, as an error names what it was given."""
    try:
        text = repr(value)
    except ValueError:  # an int too long for Python to write
        return "a number of thousands of digits"
    return cut(text)


def cut(text: str) -> str:
    """At most 40 characters of a text."""
    return text if len(text) <= 40 else f"{text[:37]}..."


def _scalar(value: Any) -> Any:
    """What NumPy makes of it, as a scalar that knows its type."""
    import numpy as np

    if isinstance(value, np.ma.MaskedArray):
        raise ParameterError("a masked value is not a number; leave the point out")
    array = np.asarray(value)
    if array.shape != ():
        raise ParameterError("one number is meant here; arrays go to .evaluate(...)")
    if array.dtype.kind in "SU":
        return ""
    if array.dtype.kind not in "biufO":
        raise ParameterError(f"a real number is needed, not {array.dtype}")
    return array[()]


def _in_reach(above: int, below: int) -> Fraction:
    if max(above.bit_length(), below.bit_length()) > MOST_DIGITS * 3.33:
        raise ParameterError(SIZES)
    return Fraction(above, below)


def _printed(value: Any) -> str:
    if isinstance(value, float):
        return float.__repr__(value)
    if getattr(value, "is_Float", False):  # one of double precision prints fewer digits than it has
        return repr(float(value)) if value._prec == DOUBLE and value == float(value) else str(value)
    import numpy as np

    return str(np.format_float_scientific(value, unique=True))


def _plain(value: Fraction) -> Value:
    return value.numerator if value.denominator == 1 else value

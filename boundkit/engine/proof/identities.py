"""Whether two expressions are one, by rewriting alone: no rule here holds only for most values.

An expression becomes a sum of numbers times products of atoms with rational exponents; two expressions are one where
their difference, cleared of denominators, has no term left. Every rewriting is right wherever what it is applied to is
defined (real; no division by 0, no log of what is not positive, no root of what is negative); `kernel` shows apart
from this that what it compares is defined. What is not seen to be equal may still be.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from fractions import Fraction
from functools import reduce
from math import floor, gcd, lcm
from typing import Any

import sympy
from sympy.codegen.cfunctions import log1p

from boundkit.tails import Named, Tail
from boundkit.values import Formula

Monomial = frozenset[tuple[Hashable, Fraction]]  # atoms and their exponents
Sum = dict[Monomial, Fraction]  # and the coefficient of each
ONE: Monomial = frozenset()
ROUNDS = 40  # denominators cleared, one after another
MOST = 12  # powers of sums written out
SMALL_PRIMES = 100  # a number under a root or in a log is taken apart as far as these


class NotAlgebraError(Exception):
    """What has no place in an identity, such as floor or oo."""


class Algebra:
    """Normal forms, given which expressions are known to be positive and which not negative."""

    def __init__(self, positive: Callable[[Formula], bool], nonnegative: Callable[[Formula], bool]) -> None:
        self.positive, self.nonnegative = positive, nonnegative
        self.inside: dict[Hashable, Sum] = {}  # what a sum, a log or a size is of
        self.spelled: dict[Hashable, Formula] = {}  # each atom as an expression, to ask for its sign

    def is_zero(self, expr: Formula) -> bool:
        """Whether an expression is 0 wherever it is defined."""
        try:
            found = self.sum_of(expr)
            for _ in range(ROUNDS):
                if not found:
                    return True
                low = self._lowest(found)
                if low is None:
                    return False
                atom, exponent = low  # times atom^whole, which is not 0: it stands below a fraction line
                found = self._times(found, {frozenset({(atom, Fraction(-floor(exponent)))}): Fraction(1)})
        except NotAlgebraError:
            pass
        return False

    def sum_of(self, expr: Formula) -> Sum:
        """The normal form."""
        if expr.is_Rational:
            return {ONE: Fraction(int(expr.p), int(expr.q))} if expr else {}
        if expr.is_Symbol or expr is sympy.pi:
            return self._atom(expr, expr)
        if expr is sympy.E or isinstance(expr, sympy.exp):
            return self._exp(self.sum_of(expr.args[0] if expr.args else sympy.S.One))
        if expr.is_Add:
            return reduce(_plus, map(self.sum_of, expr.args))
        if expr.is_Mul:
            return reduce(self._times, map(self.sum_of, expr.args))
        if expr.is_Pow:
            return self._power(expr)
        if isinstance(expr, log1p):
            return self._log(self.sum_of(1 + expr.args[0]))
        if isinstance(expr, sympy.log) and len(expr.args) == 1:
            return self._log(self.sum_of(expr.args[0]))
        if isinstance(expr, Named):
            return self.sum_of(expr.formula)
        if isinstance(expr, sympy.Abs):
            return self._size(self.sum_of(expr.args[0]), expr)
        if isinstance(expr, Tail | sympy.Min | sympy.Max | sympy.erfc):  # equal arguments, equal values
            return self._atom((expr.func, *(_key(self.sum_of(arg)) for arg in expr.args)), expr)
        raise NotAlgebraError(str(expr))

    def _atom(self, atom: Hashable, spelled: Formula, exponent: Formula = 1) -> Sum:
        self.spelled.setdefault(atom, spelled)
        return {frozenset({(atom, Fraction(exponent))}): Fraction(1)}

    def _times(self, a: Sum, b: Sum) -> Sum:
        found: Sum = {}
        for m1, c1 in a.items():
            for m2, c2 in b.items():
                found = _plus(found, self._product(m1, m2, c1 * c2))
        return found

    def _product(self, a: Monomial, b: Monomial, number: Fraction) -> Sum:
        """x^r x^s = x^(r + s): x is not 0 where r or s is negative, nor negative where one is no integer."""
        exponents = dict(a)
        for atom, exponent in b:
            exponents[atom] = exponents.get(atom, Fraction(0)) + exponent
        extra: list[Sum] = []
        for atom, exponent in list(exponents.items()):
            whole = floor(exponent)
            if isinstance(atom, int):  # a prime: whole powers are numbers
                number *= Fraction(atom) ** whole
                exponents[atom] = exponent - whole
            elif exponent >= 1 and _kind(atom) == "sum":  # whole powers of a sum are written out
                if whole > MOST:
                    raise NotAlgebraError(f"a power of {whole}")
                extra += [self.inside[atom]] * whole
                exponents[atom] = exponent - whole
            elif _kind(atom) == "size" and exponent.denominator == 1 and exponent >= 2:  # |x|^2 = x^2
                extra += [self.inside[atom]] * (whole - whole % 2)
                exponents[atom] = Fraction(whole % 2)
        start: Sum = {frozenset((atom, e) for atom, e in exponents.items() if e): number} if number else {}
        return reduce(self._times, extra, start)

    def _power(self, expr: Formula) -> Sum:
        base = self.sum_of(expr.base)
        if expr.exp.is_Rational:
            return self._raised(base, Fraction(int(expr.exp.p), int(expr.exp.q)), expr.base)
        if self.positive(expr.base):  # b^e = exp(e log b) for b > 0
            return self._exp(self._times(self.sum_of(expr.exp), self._log(base)))
        number, rest = _content(self.sum_of(expr.exp))  # (b^e)^r = b^(r e) for r > 0, wherever b^e and b^(r e) are real
        return self._atom(("power", _key(base), _key(rest)), expr.base ** (expr.exp / _rational(number)), number)

    def _raised(self, base: Sum, exponent: Fraction, spelled: Formula) -> Sum:
        """A rational power."""
        if exponent.denominator == 1 and 0 <= exponent <= MOST:
            return reduce(self._times, [base] * int(exponent), {ONE: Fraction(1)})
        if not base:
            raise NotAlgebraError("a power of 0")
        if len(base) == 1:
            ((monomial, number),) = base.items()
            if exponent.denominator == 1 or (
                number > 0
                and all(  # (x y)^r = x^r y^r for x and y not negative
                    self.nonnegative(self.spelled[atom]) for atom, _ in monomial if not isinstance(atom, int)
                )
            ):
                start = self._number(number, exponent)
                return self._times(
                    start, self._product(frozenset((atom, e * exponent) for atom, e in monomial), ONE, Fraction(1))
                )
        number, rest = _content(base)
        common = self._common(rest, all_of_them=exponent.denominator == 1)
        rest = self._times(rest, {_inverse(common): Fraction(1)})
        if exponent.denominator == 1 and self._turned(rest):
            number, rest = -number, _scaled(rest, Fraction(-1))
        atom = ("sum", _key(rest))
        self.inside[atom] = rest
        outer = self._times(self._number(number, exponent), self._raised({common: Fraction(1)}, exponent, spelled))
        return self._times(outer, self._atom(atom, self._written(rest), exponent))

    def _common(self, terms: Sum, *, all_of_them: bool) -> Monomial:
        """What every term has in common; without `all_of_them` only what is positive: (x y)^r = x^r y^r for x > 0."""
        lowest = {atom: min(dict(m).get(atom, Fraction(0)) for m in terms) for atom in {a for m in terms for a, _ in m}}
        return frozenset(
            (atom, e)
            for atom, e in lowest.items()
            if e and (all_of_them or isinstance(atom, int) or self.positive(self.spelled[atom]))
        )

    def _turned(self, terms: Sum) -> bool:
        """Whether a sum is spelled with its signs turned: the positive way, where one is known to be."""
        if self.positive(self._written(terms)):
            return False
        return self.positive(self._written(_scaled(terms, Fraction(-1)))) or self._leading(terms) < 0

    def _leading(self, terms: Sum) -> Fraction:
        """The coefficient of the term that is first in writing, which is the same in every process."""
        return terms[min(terms, key=lambda m: sorted((str(self.spelled.get(atom, atom)), e) for atom, e in m))]

    def _number(self, number: Fraction, exponent: Fraction) -> Sum:
        """number^exponent: roots of primes."""
        if exponent.denominator == 1:
            return {ONE: number ** int(exponent)}
        found: Sum = {ONE: Fraction(1)}
        for prime, times in _primes(number):
            self.spelled.setdefault(prime, sympy.Integer(prime))
            found = self._times(found, self._product(frozenset({(prime, times * exponent)}), ONE, Fraction(1)))
        return found

    def _exp(self, exponent: Sum) -> Sum:
        """exp(a + b) = exp(a) exp(b), exp(r a) = exp(a)^r, exp(r log u) = u^r."""
        found: Sum = {ONE: Fraction(1)}
        for monomial, number in exponent.items():
            atoms = list(monomial)
            if len(atoms) == 1 and atoms[0][1] == 1 and _kind(atoms[0][0]) == "log":
                inside = self.inside[atoms[0][0]]
                part = self._raised(inside, number, self._written(inside))
            else:
                part = self._atom(("exp", monomial), sympy.exp(self._written({monomial: Fraction(1)})), number)
            found = self._times(found, part)
        return found

    def _log(self, inside: Sum) -> Sum:
        """log(x y) = log x + log y and log(x^r) = r log x for what is positive; the rest stays together."""
        if not inside:
            raise NotAlgebraError("log 0")
        number, rest = _content(inside)
        common = self._common(rest, all_of_them=False)
        rest = self._times(rest, {_inverse(common): Fraction(1)})
        found: Sum = {}
        for prime, times in _primes(number):
            found = _plus(found, _scaled(self._log_of_prime(prime), Fraction(times)))
        for atom, exponent in common:
            found = _plus(found, _scaled(self._log_of_atom(atom), exponent))
        return found if rest == {ONE: 1} else _plus(found, self._log_atom(rest))

    def _log_of_prime(self, prime: int) -> Sum:
        atom = ("log", prime)
        self.inside[atom] = {ONE: Fraction(prime)}
        return self._atom(atom, sympy.log(prime))

    def _log_of_atom(self, atom: Any) -> Sum:
        if _kind(atom) == "exp":
            return {atom[1]: Fraction(1)}
        if isinstance(atom, int):
            return self._log_of_prime(atom)
        return self._log_atom({frozenset({(atom, Fraction(1))}): Fraction(1)})

    def _log_atom(self, inside: Sum) -> Sum:
        """The log of what is not taken apart, as one atom; of a sum that is itself an atom, the log of its inside."""
        ((only, number), *others) = inside.items()
        if not others and number == 1 and len(only) == 1:
            ((atom, exponent),) = only
            if exponent == 1 and _kind(atom) == "sum":  # one spelling: the log of the sum itself
                inside = self.inside[atom]
        atom = ("log", _key(inside))
        self.inside[atom] = inside
        return self._atom(atom, sympy.log(self._written(inside)))

    def _size(self, inside: Sum, expr: Formula) -> Sum:
        """|-x| = |x|, and |x| = x for x not negative."""
        if self.nonnegative(expr.args[0]):
            return inside
        if inside and self._leading(inside) < 0:
            inside = _scaled(inside, Fraction(-1))
        atom = ("size", _key(inside))
        self.inside[atom] = inside
        return self._atom(atom, expr)

    def _written(self, terms: Sum) -> Formula:
        """Back as an expression, to ask for its sign."""
        return sympy.Add(
            *(
                _rational(c)
                * sympy.Mul(
                    *((sympy.Integer(a) if isinstance(a, int) else self.spelled[a]) ** _rational(e) for a, e in m)
                )
                for m, c in terms.items()
            )
        )

    def _lowest(self, terms: Sum) -> tuple[Hashable, Fraction] | None:
        """A sum that stands below a fraction line, the outermost first."""
        low = [(atom, e) for m in terms for atom, e in m if e < 0 and _kind(atom) == "sum"]
        return min(low, key=lambda pair: (-len(str(pair[0])), pair[1]), default=None)


def _plus(a: Sum, b: Sum) -> Sum:
    found = dict(a)
    for monomial, number in b.items():
        total = found.pop(monomial, Fraction(0)) + number
        if total:
            found[monomial] = total
    return found


def _scaled(terms: Sum, number: Fraction) -> Sum:
    return {m: c * number for m, c in terms.items()} if number else {}


def _content(terms: Sum) -> tuple[Fraction, Sum]:
    """A positive number, and what is left with coprime integer coefficients."""
    if not terms:
        return Fraction(1), terms
    number = Fraction(gcd(*(c.numerator for c in terms.values())), lcm(*(c.denominator for c in terms.values())))
    return number, {m: c / number for m, c in terms.items()}


def _inverse(monomial: Monomial) -> Monomial:
    return frozenset((atom, -e) for atom, e in monomial)


def _primes(number: Fraction) -> Iterable[tuple[int, int]]:
    if number <= 0:
        raise NotAlgebraError(f"a root or log of {number}")
    return [*_divided(number.numerator, 1), *_divided(number.denominator, -1)]


def _divided(number: int, sign: int) -> Iterable[tuple[int, int]]:
    """Its small primes, and what is left as if it were one more."""
    for prime in sympy.primerange(SMALL_PRIMES):
        times = 0
        while number % prime == 0:
            number, times = number // prime, times + 1
        if times:
            yield prime, sign * times
    if number != 1:
        yield number, sign


def _key(terms: Sum) -> frozenset[tuple[Monomial, Fraction]]:
    return frozenset(terms.items())


def _kind(atom: Hashable) -> str:
    return atom[0] if isinstance(atom, tuple) and isinstance(atom[0], str) else ""


def _rational(number: Fraction) -> sympy.Rational:
    return sympy.Rational(number.numerator, number.denominator)

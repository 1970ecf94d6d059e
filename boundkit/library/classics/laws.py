"""Laws that only the classics ask: a collector's wait, coins of two kinds, the misses of an exact interval."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

from flint import arb, fmpq

from boundkit.laws.discrete_balls import binomial_log_at_least, binomial_log_at_most
from boundkit.tails import Tail


class coupons_later_than(Tail):
    """``P[T > x]``, T the draws until all of n coupons are seen: inclusion and exclusion, in rationals."""

    nargs = 2

    @staticmethod
    def ball(n: Any, x: Any) -> arb:
        """The union over the coupons that are missing after floor(x) draws."""
        floored, kinds = (x.floor() if isinstance(x, fmpq) else arb(x).floor().unique_fmpz()), int(n)
        if floored is None:
            return arb("nan")
        draws = int(floored)
        if draws < kinds:
            return arb(0)
        missing = sum((-1) ** (j + 1) * comb(kinds, j) * fmpq(kinds - j, kinds) ** draws for j in range(1, kinds + 1))
        return arb(missing).log() if missing else arb("-inf")


def two_kinds(m: Any, a: Any, n: Any, b: Any) -> list[arb]:
    """The chances of 0, 1, ... successes of m coins with chance a and n with chance b."""
    masses = [arb(1)]
    for chance in [arb(a)] * int(m) + [arb(b)] * int(n):
        masses = [
            (masses[k] * (1 - chance) if k < len(masses) else arb(0)) + (masses[k - 1] * chance if k else arb(0))
            for k in range(len(masses) + 1)
        ]
    return masses


class two_kinds_at_least(Tail):
    """``P[S >= k]``, S the successes of m coins with chance a and n with chance b."""

    nargs = 5

    @staticmethod
    def ball(m: Any, a: Any, n: Any, b: Any, k: Any) -> arb:
        """The sum of the chances."""
        return _log(sum(two_kinds(m, a, n, b)[int(k) :], arb(0))) if k > 0 else arb(0)


class two_kinds_at_most(Tail):
    """``P[S <= k]``, S the successes of m coins with chance a and n with chance b."""

    nargs = 5

    @staticmethod
    def ball(m: Any, a: Any, n: Any, b: Any, k: Any) -> arb:
        """The sum of the chances."""
        return _log(sum(two_kinds(m, a, n, b)[: int(k) + 1], arb(0))) if k >= 0 else arb("-inf")


class distance_to_poisson(Tail):
    """The total variation between the successes of m coins with chance a and n with chance b, and Poisson."""

    nargs = 4

    @staticmethod
    def ball(m: Any, a: Any, n: Any, b: Any) -> arb:
        """The sum of what is in excess."""
        mean, total = arb(m) * arb(a) + arb(n) * arb(b), arb(0)
        poisson = (-mean).exp()
        for k, mass in enumerate(two_kinds(m, a, n, b)):
            poisson = poisson * mean / k if k else poisson
            total += (mass - poisson).max(arb(0))
        return _log(total)


class exact_interval_misses(Tail):
    """How often Clopper and Pearson's interval at 95%, of a count of n, misses the chance p."""

    nargs = 2

    @staticmethod
    def ball(n: Any, p: Any) -> arb:
        """The counts whose tail, above or below, is at most 2.5%."""
        size = int(n)
        high = _least(size, lambda k: binomial_log_at_least(size, p, k))
        low = _least(size, lambda k: binomial_log_at_most(size, p, size - k))
        if high is None or low is None:
            return arb("nan")
        missed = binomial_log_at_least(size, p, high).exp() + binomial_log_at_most(size, p, size - low).exp()
        return _log(missed)


def _log(probability: arb) -> arb:
    return arb("-inf") if probability == 0 else probability.log().min(arb(0))


def _least(n: int, log_tail: Callable[[int], arb]) -> int | None:
    """The least k from 0 to n + 1 whose tail, which falls with k, is at most 2.5%; None where a ball does not tell."""
    level, low, high = arb(fmpq(1, 40)).log(), 0, n + 1
    while low < high:
        middle = (low + high) // 2
        tail = log_tail(middle)
        if tail <= level:
            high = middle
        elif tail > level:
            low = middle + 1
        else:
            return None
    return low

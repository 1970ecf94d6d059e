"""One law that only the classics ask: how long a collector waits."""

from __future__ import annotations

from math import comb
from typing import Any

from flint import arb, fmpq

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

"""Laws that boundkit does not have, as a user would write them: one `ball` each, from python-flint."""

from __future__ import annotations

from math import comb
from typing import Any

from flint import arb, fmpq, fmpz
from sympy import Integer, Symbol
from sympy.core.relational import Relational

import boundkit as bk
from boundkit.tails import Tail

NOT_KNOWN = arb("nan")


def first_integer(x: Any) -> fmpz | None:
    """The least integer >= x; None where a ball does not tell."""
    return x.ceil() if isinstance(x, fmpq) else arb(x).ceil().unique_fmpz()


def log_of_share(share: arb) -> arb:
    """Its log; the log of a certain event is 0, of an impossible one -inf."""
    return arb("-inf") if share == 0 else arb(share).log()


class binomial_at_least(Tail):
    """P[Bin(n, p) >= x]."""

    nargs = 3

    @staticmethod
    def ball(n: Any, p: Any, x: Any) -> arb:
        k, coins = first_integer(x), int(n)
        if k is None:
            return NOT_KNOWN
        if k <= 0:
            return arb(0)
        if k > coins:
            return arb("-inf")
        return log_of_share(arb(p).beta_lower(arb(k), arb(coins - k + 1), regularized=True))


class binomial_at_most(Tail):
    """P[Bin(n, p) <= x]."""

    nargs = 3

    @staticmethod
    def ball(n: Any, p: Any, x: Any) -> arb:
        return binomial_at_least.ball(n, 1 - p, n - x)


class poisson_at_least(Tail):
    """P[Poisson(lam) >= x]."""

    nargs = 2

    @staticmethod
    def ball(lam: Any, x: Any) -> arb:
        k = first_integer(x)
        if k is None:
            return NOT_KNOWN
        return arb(0) if k <= 0 else log_of_share(1 - arb(lam).gamma_upper(arb(k), regularized=True))


class poisson_at_most(Tail):
    """P[Poisson(lam) <= x]."""

    nargs = 2

    @staticmethod
    def ball(lam: Any, x: Any) -> arb:
        k = first_integer(-x)  # -floor(x)
        if k is None:
            return NOT_KNOWN
        return arb("-inf") if k > 0 else log_of_share(arb(lam).gamma_upper(arb(1 - k), regularized=True))


class gamma_at_least(Tail):
    """P[G >= x], G gamma with shape k."""

    nargs = 2

    @staticmethod
    def ball(k: Any, x: Any) -> arb:
        return arb(0) if x <= 0 else log_of_share(arb(x).gamma_upper(arb(k), regularized=True))


class gamma_at_most(Tail):
    """P[G <= x], G gamma with shape k."""

    nargs = 2

    @staticmethod
    def ball(k: Any, x: Any) -> arb:
        return arb("-inf") if x <= 0 else log_of_share(1 - arb(x).gamma_upper(arb(k), regularized=True))


class white_at_least(Tail):
    """P[X >= x], X the white balls among n drawn without replacement from N, K of them white."""

    nargs = 4

    @staticmethod
    def ball(N: Any, K: Any, n: Any, x: Any) -> arb:
        k, total, white, drawn = first_integer(x), int(N), int(K), int(n)
        if k is None:
            return NOT_KNOWN
        least, most = max(int(k), 0), min(drawn, white)
        ways = sum(comb(white, j) * comb(total - white, drawn - j) for j in range(least, most + 1))
        return log_of_share(arb(fmpq(ways, comb(total, drawn))))


class normal_at_least(Tail):
    """P[Z >= t]."""

    nargs = 1

    @staticmethod
    def ball(t: Any) -> arb:
        return ((arb(t) / arb(2).sqrt()).erfc() / 2).log()


class coupons_later_than(Tail):
    """P[T > x], T the draws until all of n coupons are seen: the union by inclusion and exclusion, in rationals."""

    nargs = 2

    @staticmethod
    def ball(n: Any, x: Any) -> arb:
        k, kinds = first_integer(-x), int(n)
        if k is None:
            return NOT_KNOWN
        draws = -int(k)
        if draws < kinds:
            return arb(0)
        missing = sum((-1) ** (j + 1) * comb(kinds, j) * fmpq(kinds - j, kinds) ** draws for j in range(1, kinds + 1))
        return log_of_share(arb(missing))


class privacy_loss(Tail):
    """The delta of the Gaussian mechanism at sensitivity 1: Q(eps s - 1/(2 s)) - e^eps Q(eps s + 1/(2 s))."""

    nargs = 2

    @staticmethod
    def ball(eps: Any, sigma: Any) -> arb:
        near, far = arb(eps) * sigma - 1 / (2 * arb(sigma)), arb(eps) * sigma + 1 / (2 * arb(sigma))
        return (normal_at_least.ball(near).exp() - (arb(eps) + normal_at_least.ball(far)).exp()).log()


class distinct_birthdays(Tail):
    """The probability that n birthdays in N days are distinct."""

    nargs = 2

    @staticmethod
    def ball(n: Any, N: Any) -> arb:
        share = fmpq(1)
        for j in range(int(n)):
            share *= max(fmpq(0), 1 - fmpq(j) / N)
        return log_of_share(arb(share))


def statement(
    name: str,
    parameters: tuple[bk.Parameter, ...],
    claim: Any,
    failure: Any,
    truth: Any,
    *needs: Relational,
    **how: Any,
) -> bk.Statement:
    """A statement with one claim, or a tuple of them, on X."""
    return bk.Statement(
        name=name,
        place=name.replace("_", " ").capitalize(),
        parameters=parameters,
        quantities=(bk.reals(Symbol("X"), "what is bounded"),),
        hypotheses=tuple(bk.Hypothesis(str(h), h) for h in needs),
        claims=claim if isinstance(claim, tuple) else (claim,),
        failure=Integer(failure) if isinstance(failure, int) else failure,
        truth=truth,
        doc=f"{name}.",
        **how,
    )

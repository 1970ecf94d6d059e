"""Laws that boundkit does not have, as a user would write them: one `ball` each, from python-flint."""

from __future__ import annotations

from math import comb
from typing import Any

from flint import arb, fmpq, fmpz
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


class hypergeometric_at_least(Tail):
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


class gaussian_mechanism_delta(Tail):
    """The delta of the Gaussian mechanism at sensitivity 1: Q(eps s - 1/(2 s)) - e^eps Q(eps s + 1/(2 s))."""

    nargs = 2

    @staticmethod
    def ball(eps: Any, sigma: Any) -> arb:
        near, far = arb(eps) * sigma - 1 / (2 * arb(sigma)), arb(eps) * sigma + 1 / (2 * arb(sigma))
        return (normal_at_least.ball(near).exp() - (arb(eps) + normal_at_least.ball(far)).exp()).log()


class normal_at_most(Tail):
    """P[Z <= t]."""

    nargs = 1

    @staticmethod
    def ball(t: Any) -> arb:
        return normal_at_least.ball(-arb(t))


class hypergeometric_at_most(Tail):
    nargs = 4

    @staticmethod
    def ball(N: Any, K: Any, n: Any, x: Any) -> arb:
        return hypergeometric_at_least.ball(N, N - K, n, n - x)


class negative_binomial_at_least(Tail):
    """P[T >= t], T the draws until the r-th success."""

    nargs = 3

    @staticmethod
    def ball(r: Any, p: Any, t: Any) -> arb:
        k = first_integer(t)
        if k is None:
            return NOT_KNOWN
        return arb(0) if k <= r else binomial_at_most.ball(fmpq(k) - 1, p, fmpq(int(r) - 1))


class greatest_normal_at_least(Tail):
    nargs = 2

    @staticmethod
    def ball(n: Any, x: Any) -> arb:
        return (1 - (1 - normal_at_least.ball(x).exp()) ** int(n)).log()


class greatest_absolute_normal_at_least(Tail):
    nargs = 2

    @staticmethod
    def ball(n: Any, x: Any) -> arb:
        return arb(0) if x <= 0 else (1 - (1 - 2 * normal_at_least.ball(x).exp()) ** int(n)).log()


class student_two_sided(Tail):
    """P[|t_n| >= x]."""

    nargs = 2

    @staticmethod
    def ball(n: Any, x: Any) -> arb:
        n, x = arb(n), arb(x)
        return log_of_share((n / (n + x * x)).beta_lower(n / 2, arb(1) / 2, regularized=True))


class kolmogorov_at_least(Tail):
    """P[D_n^+ >= t]."""

    nargs = 2

    @staticmethod
    def ball(n: Any, t: Any) -> arb:
        if t <= 0:
            return arb(0)
        if t >= 1:
            return arb("-inf") if t > 1 else arb("-inf")
        n = int(n)
        total = arb(0)
        for j in range(n + 1):
            if fmpq(j, n) + t > 1:
                break
            total += comb(n, j) * (1 - fmpq(j, n) - t) ** (n - j) * arb(fmpq(j, n) + t) ** (j - 1)
        return (t * total).log()


class uniform_sum_at_least(Tail):
    """P[U_1 + ... + U_n >= x]."""

    nargs = 2

    @staticmethod
    def ball(n: Any, x: Any) -> arb:
        n = int(n)
        y = n - x
        if y <= 0:
            return arb("-inf")
        if y >= n:
            return arb(0)
        total = arb(0)
        for j in range(n + 1):
            if j > y:
                break
            total += (-1) ** j * comb(n, j) * arb(y - j) ** n
        return (total / arb(n).fac()).log()

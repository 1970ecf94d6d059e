"""Laws on a lattice as balls: binomial, Poisson, trials until r successes, white balls of an urn.

As in `balls`: exact rationals or arbs in, an arb around the log of the probability out, 80 good bits for exact
arguments or a PrecisionError. Thresholds are any real numbers. Which integer a threshold means is decided exactly for a
rational; for a ball only where it has one answer, else the value is nan, and more precision may tell. Sizes are
integers. An event outside the support has log 0 or minus infinity, exactly.

Methods. The shorter tail is computed, the other is its complement. A tail of few terms is summed from the threshold
outward; the ratios of its terms fall, so that what is left out is below a geometric series. A long binomial tail is
read off the generating function, f(z) = (q + p z)^n, at M points of a circle |z| = r > 1:

    mean of f(z) z^-k/(1 - 1/z) = P[X >= k] + sum over m >= 1 of r^(m M) P[X >= k + m M] + r^(-m M) P[X >= k - m M],

and Chernoff's bounds at one radius outside and one inside bound both sums, and |f| falls along the
half circle, which bounds what is left out there. A Poisson tail is a chi-square tail of the other side. Beyond n = 10^9
a binomial tail still takes milliseconds. The tail of an urn is summed in integers of 192 bits, each rounded down.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from flint import acb, arb, fmpq

from boundkit.errors import ParameterError, PrecisionError
from boundkit.laws.balls import (
    BITS,
    as_exact,
    certified_log,
    chi_square_log_at_least,
    chi_square_log_at_most,
    log_complement,
)
from boundkit.precision import watch

NOT_KNOWN = arb("nan")
CERTAIN, IMPOSSIBLE = arb(0), arb.neg_inf()
MOST_TERMS = 3_000_000  # of an urn's tail: a second or two
FIXED_BITS = 192  # of the terms of an urn; rounding 3 * 10^6 of them, each from the last, costs 43
FEW = 80.0  # the standard deviation up to which a binomial tail is summed term by term
LARGEST = 10**300  # beyond, floats do not hold the sizes that steer the methods


def binomial_log_at_least(n: Any, p: Any, x: Any) -> Any:
    """log P[X >= x], X the successes in n trials, each with probability p.

    Parameters
    ----------
    n : int, Fraction, fmpq or arb
        A whole number, at least 0.
    p : int, Fraction, float, fmpq or arb
        In [0, 1].
    x : int, Fraction, float, fmpq or arb
        Any real number.

    Returns
    -------
    arb
        nan where a ball leaves open what n or the least integer from x on is.

    Raises
    ------
    ParameterError
        Outside the domain.
    PrecisionError
        Where 80 bits cannot be had, or a ball is too wide to decide the domain.

    Examples
    --------
    >>> print(binomial_log_at_least(10**9, 0.5, 500_100_000).str(15, radius=False))
    -22.7867756218235
    """
    trials, k = _size("n", n), _first(x)
    p = _probability(p)
    if trials is None or k is None:
        return NOT_KNOWN
    return _successes(trials, p, k)


def binomial_log_at_most(n: Any, p: Any, x: Any) -> Any:
    """log P[X <= x], X the successes in n trials, each with probability p: as `binomial_log_at_least`."""
    trials, k = _size("n", n), _last(x)
    p = _probability(p)
    if trials is None or k is None:
        return NOT_KNOWN
    return _successes(trials, 1 - p, trials - k)


def poisson_log_at_least(lam: Any, x: Any) -> Any:
    """log P[X >= x], X Poisson with mean lam >= 0, for any real x: P[X >= k] = P[chi2_2k <= 2 lam].

    Examples
    --------
    >>> print(poisson_log_at_least(1, 4).exp().str(15, radius=False))
    0.0189881568761538
    """
    lam, k = _mean(lam), _first(x)
    if k is None:
        return NOT_KNOWN
    return chi_square_log_at_most(lam / k, 2 * k) if k > 0 else CERTAIN


def poisson_log_at_most(lam: Any, x: Any) -> Any:
    """log P[X <= x], X Poisson with mean lam >= 0, for any real x: P[X <= k] = P[chi2_(2k + 2) >= 2 lam]."""
    lam, k = _mean(lam), _last(x)
    if k is None:
        return NOT_KNOWN
    return chi_square_log_at_least(lam / (k + 1), 2 * k + 2) if k >= 0 else IMPOSSIBLE


def negative_binomial_log_at_least(r: Any, p: Any, t: Any) -> Any:
    """log P[T >= t], T the trials until r successes have been seen, each with probability p: integer r >= 1, p > 0.

    T >= k says that k - 1 trials had at most r - 1 successes.

    Examples
    --------
    >>> print(negative_binomial_log_at_least(1, 0.5, 11).exp().str(15, radius=False))  # ten failures first
    0.000976562500000000
    """
    seen, k = _size("r", r, 1), _first(t)
    p = _probability(p, positive=True)
    if seen is None or k is None:
        return NOT_KNOWN
    return _successes(k - 1, 1 - p, k - seen) if k > seen else CERTAIN


def negative_binomial_log_at_most(r: Any, p: Any, t: Any) -> Any:
    """log P[T <= t], T the trials until r successes have been seen: that t trials had at least r successes."""
    seen, k = _size("r", r, 1), _last(t)
    p = _probability(p, positive=True)
    if seen is None or k is None:
        return NOT_KNOWN
    return _successes(k, p, seen) if k >= seen else IMPOSSIBLE


def hypergeometric_log_at_least(N: Any, K: Any, n: Any, x: Any) -> Any:
    """log P[X >= x], X the white balls among n drawn without replacement from N, of which K are white.

    Parameters
    ----------
    N, K, n : int, Fraction, fmpq or arb
        Whole numbers, 0 <= K <= N and 0 <= n <= N.
    x : int, Fraction, float, fmpq or arb
        Any real number.

    Returns
    -------
    arb
        nan where a ball leaves open what a size or the least integer from x on is.

    Raises
    ------
    ParameterError
        Outside the domain.
    PrecisionError
        Where the shorter tail has more than 3 million terms that count: its standard deviation is above some 200,000.

    Examples
    --------
    >>> print(hypergeometric_log_at_least(52, 4, 5, 2).exp().str(15, radius=False))  # two aces or more of five cards
    0.0416843660541139
    """
    total, white, drawn, k = _size("N", N), _size("K", K), _size("n", n), _first(x)
    return _urn(total, white, drawn, k, above=True)


def hypergeometric_log_at_most(N: Any, K: Any, n: Any, x: Any) -> Any:
    """log P[X <= x], X the white balls among n drawn from N, of which K are white: `hypergeometric_log_at_least`."""
    total, white, drawn, k = _size("N", N), _size("K", K), _size("n", n), _last(x)
    return _urn(total, white, drawn, k, above=False)


def _exact(x: Any) -> Any:
    """An fmpq where x is a number without width, else an arb."""
    x = as_exact(x)
    if not isinstance(x, arb) or not (x.is_exact() and x.is_finite()):
        return x
    mantissa, exponent = (int(part) for part in x.man_exp())
    if abs(exponent) > 2**14:
        raise PrecisionError(f"{x.str(12)} is too large, or too near to 0; give less extreme arguments")
    return fmpq(mantissa * 2**exponent) if exponent >= 0 else fmpq(mantissa, 2**-exponent)


def _first(x: Any) -> int | None:
    """The least integer >= x; None where a ball does not tell."""
    x = _exact(x)
    whole = x.ceil() if isinstance(x, fmpq) else x.ceil().unique_fmpz() if x.is_finite() else None
    return None if whole is None else int(whole)


def _last(x: Any) -> int | None:
    """The greatest integer <= x; None where a ball does not tell."""
    x = _exact(x)
    whole = x.floor() if isinstance(x, fmpq) else x.floor().unique_fmpz() if x.is_finite() else None
    return None if whole is None else int(whole)


def _size(name: str, x: Any, least: int = 0) -> int | None:
    """A whole number from `least` on; None for a ball that holds one: it may, or may not, be it."""
    x = _exact(x)
    if isinstance(x, arb):
        if x.is_finite() and (x < least or not x.contains_integer()):
            raise ParameterError(f"{name} = {x.str(12)}: {name} must be a whole number, >= {least}")
        return None
    if x.q != 1 or x < least:
        raise ParameterError(f"{name} = {x}: {name} must be a whole number, >= {least}")
    if x > LARGEST:
        raise PrecisionError(f"{name} is above 10^300; give less extreme arguments")
    return int(x.p)


def _probability(p: Any, positive: bool = False) -> Any:
    p, rule = _exact(p), "in (0, 1]" if positive else "in [0, 1]"
    shown = p.str(12) if isinstance(p, arb) else p
    if p < 0 or p > 1 or (positive and p <= 0):
        raise ParameterError(f"p = {shown}: p must be {rule}")
    if not ((p > 0 if positive else p >= 0) and p <= 1):
        raise PrecisionError(f"p = {shown} is too wide to decide whether it is {rule}; give an exact value")
    return p


def _mean(lam: Any) -> Any:
    lam = _exact(lam)
    shown = lam.str(12) if isinstance(lam, arb) else lam
    if lam < 0:
        raise ParameterError(f"lam = {shown}: lam must be >= 0")
    if not lam >= 0:
        raise PrecisionError(f"lam = {shown} is too wide to decide lam >= 0; give an exact value")
    return lam


def _successes(n: int, p: Any, k: int) -> Any:
    """log P[Bin(n, p) >= k], for any integer k."""
    if k <= 0 or p == 1:
        return CERTAIN if k <= n else IMPOSSIBLE
    if k > n or p == 0:
        return IMPOSSIBLE
    if n > LARGEST:
        raise PrecisionError("more than 10^300 trials; give less extreme arguments")
    return binomial_tail(n, k, p, 1 - p)


@certified_log
def binomial_tail(n: Any, k: Any, p: Any, q: Any) -> Any:
    """log P[Bin(n, p) >= k], 1 <= k <= n, p + q = 1, both above 0."""
    if k.mid() > (n * p).mid():
        return _short_tail(int(n.mid().unique_fmpz()), int(k.mid().unique_fmpz()), p, q)
    n, k = int(n.mid().unique_fmpz()), int(k.mid().unique_fmpz())
    return log_complement(_short_tail(n, n - k + 1, q, p))


def _short_tail(n: int, k: int, p: Any, q: Any) -> Any:
    """log P[Bin(n, p) >= k], n p < k <= n."""
    spread = sqrt(k * ((n - k) / n))
    first = float(((n - k) * p / ((k + 1) * q)).mid())  # the ratio of the first two terms
    if spread <= FEW or first < 0.9:
        return _log_mass(n, k, p, q) + _series(n, k, p / q).log()
    return _circle(n, k, p, q, spread)


def _log_mass(n: int, k: int, p: Any, q: Any) -> Any:
    """log P[Bin(n, p) = k]."""
    log_mass = _log_choose(n, k) + k * p.log()
    return log_mass + (n - k) * q.log() if k < n else log_mass


def _log_choose(n: int, k: int) -> Any:
    if k in (0, n):
        return arb(0)
    return arb(n + 1).lgamma() - arb(k + 1).lgamma() - arb(n - k + 1).lgamma()


def _series(n: int, k: int, odds: Any) -> Any:
    """P[X >= k]/P[X = k]: the terms' ratios fall, what is left out is below a geometric series."""
    term = total = arb(1)
    small = arb(2) ** -(BITS + 16)
    for i in range(n - k):
        ratio = odds * (n - k - i) / (k + 1 + i)
        if term < small and ratio < 1:
            watch()
            rest = (term * ratio / (1 - ratio)).abs_upper()
            if rest < small * total:
                return total + arb(0).union(rest)
        term *= ratio
        total += term
    return total


def _circle(n: int, k: int, p: Any, q: Any, spread: float) -> Any:
    """The tail from M points of a circle; M is some twenty standard deviations, of which a few dozen points count."""
    odds = p / q
    saddle = (k / ((n - k) * odds)).mid()
    reach = 22.0  # standard deviations of the law tilted to have mean k
    for _ in range(6):
        points = int(reach * spread) | 1
        radius = saddle.max(arb(reach / (4 * spread)).exp()).mid()
        at = _growth(n, k, p, q, radius)
        wrong = arb(0)
        if k + points <= n:  # else there is nothing so far out
            outside = ((k + points) / ((n - k - points + 0.5) * odds)).mid()
            ratio = (radius / outside) ** points
            wrong += (_growth(n, k, p, q, outside) - at).exp() * ratio / (1 - ratio) if ratio < 1 else arb("inf")
        inside = ((k - points) / ((n - k + points) * odds)).mid().max(arb(1)).mid()
        ratio = (inside / radius) ** points
        wrong += (_growth(n, k, p, q, inside) - at).exp() * ratio / (1 - ratio) if ratio < 1 else arb("inf")
        mean = _mean_on_circle(n, k, p, q, radius, points)
        if wrong < mean * arb(2) ** -BITS:
            return at + (mean - arb(0).union(wrong.abs_upper())).log()
        reach *= 1.3
    raise PrecisionError(f"n = {n}, k = {k}: the circle gives no narrow enclosure; give an exact p")


def _growth(n: int, k: int, p: Any, q: Any, r: Any) -> Any:
    """log(f(r) r^-k): from r = 1 on Chernoff's bound of log P[X >= k]."""
    return n * (q + p * r).log() - k * r.log()


def _mean_on_circle(n: int, k: int, p: Any, q: Any, r: Any, points: int) -> Any:
    """The mean of f(z) z^-k/(1 - 1/z) on the circle, over f(r) r^-k."""
    share = p * r / (q + p * r)
    total = 1 / (1 - 1 / r)
    small = total * arb(2) ** -(2 * BITS) / points
    for j in range(1, (points - 1) // 2 + 1):
        watch()
        w = acb(fmpq(2 * j, points)).exp_pi_i()
        turned = acb(fmpq(-2 * (j * k % points), points)).exp_pi_i()
        value = ((1 + share * (w - 1)).log() * n).exp() * turned / (1 - 1 / (r * w))
        total += 2 * value.real
        size = (abs(1 + share * (w - 1)).log() * n).exp() / (1 - 1 / r)  # falls with j
        if size < small:
            total += arb(0, (size * points).abs_upper())
            break
    return total / points


def _urn(total: int | None, white: int | None, drawn: int | None, k: int | None, above: bool) -> Any:
    """The log of P[X >= k] where `above`, else of P[X <= k]."""
    if total is None or white is None or drawn is None or k is None:
        return NOT_KNOWN
    if white > total or drawn > total:
        raise ParameterError(f"N = {total}, K = {white}, n = {drawn}: K <= N and n <= N are needed; check their order")
    if not above:  # as many black ones or more
        white, k = total - white, drawn - k
    if k <= max(0, drawn + white - total):
        return CERTAIN
    if k > min(drawn, white):
        return IMPOSSIBLE
    return urn_tail(total, white, drawn, k)


@certified_log
def urn_tail(total: Any, white: Any, drawn: Any, k: Any) -> Any:
    """log P[X >= k], k in the support and not its lower end."""
    N, K, n, k = (int(x.mid().unique_fmpz()) for x in (total, white, drawn, k))
    if k * N > n * K:
        return _short_urn_tail(N, K, n, k)
    return log_complement(_short_urn_tail(N, N - K, n, n - k + 1))


def _short_urn_tail(N: int, K: int, n: int, k: int) -> Any:
    """log P[X >= k], k above the mean n K/N, where the ratios of the terms are below 1 already, and fall.

    Each term is rounded down to a multiple of 2^-FIXED_BITS, from the one before, which lost at most one unit a step.
    """
    log_mass = _log_choose(K, k) + _log_choose(N - K, n - k) - _log_choose(N, n)
    one = 1 << FIXED_BITS
    small = 1 << (FIXED_BITS - BITS - 24)
    a, b, c, d = K - k, n - k, k + 1, N - K - n + k + 1
    term = sum_ = one
    steps = 0
    while a and b and term > small:
        term = term * (a * b) // (c * d)
        sum_ += term
        steps += 1
        a, b, c, d = a - 1, b - 1, c + 1, d + 1
        if steps > MOST_TERMS:
            raise PrecisionError(f"N = {N}, K = {K}, n = {n}: more than {MOST_TERMS} terms count; give smaller sizes")
    lost = steps * (steps + 1) // 2
    if a and b:
        lost += -(-(term + steps) * a * b // (c * d - a * b))
    return log_mass + arb(sum_).union(arb(sum_ + lost)).log() - FIXED_BITS * arb(2).log()

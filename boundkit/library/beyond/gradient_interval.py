"""Gradient interval: the gradient orthogonal to the data from below and above, whatever the standard deviation.

Given the active neurons the gradient's part orthogonal to P is a sum of k Gaussian vectors over sqrt(m), so its length
is b sqrt(k/m) times chi with ell degrees of freedom, exactly: Theorems 4.1 and 6.1 are its two tails. Chernoff's
exponents at ell/2 and 2 ell are (log(2) - 1/2)/2 = 0.0966 and (1 - log(2))/2 = 0.153, both above the paper's 1/16.
"""

from sympy import Abs, Eq, Expr, Integer, Piecewise, Rational, exp, log, sqrt
from sympy.core.relational import Relational

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import INTERVAL
from boundkit.library.beyond.notation import BLIND, CHI_SQUARE, GAUSSIAN, X, parameters, shrink
from boundkit.library.melamed2023.notation import (
    FIRST_LAYER,
    ON_SUBSPACE,
    TAKEN_AS_1,
    T,
    beta,
    d,
    ell,
    eta,
    k,
    lam,
    m,
    norm_gradient,
)
from boundkit.library.melamed2023.notation import parameters as of_the_paper
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.tails import chi_square_at_least, chi_square_at_most

(active,) = of_the_paper(k)
RARELY_SHORT, RARELY_LONG = exp(-ell * (log(2) - Rational(1, 2)) / 2), exp(-ell * (1 - log(2)) / 2)
FAILURE = RARELY_SHORT + RARELY_LONG
FAILURE_TEXT = "e^(-ell (log(2) - 1/2)/2) + e^(-ell (1 - log(2))/2)"
FAILURE_TEX = r"e^{-(\log(2) - \frac{1}{2})\ell/2} + e^{-(1 - \log(2))\ell/2}"
SHORT, LONG = chi_square_at_most(ell, Rational(1, 2)), chi_square_at_least(ell, 2)
OUTSIDE = SHORT + LONG


def chi_proof(length: Expr, claims: tuple[Relational, ...], why: str, needs: tuple[str, ...]) -> Proof:
    """The proof that `length` times chi with ell degrees of freedom keeps both claims, by Chernoff's bounds."""
    not_short, not_long = (spend(law, {X: X}, because=CHI_SQUARE) for law in (SHORT, LONG))
    rarely_short, rarely_long = RARELY_SHORT >= SHORT, RARELY_LONG >= LONG
    return Proof(
        spends=(not_short, not_long),
        parameters=parameters(X),
        steps=(
            Step(Eq(norm_gradient, length * sqrt(X)), Fact(why, needs)),
            Step(claims[0], Squares(((length**2, *not_short.granted),))),
            Step(claims[1], Squares(((length**2, *not_long.granted),))),
            Step(rarely_short, Chernoff(Rational(1, 2))),
            Step(rarely_long, Chernoff(Rational(1, 4))),
        ),
        budget=(Step(OUTSIDE <= FAILURE, NonnegativeSum(((rarely_short,), (rarely_long,)))),),
    )


CLAIMS = (
    norm_gradient >= shrink * sqrt(k * ell / (2 * m * d)),
    norm_gradient <= shrink * sqrt(2 * k * ell / (m * d)),
)
DERIVATIVE = TAKEN_AS_1

gradient_interval = Statement(
    name="gradient_interval",
    place="Gradient interval",
    parameters=parameters(d, ell, m, active, shrink),
    quantities=parameters(norm_gradient),
    hypotheses=(ON_SUBSPACE, GAUSSIAN, FIRST_LAYER, BLIND, DERIVATIVE),
    claims=CLAIMS,
    failure=FAILURE,
    truth=Piecewise((0, Eq(k, 0)), (OUTSIDE, True)),
    worst_case=(("k", 1),),
    depends_on=("theorem_a_2",),
    text=(
        ("bound", "shrink sqrt(k ell/(2 m d))"),
        ("bound_2", "shrink sqrt(2 k ell/(m d))"),
        ("failure", FAILURE_TEXT),
    ),
    tex=(
        ("bound", r"s \cdot \sqrt{\frac{k\ell}{2md}}"),
        ("bound_2", r"s \cdot \sqrt{\frac{2k\ell}{md}}"),
        ("failure", FAILURE_TEX),
    ),
    proof=chi_proof(
        shrink * sqrt(k / (m * d)),
        CLAIMS,
        "given S the gradient orthogonal to P is sqrt(k/m) N(0, shrink^2 I_ell/d)",
        tuple(h.text for h in (ON_SUBSPACE, GAUSSIAN, FIRST_LAYER, BLIND, DERIVATIVE)),
    ),
    experiment=INTERVAL,
    paper="beyond",
    sharpens=(
        ("theorem_4_1", ((shrink, Integer(1)),)),
        ("theorem_6_1", ((shrink, beta * sqrt(d)),)),
        ("theorem_6_2", ((shrink, Abs(1 - eta * lam) ** T),)),
    ),
    doc=__doc__,
)

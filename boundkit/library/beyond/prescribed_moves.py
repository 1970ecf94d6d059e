"""Shortest steps that move inputs as prescribed: how long they are, and the proof."""

from fractions import Fraction
from typing import Any

from sympy import Eq, Expr, Symbol, exp, sqrt
from sympy.core.relational import Relational

from boundkit.library.beyond.notation import X, a, c, h, parameters, shrink, squared_move, tau
from boundkit.library.melamed2023.notation import d, ell, flipped, norm_z
from boundkit.model.hypothesis import Hypothesis
from boundkit.model.parameter import reals
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Spend, Squares, Step, spend
from boundkit.tails import chi_square_at_most, chi_square_rate

share_kept = reals(
    a,
    "the share of its mean that the chi-square variable in the length keeps",
    0,
    Fraction(49, 50),
    default=Fraction(1, 2),
    why_ends=("", "nearer to 1 the exponent of the failure probability is hardly above 0"),
)


def too_short(n: Expr, share: Expr = a) -> Expr:
    """The probability that chi-square with n degrees of freedom is at most that share of n."""
    return chi_square_at_most(n, share)


def rarely(n: Expr, share: Expr = a) -> Expr:
    """Chernoff's bound of it."""
    return exp(-n * chi_square_rate(share))


def seldom(n: Expr, share: Expr = a) -> Step:
    """The step that proves this bound."""
    return Step(too_short(n, share) <= rarely(n, share), Chernoff((1 - share) / (2 * share)))


def within(length: Symbol, size: Expr, n: Expr, share: Expr = a) -> Relational:
    """length <= size/sqrt(a n), which fails where size/chi does not keep it."""
    return length <= size / sqrt(share * n)


def not_short(n: Expr, because: str, needs: tuple[str, ...], variable: Symbol = X, share: Expr = a) -> Spend:
    """Chi-square with n degrees of freedom keeps its share, for the reason given."""
    return spend(too_short(n, share), {variable: variable}, because=because, needs=needs)


def prescribed(size: Expr, n: Expr, roomy: Hypothesis, needs: tuple[str, ...], *effects: Step) -> dict[str, Any]:
    """Claims, failure, truth and proof of a step z that is size/chi long, chi^2 with n degrees of freedom.

    The moves delta of the m inputs do not depend on the m Gaussian rows V of the weights in a subspace of dimension n +
    m - 1, so |z|^2 = delta^T (V V^T)^(-1) delta/b^2, and |delta|^2 over it is chi-square (inverse Wishart). What else z
    does follows from `effects`, whose relations are the other claims.
    """
    claim = within(norm_z, size, n)
    kept = not_short(
        n,
        "X = |delta|^2/(delta^T (V V^T)^(-1) delta) is chi-square with the columns of V less its rows plus 1 degrees "
        "of freedom (inverse Wishart)",
        needs,
    )
    return {
        "claims": (claim, *(step.relation for step in effects)),
        "failure": rarely(n),
        "truth": too_short(n),
        "proof": Proof(
            spends=(kept,),
            parameters=parameters(X),
            steps=(
                Step(n > 0, NonnegativeSum(((roomy.relation,), (1,)))),
                Step(
                    Eq(norm_z, size / sqrt(X)),
                    Fact(
                        "z = V^T (V V^T)^(-1) delta/b is the shortest step there that moves by delta, where V has full "
                        "rank",
                        (roomy.relation, *needs),
                    ),
                ),
                Step(claim, Squares(((size**2 / (a * n * X), *kept.granted),))),
                *effects,
            ),
            budget=(seldom(n),),
        ),
    }


def at_one_point(
    weight: Expr, length: Expr, enough: Hypothesis, where: tuple[Any, ...], needs: tuple[str, ...]
) -> dict[str, Any]:
    """The same of the step that moves h neurons at most as the shortest move of the inputs that takes the label does.

    With sizes s_i, which are |u_i| or in proportion, it raises the active opposing neurons F by c tau s_i and lowers
    active supporting ones by min(c tau s_i, a_i). tau is the least with sum_F s_i^2 tau + sum_i s_i min(tau s_i, a_i) =
    `weight`, what N(x0) comes from; up to there the sum grows by `length`^2 at least. What else is needed stands in
    `where`, and in `needs` what is needed in words.
    """
    n = ell - h + 1
    reach, slope = c * weight / length * sqrt(d) / shrink, length**2
    claim = within(norm_z, reach, n)
    kept = not_short(
        n,
        "X = |move|^2/(b^2 |z|^2), z the shortest that makes a move of h neurons fixed given the trained part, is "
        "chi-square with ell - h + 1 degrees of freedom (inverse Wishart)",
        needs,
    )
    at_most, of_the_move = slope * tau <= weight, squared_move <= tau * weight
    moved = norm_z <= c * sqrt(squared_move) * sqrt(d) / (shrink * sqrt(X))
    no_longer = squared_move <= weight**2 / slope
    no_farther, above = moved.rhs <= reach / sqrt(X), reach / sqrt(X) <= claim.rhs
    lost = flipped <= 0
    return {
        "claims": (claim, lost),
        "failure": rarely(n),
        "truth": too_short(n),
        "truth_is": "upper bound",
        "proof": Proof(
            spends=(kept,),
            parameters=parameters(X, tau, squared_move),
            steps=(
                Step(n > 0, NonnegativeSum(((enough.relation,), (1,)))),
                Step(
                    at_most,
                    Fact(
                        "sum_F s_i^2 tau + sum_i s_i min(tau s_i, a_i), with s_i in proportion to |u_i|, is what "
                        "N(x0) comes from, and up to tau an active supporting neuron is still on",
                        (*where, *needs),
                    ),
                ),
                Step(
                    of_the_move,
                    Fact("sum_F (tau s_i)^2 + sum_i min(tau s_i, a_i)^2 is at most tau times that", (*where, *needs)),
                ),
                Step(no_longer, NonnegativeSum(((of_the_move,), (weight / slope, at_most)))),
                Step(
                    moved,
                    Fact(
                        "z is the shortest that moves F and the active supporting neurons c times so, or off, and "
                        "inactive supporting ones not at all; with moves of 0 for as many others as make h it would be "
                        "no shorter",
                        (enough.relation, *where, *needs),
                    ),
                ),
                Step(no_farther, Squares(((c**2 * d / (shrink**2 * X), no_longer),))),
                Step(above, Squares(((reach**2 / (a * n * X), *kept.granted),))),
                Step(claim, NonnegativeSum(((moved,), (no_farther,), (above,)))),
                Step(
                    lost,
                    Fact(
                        "these moves lower y0 N by |N(x0)| at least, and other opposing neurons can only add to that",
                        (*where, *needs),
                    ),
                ),
            ),
            budget=(seldom(n),),
        ),
    }

"""The parameters that the paper does not have, and what these statements assume."""

from sympy import Symbol, symbols

from boundkit.library.melamed2023 import notation as paper
from boundkit.library.melamed2023.notation import m
from boundkit.model.parameter import Parameter, integers, reals
from boundkit.model.statement import assumed

a, c, delta, norm_j, q, shrink, t = symbols("a c delta norm_J q shrink t")
distance, least_distance, greatest_distance = symbols("distance least_distance greatest_distance")
least_gradient, greatest_gradient = symbols("least_gradient greatest_gradient")

GRADIENT_TEX = r"\left\| \Pi_{P^\perp} \frac{\partial N(x_0)}{\partial x} \right\|"

PARAMETERS = (
    paper.k_but_one,
    reals(c, "the factor in the length of z (8 in the paper)", 1, default=8),
    reals(a, "the factor allowed to the squared length of z (2 in the paper)", 1, default=2),
    reals(
        shrink,
        "the standard deviation of the untrained weights times sqrt(d) (1 at the standard initialisation, "
        "beta sqrt(d) abs(1 - eta lam)^T in general)",
        0,
        default=1,
        tex="s",
    ),
    reals(t, "the standard deviations that are allowed for", 0, strict=False, typical=5),
    reals(
        norm_j,
        "the length of the gradient of N in the pre-activations of the first layer at x0",
        0,
        strict=False,
        tex=r"\|J\|",
        text="|J|",
        typical=1,
    ),
    reals(
        delta,
        "the distance from the pre-activations at x0 to the nearest ones with the other label",
        0,
        tex=r"\delta",
        typical=1,
    ),
    integers(q, "the number of neurons that oppose the label y0 or are active", 1, m, tex="q_{y_0}", typical=6),
    reals(
        distance,
        "the length of the shortest z orthogonal to P with which x0 + z loses its label",
        0,
        strict=False,
        tex="r",
    ),
    reals(
        least_distance,
        "the same at the x0 where it is shortest",
        0,
        strict=False,
        tex=r"\min_{x_0} r",
        text="least distance",
    ),
    reals(
        greatest_distance,
        "the same at the x0 where it is longest",
        0,
        strict=False,
        tex=r"\max_{x_0} r",
        text="greatest distance",
    ),
    reals(
        least_gradient,
        "the length of the gradient orthogonal to P at the x0 where it is shortest",
        0,
        strict=False,
        tex=rf"\min_{{x_0}} {GRADIENT_TEX}",
        text="least |gradient orthogonal to P|",
    ),
    reals(
        greatest_gradient,
        "the length of the gradient orthogonal to P at the x0 where it is longest",
        0,
        strict=False,
        tex=rf"\max_{{x_0}} {GRADIENT_TEX}",
        text="greatest |gradient orthogonal to P|",
    ),
)

# What proofs name besides.
X, mean, least, lower, excess, shortfall = symbols("X mean least lower excess shortfall")
INSIDE = (
    reals(X, "a chi-square variable, above 0 almost surely", 0),
    reals(mean, "the mean row sum over the k active opposing neurons"),
    reals(least, "the least row sum of a supporting neuron"),
    reals(excess, "how far a 1-Lipschitz function of the weights is above its mean"),
    reals(shortfall, "how far one is below its mean"),
    reals(lower, "the mean of the steepest pattern", 0, strict=False),
)

_BY_SYMBOL = {parameter.symbol: parameter for parameter in (*PARAMETERS, *INSIDE)}


def parameters(*wanted: Symbol | Parameter) -> tuple[Parameter, ...]:
    """Return the Parameter of each symbol, ours or the paper's; a Parameter stands for itself."""
    return paper.parameters(*(_BY_SYMBOL.get(x, x) for x in wanted))


CHI_SQUARE = "X is the squared length of a vector N(0, I_ell), chi-square with ell degrees of freedom"
CONCENTRATION = "a 1-Lipschitz function of normals exceeds its mean by t with probability at most e^(-t^2/2)"
BLIND = assumed(paper.BLIND)
GAUSSIAN = assumed("orthogonally to P the first layer is left Gaussian, with standard deviation shrink/sqrt(d)")
ANY_DEPTH = assumed("what stands above the first layer, and its biases, learn by gradient descent or SGD")

"""The parameters that the paper does not have, and what these statements assume."""

from dataclasses import replace
from fractions import Fraction

from sympy import Symbol, symbols

from boundkit.library.melamed2023 import notation as paper
from boundkit.library.melamed2023.notation import m
from boundkit.model.experiment import Later
from boundkit.model.parameter import Parameter, integers, reals
from boundkit.model.statement import Hypothesis, assumed

a, c, delta, n, norm_j, q, shrink, t = symbols("a c delta n norm_J q shrink t")
n_o, probability, theta = symbols("n_o P theta")
best_length, rho, normal_gradient = symbols("best_length rho normal_gradient")
distance, least_distance, greatest_distance = symbols("distance least_distance greatest_distance")
least_gradient, greatest_gradient = symbols("least_gradient greatest_gradient")
points, D, moved, off, gap = symbols("points D moved off gap")
U_F, norm_u_f, u_min, pairs = symbols("U_F norm_u_f u_min pairs")
h, p, linear_distance, tau, squared_move = symbols("h p linear_distance tau squared_move")
top, both, norm_inf = symbols("top both norm_inf")
pixels, dimension, reach, level, width = symbols("pixels dimension reach level width")
total_reach, greatest_slope, total_slope = symbols("total_reach greatest_slope total_slope")
u_1, u_2, norm_m = symbols("u_1 u_2 norm_M")

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
        theta,
        "from where on a normal variable counts as large (best where P[Z >= theta] = k/m)",
        tex=r"\vartheta",
        default=0,
    ),
    integers(n_o, "the number of neurons that oppose the label y0", 1, m - 1, tex="n_o", typical=5),
    reals(
        best_length,
        "how far the best single direction off P has to go, over |N(x0)|, to take the label from every x0 in P with k "
        "active opposing neurons",
        0,
        text="best length",
        tex=r"\min_n T(n)",
    ),
    reals(rho, "the radius of the sphere", 0, tex=r"\rho", typical=1),
    reals(
        normal_gradient,
        "the length of the part of N's gradient at x0 that is orthogonal to the tangent space there",
        0,
        strict=False,
        text="|gradient orthogonal to the tangent space|",
        tex=r"\left\| \Pi_{(T_{x_0}M)^\perp} \frac{\partial N(x_0)}{\partial x} \right\|",
    ),
    reals(n, "the degrees of freedom", 0, typical=600),
    reals(probability, "the probability that is bounded", 0, 1, strict=False),
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
    # Any data, any outputs.
    integers(points, "the number of training points", 1, paper.d, tex="r", typical=10**5),
    integers(D, "the dimension of the tangent space at x0", 0, paper.d, default=0),
    reals(
        moved,
        "how far apart the pre-activations at x0 and x1 are",
        0,
        tex=r"\|W(x_1 - x_0)\|",
        text="|W (x1 - x0)|",
        typical=1,
    ),
    integers(off, "1 where x1 - x0 is off P, 0 where it is on P", 0, 1, default=1, tex=r"\varepsilon"),
    reals(
        gap,
        "the largest difference between an output at x0 + z and the same at x1",
        0,
        strict=False,
        text="max |N(x0 + z) - N(x1)|",
        tex=r"\max |N(x_0 + z) - N(x_1)|",
    ),
    reals(U_F, "the sum of |u_i| over the active neurons that oppose the label", 0, strict=False, tex="U_F", typical=1),
    reals(
        norm_u_f,
        "the length of (u_F, u_min): the output weights of the active neurons that oppose the label, and the least "
        "|u_i| of an active one that supports it, or 0",
        0,
        text="|(u_F, u_min)|",
        tex=r"\|(u_F, u_{\min})\|",
        typical=1,
    ),
    reals(
        u_min,
        "the least |u_i| of an active neuron that supports the label, or 0",
        0,
        strict=False,
        tex=r"u_{\min}",
        typical=Fraction(3, 10),
    ),
    integers(pairs, "the number of pairs of classes that are spoken of, K (K - 1)/2 for all", tex="p", typical=45),
    integers(
        p,
        "the number of neurons that support the label y0",
        1,
        m - paper.k,
        tex="p_{y_0}",
        typical=5,
        why_ends=(paper.NEEDS_SUPPORT, ""),
    ),
    integers(h, "the number of neurons whose moves are prescribed, at most", 1, m, typical=8),
    reals(
        linear_distance,
        "the length of the shortest z orthogonal to P that would take the label if no neuron changed between active "
        "and inactive",
        0,
        strict=False,
        tex=r"r_{\text{lin}}",
        text="linear distance",
    ),
)

# Other norms.
IN_NORMS = (
    reals(top, "the greatest value that a pixel may have", 0, tex="R", typical=10),
    integers(both, "1 where both labels are spoken of at once, 0 for one of them", 0, 1, default=1, tex="L"),
    reals(
        norm_inf,
        "the most that a pixel changes",
        0,
        strict=False,
        tex=r"\|z\|_\infty",
        text="max |z_j|",
    ),
    integers(pixels, "the number of pixels that can change", tex="H", typical=484),
    integers(dimension, "the dimension of the sphere on which a direction is uniform", 2, tex=r"\Delta", typical=484),
    reals(reach, "the longest part orthogonal to P of a pixel's unit vector", 0, 1, default=1, tex=r"\varrho"),
    reals(level, "how far above its standard deviation a pixel may be", 0, tex="x", typical=5),
    reals(
        total_reach,
        "the sum of the lengths of the parts orthogonal to P of all pixels' unit vectors",
        0,
        pixels * reach,
        tex=r"\varrho_1",
        typical=484,
    ),
    reals(
        greatest_slope,
        "the largest entry, in size, of the part of N's gradient at x0 that is orthogonal to P",
        0,
        strict=False,
        tex=r"\| \Pi_{P^\perp} \nabla N(x_0) \|_\infty",
        text="max |gradient_j|",
    ),
    reals(
        total_slope,
        "the sum of the sizes of its entries",
        0,
        strict=False,
        tex=r"\| \Pi_{P^\perp} \nabla N(x_0) \|_1",
        text="sum |gradient_j|",
    ),
    reals(width, "at least the mean of the largest <g, z> of a normal g over the z of norm 1", 0, tex="w", typical=386),
    reals(u_2, "the Euclidean length of the output weights", 0, tex=r"\|u\|_2", text="|u|_2", typical=1),
    reals(
        norm_m,
        "the root of the sum of squared entries of M; without overlap sqrt(ell) |J|",
        0,
        strict=False,
        tex=r"\|M\|",
        text="|M|",
        typical=25,
    ),
    reals(u_1, "the sum of the sizes of the output weights", 0, tex=r"\|u\|_1", text="|u|_1", typical=3),
)
patch_size, patch_off, patch_filters = (
    replace(parameter, meaning=meaning, typical=typical)
    for parameter, meaning, typical in zip(
        paper.parameters(paper.d, paper.ell, m),
        (
            "the number of entries of a patch",
            "the dimension orthogonal to all training patches, of those of a patch",
            "the number of filters",
        ),
        (768, 600, 64),
        strict=True,
    )
)

# What proofs name besides.
Y, turn = symbols("Y turn")
X, mean, least, lower, excess, shortfall = symbols("X mean least lower excess shortfall")
upper, mean_chi, share, spread, gamma, incomplete = symbols("upper mean_chi share spread gamma incomplete")
INSIDE = (
    reals(X, "a chi-square variable, above 0 almost surely", 0),
    reals(Y, "another chi-square variable, above 0 almost surely", 0),
    reals(turn, "how many times x0 the nearest point without the label is, on the line through x0 and 0"),
    reals(mean, "the mean row sum over the k active opposing neurons"),
    reals(least, "the least row sum of a supporting neuron"),
    reals(spread, "2 theta - (m - 1) theta^2 at the theta of Chernoff's bound", 0, strict=False),
    reals(gamma, "Gamma(n/2 + 1)", 0),
    reals(incomplete, "n/2 times the integral of t^(n/2 - 1) e^(-t) over the tail, t being half the variable", 0),
    reals(upper, "the mean of the sum of the k largest of m normals"),
    reals(mean_chi, "the mean length of a vector N(0, I_ell)", 0),
    reals(excess, "how far a 1-Lipschitz function of the weights is above its mean"),
    reals(shortfall, "how far one is below its mean"),
    reals(lower, "the mean of the steepest pattern", 0, strict=False),
    reals(tau, "how far each active opposing neuron's input moves", 0, tex=r"\tau"),
    reals(squared_move, "the squared length of the move of all inputs", 0, strict=False, text="|move|^2"),
)

# y0 N(x0 + z) where it is claimed to be at most 0 only.
(moved_back,) = (
    replace(
        q,
        phrase=("the label is lost", r"y_0 N(x_0 + z) \leq 0"),
        meaning="y0 N(x0 + z): at most 0 where the label is lost",
    )
    for q in paper.parameters(paper.flipped)
)

_BY_SYMBOL = {parameter.symbol: parameter for parameter in (*PARAMETERS, *IN_NORMS, *INSIDE)}


def parameters(*wanted: Symbol | Parameter) -> tuple[Parameter, ...]:
    """Return the Parameter of each symbol, ours or the paper's; a Parameter stands for itself."""
    return paper.parameters(*(_BY_SYMBOL.get(x, x) for x in wanted))


def measure(name: str) -> Later:
    """The function of that name in `boundkit.library.beyond.assumptions`."""
    return Later("boundkit.library.beyond.assumptions", name)


CHI_SQUARE = "X is the squared length of a vector N(0, I_ell), chi-square with ell degrees of freedom"
CONCENTRATION = "a 1-Lipschitz function of normals exceeds its mean by t with probability at most e^(-t^2/2)"
BLIND = assumed(paper.BLIND)
# What Lemma 0 of docs/beyond.md needs, so that the first layer is left Gaussian orthogonally to P.
INPUTS = assumed(
    "P contains every input at which the network is evaluated to train, to stop or to be chosen",
    paper.measure("on_subspace"),
)
FRESH = assumed("the data and P do not depend on the weights at the start")
GAUSSIAN = assumed(
    "orthogonally to P the first layer is left Gaussian, with standard deviation shrink/sqrt(d)",
    paper.measure("left_gaussian"),
)
ANY_DEPTH = assumed("what stands above the first layer, and its biases, learn by gradient descent or SGD")
UNTRAINED = (INPUTS, FRESH, GAUSSIAN)
# One point of R^d, whatever the data are.
SPANNED = assumed("P is the span of the training points")
E_FREE = assumed(
    "E, of the dimension d - points - 1 - D, is orthogonal to P, to x0 and to its tangent space, and these do not "
    "depend on the weights orthogonal to P"
)
ANY_DATA = (SPANNED, E_FREE, *UNTRAINED)
PAIR_BLIND = assumed("x0 and x1 do not depend on the weights orthogonal to P")
OF_PAIR = assumed("N = N_y - N_c and u = U_y - U_c for one of the pairs of classes y and c", measure("several_classes"))
SUPPORTED = assumed(
    "u_min is 0, or there is no output bias, or y0 times it is at most the sum of |u_i| a_i over the active opposing "
    "neurons",
    measure("taken_so"),
)
# A step of one point only, in however many neurons.
FEW = assumed("no more than h neurons support the label, or oppose it and are active", measure("taken_so"))

FREE_PIXELS = assumed(
    "P-perp is spanned by coordinates: ell pixels that are 0 in every training input", measure("free_pixels")
)
SPREAD = assumed(
    "z changes so many pixels, each by at most reach |z| times a coordinate of a uniform direction of the dimension "
    "given: pixels, dimension and reach are ell, ell and 1 where P-perp is spanned by coordinates, d, d and 1 where P "
    "is random, d, ell and max |Pi e_j| for any P",
    measure("taken_so"),
)
REACHES = assumed(
    "so many pixels have a part orthogonal to P, none longer than reach: ell of length 1 where P is spanned by "
    "coordinates",
    measure("taken_so"),
)
UNIT_BALL = assumed(
    "over the z orthogonal to P whose norm is 1, rho is the greatest length and width at least the mean of the largest "
    "<g, z>, g standard normal",
    measure("largest_change"),
)
AT_0 = assumed("these pixels are 0 in x0 too", measure("pixels_at_0"))
PATCHES_SEEN = assumed(
    "the first layer sees patches of the input with shared filters, and x0 has patches in their span",
    measure("no_patches"),
)
PATCHES_LEFT = assumed(
    "orthogonally to all training patches the filters are left Gaussian, with standard deviation shrink/sqrt(d)"
)
PATCHES_APART = assumed(
    "the first layer sees patches of the input that do not overlap, with shared filters", measure("no_patches")
)
PATCH_BLIND = assumed("x0 does not depend on the filters' parts orthogonal to the training patches")
CHOSEN_PIXELS = assumed(
    "the h pixels are 0 in every training input, and do not depend on the weights there", measure("chosen_pixels")
)


def words(*hypotheses: Hypothesis) -> tuple[str, ...]:
    """What a fact needs of them."""
    return tuple(hypothesis.text for hypothesis in hypotheses)

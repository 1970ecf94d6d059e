"""Section 3: the parameters of the paper, what they stand for, and the assumptions that come back everywhere."""

from dataclasses import replace
from fractions import Fraction

from sympy import Integer, Max, Ne, Symbol, symbols

from boundkit.model.experiment import Later
from boundkit.model.parameter import Parameter, integers, reals
from boundkit.model.statement import Hypothesis, assumed

d, ell, k, k_0, m, n, T = symbols("d ell k k_0 m n T")
beta, c_ell, c_k, eta, gamma, lam, output, r = symbols("beta c_ell c_k eta gamma lam output r")
norm_u, sigma, sigma_1, sigma_2, t, y = symbols("norm_u sigma sigma_1 sigma_2 t y")

norm_gradient, norm_z, flipped, norm_squared, inner = symbols("norm_gradient norm_z flipped norm_squared inner")
X, Z, alpha, cross, move, sum_squared = symbols("X Z alpha cross move sum_squared")
u_squared, w_squared = symbols("u_squared w_squared")
slope, derivative, rotation_gap, off_subspace_change = symbols("slope derivative rotation_gap off_subspace_change")

PARAMETERS = (
    integers(d, "the input dimension", typical=10**6),
    integers(ell, "the dimension orthogonal to the data", 1, d, tex=r"\ell", typical=9 * 10**5),
    integers(m, "the number of neurons", typical=10),
    integers(k, "the number of active neurons, |S|", 0, m, typical=3),
    integers(k_0, "the number of neurons at exactly 0 where ReLU's derivative is taken as 0", 0, k),
    integers(n, "the dimension", typical=600),
    integers(T, "the number of training steps", 0, typical=1000),
    reals(beta, "the initial standard deviation", 0, tex=r"\beta", typical=Fraction(1, 1000)),
    reals(
        c_ell, "the fraction ell/d of directions orthogonal to the data", 0, 1, tex=r"c_\ell", typical=Fraction(9, 10)
    ),
    reals(c_k, "the fraction k/m of active neurons that count", 0, 1, strict=False, typical=Fraction(3, 10)),
    reals(eta, "the step size", 0, tex=r"\eta", typical=Fraction(1, 10)),
    reals(gamma, "the margin", 0, tex=r"\gamma", strict=False, typical=200),
    reals(lam, "the L2 regularisation", 0, tex=r"\lambda", strict=False, typical=Fraction(1, 10)),
    reals(output, "the network's output N(x0)", tex="N(x_0)", text="N(x0)", typical=1),
    reals(r, "the correlation of any two of the vectors", -1 / Max(m - 1, 1), 1, strict=False),
    reals(sigma, "the standard deviation", 0, tex=r"\sigma", default=1),
    reals(sigma_1, "the standard deviation of u", 0, tex=r"\sigma_1", typical=1),
    reals(sigma_2, "the standard deviation of v", 0, tex=r"\sigma_2", typical=1),
    reals(t, "the threshold", 0, typical=5),
    reals(norm_u, "the length of u", 0, tex=r"\|u\|", text="|u|", strict=False, typical=1),
    integers(y, "the label", -1, 1),
)

QUANTITIES = (
    reals(
        norm_gradient,
        "the length of the part of N's gradient at x0 that is orthogonal to P",
        0,
        strict=False,
        degree=2,
        tex=r"\left\| \Pi_{P^\perp} \left( \frac{\partial N(x_0)}{\partial x} \right) \right\|",
        text="|gradient orthogonal to P|",
    ),
    reals(norm_z, "the length of the perturbation", 0, tex=r"\|z\|", text="|z|", strict=False),
    reals(
        flipped,
        "y0 N(x0 + z): negative where the label flips",
        tex="y_0 N(x_0 + z)",
        text="y0 N(x0 + z)",
        phrase=("the label flips", r"\text{sign}(N(x_0 + z)) \neq \text{sign}(N(x_0))"),
    ),
    reals(norm_squared, "the squared length of w", 0, tex=r"\|w\|^2", text="|w|^2", strict=False, degree=1),
    reals(
        inner,
        "the size of <u, v>",
        0,
        tex=r"|\langle u, v \rangle|",
        text="|<u, v>|",
        strict=False,
        degree=1,
    ),
    reals(
        slope,
        "the slope of the loss at the margin",
        0,
        1,
        tex=r"|L'(\gamma)|",
        text="|L'(gamma)|",
        strict=False,
    ),
    reals(derivative, "the derivative of L(y N) in N", tex=r"\frac{\partial L(y N)}{\partial N}", text="dL(y N)/dN"),
    reals(
        rotation_gap,
        "the largest distance between R w_i trained on X and w_i trained on R X from R w_i(0)",
        0,
        tex=r"\max_i \|R w_i^{(t)} - \tilde w_i^{(t)}\|",
        text="rotation gap",
        strict=False,
    ),
    reals(
        off_subspace_change,
        "the largest distance that training moves a weight vector orthogonally to the data",
        0,
        tex=r"\max_i \|\hat w_i^{(t)} - \hat w_i^{(0)}\|",
        text="off-subspace change",
        strict=False,
    ),
)

# What proofs name besides.
INSIDE = (
    reals(X, "a chi-square variable", 0, strict=False),
    reals(Z, "the size of a standard normal variable", 0, text="|Z|", tex="|Z|", strict=False, degree=1),
    reals(u_squared, "the squared length of u", 0, text="|u|^2", tex=r"\|u\|^2", strict=False),
    reals(w_squared, "the least |hat w_i|^2", 0, text="|hat w_i|^2", tex=r"\|\hat w_i\|^2", strict=False),
    reals(
        sum_squared,
        "the squared length of sum_j sign(u_j) hat w_j",
        0,
        text="|sum_j sign(u_j) hat w_j|^2",
        tex=r"\| \sum_j \text{sign}(u_j) \hat w_j \|^2",
        strict=False,
    ),
    reals(
        cross,
        "the largest |<hat w_i, sum_{j != i} sign(u_j) hat w_j>|",
        0,
        text="|<hat w_i, sum_{j != i} sign(u_j) hat w_j>|",
        tex=r"| \langle \hat w_i, \sum_{j \neq i} \text{sign}(u_j) \hat w_j \rangle |",
        strict=False,
    ),
    reals(move, "how far at least each neuron's input moves the right way", text="move", tex=r"\text{move}"),
)

_BY_SYMBOL = {parameter.symbol: parameter for parameter in (*PARAMETERS, *QUANTITIES, *INSIDE)}


def parameters(*wanted: Symbol | Parameter) -> tuple[Parameter, ...]:
    """Return the Parameter of each symbol; a Parameter stands for itself."""
    return tuple(x if isinstance(x, Parameter) else _BY_SYMBOL[x] for x in wanted)


# Parameters that a statement reads in a sense of its own.
NEEDS_SUPPORT = "an output of the label's sign needs an active neuron that supports it"
k_opposing = replace(_BY_SYMBOL[k], meaning="the number of active neurons that oppose the label y0", tex="k_{y_0}")
k_but_one = replace(k_opposing, high=m - 1, why_ends=("", NEEDS_SUPPORT))
c_k_but_one = replace(_BY_SYMBOL[c_k], high=1 - 1 / m, why_ends=("", NEEDS_SUPPORT))
m_two = replace(_BY_SYMBOL[m], low=Integer(2), why_ends=("for an active neuron to oppose y0 there must be another", ""))
norm_u_positive = replace(_BY_SYMBOL[norm_u], strict=True)
sigma_any = replace(_BY_SYMBOL[sigma], strict=False)
r_pair = replace(_BY_SYMBOL[r], meaning="the correlation of u and v", low=-_BY_SYMBOL[r].high)
norm_squared_of_sum = replace(
    _BY_SYMBOL[norm_squared],
    meaning="the squared length of the sum of the w_i",
    tex=r"\left\| \sum_{i=1}^m w_i \right\|^2",
    text="|w_1 + ... + w_m|^2",
)


def measure(name: str) -> Later:
    """The function of that name in `boundkit.library.melamed2023.assumptions`."""
    return Later("boundkit.library.melamed2023.assumptions", name)


ON_SUBSPACE = assumed("the data and x0 lie on P", measure("on_subspace"))
STANDARD = assumed("standard initialisation", measure("standard_start"))
FIRST_LAYER = assumed("only the first layer is trained", measure("first_layer"))
UNREGULARISED = assumed("no regularisation", measure("unregularised"))
TAKEN_AS_1 = assumed("ReLU's derivative at 0 is 1", measure("derivative_at_0"))
OPPOSED = Hypothesis("k >= 1", k >= 1, r"k_{y_0} \geq 1")
LABELLED = Hypothesis("N(x0) != 0", Ne(output, 0), r"N(x_0) \neq 0")
CHI_SQUARE = "X = |w/sigma|^2 is chi-square with n degrees of freedom"
LENGTH = "|w|^2 is sigma^2 |w/sigma|^2"
BLIND = "x0 does not depend on the off-subspace weights"

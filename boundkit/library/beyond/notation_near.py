"""The parameters and assumptions of the statements about affine sets and data near a subspace."""

from fractions import Fraction

from sympy import Symbol, symbols

from boundkit.library.beyond import notation
from boundkit.library.beyond.notation import FRESH
from boundkit.model.parameter import Parameter, reals
from boundkit.model.statement import assumed

height, bias_ratio, drift, residue, path = symbols("height bias_ratio drift residue path")
point_weight, added, walked = symbols("point_weight added walked")

PARAMETERS = (
    reals(height, "the distance from 0 to the affine set", 0, tex="h_A", typical=1),
    reals(
        bias_ratio,
        "the standard deviation of the biases at the start over that of the weights",
        0,
        tex=r"\varsigma",
        default=1,
    ),
    reals(
        drift,
        "at least the largest singular value of what training added to the weights orthogonally to P",
        0,
        strict=False,
        tex=r"\Delta_W",
        typical=Fraction(1, 10),
    ),
    reals(
        residue,
        "at least the largest singular value of the training points' parts orthogonal to P",
        0,
        strict=False,
        tex=r"\sigma_X",
        typical=Fraction(1, 10),
    ),
    reals(
        path,
        "how far the points can have pushed the first layer: at least the root of the sum of their A_r^2, read off the "
        "training log",
        0,
        strict=False,
        tex=r"A_X",
        typical=10,
    ),
    reals(
        point_weight,
        "the weight of a point in the loss (1: the points' losses are added; 1/points: their mean)",
        0,
        tex="w_X",
        default=1,
    ),
    reals(
        added,
        "the largest singular value of what training added to the weights orthogonally to P",
        0,
        strict=False,
        text="|hat W - (1 - eta lam)^T hat W(0)|",
        tex=r"\|\hat W - (1 - \eta\lambda)^T \hat W^{(0)}\|",
    ),
    # What a proof names besides.
    reals(walked, "the root of the sum of the points' A_r^2", 0, strict=False),
)
_BY_SYMBOL = {parameter.symbol: parameter for parameter in PARAMETERS}


def parameters(*wanted: Symbol | Parameter) -> tuple[Parameter, ...]:
    """Return the Parameter of each symbol, of these or of `notation`; a Parameter stands for itself."""
    return notation.parameters(*(_BY_SYMBOL.get(x, x) for x in wanted))


AFFINE = assumed("the data and x0 lie on an affine set that does not contain 0, and P is its span")
ANY_BIASES = assumed("the first layer's biases, if there are any, are fixed or trained")
FREE_BIASES = assumed(
    "the first layer's weights and biases start normal, all independent, and are trained with the same step and L2"
)
ON_SET = assumed(
    "the affine set contains every input at which the network is evaluated to train, to stop or to be chosen, and does "
    "not depend on the start"
)
SEEN_ON_SET = assumed("x0 depends on the network by its values on the affine set alone, if at all")
PLAIN = assumed("the first layer learns by gradient descent or SGD without momentum")
LOGGED = assumed(
    "A_r is the sum, over the steps that use point r, of eta times its weight in the loss times the length of its "
    "loss's derivative in the pre-activations"
)
FLAT = assumed(
    "for the bound by eta, T and points alone: two layers, output weights that are not trained and have at most the "
    "length 1, and the logistic loss; over the T steps no point is used with more than T times its weight"
)
STARTED = assumed(
    "orthogonally to P the first layer starts Gaussian; shrink/sqrt(d) is its standard deviation times "
    "abs(1 - eta lam)^T"
)
DRIFTED = assumed("drift is at least the largest singular value of hat W - (1 - eta lam)^T hat W(0)")
NEARLY = (FRESH, STARTED, DRIFTED)

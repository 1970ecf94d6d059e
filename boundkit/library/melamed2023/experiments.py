"""How the paper's quantities are drawn: which function draws them, once it is asked."""

from dataclasses import replace
from fractions import Fraction
from functools import partial

from sympy import Abs, sqrt

from boundkit.library.melamed2023.notation import T, beta, c_ell, c_k, d, ell, eta, k, lam, m, output
from boundkit.model.experiment import Experiment, Later


def draw(name: str) -> Later:
    """The function of that name in `boundkit.library.melamed2023.draws`."""
    return Later("boundkit.library.melamed2023.draws", name)


def witness(name: str) -> Later:
    """The function of that name in `boundkit.library.melamed2023.witnesses`."""
    return Later("boundkit.library.melamed2023.witnesses", name)


# Sizes of small networks, and of the vectors in the lemmas.
SMALL = tuple(
    (
        *(("d", d), ("ell", ell), ("c_ell", Fraction(ell, d)), ("m", m), ("n", n), ("t", t), ("T", 100), ("lam", 40)),
        *(("beta", Fraction(1, 20)), ("eta", Fraction(1, 1000))),
        *(("sigma", 1), ("sigma_1", 1), ("sigma_2", 1), ("norm_u", 1)),
    )
    for d, ell, m, n, t in ((40, 20, 8, 20, 2), (60, 40, 2, 40, 3), (1600, 1580, 5, 20, 2))
)
experiment = partial(Experiment, sizes=SMALL)
BUILT = (
    ("d", d),
    ("ell", ell),
    ("ell", c_ell * d),
    ("m", m),
    ("opposing", k),
    ("opposing", c_k * m),
    ("output", output),
)
of_networks = partial(experiment, network=BUILT)

ONE, FOUR, NEURONS, VECTORS, NETWORK = map(draw, ("one", "four", "neurons", "vectors", "network"))

# What a trained network says of the parameters; k counts all active neurons or only those that oppose the label.
SIZES = (
    ("d", "d"),
    ("ell", "ell"),
    ("m", "m"),
    ("c_ell", "ell/d"),
    ("output", "output"),
    ("gamma", "margin"),
    ("beta", "beta"),
    ("eta", "eta"),
    ("lam", "lam"),
    ("T", "steps"),
)
ACTIVE = (*SIZES, ("k", "active"), ("c_k", "active/m"))
OPPOSING = (*SIZES, ("k", "opposing"), ("c_k", "opposing/m"))
OPTIONS = (("eta", eta), ("lam", lam), ("steps", T), ("beta", beta))

SUM = experiment(draw("sum_law"), draw("sum_of_vectors"), ONE, VECTORS)
PROJECTION = experiment(draw("projection"), draw("projection_of_vectors"), ONE, FOUR)
INNER = experiment(draw("inner_law"), draw("inner_of_vectors"), ONE, VECTORS)
GRADIENT = of_networks(
    draw("gradient_law"), draw("gradient_of_networks"), ONE, NETWORK, ACTIVE, OPTIONS,
    seen=(("norm_gradient", "gradient off P"),),
)  # fmt: skip
GRADIENT_ANY_START = replace(GRADIENT, deviation=beta)
GRADIENT_SMALL_START = replace(GRADIENT, deviation=1 / (d * sqrt(2)), training=(("beta", 1 / (d * sqrt(2))),))
GRADIENT_SHRUNK = replace(GRADIENT, deviation=Abs(1 - eta * lam) ** T / sqrt(d))
FLIP = of_networks(
    draw("flip_law"), draw("flip_of_networks"), NEURONS, NETWORK, OPPOSING, OPTIONS,
    seen=(("norm_z", "sum step"), ("flipped", "sum step's output")),
)  # fmt: skip
FLIP_AS_PRINTED = replace(FLIP, law=draw("flip_law_as_printed"), full=draw("flip_of_networks_as_printed"))
# Of these a network of one's own has nothing that could be seen, but for the last.
SLOPE = of_networks(draw("slope"), draw("slope"), NETWORK, NETWORK, SIZES, OPTIONS)
ROTATION = of_networks(draw("rotation"), draw("rotation"), NETWORK, NETWORK, SIZES, OPTIONS)
OFF_CHANGE = of_networks(
    draw("off_change"), draw("off_change"), NETWORK, NETWORK, SIZES, OPTIONS,
    seen=(("off_subspace_change", "change off P"),),
)  # fmt: skip

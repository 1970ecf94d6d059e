"""How the paper's quantities are drawn: which function of `boundkit.simulate` draws them, once it is asked."""

from dataclasses import replace

from sympy import Abs, sqrt

from boundkit.experiment import Experiment, Later
from boundkit.paper.notation import T, beta, d, eta, lam


def draw(name: str) -> Later:
    """The function of that name in `boundkit.simulate.samplers`."""
    return Later("boundkit.simulate.samplers", name)


def witness(name: str) -> Later:
    """The function of that name in `boundkit.simulate.witnesses`."""
    return Later("boundkit.simulate.witnesses", name)


ONE, FOUR, NEURONS, VECTORS, NETWORK = map(draw, ("one", "four", "neurons", "vectors", "network"))

# What a trained network says of the paper's letters; k counts all active neurons or only those that oppose the label.
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

SUM = Experiment(draw("sum_law"), draw("sum_of_vectors"), ONE, VECTORS)
PROJECTION = Experiment(draw("projection"), draw("projection_of_vectors"), ONE, FOUR)
INNER = Experiment(draw("inner_law"), draw("inner_of_vectors"), ONE, VECTORS)
GRADIENT = Experiment(draw("gradient_law"), draw("gradient_of_networks"), ONE, NETWORK, ACTIVE, OPTIONS)
GRADIENT_ANY_START = replace(GRADIENT, deviation=beta)
GRADIENT_SMALL_START = replace(GRADIENT, deviation=1 / (d * sqrt(2)), training=(("beta", 1 / (d * sqrt(2))),))
GRADIENT_SHRUNK = replace(GRADIENT, deviation=Abs(1 - eta * lam) ** T / sqrt(d))
FLIP = Experiment(draw("flip_law"), draw("flip_of_networks"), NEURONS, NETWORK, OPPOSING, OPTIONS)
FLIP_AS_PRINTED = replace(FLIP, law=draw("flip_law_as_printed"), full=draw("flip_of_networks_as_printed"))
SLOPE = Experiment(draw("slope"), draw("slope"), NETWORK, NETWORK, SIZES, OPTIONS)
ROTATION = Experiment(draw("rotation"), draw("rotation"), NETWORK, NETWORK, SIZES, OPTIONS)
OFF_CHANGE = Experiment(draw("off_change"), draw("off_change"), NETWORK, NETWORK, SIZES, OPTIONS)

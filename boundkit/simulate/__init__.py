"""Networks trained on a linear subspace, at any dimension, and how often a statement's event happens to them."""

from boundkit.simulate.attacks import Attack, projected_gradient
from boundkit.simulate.data import Problem, problem
from boundkit.simulate.flips import Perturbation, first_flip
from boundkit.simulate.network import History, Initialisation, Network
from boundkit.simulate.training import DivergenceWarning, Schedule, descend, step, train

__all__ = [
    "Attack", "DivergenceWarning", "History", "Initialisation", "Network", "Perturbation", "Problem", "Schedule",
    "descend", "first_flip", "problem", "projected_gradient", "step", "train",
]  # fmt: skip

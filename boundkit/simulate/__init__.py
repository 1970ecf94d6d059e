"""Networks trained on a subspace, at any dimension, and how often a statement's event happens to them."""

from boundkit.errors import NoStepError
from boundkit.laws.binomial import clopper_pearson
from boundkit.simulate.attacks import Attack, projected_gradient
from boundkit.simulate.building import network
from boundkit.simulate.data import Problem, problem
from boundkit.simulate.distances import off_subspace_change, rotation_gap
from boundkit.simulate.evidence import Evidence, check
from boundkit.simulate.exact_distance import Distance
from boundkit.simulate.layers import FullLayer, Initialisation, SubspaceLayer
from boundkit.simulate.many import Flips
from boundkit.simulate.networks import Network
from boundkit.simulate.piecewise import first_flip, first_lost
from boundkit.simulate.steps import Perturbation, Step, Swap
from boundkit.simulate.subspace import Span, Subspace
from boundkit.simulate.threads import linear_algebra_threads
from boundkit.simulate.trained import History, TrainedNetwork
from boundkit.simulate.training import DivergenceWarning, Schedule, descend, step, train
from boundkit.simulate.verdicts import SimulationVerdict

__all__ = [
    "Attack",
    "Distance",
    "DivergenceWarning",
    "Evidence",
    "Flips",
    "FullLayer",
    "History",
    "Initialisation",
    "Network",
    "NoStepError",
    "Perturbation",
    "Problem",
    "Schedule",
    "SimulationVerdict",
    "Span",
    "Step",
    "Subspace",
    "SubspaceLayer",
    "Swap",
    "TrainedNetwork",
    "check",
    "clopper_pearson",
    "descend",
    "first_flip",
    "first_lost",
    "linear_algebra_threads",
    "network",
    "off_subspace_change",
    "problem",
    "projected_gradient",
    "rotation_gap",
    "step",
    "train",
]  # fmt: skip

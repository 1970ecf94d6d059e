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
from boundkit.simulate.near import LoggedRun, Points, path_of_losses, points_near, points_on_affine, train_logged
from boundkit.simulate.networks import Network
from boundkit.simulate.patches import PatchNetwork, off_patches, patches_of, train_patches
from boundkit.simulate.piecewise import first_flip, first_lost
from boundkit.simulate.pixels import PixelStep, free_pixels, sign_attack, sign_flip
from boundkit.simulate.reading import read_array
from boundkit.simulate.steps import Perturbation, Step, Swap
from boundkit.simulate.subspace import Span, Subspace
from boundkit.simulate.threads import linear_algebra_threads
from boundkit.simulate.tilted import Weighted, scaled_normals, shifted_normals, tilted_bits, weighted
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
    "LoggedRun",
    "Network",
    "NoStepError",
    "PatchNetwork",
    "Perturbation",
    "PixelStep",
    "Points",
    "Problem",
    "Schedule",
    "SimulationVerdict",
    "Span",
    "Step",
    "Subspace",
    "SubspaceLayer",
    "Swap",
    "TrainedNetwork",
    "Weighted",
    "check",
    "clopper_pearson",
    "descend",
    "first_flip",
    "first_lost",
    "free_pixels",
    "linear_algebra_threads",
    "network",
    "off_patches",
    "off_subspace_change",
    "patches_of",
    "path_of_losses",
    "points_near",
    "points_on_affine",
    "problem",
    "projected_gradient",
    "read_array",
    "rotation_gap",
    "scaled_normals",
    "shifted_normals",
    "sign_attack",
    "sign_flip",
    "step",
    "tilted_bits",
    "train",
    "train_logged",
    "train_patches",
    "weighted",
]  # fmt: skip

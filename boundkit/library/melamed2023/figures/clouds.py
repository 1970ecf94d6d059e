"""The points that figure 4's networks are trained on: a sphere, or images by their principal components."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from boundkit.errors import ParameterError
from boundkit.library.melamed2023.figures.datasets import Images, images
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.threads import single_threaded

SPHERE_D, SPHERE_DIMENSIONS, PCA_DIMENSIONS = 784, 28, 32
SPHERE_NAME = f"sphere of {SPHERE_DIMENSIONS} dimensions in {SPHERE_D}"
SPHERE, STAND_IN = "sphere", "what this machine has"  # data that need no folder


@dataclass(frozen=True, eq=False)
class Cloud:
    """Labelled points on a subspace of R^d, by their coordinates there."""

    d: int
    X: Array  # (n, dimensions)
    y: Array

    @property
    def ell(self) -> int:
        """The dimension orthogonal to the points' subspace."""
        return int(self.d - self.X.shape[1])


def sphere(points: int, seed: int) -> Cloud:
    """Points of length sqrt(d), as in the paper's theory, and labels by a fair coin."""
    rng = stream(seed, "figures", 2)
    X = rng.standard_normal((points, SPHERE_DIMENSIONS))
    X *= np.sqrt(SPHERE_D) / np.linalg.norm(X, axis=1, keepdims=True)
    return Cloud(SPHERE_D, X, np.where(rng.random(points) < 0.5, 1.0, -1.0))


@dataclass(frozen=True, eq=False)
class Projected:
    """Images by their first principal components, the mean taken off."""

    d: int
    coordinates: Array
    labels: Array

    def draw(self, points: int, seed: int) -> Cloud:
        """Some of them at random."""
        index = stream(seed, "figures", 3).permutation(len(self.labels))[:points]
        return Cloud(self.d, self.coordinates[index], self.labels[index])


@single_threaded
def project(data: Images, dimensions: int = PCA_DIMENSIONS) -> Projected:
    """PCA; the labels are the parity of the class, odd +1."""
    mean, products = data.scatter()
    axes = np.linalg.eigh(products)[1][:, : -dimensions - 1 : -1]
    coordinates = np.concatenate([(block - mean) @ axes for block in data.blocks()]) / data.largest
    return Projected(len(mean), coordinates, np.where(data.labels % 2, 1.0, -1.0))


def pictured(data: str) -> Images:
    """The images of panel (b): the first data set in the folder that is not CIFAR-10, if there is one."""
    found = images(None if data == STAND_IN else data)
    return next((one for one in found if one.name != "CIFAR-10"), found[0])


@lru_cache(maxsize=1)
def source(data: str, digest: str) -> Callable[[int, int], Cloud]:
    """How one draws points: by number and seed. Each worker reads and projects images once.

    Raises
    ------
    ParameterError
        The images are not those with this digest, which the run began with.
    """
    if data == SPHERE:
        return sphere
    found = pictured(data)
    if found.digest != digest:
        raise ParameterError(f"{data}: other images than those that the run began with; give every worker the same")
    return project(found).draw


def projected_name(data: Images) -> str:
    """What the projected images are called."""
    return f"{data.name}, {PCA_DIMENSIONS} of {data.pixels.shape[1]} dimensions"

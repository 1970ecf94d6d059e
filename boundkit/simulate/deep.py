"""ReLU networks of any depth with biases, all layers trained: what experiments use.

Many networks of one shape are one record: their weights carry leading axes, and every product is a batched one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import ParameterError
from boundkit.formats.progress import Progress
from boundkit.simulate.arguments import choice, count, real, size
from boundkit.simulate.losses import slopes
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.threads import single_threaded

Layers = tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class DeepNetwork:
    """N(x) = W_L s(... s(W_1 x + b_1) ...) + b_L with s(a) = max(a, 0), its derivative 1 at 0 as in the paper.

    Attributes
    ----------
    weights : tuple of arrays (..., out, in)
        Layer by layer; the last has out = 1. The leading axes number independent networks.
    biases : tuple of arrays (..., out)
    """

    weights: Layers
    biases: Layers

    def __post_init__(self) -> None:
        if not self.weights or len(self.weights) != len(self.biases):
            raise ParameterError(
                f"{len(self.weights)} weights and {len(self.biases)} biases: give as many of either, at least one"
            )
        weights, biases = (tuple(real("a layer", x) for x in part) for part in (self.weights, self.biases))
        below = weights[0].shape[-1:]
        for i, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
            if W.ndim < 2 or not W.size or W.shape[:-1] != b.shape or W.shape[-1:] != below:
                raise ParameterError(
                    f"layer {i} has weights of shape {W.shape} and biases of shape {b.shape} on {below[0]} inputs: "
                    "give (..., out, in) and (..., out), each at least 1, `in` as many as the layer below has out"
                )
            if W.shape[:-2] != weights[0].shape[:-2]:
                raise ParameterError(f"layer {i} has leading axes {W.shape[:-2]}: all layers need the same")
            below = b.shape[-1:]
        if below != (1,):
            raise ParameterError(
                f"the last layer has {below[0]} outputs, and N(x) is one number, whose sign is the label: take one of "
                "its rows, or the difference of two"
            )
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", biases)

    def __repr__(self) -> str:
        widths = "-".join(str(W.shape[-1]) for W in self.weights)
        many = "" if not self.networks else f"{'x'.join(map(str, self.networks))} "
        return f"<{many}deep network {widths}-1>"

    @property
    def networks(self) -> tuple[int, ...]:
        """The leading axes: () for a single network."""
        return self.weights[0].shape[:-2]

    @property
    def depth(self) -> int:
        """The number of layers with weights."""
        return len(self.weights)

    def __getitem__(self, index: Any) -> DeepNetwork:
        """Some of the networks, or one."""
        if not self.networks:
            raise ParameterError(f"{self!r}: a single network has no index")
        return DeepNetwork(tuple(W[index] for W in self.weights), tuple(b[index] for b in self.biases))

    def inputs(self, x: Array) -> Array:
        """The first layer's pre-activations at points (..., n, d): (..., n, m)."""
        x = real("points", x)
        if x.ndim < 2 or x.shape[-1] != self.weights[0].shape[-1]:
            raise ParameterError(f"points of shape {x.shape}: give (n, {self.weights[0].shape[-1]}), one a row")
        return np.asarray(x @ np.swapaxes(self.weights[0], -1, -2) + self.biases[0][..., None, :])

    def output(self, x: Array) -> Array:
        """N at points (n, d), or (..., n, d) for points of each network's own: (..., n)."""
        return self.above(self.inputs(x))

    def above(self, a: Array) -> Array:
        """N as a function of the first layer's pre-activations (..., n, m): (..., n)."""
        for W, b in zip(self.weights[1:], self.biases[1:], strict=True):
            a = np.maximum(a, 0) @ np.swapaxes(W, -1, -2) + b[..., None, :]
        return np.asarray(a[..., 0])

    def output_gradient(self, a: Array) -> Array:
        """J = dN/d(first pre-activation) at the pre-activations (..., n, m); the same shape."""
        on = [a >= 0]
        for W, b in zip(self.weights[1:-1], self.biases[1:-1], strict=True):
            a = np.maximum(a, 0) @ np.swapaxes(W, -1, -2) + b[..., None, :]
            on.append(a >= 0)
        back = np.ones((*a.shape[:-1], 1))
        for W, active in zip(self.weights[:0:-1], on[::-1], strict=True):
            back = (back @ W) * active
        return back

    def size(self, a: Array) -> Array:
        """N at these inputs a >= 0 (..., n, m) with all weights and biases made positive: what rounding goes with."""
        return DeepNetwork(*(tuple(np.abs(x) for x in part) for part in (self.weights, self.biases))).above(a)

    def first(self, a: Array, _moves: Array, _strictly: bool) -> Array:
        """Not known: deep networks have too many kinks on a line."""
        return np.full(a.shape[:-1], np.inf)

    def nearer(self, _rows: Array) -> None:
        """Nothing: there is no convex programme for what stands above the first layer."""

    def gradient(self, x: Array) -> Array:
        """dN/dx at points (..., n, d); the same shape."""
        return np.asarray(self.output_gradient(self.inputs(x)) @ self.weights[0])


def pytorch_default(widths: Sequence[int], seeds: int | Sequence[int], divide: float = 1.0) -> DeepNetwork:
    """Networks as PyTorch starts linear layers: weights and biases uniform in +-1/sqrt(fan_in), over `divide`.

    Source: the documentation of torch.nn.Linear, "Variables".

    Parameters
    ----------
    widths : sequence of int
        The input dimension, the hidden widths, and 1.
    seeds : int or sequence of int
        One network for each; a sequence gives them a leading axis. A network depends on its own seed only.
    divide : float
        What every layer's numbers are divided by.

    Examples
    --------
    >>> pytorch_default((2, 100, 1), seeds=range(5))
    <5 deep network 2-100-1>
    """
    if len(widths) < 2 or widths[-1] != 1:
        raise ParameterError(f"widths = {tuple(widths)}: give the input dimension, the hidden widths, and 1")
    widths = [count("widths", width, "a width") for width in widths]
    divide = size("divide", divide, "what the initialisation is divided by")
    if isinstance(seeds, int | np.integer):
        return pytorch_default(widths, (seeds,), divide)[0]
    if not len(seeds):
        raise ParameterError("no seeds: give one for each network, at least one")
    layers = [[_uniform(seed, i, n, m) for seed in seeds] for i, (n, m) in enumerate(pairwise(widths))]
    stacked = [np.stack(layer) / divide for layer in layers]
    return DeepNetwork(tuple(s[..., :-1] for s in stacked), tuple(s[..., -1] for s in stacked))


def _uniform(seed: int, layer: int, fan_in: int, out: int) -> Array:
    """Weights and, in the last column, biases."""
    return np.asarray(stream(seed, "deep", layer).uniform(-1, 1, (out, fan_in + 1)) / np.sqrt(fan_in))


@dataclass(frozen=True)
class TrainingConfig:
    """How networks are trained: full-batch gradient descent on all layers.

    Attributes
    ----------
    eta : float
        Step size.
    margin : float
        Training stops at the first weights with y_i N(x_i) >= margin at every point.
    steps : int
        It also stops after so many steps, whether or not the margin is reached.
    loss : {"mean", "sum"}
        Logistic loss over the points: PyTorch's binary cross-entropy, or the paper's sum.
    lam : float
        The penalty's factor.
    penalty : {"all", "first", "first norm"}
        `(lam/2) |w|^2` over all weights and biases, as PyTorch's weight decay; the same over the first layer; or
        lam times the unsquared norm of the first layer's weights plus that of its biases.
    """

    eta: float
    margin: float
    steps: int = 1_000_000
    loss: str = "mean"
    lam: float = 0.0
    penalty: str = "all"

    def __post_init__(self) -> None:
        size("eta", self.eta, "the step size")
        size("margin", self.margin, "the margin to stop at", zero=True)
        count("steps", self.steps, "the number of steps", 0)
        choice("loss", self.loss, ("mean", "sum"))
        size("lam", self.lam, "the penalty's factor", zero=True)
        choice("penalty", self.penalty, ("all", "first", "first norm"))


@dataclass(frozen=True, eq=False)
class Run:
    """What came of training: the networks, and for each the steps taken, its margin and its loss (one array each)."""

    network: DeepNetwork
    recipe: TrainingConfig
    steps: NDArray[np.int_]
    margin: Array
    loss: Array

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Which networks have the margin asked for."""
        return np.asarray(self.margin >= self.recipe.margin)

    @property
    def note(self) -> str:
        """What a reader must know where the margin was not reached; '' where it was."""
        if self.reached.all():
            return ""
        worst = float(np.min(self.margin))
        return f"margin {self.recipe.margin:g} not reached in {np.max(self.steps)} steps (it is {worst:.3g})"


@single_threaded
def train_deep(
    network: DeepNetwork, X: Array, y: Array, recipe: TrainingConfig, progress: Progress | None = None
) -> Run:  # fmt: skip
    """Train all layers of every network on the points X (n, d) with labels y (n,).

    Networks that have their margin leave the batch; each gets what it would get alone, up to rounding.

    Raises
    ------
    ParameterError
        Shapes or labels that do not fit, or training that diverged (a smaller step size is the remedy).

    Examples
    --------
    >>> X, y = np.array([[-1.0], [1.0]]), np.array([-1.0, 1.0])
    >>> run = train_deep(pytorch_default((1, 20, 20, 1), seeds=range(3)), X, y, TrainingConfig(eta=0.1, margin=0.5))
    >>> bool(run.reached.all())
    True
    """
    X, y = _checked(network, X, y)
    shape = network.networks
    flat = [np.array(part.reshape(-1, *part.shape[len(shape) :])) for part in (*network.weights, *network.biases)]
    W, b = flat[: network.depth], flat[network.depth :]
    ended = [np.empty_like(part) for part in flat]
    alive = np.arange(len(W[0]))
    steps, margin, loss = np.zeros(len(alive), int), np.zeros(len(alive)), np.zeros(len(alive))
    first: Array | None = None
    step_size = recipe.eta / (len(y) if recipe.loss == "mean" else 1)
    tell = max(1, recipe.steps // 1000)
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(recipe.steps + 1):
            dW, db, margins = ascent(W, b, X, y)
            least = margins.min(-1)
            if first is None:
                first = np.logaddexp(0, -margins).mean(-1)
            over = ~(least < recipe.margin) if t < recipe.steps else np.ones(len(alive), bool)
            if over.any():  # also where it is not a number
                who = alive[over]
                for end, part in zip(ended, (*W, *b), strict=True):
                    end[who] = part[over]
                steps[who], margin[who] = t, least[over]
                loss[who] = np.logaddexp(0, -margins[over]).mean(-1)
                _refuse_divergence(recipe, t, loss[who], first[who], least[over])
                alive, W, b = alive[~over], [part[~over] for part in W], [part[~over] for part in b]
                dW, db = [part[~over] for part in dW], [part[~over] for part in db]
                if not len(alive):
                    break
            _shrink(recipe, W, b)
            for part, up in zip((*W, *b), (*dW, *db), strict=True):
                up *= step_size
                part += up
            if progress is not None and t % tell == 0:
                progress("training", t, recipe.steps)
    parts = tuple(end.reshape(*shape, *end.shape[1:]) for end in ended)
    trained = DeepNetwork(parts[: network.depth], parts[network.depth :])
    return Run(trained, recipe, steps.reshape(shape), margin.reshape(shape), loss.reshape(shape))


def ascent(W: Sequence[Array], b: Sequence[Array], X: Array, y: Array) -> tuple[list[Array], list[Array], Array]:
    """Minus the gradient of sum_i log(1 + exp(-y_i N(x_i))) by weights and biases, and the margins y_i N(x_i).

    The networks have one leading axis here; X is (n, d) and y (n,).
    """
    into, on = [X], []
    for layer, (weights, bias) in enumerate(zip(W, b, strict=True)):
        a = into[-1] @ weights.swapaxes(-1, -2)
        a += bias[:, None, :]
        if layer + 1 < len(W):
            on.append(a >= 0)
            into.append(np.maximum(a, 0, out=a))
    margins = a[..., 0]
    margins *= y
    back = slopes(np, y, margins)[..., None]
    dW, db = [], []
    for layer in range(len(W) - 1, -1, -1):
        dW.append(back.swapaxes(-1, -2) @ into[layer])
        db.append(back.sum(-2))
        if layer:
            back = back * W[layer] if back.shape[-1] == 1 else back @ W[layer]
            back *= on[layer - 1]
    return dW[::-1], db[::-1], margins


def _shrink(recipe: TrainingConfig, W: list[Array], b: list[Array]) -> None:
    """The penalty's part of a step, in place."""
    if recipe.lam == 0:
        return
    shrink = recipe.eta * recipe.lam
    for part in (*W, *b) if recipe.penalty == "all" else (W[0], b[0]):
        if recipe.penalty == "first norm":
            norm = np.sqrt(np.square(part).sum(axis=tuple(range(1, part.ndim)), keepdims=True))
            part *= np.maximum(0, 1 - shrink / np.maximum(norm, 1e-300))
        else:
            part *= 1 - shrink


def _checked(network: DeepNetwork, X: Array, y: Array) -> tuple[Array, Array]:
    X, y = real("points", X), real("labels", y)
    if X.ndim != 2 or X.shape[1] != network.weights[0].shape[-1] or not len(X):
        raise ParameterError(f"points of shape {X.shape}: give (n, {network.weights[0].shape[-1]}) with n >= 1")
    if y.shape != (len(X),) or not np.isin(y, (-1.0, 1.0)).all():
        raise ParameterError(f"labels of shape {y.shape}: give {len(X)} numbers, each -1 or 1")
    return X, y


def _refuse_divergence(recipe: TrainingConfig, t: int, loss: Array, first: Array, least: Array) -> None:
    """Numbers that are not finite, or, without a penalty, a mean loss above the start's and no margin."""
    failed = ~np.isfinite(loss) | ((recipe.lam == 0) & (loss > first + np.log(2)) & (least < recipe.margin))
    if failed.any():
        found = "the loss stopped being finite" if not np.isfinite(loss).all() else f"the loss went to {max(loss):.4g}"
        raise ParameterError(
            f"training diverged: {found} by step {t} at eta = {recipe.eta:g}; take a smaller step size"
        )  # fmt: skip

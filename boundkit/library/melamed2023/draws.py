"""How the paper's quantities are drawn: by their law given the trained part, or in full.

The statements name these functions in their `Experiment`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from boundkit.errors import HypothesisError, ParameterError
from boundkit.laws import row_sums
from boundkit.simulate.data import problem
from boundkit.simulate.distances import off_subspace_change, rotation_gap, slope_at_margin
from boundkit.simulate.measures import OF_EACH_NETWORK, OF_EACH_RUN
from boundkit.simulate.rng import Array
from boundkit.simulate.samplers import Draws
from boundkit.simulate.setting import Setting
from boundkit.simulate.trained import TrainedNetwork
from boundkit.simulate.training import Schedule, loss_gradient

TRAINING = 1 << 16  # what a trained network weighs: 16 of them in a block
ROUNDING = 1e-9  # weights have a length of about 1; a distance below this is 0


# Lemmas: Gaussian vectors.


def sum_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """|w_1 + ... + w_m|^2 is chi-square, stretched by the correlations that print leaves open."""
    m, r = s.given.get("m", 1), s.given.get("r", 0)
    spread = max(m * (1 + (m - 1) * r), 0)
    return {"norm_squared": s.value("sigma") ** 2 * spread * rng.chisquare(s.value("n"), trials)}


def sum_of_vectors(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    n, m, r = s.value("n"), s.given.get("m", 1), s.given.get("r", 0)
    g = rng.standard_normal((trials, m, n))
    mean = g.mean(axis=1, keepdims=True)
    w = s.value("sigma") * (np.sqrt(1 - r) * (g - mean) + np.sqrt(max(1 + (m - 1) * r, 0)) * mean)
    return {"norm_squared": np.sum(w.sum(axis=1) ** 2, axis=1)}


def projection(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    return {"inner": s.value("norm_u") * s.value("sigma") * np.abs(rng.standard_normal(trials))}


def projection_of_vectors(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """u along the diagonal of R^4: the lemma does not say in how many dimensions."""
    u = np.full(4, s.value("norm_u") / 2)
    return {"inner": np.abs(s.value("sigma") * rng.standard_normal((trials, 4)) @ u)}


def inner_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    r, length = s.given.get("r", 0), rng.chisquare(s.value("n"), trials)
    inner = r * length + np.sqrt(1 - r**2) * np.sqrt(length) * rng.standard_normal(trials)
    return {"inner": s.value("sigma_1") * s.value("sigma_2") * np.abs(inner)}


def inner_of_vectors(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    r = s.given.get("r", 0)
    a, b = rng.standard_normal((2, trials, s.value("n")))
    u, v = s.value("sigma_1") * a, s.value("sigma_2") * (r * a + np.sqrt(1 - r**2) * b)
    return {"inner": np.abs(np.einsum("ij,ij->i", u, v))}


# Sections 4 and 6: the gradient's part orthogonal to P.


def _share(s: Setting) -> float:
    """k/m, counting the neurons whose derivative is 1."""
    if "c_k" in s.given:
        return float(s.given["c_k"])
    if "k" in s.given:
        return float((s.given["k"] - s.given.get("k_0", 0)) / s.value("m"))
    return float(np.mean(s.network.active(s.problem.locate(s.x0))))


def gradient_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """b sqrt(k/m) chi_ell: S and the data see nothing of the untrained weights."""
    return {"norm_gradient": s.deviation * np.sqrt(_share(s) * rng.chisquare(s.ell, trials))}


def gradient_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    return each(s, rng, trials, lambda net: {"norm_gradient": float(np.linalg.norm(net.off_subspace_gradient(s.x0)))})


# Section 5: the perturbation.


def labelled(s: Setting) -> tuple[Array, Array, float, float, int]:
    """Pre-activations, output weights, N(x0), its sign y0, and the number of active neurons that oppose it.

    Raises
    ------
    HypothesisError
        N(x0) = 0.
    """
    a, u = s.inputs
    output = float(s.given.get("output", np.maximum(a, 0) @ u))
    y0 = np.sign(output)
    if output == 0 or not np.isfinite(output):
        raise HypothesisError(f"N(x0) = {output:.4g}: z is not defined; give output != 0")
    return a, u, output, float(y0), int(np.sum((a >= 0) & (u * y0 < 0)))


def opposed(s: Setting) -> tuple[Array, Array, float, float, int]:
    """The same, where there is such a neuron.

    Raises
    ------
    HypothesisError
        There is none, or N(x0) = 0.
    """
    a, u, output, y0, k = labelled(s)
    if k == 0:
        raise HypothesisError(f"k = 0 active neurons oppose N(x0) = {output:.4g}: z is not defined; give k >= 1")
    return a, u, output, y0, k


def flip_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """All moves from R ~ chi2_ell and m normals: <v_i, v_1 + ... + v_m> = R + sqrt(m R) (g_i - gbar)."""
    return _flip_law(s, rng, trials, as_printed=False)


def flip_law_as_printed(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The same with N(x0) where |N(x0)| is meant."""
    return _flip_law(s, rng, trials, as_printed=True)


def _flip_law(s: Setting, rng: np.random.Generator, trials: int, as_printed: bool) -> Draws:
    """|z| and y0 N(x0 + z), each (trials,), by their law; `as_printed` has N(x0) where |N(x0)| is meant."""
    a, u, output, y0, k = opposed(s)
    m, ell, b = len(u), s.ell, s.deviation
    length = output if as_printed else abs(output)
    scale = s.given.get("c", 8) * np.sqrt(m) * length / (ell * k)  # alpha b^2
    x, R = row_sums.sample(ell, m, trials, rng)
    x *= -scale * y0 * np.sign(u)
    x += a
    np.maximum(x, 0, out=x)
    return {"norm_z": abs(scale) / b * np.sqrt(m * R), "flipped": y0 * (x @ u)}


def flip_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The step of a trained network, for every trial."""
    return _flip_of_networks(s, rng, trials, as_printed=False)


def flip_of_networks_as_printed(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The same with N(x0) where |N(x0)| is meant."""
    return _flip_of_networks(s, rng, trials, as_printed=True)


def _flip_of_networks(s: Setting, rng: np.random.Generator, trials: int, as_printed: bool) -> Draws:
    """The same of a network trained for every trial; nan where it has no such step."""

    def flip(net: TrainedNetwork) -> dict[str, float]:
        try:
            z = net.paper_step(s.x0, c=float(s.given.get("c", 8)), as_printed=as_printed)
        except HypothesisError:
            return {"norm_z": np.nan, "flipped": np.nan}
        return {"norm_z": z.norm, "flipped": float(np.sign(z.before) * z.after)}

    return each(s, rng, trials, flip)


def each(
    s: Setting, rng: np.random.Generator, trials: int, look: Callable[[TrainedNetwork], dict[str, float]]
) -> Draws:
    """Train a network for every trial; its own parameters come with what is looked at."""
    anew = {letter for letter, measure in s.experiment.measures if measure in OF_EACH_NETWORK}
    if fixed := ", ".join(sorted(anew & s.given.keys())):
        raise ParameterError(
            f"{fixed} given: full mode measures it on every network; leave it out, or use mode='conditional'"
        )
    anew |= {letter for letter, measure in s.experiment.measures if measure in OF_EACH_RUN}
    parameters = {p.name for p in s.statement.parameters} & (anew - s.given.keys())
    quantities = {q.symbol.name for q in s.statement.quantities}
    rows = []
    for seed in rng.integers(2**63, size=trials):
        net = s.train(int(seed))
        found = {**net.values(s.statement, s.x0), **look(net)} if net.finite else {}
        rows.append({name: found.get(name, np.nan) for name in parameters | quantities})
    return {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}


# Statements in which nothing is random: their distances on real runs.


def rotation(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    def gap(seed: int, batch: int | None) -> float:
        eta = 1 / np.linalg.norm(s.problem.coordinates, 2) ** 2
        plan = Schedule(float(s.training.get("eta", eta)), 0.0, int(s.training.get("steps", 200)), batch, seed=seed)
        return rotation_gap(s.problem, s.m, plan, seed)

    return {"rotation_gap": _runs(rng, trials, gap)}


def off_change(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    def change(seed: int, batch: int | None) -> float:
        how = {"method": "gd"} if batch is None else {"method": "sgd", "batch": batch}
        return off_subspace_change(s.train(seed, representation="full", lam=0.0, **how))

    return {"off_subspace_change": _runs(rng, trials, change)}


def _runs(rng: np.random.Generator, trials: int, distance: Callable[[int, int | None], float]) -> Array:
    """The larger distance of a run of gradient descent and one of SGD; what is only rounding is 0."""
    found = np.array(
        [max(distance(int(seed), None), distance(int(seed), 1)) for seed in rng.integers(2**63, size=trials)]
    )
    return np.where(found <= ROUNDING, 0.0, found)


def slope(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The slope of the loss at the margin: of a trained network, or of one neuron with the margin given.

    The networks are trained on two clusters in large steps: with small ones the margin grows like the log of
    their number, and log(d)^2 is out of reach.
    """
    if "gamma" in s.given:
        one = np.ones((1, 1))
        found, _ = loss_gradient(np, one * float(s.given["gamma"]), one, one[0], one[0])
        return {"slope": np.full(trials, found[0, 0])}
    target = float(np.log(s.d)) ** 2
    if s.data is None:
        rank = max(1, min(10, s.d - s.ell))
        s = replace(s, data=problem(s.d, s.ell, 20, s.seed, rank=rank, labels="clusters"))
    options = {"eta": 8 * target / s.d, "margin": target, **s.training}
    nets = [s.train(int(seed), **options) for seed in rng.integers(2**63, size=trials)]
    margins = [net.margin if net.margin >= 0 else np.nan for net in nets]
    return {"gamma": np.array(margins), "slope": np.array([slope_at_margin(net) for net in nets])}


def one(_: Setting) -> float:
    return 1


def vectors(s: Setting) -> float:
    return float(s.value("n") * s.given.get("m", 2))


def four(_: Setting) -> float:
    return 4


def neurons(s: Setting) -> float:
    return float(s.m)


def network(_: Setting) -> float:
    return TRAINING

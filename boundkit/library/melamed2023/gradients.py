"""The law of the gradient orthogonal to the data, between the paper's bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boundkit.errors import ParameterError
from boundkit.formats.style import BLUE, GREEN, GREY, VERMILION, legend_below, styled
from boundkit.laws import chi_square
from boundkit.library.melamed2023.theorem_4_1 import theorem_4_1
from boundkit.library.melamed2023.theorem_6_1 import theorem_6_1

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@styled
def gradient_law(d: int, ell: int, m: int, k: int, trials: int = 20_000, seed: int = 0, *, ax: Axes) -> Axes:
    """Draw the density of the length of the gradient orthogonal to P, simulated lengths, and both theorems' bounds.

    Given the trained part it is sqrt(k/(m d)) times chi with ell degrees of freedom, exactly.

    Parameters
    ----------
    d, ell, m, k : int
        The paper's sizes, k >= 1 active neurons of m; standard initialisation.
    trials, seed : int
        How many lengths are simulated, and from which seed.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    ParameterError
        Sizes that make no sense together, or k = 0.

    Examples
    --------
    >>> from boundkit.library.melamed2023.gradients import gradient_law
    >>> gradient_law(1000, 60, 10, 5).get_xlabel()
    'length of the gradient off $P$'
    """
    if k < 1:
        raise ParameterError(f"k = {k}: without an active neuron the gradient is 0; give at least 1")
    low = theorem_4_1(d=d, ell=ell, m=m, k=k)
    high = theorem_6_1(d=d, ell=ell, m=m, k=k, beta=float(d) ** -0.5)
    scale = np.sqrt(k / (m * d))
    reach = np.sqrt(ell) + np.array([-4.5, 4.5])
    x = scale * np.linspace(max(reach[0], 1e-9), reach[1], 400)
    chi = x / scale
    density = 2 * chi * np.exp(chi_square.logpdf(chi**2, ell)) / scale
    drawn = scale * np.sqrt(np.random.default_rng(seed).chisquare(ell, trials))
    ax.hist(drawn, bins=60, density=True, color="#D9D9D9", label=f"{trials} simulated")
    ax.plot(x, density, color=BLUE, label=r"exact: $\sqrt{k/(md)}\,\chi_\ell$")
    ends = ((low, VERMILION, "--", "Theorem 4.1, from below"), (high, GREEN, "-.", "Theorem 6.1, from above"))
    for g, colour, dash, name in ends:
        ax.axvline(float(g.bound), color=colour, ls=dash, label=name)
    ax.set_xlabel("length of the gradient off $P$")
    ax.set_ylabel("density")
    ax.set_title(f"$d = {d}$, $\\ell = {ell}$, $m = {m}$, $k = {k}$", color=GREY)
    legend_below(ax, 2)
    return ax

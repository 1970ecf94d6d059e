"""Patch swap: through patches that do not overlap one point looks like any other, by a step no training patch sees.

Let the patches not overlap, as in the patch embedding of a vision transformer, with m filters and ell >= m dimensions
of a patch orthogonal to all training patches. In each patch the shortest step there that moves its m pre-activations
from those of x0 to those of x1 is no longer than they are apart over the least singular value of the filters' Gaussian
parts. All patches share the filters, so one event serves them all, and all x0 and x1 at once; every later layer and all
outputs are then those of x1.
"""

from dataclasses import replace

from sympy import exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.deep_distance import wide
from boundkit.library.beyond.deep_gradient_everywhere import b, near
from boundkit.library.beyond.experiments import PATCH_SWAP
from boundkit.library.beyond.notation import (
    CONCENTRATION,
    PATCHES_APART,
    PATCHES_LEFT,
    gap,
    greatest_distance,
    moved,
    parameters,
    patch_filters,
    patch_off,
    patch_size,
    shortfall,
    shrink,
    t,
    words,
)
from boundkit.library.melamed2023.notation import d, ell, m
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend
from boundkit.tails import gaussian_deviation

SETTING = (PATCHES_APART, PATCHES_LEFT)
claim = greatest_distance <= moved * sqrt(d) / (shrink * near)
reached = greatest_distance * b * (sqrt(ell) - sqrt(m) - shortfall) <= moved
not_low = spend(
    gaussian_deviation(t),
    {shortfall: shortfall},
    because="shortfall is how far the least singular value of the filters' parts over b, 1-Lipschitz, is below its "
    "mean",
)

patch_swap = Statement(
    name="patch_swap",
    place="Patch swap",
    parameters=parameters(
        patch_size,
        patch_off,
        patch_filters,
        replace(
            *parameters(moved),
            meaning="how far apart all pre-activations at x0 and x1 are",
            text="|a(x1) - a(x0)|",
            tex=r"\|a(x_1) - a(x_0)\|",
        ),
        t,
        shrink,
    ),
    quantities=parameters(
        replace(
            *parameters(greatest_distance),
            meaning="the length of the shortest z that no training patch sees with which x0 + z has the "
            "pre-activations of x1, for the x0 and x1 so far apart for which it is longest",
            text="greatest |z|",
            tex=r"\max_{x_0, x_1} \|z\|",
        ),
        gap,
    ),
    hypotheses=(*SETTING, wide),
    claims=(claim, gap <= 0),
    failure=exp(-(t**2) / 2),
    depends_on=("representation_swap_everywhere",),
    text=(
        ("bound", "|a(x1) - a(x0)| sqrt(d)/(shrink (sqrt(ell) - sqrt(m) - t))"),
        ("bound_2", "0"),
        ("failure", "e^(-t^2/2)"),
    ),
    tex=(
        ("bound", r"\frac{\|a(x_1) - a(x_0)\| \sqrt{d}}{s \cdot (\sqrt{\ell} - \sqrt{m} - t)}"),
        ("bound_2", "0"),
        ("failure", r"e^{-t^2/2}"),
    ),
    proof=Proof(
        spends=(not_low,),
        parameters=parameters(shortfall),
        steps=(
            Step(
                reached,
                Fact(
                    "where ell >= m some step in each patch, no longer than its pre-activations move over s_min, moves "
                    "them so, and s_min/b has a mean >= sqrt(ell) - sqrt(m) (Gordon)",
                    (*words(*SETTING), wide.relation),
                ),
            ),
            Step(claim, NonnegativeSum(((1 / (b * near), reached), (greatest_distance / near, *not_low.granted)))),
            Step(
                gap <= 0,
                Fact("what stands above sees x0 + z as x1, through every pre-activation", words(PATCHES_APART)),
            ),
        ),
        budget=(Step(not_low.event <= exp(-(t**2) / 2), Fact(CONCENTRATION)),),
    ),
    experiment=PATCH_SWAP,
    paper="beyond",
    doc=__doc__,
)

"""Representation swap: a step orthogonal to the data after which the first layer, and all above it, sees another point.

The network sees x only through W x. So where W (x0 + z) = W x1 every later layer and every output at x0 + z is what it
is at x1, at any depth and for any number of outputs. Such a z exists in a subspace E of at least m dimensions in which
the first layer is left Gaussian, and the shortest is |W (x1 - x0)|/(b chi) long, chi^2 with dim E - m + 1 degrees of
freedom. E is the orthogonal complement of P where x1 - x0 lies on P, else its part orthogonal to x1 - x0: there
W (x1 - x0) depends on the weights along x1 - x0, and the law needs it to be independent of those in E. Neither point
may be chosen by the weights orthogonal to P, such as the target with the shortest z.
"""

from sympy import Eq, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import SWAP
from boundkit.library.beyond.notation import (
    ANY_DEPTH,
    PAIR_BLIND,
    UNTRAINED,
    gap,
    moved,
    off,
    parameters,
    shrink,
    words,
)
from boundkit.library.beyond.prescribed_moves import prescribed, share_kept
from boundkit.library.melamed2023.notation import d, ell, m, norm_z
from boundkit.model.proof import Fact, Step
from boundkit.model.statement import Hypothesis

SETTING = (*UNTRAINED, ANY_DEPTH, PAIR_BLIND)
enough = Hypothesis("ell - off >= m", ell - off >= m, r"\ell - \varepsilon \geq m")
same = Step(
    Eq(gap, 0), Fact("W (x0 + z) = W x1, and the network sees x only through W x", (enough.relation, *words(*SETTING)))
)

representation_swap = Statement(
    name="representation_swap",
    place="Representation swap",
    parameters=parameters(d, ell, m, off, moved, share_kept, shrink),
    quantities=parameters(norm_z, gap),
    hypotheses=(*SETTING, enough),
    **prescribed(moved * sqrt(d) / shrink, ell - off - m + 1, enough, words(*SETTING), same),
    depends_on=("universal_flip",),
    text=(
        ("bound", "|W (x1 - x0)| sqrt(d)/(shrink sqrt(a (ell - off - m + 1)))"),
        ("bound_2", "0"),
        ("failure", "e^(-(ell - off - m + 1) chi_square_rate(a))"),
    ),
    tex=(
        (
            "bound",
            r"\|W(x_1 - x_0)\| \cdot \sqrt{\frac{d}{a \cdot (\ell - \varepsilon - m + 1)}} \cdot \frac{1}{s}",
        ),
        ("bound_2", "0"),
        ("failure", r"e^{-(\ell - \varepsilon - m + 1) \cdot \kappa(a)}"),
    ),
    experiment=SWAP,
    paper="beyond",
    doc=__doc__,
)

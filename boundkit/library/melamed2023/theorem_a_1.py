"""Theorem A.1: rotating the data rotates the trained network.

Start the network for X at w_i and the one for R X at R w_i: by induction every step of gradient descent keeps
the second the rotation of the first, since a step moves w_i by multiples of data points. A Gaussian
initialisation has the same law rotated, so whatever holds with some probability on M = span{e_1, ..., e_(d-ell)}
holds with the same probability on P.
"""

from sympy import S

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import ROTATION
from boundkit.library.melamed2023.notation import FIRST_LAYER, ON_SUBSPACE, d, ell, m, measure, parameters, rotation_gap
from boundkit.library.melamed2023.theorem_a_2 import label_factor
from boundkit.model.statement import Erratum, assumed

theorem_a_1 = Statement(
    name="theorem_a_1",
    place="Theorem A.1, appendix A",
    parameters=parameters(d, ell, m),
    quantities=parameters(rotation_gap),
    hypotheses=(ON_SUBSPACE, FIRST_LAYER, assumed("the initialisation is rotation invariant", measure("any_start"))),
    claims=(rotation_gap <= 0,),
    failure=S.Zero,
    errata=(
        Erratum(
            "E11",
            "A is a set of w_1:m in R^(d-m), in the proof",
            "R^(d x m)",
            "proof only",
            reason="m weight vectors of dimension d",
        ),
        label_factor,
        Erratum(
            "E22",
            "for some fixed c",
            "equality in law of whole trajectories, with the same sample order for SGD",
            "proof only",
            reason="the theorem is used with thresholds that are random; its proof gives what is needed",
        ),
    ),
    experiment=ROTATION,
    paper="melamed2023",
    doc=__doc__,
)

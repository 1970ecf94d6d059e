"""Theorem 1: the measurements alone say how good their mean is.

Nobody knows sigma. By Lemma 2 the sample deviation s is at least sigma/sqrt(2), and by Lemma 1 the mean is within
sigma t of the truth, so within sqrt(2) s t.
"""

from draws import ratios
from lemma_1 import lemma_1
from lemma_2 import lemma_2
from parameters import (
    DEVIATION,
    ERROR,
    GAUSSIAN,
    MEASUREMENTS,
    RATIO,
    SPREAD,
    TOLERANCE,
    error,
    n,
    ratio,
    spread,
    t,
)
from student import student_two_sided
from sympy import Eq, exp, sqrt

import boundkit as bk
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend

close = spend(lemma_1, because="the mean and its distance are those of Lemma 1", needs=(GAUSSIAN.text,))
wide = spend(lemma_2, because="the sample deviation is that of Lemma 2", needs=(GAUSSIAN.text,))

theorem_1 = bk.Statement(
    name="theorem_1",
    place="Theorem 1, section 3",
    parameters=(MEASUREMENTS, TOLERANCE),
    quantities=(RATIO,),
    hypotheses=(GAUSSIAN,),
    claims=(ratio < sqrt(2) * t,),
    failure=2 * exp(-n * t**2 / 2) + exp(-(n - 1) / 16),
    truth=student_two_sided(n - 1, sqrt(2 * n) * t),
    proof=Proof(
        spends=(close, wide),
        parameters=(DEVIATION, ERROR, SPREAD),
        steps=(
            Step(Eq(ratio, error / spread), Fact("the ratio is one of these over the other")),
            Step(
                ratio < sqrt(2) * t,
                NonnegativeSum(((sqrt(2) * t / spread, *wide.granted), (1 / spread, *close.granted))),
            ),
        ),
    ),
    sampler=ratios,
    text=(("bound", "sqrt(2) t"), ("failure", "2 e^(-n t^2/2) + e^(-(n - 1)/16)")),
    tex=(("bound", r"\sqrt{2}\, t"), ("failure", r"2e^{-nt^2/2} + e^{-(n - 1)/16}")),
    depends_on=("lemma_1", "lemma_2"),
    paper="example2024",
    doc=__doc__,
)

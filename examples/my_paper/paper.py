"""A paper of three statements, made up to show how one's own is encoded."""

from lemma_1 import lemma_1
from lemma_2 import lemma_2
from theorem_1 import theorem_1

import boundkit as bk

paper = bk.Paper(
    name="example2024",
    title="How Good Is a Mean? The Measurements Alone Can Tell",
    about="A paper made up as an example: how far the mean of Gaussian measurements is from the truth.",
    authors=("Ada Example", "Ben Specimen"),
    year=2024,
    bibtex=r"""@unpublished{example2024mean,
  author = {Example, Ada and Specimen, Ben},
  title  = {How Good Is a Mean? {The} Measurements Alone Can Tell},
  year   = {2024},
  note   = {Made up as an example},
}""",
    statements=(lemma_1, lemma_2, theorem_1),
    not_encoded=(("Remark 1", "it names the uses of the theorem, and claims nothing"),),
    errata=(
        bk.Erratum(
            "E2",
            "for n >= 1 measurements, in the introduction",
            "n >= 2: one measurement has no sample deviation",
            "typo",
            reason="its sum of squares is divided by n - 1",
        ),
    ),
    sources=(
        (
            "laurent2000adaptive",
            r"""@article{laurent2000adaptive,
  author  = {Laurent, B. and Massart, P.},
  title   = {Adaptive estimation of a quadratic functional by model selection},
  journal = {The Annals of Statistics},
  volume  = {28},
  number  = {5},
  pages   = {1302--1338},
  year    = {2000},
}""",
        ),
    ),
)

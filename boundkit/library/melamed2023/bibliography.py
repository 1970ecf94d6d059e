"""The paper and what its proofs and ours rest on, as BibTeX."""

OWN = r"""@inproceedings{melamed2023adversarial,
  author        = {Melamed, Odelia and Yehudai, Gilad and Vardi, Gal},
  title         = {Adversarial Examples Exist in Two-Layer {ReLU} Networks for Low Dimensional Linear Subspaces},
  booktitle     = {Advances in Neural Information Processing Systems},
  volume        = {36},
  year          = {2023},
  eprint        = {2303.00783},
  archiveprefix = {arXiv},
  url           = {https://arxiv.org/abs/2303.00783},
}"""

ENTRIES = (
    r"""@book{boucheron2013concentration,
  author    = {Boucheron, St{\'e}phane and Lugosi, G{\'a}bor and Massart, Pascal},
  title     = {Concentration Inequalities: A Nonasymptotic Theory of Independence},
  publisher = {Oxford University Press},
  year      = {2013},
}""",
    r"""@book{vershynin2018high,
  author    = {Vershynin, Roman},
  title     = {High-Dimensional Probability: An Introduction with Applications in Data Science},
  publisher = {Cambridge University Press},
  year      = {2018},
}""",
)

SOURCES = tuple((entry[entry.index("{") + 1 : entry.index(",")], entry) for entry in ENTRIES)

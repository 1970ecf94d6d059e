"""Where the calibrations are stated, as BibTeX."""

from boundkit.library.classics.bibliography import entry, key

WORKS = (
    ("Balle and Wang 2018", "incollection", "Balle, Borja and Wang, Yu-Xiang",
     "Improving the {Gaussian} mechanism for differential privacy: analytical calibration and optimal denoising",
     "Proceedings of the 35th International Conference on Machine Learning"),
    ("Bun and Steinke 2016", "incollection", "Bun, Mark and Steinke, Thomas",
     "Concentrated differential privacy: simplifications, extensions, and lower bounds", "Theory of Cryptography"),
    ("Dong et al. 2022", "article", "Dong, Jinshuo and Roth, Aaron and Su, Weijie J.",
     "{Gaussian} differential privacy", "Journal of the Royal Statistical Society B"),
    ("Dwork and Roth 2014", "article", "Dwork, Cynthia and Roth, Aaron",
     "The algorithmic foundations of differential privacy", "Foundations and Trends in Theoretical Computer Science"),
    ("Vinterbo 2022", "article", "Vinterbo, Staal A.", "A closed form scale bound for the $(\\epsilon, "
     "\\delta)$-differentially private {Gaussian} mechanism valid for all privacy regimes",
     "Journal of Privacy and Confidentiality"),
)  # fmt: skip
SOURCES = tuple((key(cited), entry(cited, *rest)) for cited, *rest in WORKS)
OWN = r"""@misc{boundkitgaussianmechanism,
  author    = {{The boundkit authors}},
  title     = {The Gaussian mechanism as tested executable objects},
  year      = {2026},
}"""

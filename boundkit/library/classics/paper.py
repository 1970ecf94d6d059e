"""The classics as a paper: what it is called, and its statements in the order of the files."""

from boundkit.api.papers import Paper
from boundkit.library.classics import (
    binomial,
    binomial_law,
    chi_square,
    counting,
    gamma,
    hypergeometric,
    normal,
    poisson,
    privacy,
    sampled,
    signs,
)
from boundkit.library.classics.bibliography import SOURCES

FILES = (
    normal, chi_square, binomial, binomial_law, poisson, gamma, hypergeometric, signs, sampled, counting, privacy,
)  # fmt: skip

paper = Paper(
    name="classics",
    title="Classical inequalities",
    about="The tail inequalities that proofs spend, each with its exact law; what is misquoted is an earlier reading.",
    authors=("boundkit",),
    year=2026,
    statements=tuple(s for file in FILES for s in file.STATEMENTS),
    sources=SOURCES,
    main="hoeffding",
)

"""The Gaussian mechanism as a paper: what it is called, and its statements."""

from boundkit.api.papers import Paper, statements_of
from boundkit.library.gaussian_mechanism.bibliography import OWN, SOURCES

paper = Paper(
    name="gaussian_mechanism",
    title="The Gaussian mechanism",
    about="How much normal noise makes an answer differentially private: the exact condition, and formulas for it.",
    authors=("boundkit",),
    year=2026,
    bibtex=OWN,
    statements=statements_of("boundkit.library.gaussian_mechanism"),
    sources=SOURCES,
    main="exact_delta",
)

"""The classics as a paper: what it is called, and its statements in the order of the files."""

from boundkit.api.papers import Paper, statements_of
from boundkit.library.classics.bibliography import SOURCES

paper = Paper(
    name="classics",
    title="Classical inequalities",
    about="The tail inequalities that proofs spend, each with its exact law; what is misquoted is an earlier reading.",
    authors=("boundkit",),
    year=2026,
    statements=statements_of("boundkit.library.classics"),
    sources=SOURCES,
    main="hoeffding",
)

"""The appendix as a paper: its title, and its statements in the book's order."""

from boundkit.api.papers import Paper, statements_of
from boundkit.library.uml_appendix_b.bibliography import BOOK, SOURCES

paper = Paper(
    name="uml_appendix_b",
    title="Understanding Machine Learning, Appendix B: Measure Concentration",
    about="The lemmas, each for the variables at which it is tightest and that have an exact law. An event that the "
    "book leaves open, such as Z > t, is closed here: that says more, and holds too.",
    authors=("Shai Shalev-Shwartz", "Shai Ben-David"),
    year=2014,
    bibtex=BOOK,
    statements=statements_of("boundkit.library.uml_appendix_b"),
    sources=SOURCES,
    main="uml_b_12_above",
)

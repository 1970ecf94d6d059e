"""What the paper's setting allows besides, as a paper of its own."""

from boundkit.api.papers import Paper, statements_of
from boundkit.library.melamed2023.bibliography import OWN

paper = Paper(
    name="beyond",
    title="Beyond the paper",
    about="Statements of our own in the same setting, checked in the same way; docs/beyond.md proves them.",
    bibtex=OWN,  # its setting
    statements=statements_of("boundkit.library.beyond"),
)

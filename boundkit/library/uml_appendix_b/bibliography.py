"""The book, and what its appendix takes from the literature."""

from boundkit.library.classics.bibliography import SOURCES as CLASSICS
from boundkit.library.classics.bibliography import entry

BOOK = dict(CLASSICS)["shalevshwartzbendavid2014"]
CESA_BIANCHI_LUGOSI = "cesabianchilugosi2006"
SLUD = "slud1977"
SOURCES = (
    (
        CESA_BIANCHI_LUGOSI,
        entry(
            "Cesa-Bianchi and Lugosi 2006", "book", r"Cesa-Bianchi, Nicol{\`o} and Lugosi, G{\'a}bor",
            "Prediction, Learning, and Games", "Cambridge University Press",
        ),
    ),
    (SLUD, dict(CLASSICS)[SLUD]),
)  # fmt: skip

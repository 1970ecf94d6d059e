"""How every picture looks: colours told apart by all readers and in grey, fonts that papers embed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import StringIO
from pathlib import Path
import textwrap
from typing import TYPE_CHECKING, Any
import warnings

from boundkit.errors import ParameterError
from boundkit.version import VERSION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, dark to light, each with a dash and a marker of its own.
BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, GREY = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#E69F00",
    "#CC79A7",
    "#56B4E9",
    "#555555",
)
COLOURS_IN_ORDER = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY)
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1.2)), (0, (6, 1.5, 1, 1.5)), (0, (3, 1, 1, 1, 1, 1)))
RC: Any = {
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "boundkit",
}
WIDTH, HEIGHT, DPI = 5.0, 3.2, 200  # inches: one column of a paper, or a bit more


def styled(draw: Callable[..., Axes]) -> Callable[..., Axes]:
    """Run a function that draws in this style; without axes given, on new ones, in a figure that opens no window."""

    @wraps(draw)
    def drawn(*args: Any, ax: Axes | None = None, **options: Any) -> Axes:
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        with rc_context(RC):
            ax = ax or Figure(figsize=(WIDTH, HEIGHT), layout="constrained").subplots()
            return draw(*args, ax=ax, **options)

    return drawn


def wrapped(title: str) -> str:
    """A title in lines that fit the figure."""
    return plain(textwrap.fill(title, 64))


def plain(text: str) -> str:
    """Text in which no $ begins mathematics."""
    return text.replace("$", r"\$")


def math(latex: str, words: str) -> str:
    """A formula, or its words where Matplotlib does not know the LaTeX."""
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(f"${latex}$")
    except ValueError:
        return plain(words)
    return f"${latex}$"


def legend_below(ax: Axes, columns: int, **options: Any) -> None:
    """A legend under the axes, where it hides nothing."""
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=columns, frameon=False, **options)


def save(ax: Axes, path: str | Path, command: str = "") -> Path:
    """Write the figure of some axes; the ending of the name says the format (pdf, svg, png).

    Equal pictures give equal files.

    Parameters
    ----------
    ax : matplotlib axes
        What any function of this room returned.
    path : str or Path
        Where to; the file has its version of boundkit in its metadata, and no date.
    command : str
        The command that makes it again, for the metadata too.

    Returns
    -------
    Path
        The path.

    Raises
    ------
    ParameterError
        The format is unknown, or the file cannot be written.
    """
    where, kind = Path(path), file_format(path)
    try:
        _draw(ax, where, kind, command)
    except OSError as error:
        raise ParameterError(f"{path} cannot be written: {error.strerror}; choose another place") from None
    return where


def svg_text(ax: Axes) -> str:
    """The figure of some axes as SVG."""
    page = StringIO()
    _draw(ax, page, "svg")
    return page.getvalue()


def _draw(ax: Axes, where: Path | StringIO, kind: str, command: str = "") -> None:
    """Write the figure of some axes to a file or a page, in this format, with our version in it and no date."""
    from matplotlib import rc_context

    made_by = f"boundkit {VERSION}"
    metadata = {
        "pdf": {"Creator": made_by, "CreationDate": None, **({"Subject": command} if command else {})},
        "svg": {"Creator": made_by, "Date": None, **({"Description": command} if command else {})},
        "png": {"Software": made_by, **({"Description": command} if command else {})},
    }
    figure: Figure = ax.get_figure()  # type: ignore[assignment]  # never a subfigure here
    with rc_context(RC), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a parameter that the font lacks is drawn as a box
        figure.savefig(where, format=kind, dpi=DPI, metadata=metadata[kind])


def file_format(path: str | Path) -> str:
    """The format that the ending of a name says, or a ParameterError."""
    kind = Path(path).suffix.lstrip(".")
    if kind not in ("pdf", "svg", "png"):
        raise ParameterError(f"{path}: no format {kind!r}; end the name with .pdf, .svg or .png")
    return kind

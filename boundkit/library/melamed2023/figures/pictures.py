"""A picture with the numbers behind it, and how both are written: PNG, PDF and JSON of one name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundkit.errors import ParameterError
from boundkit.formats import style
from boundkit.formats.plainly import plainly
from boundkit.formats.style import BLUE, DPI, GREEN, VERMILION
from boundkit.version import VERSION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TRIM: dict[str, Any] = {"bbox_inches": "tight", "pad_inches": 0.04}
PLUS, MINUS, THIRD, LINE = BLUE, VERMILION, GREEN, "#333333"
RC = style.RC | {"axes.spines.top": True, "axes.spines.right": True}  # pictures of planes have a frame


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure of the paper, made again.

    Attributes
    ----------
    number : int
        The paper's.
    title : str
        What it shows, and of which data.
    settings : dict
        All that fixes it, the seed and the version among it.
    numbers : dict
        What is drawn.
    lines : tuple of str
        What came out, panel by panel, in words.
    notes : tuple of str
        What a reader must know: a margin not reached, other data than the paper's.
    figure : callable
        Makes the matplotlib figure.
    """

    number: int
    title: str
    settings: dict[str, Any]
    numbers: dict[str, Any]
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    figure: Callable[[], Figure]

    def __str__(self) -> str:
        notes = [f"note: {note}" for note in self.notes]
        return "\n  ".join([f"Figure {self.number}: {self.title}", *self.lines, *notes])

    def to_dict(self) -> dict[str, Any]:
        """Everything but the drawing, ready for JSON: what is infinite or no number is null."""
        told = {
            "figure": self.number, "title": self.title, "version": VERSION, "settings": self.settings,
            "numbers": self.numbers, "notes": list(self.notes),
        }  # fmt: skip
        return plainly(told, odd=lambda _: None)

    def save(self, folder: str | Path = ".", name: str = "") -> tuple[Path, ...]:
        """Write NAME.png, NAME.pdf and NAME.json to the folder, which is made where it does not exist.

        Each file appears whole or not at all; equal settings give equal files.

        Raises
        ------
        ParameterError
            The folder or a file cannot be written.
        """
        import matplotlib as mpl

        folder, name = prepared(folder), name or f"figure_{self.number}"
        about = json.dumps({k: v for k, v in self.to_dict().items() if k != "numbers"})
        png = {"Title": self.title, "Description": about, "Software": f"boundkit {VERSION}"}
        pdf = {"Title": self.title, "Subject": about, "Creator": png["Software"], "CreationDate": None}
        paths = tuple(folder / f"{name}.{kind}" for kind in ("png", "pdf", "json"))
        parts = [path.with_name(f".{path.name}.part") for path in paths]
        try:
            with mpl.rc_context(RC):
                drawn = self.figure()
                drawn.savefig(parts[0], format="png", metadata=png, dpi=DPI, **TRIM)
                drawn.savefig(parts[1], format="pdf", metadata=pdf, **TRIM)
            parts[2].write_text(json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n", encoding="utf-8")
            for part, path in zip(parts, paths, strict=True):
                part.replace(path)
        except OSError as error:
            raise _unwritable(error, folder) from None
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
        return paths


def prepared(folder: str | Path) -> Path:
    """The folder, made where it does not exist.

    Raises
    ------
    ParameterError
        It cannot be made.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(error, folder) from None
    return folder


def _unwritable(error: OSError, folder: Path) -> ParameterError:
    return ParameterError(f"{error.filename or folder} cannot be written: {error.strerror}; choose another folder")


def new_figure(width: float, height: float) -> Figure:
    """A figure in inches, laid out so that nothing overlaps; without pyplot, so it never opens a window."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def new_axes(ax: Any = None) -> Any:
    """The axes given, or fresh ones in a figure of their own."""
    return new_figure(4, 3).subplots() if ax is None else ax

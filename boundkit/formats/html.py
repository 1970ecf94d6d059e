"""HTML from small functions: whatever is not already markup is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
import re
from xml.etree import ElementTree

from boundkit.version import VERSION

MATHML = re.compile(r"(\{http://www.w3.org/1998/Math/MathML\})?m[a-z]+")
# What a formula's elements may say of themselves: how they look. A link, a style or a handler makes it no formula.
LOOKS = frozenset((
    "accent", "accentunder", "align", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle",
    "fence", "form", "frame", "height", "largeop", "linebreak", "linethickness", "lspace", "mathcolor", "mathsize",
    "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowalign", "rowlines", "rowspacing", "rspace",
    "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
))  # fmt: skip
ALONE = ("meta", "br")  # elements without an end
# Bars and slashes take no room of their own, and a function's name stands apart from what is before it.
SPACING = (
    ('<mo stretchy="false">&#x0007C;</mo>', '<mo stretchy="false" lspace="0" rspace="0">&#x0007C;</mo>'),
    ("<mo>&#x0002F;</mo>", '<mo lspace="0" rspace="0">&#x0002F;</mo>'),
    ("<mi>log</mi>", '<mspace width="0.17em"></mspace><mi>log</mi>'),
)


class Html(str):
    """Text that is markup already, and is not escaped again."""

    __slots__ = ()


def tag(name: str, /, *inside: str | None, **attributes: str | None) -> Html:
    """Write an element; `class_` is the attribute class, an underscore within a name a hyphen, None is left out.

    >>> tag("p", "2 < 3, ", tag("b", "surely"), class_="note")
    '<p class="note">2 &lt; 3, <b>surely</b></p>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>" if name in ALONE else f"<{name}{given}>{joined(inside)}</{name}>")


def joined(parts: Iterable[str | None], between: str = "") -> Html:
    """Parts one after the other; what is None is left out."""
    return Html(between.join(part if isinstance(part, Html) else escape(part, quote=False)
                             for part in parts if part is not None))  # fmt: skip


def listed(items: Iterable[str], **attributes: str) -> Html | None:
    """A list, or None where there is nothing in it."""
    rows = [tag("li", item) for item in items]
    return tag("ul", *rows, **attributes) if rows else None


def formula(latex: str, display: bool = False) -> Html:
    r"""LaTeX mathematics as MathML, which browsers set by themselves; as it is written where it cannot be read.

    >>> formula(r"\frac{1}{2}")
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mfrac><mrow><mn>1</mn>...</math>'
    """
    from latex2mathml.converter import convert

    safe = re.sub(r"\\text\{[^{}]*\}", lambda found: escape(found[0], quote=False), latex)
    try:
        made = convert(safe, display="block" if display else "inline")
    except Exception:  # noqa: BLE001  LaTeX that its reader does not know, in whatever way it fails
        made = ""
    for printed, better in SPACING:
        made = made.replace(printed, better)
    found = Html(made) if _is_formula(made) else tag("code", latex)
    return tag("div", found, class_="formula") if display else found


def _is_formula(made: str) -> bool:
    """Whether it is MathML alone: the converter leaves markup in texts, links and attributes as it is given."""
    try:
        elements = list(ElementTree.fromstring(made).iter())  # noqa: S314  it is our own converter's, and has no entities
    except ElementTree.ParseError:
        return False
    return all(MATHML.fullmatch(x.tag) and x.attrib.keys() <= LOOKS for x in elements)


def signature(*more: str) -> Html:
    """The small line below a table that says which version made it, and what else makes it again."""
    return tag("p", tag("small", "; ".join((f"boundkit {VERSION}", *more))))


def source(text: str, kind: str = "LaTeX") -> Html:
    """The LaTeX of a formula, or another source of what is shown, folded away, to be copied."""
    return tag("details", tag("summary", kind), tag("pre", tag("code", text)))

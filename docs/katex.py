"""Formulas rendered in the reader's browser by the KaTeX in _static/katex, so that no page loads anything from outside.

The files are those of the npm package katex, unchanged (its VERSION and LICENSE lie beside them), with the fonts that
every browser of today takes. To take a later version, copy dist/katex.min.js, dist/katex.min.css and
dist/fonts/*.woff2 of the package.
"""

from typing import Any

from docutils.nodes import SkipNode

SCRIPTS = ("katex/katex.min.js", "katex/render.js")


def inline(writer: Any, node: Any) -> None:
    """A formula in a line."""
    writer.body.append(writer.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    writer.body.append(f"{writer.encode(node.astext())}</span>")
    raise SkipNode


def block(writer: Any, node: Any) -> None:
    """A formula on lines of its own."""
    writer.body.append(writer.starttag(node, "div", "", CLASS="math notranslate nohighlight"))
    writer.body.append(f"{writer.encode(node.astext())}</div>\n")
    raise SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_html_math_renderer("katex", (inline, None), (block, None))
    app.add_css_file("katex/katex.min.css")
    for script in SCRIPTS:
        app.add_js_file(script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Sphinx configuration; the pages of the statements and of the errata are written from the catalogue."""

from pathlib import Path
from typing import Any

import boundkit as bk
from boundkit.cards import summary
from boundkit.paper.remainder import NOT_ENCODED
from boundkit.verify.errata import KINDS, all_errata

project = "boundkit"
copyright = "2026, the boundkit authors"
release = bk.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath", "amsmath"]
html_theme = "furo"
html_title = "boundkit"
exclude_patterns = ["_build"]
autodoc_typehints = "none"

HERE = Path(__file__).parent


def statement_page(name: str) -> str:
    """The page of one statement."""
    s = bk.catalogue[name]
    parts = [f"# {s.title}", s.doc.strip().partition("\n")[2].strip() or summary(s), f"$$\n{s.latex()}\n$$"]
    parts.append(f"```text\n{s}\n```")
    parts += [f"## {f.erratum.id}: {KINDS[f.erratum.kind]}\n\n```text\n{f}\n```" for f in all_errata((s,))]
    if s.depends_on:
        links = ", ".join(f"[{bk.catalogue[other].title}]({other}.md)" for other in s.depends_on)
        parts.append(f"Its proof uses {links}.")
    return "\n\n".join(parts) + "\n"


def write_pages(_app: Any) -> None:
    """Write docs/statements/ from the catalogue."""
    folder = HERE / "statements"
    folder.mkdir(exist_ok=True)
    for name in bk.PAPER:
        (folder / f"{name}.md").write_text(statement_page(name))
    toc = "\n".join(bk.PAPER)
    table = "\n".join(f"| [{bk.catalogue[n].title}]({n}.md) | {summary(bk.catalogue[n])} |" for n in bk.PAPER)
    rest = "\n".join(f"{item} is not encoded: {reason}." for item, reason in NOT_ENCODED)
    (folder / "index.md").write_text(
        f"# The statements\n\n| | |\n|---|---|\n{table}\n\n{rest}\n\n```{{toctree}}\n:hidden:\n\n{toc}\n```\n"
    )
    findings = "\n\n".join(f"```text\n{finding}\n```" for finding in all_errata())
    (folder / "errata.md").write_text(f"# Errata\n\nEvery witness was run again for this page.\n\n{findings}\n")


def setup(app: Any) -> None:
    """Connect to Sphinx."""
    app.connect("builder-inited", write_pages)

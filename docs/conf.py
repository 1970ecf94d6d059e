"""Sphinx configuration; the pages of the statements and of the errata are written from the catalogue."""

from pathlib import Path
import re
from typing import Any

import boundkit as bk
from boundkit.cards import statement_dict, summary
from boundkit.paper.remainder import NOT_ENCODED
from boundkit.render import failure_formula, relation_latex
from boundkit.verify.errata import KINDS, Finding, all_errata

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
    told = statement_dict(s)
    said = summary(s)
    parts = [f"# {s.title}", f"*{said[0].upper()}{said[1:]}*", s.doc.strip().partition("\n")[2].strip()]
    if decided := [h for h in s.hypotheses if h.relation is not None]:
        parts += ["## Where", *(f"$$\n{h.tex or relation_latex(s, h.relation)}\n$$" for h in decided)]
    likely = "Always" if s.failure == 0 else f"With probability at least $1 - ({failure_formula(s, latex=True)})$"
    parts += ["## It promises", f"{likely}:", *(f"$$\n{relation_latex(s, claim)}\n$$" for claim in s.claims)]
    parts += [f"It assumes that {'; '.join(s.assumed)}."] if s.assumed else []
    letters = "\n".join(f"| `{letter}` | {meaning} |" for letter, meaning in told["letters"].items())
    parts.append(f"| letter | what it is |\n|---|---|\n{letters}")
    if s.truth is not None and s.failure != 0:
        attained = f", attained at {s.attained}" if s.attained else ""
        parts.append(f"## In fact\n\nIt fails with probability `{told['truth']}` ({s.truth_is}{attained}).")
    if s.proof is not None:
        parts.append(f"## Proof, checked by machine\n\n```text\n{s.certificate()}\n```")
    parts += [f"## {f.erratum.id}: {KINDS[f.erratum.kind]}\n\n{finding_text(f)}" for f in all_errata((s,))]
    if s.depends_on:
        links = ", ".join(f"[{bk.catalogue[other].title}]({other}.md)" for other in s.depends_on)
        parts.append(f"## Depends on\n\n{links}.")
    return "\n\n".join(parts) + "\n"


def index_page(heading: str, names: tuple[str, ...], rest: str) -> str:
    """A table of some statements, each with a link to its page."""
    table = "\n".join(f"| [{bk.catalogue[n].title}]({n}.md) | {summary(bk.catalogue[n])} |" for n in names)
    toc = "\n".join(names)
    return f"# {heading}\n\n| | |\n|---|---|\n{table}\n\n{rest}\n\n```{{toctree}}\n:hidden:\n\n{toc}\n```\n"


def finding_text(f: Finding) -> str:
    """An erratum as Markdown."""
    rows = [("Printed", f"`{f.erratum.printed}`"), ("Holds", f"`{f.erratum.holds}`")]
    rows += [("Witness", f"`{f.refutation.where}`")] if f.refutation else []
    rows += [("Because", f.erratum.reason)] if f.erratum.reason else []
    return "\n\n".join(f"**{label}** {text}" for label, text in rows)


def write_pages(_app: Any) -> None:
    """Write docs/statements/ from the catalogue."""
    folder = HERE / "statements"
    folder.mkdir(exist_ok=True)
    for name in bk.catalogue:
        (folder / f"{name}.md").write_text(statement_page(name))
    rest = "\n".join(f"{item} is not encoded: {reason}." for item, reason in NOT_ENCODED)
    (folder / "index.md").write_text(index_page("The statements", bk.PAPER, rest))
    proofs = "Each is proved in [Beyond the paper](../beyond.md)."
    (folder / "beyond.md").write_text(index_page("The statements beyond the paper", bk.BEYOND, proofs))
    findings = "\n\n".join(
        f"## {f.erratum.id}, {f.where}: {KINDS[f.erratum.kind]}\n\n{finding_text(f)}" for f in all_errata()
    )
    (folder / "errata.md").write_text(f"# Errata\n\nEvery witness was run again for this page.\n\n{findings}\n")


def draw_pictures(_app: Any) -> None:
    """Run the code of docs/plots.md, and keep the axes of each block as docs/pictures/plot-N.svg."""
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    names: dict[str, Any] = {}
    blocks = re.findall(r"^```python\n(.*?)^```$", (HERE / "plots.md").read_text(), re.MULTILINE | re.DOTALL)
    for i, block in enumerate(blocks, 1):
        exec(block, names)  # noqa: S102  our own page
        bk.plots.save(names["ax"], folder / f"plot-{i}.svg")


def setup(app: Any) -> None:
    """Connect to Sphinx."""
    app.connect("builder-inited", draw_pictures)
    app.connect("builder-inited", write_pages)

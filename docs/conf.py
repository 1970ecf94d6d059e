"""Sphinx configuration; the pages of the statements and of the errata are written from the catalogue."""

from collections.abc import Iterator
from pathlib import Path
import re
import shutil
import sys
from textwrap import fill
from typing import Any

import click

import boundkit as bk
from boundkit.engine.cards import bracketed, statement_dict, summary
from boundkit.formats.expressions import expression_latex, failure_formula, relation_latex
from boundkit.formats.prose import prose_markdown
from boundkit.library.melamed2023.paper import NOT_ENCODED
from boundkit.studies.errata import ErratumCheck, all_errata

project = "boundkit"
copyright = "2026, the boundkit authors"
release = bk.__version__
HERE = Path(__file__).parent
sys.path.append(str(HERE))
from law_pages import LISTED, anchor, misquote_heading, write_law_pages  # noqa: E402

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "katex"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the tests run the notebook and compare what it prints
nb_ipywidgets_js: dict[str, Any] = {}  # these would come from outside
html_theme = "furo"
html_title = "boundkit"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
exclude_patterns = ["_build"]
autodoc_typehints = "none"
suppress_warnings = ["ref.python"]  # words in the types of docstrings are tried as names

# The picture of a statement runs over the first of these parameters that it has, at these values of its other ones.
CURVES = {"ell": "100:9000:x1.1", "t": "0.5:8:0.1", "n": "10:1000:10", "d": "100:1e6:x1.1"}
AT = {
    "d": 10_000,
    "m": 10,
    "n_o": 5,
    "points": 100,
    "k": 3,
    "n": 100,
    "beta": 0.01,
    "eta": 0.1,
    "lam": 0.1,
    "T": 1000,
    "c_ell": 0.9,
    "c_k": 0.3,
    "norm_u": 1,
    "norm_J": 1,
    "sigma_1": 1,
    "sigma_2": 1,
}


def statement_page(name: str) -> str:
    """The page of one statement: what it says, why, what is true, the proof for the machine, what is wrong in print."""
    s = bk.catalogue[name]
    told = statement_dict(s)
    said = summary(s)
    parts = [f"# {s.title}", f"*{said[0].upper()}{said[1:]}*"]
    if decided := [h for h in s.hypotheses if h.relation is not None]:
        parts += ["## Where", *(f"$$\n{h.tex or relation_latex(s, h.relation)}\n$$" for h in decided)]
    allowed = bracketed(failure_formula(s, latex=True))
    likely = "Always:" if s.failure == 0 else f"With probability at least $1 - {allowed}{{:}}$"
    parts += ["## It promises", likely, *(f"$$\n{relation_latex(s, claim)}\n$$" for claim in s.claims)]
    parts += [f"It assumes that {prose_markdown('; '.join(s.assumed))}."] if s.assumed else []
    parameters = "\n".join(
        f"| `{parameter}` | {prose_markdown(meaning)} |" for parameter, meaning in told["parameters"].items()
    )
    parts.append(f"| parameter | what it is |\n|---|---|\n{parameters}")
    parts += ["## Why", prose_markdown(s.doc.strip().partition("\n")[2].strip())]
    parts += [f"The proof in full: [{place}](../beyond.md#{anchor})." for place, anchor in full_proofs(name)]
    if s.truth is not None and s.failure != 0:
        attained = f", attained at {s.attained}" if s.attained else ""
        parts.append(
            f"## In fact\n\nIt fails with probability ${expression_latex(s, s.truth)}$ ({s.truth_is}{attained})."
        )
        parts.append(f"![Claimed and exact failure probability of {s.title}](../pictures/{name}.svg)")
    if s.proof is not None:
        parts.append(f"## Proof, checked by machine\n\n```text\n{s.certificate()}\n```")
    parts += [f"## {f.erratum.id}: {f.erratum.grade}\n\n{finding_text(f)}" for f in all_errata((s,))]
    if s.depends_on:
        links = ", ".join(f"[{bk.catalogue[other].title}]({statement_link(other)})" for other in s.depends_on)
        parts.append(f"## Depends on\n\n{links}.")
    return "\n\n".join(parts) + "\n"


def statement_link(name: str) -> str:
    """Where a statement is read: its page, or that of its paper."""
    paper, _, own = name.rpartition(".")
    return f"{paper if paper in LISTED else own}.md"


def full_proofs(name: str) -> list[tuple[str, str]]:
    """The theorem of beyond.md that proves a statement, and the anchor of its section."""
    section, found = "", []
    for line in (HERE / "beyond.md").read_text().splitlines():
        section = line[3:] if line.startswith("## ") else section
        found += [(theorem, section) for theorem in re.findall(rf"^\*\*(Theorem \w+)\*\* \(`{name}`\)", line)]
    return [(theorem, anchor(section)) for theorem, section in found]


def index_page(heading: str, names: tuple[str, ...], rest: str) -> str:
    """A table of some statements, each with a link to its page."""
    table = "\n".join(f"| [{bk.catalogue[n].title}]({n}.md) | {summary(bk.catalogue[n])} |" for n in names)
    toc = "\n".join(names)
    return f"# {heading}\n\n| | |\n|---|---|\n{table}\n\n{rest}\n\n```{{toctree}}\n:hidden:\n\n{toc}\n```\n"


def finding_text(f: ErratumCheck) -> str:
    """An erratum as Markdown."""
    rows = [("Printed", prose_markdown(f.erratum.printed)), ("Holds", prose_markdown(f.erratum.holds))]
    rows += [("Witness", prose_markdown(f.refutation.where))] if f.refutation else []
    rows += [("Because", prose_markdown(f.erratum.reason))] if f.erratum.reason else []
    return "\n\n".join(f"**{label}** {text}" for label, text in rows)


def listing_page(name: str) -> str:
    """What each statement of a paper says, where it is stated, and by which name it is called."""
    paper = bk.papers[name]
    rows = "\n".join(f"| `{s.name}` | {summary(s)} | {s.place} |" for s in paper.statements)
    says = f"{paper.about} Ask for one as `bk.papers.{name}.{paper.main}`, or `boundkit show {name}.{paper.main}`."
    return f"# {paper.title}\n\n{says}\n\n| name | it says | place |\n|---|---|---|\n{rows}\n"


def misquoted_page() -> str:
    """What these papers do not say, or say and do not prove, each with a point at which it is false."""
    parts = [
        "# Misquoted inequalities",
        "Each was refuted again for this page. What holds is the statement of that name.",
    ]
    for f in all_errata(tuple(bk.papers[name] for name in LISTED)):
        parts += [f"## {misquote_heading(f)}", finding_text(f)]
    return "\n\n".join(parts) + "\n"


def write_pages(_app: Any) -> None:
    """Write docs/statements/ from the catalogue."""
    folder = HERE / "statements"
    folder.mkdir(exist_ok=True)
    for name in (*bk.PAPER, *bk.BEYOND):
        (folder / f"{name}.md").write_text(statement_page(name))
    rest = "\n".join(f"{item} is not encoded: {reason}." for item, reason in NOT_ENCODED)
    (folder / "index.md").write_text(index_page("The statements", bk.PAPER, rest))
    proofs = "Each is proved in [Beyond the paper](../beyond.md)."
    (folder / "beyond.md").write_text(index_page("The statements beyond the paper", bk.BEYOND, proofs))
    findings = "\n\n".join(
        f"## {f.erratum.id}, {f.where}: {f.erratum.grade}\n\n{finding_text(f)}"
        for f in all_errata((bk.papers.melamed2023, bk.papers.beyond))
    )
    (folder / "errata.md").write_text(f"# Errata\n\nEvery witness was run again for this page.\n\n{findings}\n")
    for name in LISTED:
        (folder / f"{name}.md").write_text(listing_page(name))
    (folder / "misquoted.md").write_text(misquoted_page())


def draw_pictures(_app: Any) -> None:
    """Run the code of docs/plots.md, and keep the axes of each block as docs/pictures/plot-N.svg."""
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    names: dict[str, Any] = {}
    blocks = re.findall(r"^```python\n(.*?)^```$", (HERE / "plots.md").read_text(), re.MULTILINE | re.DOTALL)
    for i, block in enumerate(blocks, 1):
        exec(block, names)  # noqa: S102  our own page
        bk.plots.save(names["ax"], folder / f"plot-{i}.svg")


def draw_statements(_app: Any) -> None:
    """Draw docs/pictures/NAME.svg for every statement that has a law and can fail."""
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    for name, s in ((name, bk.catalogue[name]) for name in (*bk.PAPER, *bk.BEYOND)):
        if s.truth is not None and s.failure != 0:
            others = {p.name: AT.get(p.name, p.typical if p.default is None else None) for p in s.parameters}
            parameter = next(p for p in CURVES if p in others)
            at = {name: value for name, value in others.items() if name != parameter and value is not None}
            ax = bk.plots.tightness_curves(s, {parameter: CURVES[parameter]}, **at)
            ax.set_title(fill(ax.get_title(), 60), fontsize=9)
            bk.plots.save(ax, folder / f"{name}.svg")


def write_commands(_app: Any) -> None:
    """Write docs/statements/command_line.md: what each command says of itself."""
    from boundkit.cli import main

    parts = [
        "# Every command",
        "What `boundkit COMMAND --help` prints, made from the commands themselves. What they share is on the page "
        "[The command line](../commands.md).",
    ]
    with click.Context(main, info_name="boundkit") as context:
        for name, command in commands(main, context):
            parts.append(f"## {name}\n\n```text\n{command.get_help(context_of(command, name, context))}\n```")
    (HERE / "statements" / "command_line.md").write_text("\n\n".join(parts) + "\n")


def commands(group: Any, context: Any, before: str = "boundkit") -> Iterator[tuple[str, Any]]:
    """Each command of a group and of the groups in it, with its full name."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, context_of(command, name, context), f"{before} {name}")
        else:
            yield f"{before} {name}", command


def context_of(command: Any, name: str, parent: Any) -> Any:
    """Where a command is called, 80 columns wide."""
    return click.Context(command, info_name=name.removeprefix("boundkit "), parent=parent, terminal_width=80)


def copy_notebook(_app: Any) -> None:
    """Sphinx reads only what lies in docs/."""
    shutil.copy(HERE.parent / "examples" / "notebook.ipynb", HERE / "notebook.ipynb")


def escape_bars(_app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    """Docstrings write |z| for a length, which would be a substitution; examples and ``code`` stay as they are."""
    example = False
    for i, line in enumerate(lines):
        example = bool(line.strip()) and (example or line.lstrip().startswith(">>>"))
        if not example:
            pieces = line.split("``")
            lines[i] = "``".join(piece if j % 2 else piece.replace("|", r"\|") for j, piece in enumerate(pieces))


def level_captions(app: Any, _error: Exception | None) -> None:
    """Sphinx calls the captions of its contents headings, without the level that a screen reader needs."""
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        levelled = text.replace('class="caption" role="heading">', 'class="caption" role="heading" aria-level="2">')
        page.write_text(levelled, encoding="utf-8")


def setup(app: Any) -> None:
    """Connect to Sphinx."""
    app.connect("autodoc-process-docstring", escape_bars, priority=900)  # after the NumPy style was read
    app.connect("build-finished", level_captions)
    for make in (draw_pictures, write_pages, draw_statements, write_law_pages, write_commands, copy_notebook):
        app.connect("builder-inited", make)

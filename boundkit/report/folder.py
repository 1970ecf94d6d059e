"""The audit's tables as LaTeX files, and a document that inputs them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundkit.errors import BoundkitError
from boundkit.formats.expressions import escaped_latex
from boundkit.report.pictures import table_rows
from boundkit.report.sections import budget_of
from boundkit.studies.audit_words import audit_latex
from boundkit.studies.errata import errata_latex
from boundkit.studies.tables.making import table
from boundkit.text import latex_comment
from boundkit.version import VERSION

if TYPE_CHECKING:
    from boundkit.studies.auditing import Audit, Entry

DOCUMENT = r"""\documentclass[10pt]{article}
\usepackage{amsmath,array,booktabs,graphicx}
\setlength{\parindent}{0pt}
\begin{document}
%s
\end{document}
"""


def audit_tables(audit: Audit, command: str = "") -> dict[str, str]:
    r"""Return file names and their LaTeX: the audit, the errata, and each statement's table and budget.

    Each table is a bare `tabular` for \input that needs booktabs; `report.tex` is a document that inputs them all.
    Each says in a comment how it was made, by `command` where that is given.
    """
    found = {"audit.tex": audit_latex(audit)}
    findings = tuple(dict.fromkeys(f for entry in audit.entries for f in entry.erratum_checks))
    lines = [r"\section*{Audit}", r"\input{audit}"]
    if findings:
        found["errata.tex"] = errata_latex(findings)
        lines += [r"\section*{Errata}", r"\input{errata}"]
    for entry in audit.entries:
        title = escaped_latex(entry.title)
        lines.append(rf"\section*{{{title}}}")
        for kind, make in (("table", _table), ("budget", _budget)):
            name = f"{kind}-{entry.label}"
            try:
                text = make(entry)
            except BoundkitError as error:  # the others are made all the same
                lines.append(f"No {kind}: {escaped_latex(str(error))}.")
                continue
            if text is not None:
                found[f"{name}.tex"] = text
                lines.append(rf"\input{{{name}}}\par\medskip")
    found["report.tex"] = DOCUMENT % "\n".join(lines)
    origin = latex_comment(f"boundkit {VERSION}{f': {command}' if command else ''}")
    return {name: text if text.startswith("% boundkit") else f"{origin}\n{text}" for name, text in found.items()}


def _table(entry: Entry) -> str:
    return table(entry.statement, *table_rows(entry.statement)).to_latex()


def _budget(entry: Entry) -> str | None:
    found = budget_of(entry)
    return None if found is None else found.latex()

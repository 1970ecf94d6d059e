"""LaTeX for papers: formulas found in prose, and nothing wider than the line of an article."""

from __future__ import annotations

import os
from pathlib import Path
import re
import shutil
import subprocess

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
import pytest

import boundkit as bk
from boundkit.api.objects import Statement
from boundkit.api.papers import papers
from boundkit.cli import main
from boundkit.engine.displays import guarantee_display, statement_display
from boundkit.errors import BoundkitError
from boundkit.formats.latex import LINE, latex_table, lines_of, number_column, width_of
from boundkit.formats.prose import parts, prose_html, prose_latex
from boundkit.model.wording import tex_fault
from boundkit.studies.audit_words import audit_latex
from boundkit.studies.errata import all_errata, errata_latex
from boundkit.studies.showing import shown_at

PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage{amsmath,amsthm,array,booktabs,graphicx,siunitx}
\newtheorem{theorem}{Theorem}\newtheorem{lemma}{Lemma}\newtheorem{corollary}{Corollary}\newtheorem{remark}{Remark}
\newtheorem{proposition}{Proposition}\setlength{\parindent}{0pt}\textwidth=345pt
\begin{document}
"""


def compiled(folder: Path, bodies: list[str]) -> str:
    """The log of a document of these."""
    if shutil.which("pdflatex") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("pdflatex is missing: install texlive-science")
    (folder / "paper.tex").write_text(PREAMBLE + "\n\n".join(bodies) + "\n\\end{document}\n")
    told = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(told, cwd=folder, capture_output=True)
    log = done.stdout.decode(errors="replace")
    assert done.returncode == 0, log[-2000:]
    return log


def too_wide(log: str) -> list[str]:
    return re.findall(r"Overfull \\hbox.*", log)


def written(s: Statement) -> list[str]:
    """A statement in all that LaTeX has of it."""
    at = dict(shown_at(s))
    made = bk.table(s, fix=at)
    found = [statement_display(s), statement_display(s.as_printed), s.latex(theorem=True)]
    found += [guarantee_display(s(**at)), guarantee_display(s())]
    found += [made.to_latex(), made.to_latex(booktabs=False, siunitx=True)]
    try:
        found.append(bk.budget(s, **at).latex())
    except BoundkitError:  # it has no budget
        return found
    return found


def test_a_sample_of_all_that_is_written_fits_the_line(tmp_path: Path) -> None:
    at = {"d": 10**6, "ell": 900_000, "m": 10, "k": 3, "output": 1}
    bodies = []
    for name in ("theorem_5_1", "universal_flip_in_norm", "classics.zubkov_serov_upper"):
        s = bk.catalogue[name]
        bodies += [statement_display(s), s.latex(theorem=True), guarantee_display(s())]
    swept = bk.table("theorem_5_1", over={"ell": "3000,9000"}, fix={"d": 10_000, "m": 5})
    bodies += [swept.to_latex(), swept.to_latex(siunitx=True), bk.budget(bk.theorem_5_1, **at).latex()]
    assert too_wide(compiled(tmp_path, [*bodies, errata_latex(all_errata((bk.lemma_c_3,)))])) == []


@pytest.mark.slow
def test_all_that_is_written_fits_the_line(tmp_path: Path) -> None:
    bodies = [text for paper in papers.values() for s in paper.statements for text in written(s)]
    bodies += [errata_latex(all_errata()), audit_latex(bk.audit(points=40, simulated=False))]
    assert too_wide(compiled(tmp_path, bodies)) == []


def test_a_line_that_is_too_wide_is_seen(tmp_path: Path) -> None:
    assert len(too_wide(compiled(tmp_path, [rf"\hbox to\hsize{{\rule{{{LINE + 9}pt}}{{1pt}}}}"]))) == 1


def test_what_statements_say_is_cut_into_words_and_formulas() -> None:
    for s in (s for paper in papers.values() for s in paper.statements):
        errata = [text for e in s.errata for text in (e.printed, e.holds)]
        for text in {*s.assumed, *errata, *(h.text for h in s.hypotheses)}:
            found = parts(text)
            assert "".join(part.text for part in found) == text
            for part in found:
                assert not part.tex or tex_fault(part.tex) == "", part
                words = part.text.replace("gaussian_mechanism_delta", "")
                assert part.tex or not re.search(r"[<>]=|!=|\^|sqrt|\w_\w", words), text


@given(st.text(st.sampled_from("abkmn01 ()[]<>|^_+-*/=,.'!~{}$%&#\\\\") | st.characters(exclude_categories=("C",))))
def test_any_text_stays_whole_and_safe(text: str) -> None:
    found = parts(text)
    assert "".join(part.text for part in found) == text
    assert all(tex_fault(part.tex) == "" for part in found if part.tex)
    assert "$$" not in prose_latex(text)
    assert not any(re.search(r"\^\{(?:[^{}]|\{[^{}]*\})*\}\^", part.tex) for part in found)
    assert "<script" not in prose_html(text)


def test_formulas_are_told_from_words() -> None:
    assert prose_latex("a share a of I- and Lemma B.2 (E13), 95%") == r"a share a of I- and Lemma B.2 (E13), 95\%"
    assert prose_latex("for eps <= 1/2, |w_i|^2 > sigma_1") == r"for $\varepsilon \leq 1/2$, $|w_{i}|^{2} > \sigma_{1}$"
    assert prose_latex("P[X >= n p] <= e^(-n t^2)") == r"$\Pr[X \geq n p] \leq e^{-n t^{2}}$"
    assert prose_latex("x<y and 2^n^2") == "$x< y$ and $2^{n^{2}}$"
    assert prose_latex("with |N(x0)| 20 of 20 (loose)") == r"with $|N(x_{0})|$ 20 of 20 (loose)"
    assert prose_latex("the law of hat w in R^(d x m)") == r"the law of $\hat{w}$ in $R^{d \times m}$"
    assert prose_latex("c: real, > 1 (8 unless given)") == r"$c$: real, $> 1$ (8 unless given)"
    assert prose_latex("let delta* be it, delta*/s_max") == r"let $\delta^{*}$ be it, $\delta^{*}/s_{\max}$"
    assert prose_latex("sum_j sign(u_j) in {0, 1}^m") == r"$\sum_{j} \operatorname{sign} (u_{j})$ in $\{0, 1\}^{m}$"
    assert prose_latex("P[n - chi2_n >= t]; m/ell -> 0") == r"$\Pr[n - \chi^{2}_{n} \geq t]$; $m/\ell \to 0$"
    assert prose_latex("abs(1 - eta) chi_(ell - 1)") == r"$|1 - \eta| \chi_{\ell - 1}$"
    assert prose_latex("sqrt(ell) -+ t, see docs/beyond.md") == r"$\sqrt{\ell} \mp t$, see docs/beyond.md"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (["0.5", "12", "4e-17"], "S[table-format=2.1e-2]"),
        (["<= 0.25", "3"], "S[table-format=<1.2]"),
        (["-1", "2e10"], "S[table-format=-1e2]"),
        (["n/2", "3"], ""),
        ([], ""),
    ],
)
def test_numbers_have_the_column_that_they_need(cells: list[str], column: str) -> None:
    assert number_column(cells) == column


def test_a_table_is_cut_by_columns_and_by_rows() -> None:
    made = latex_table(["n", "a" * 30, "b" * 30, "c" * 30], [[str(i), "x", "y", "z"] for i in range(60)], "rlll")
    assert made.count(r"\begin{tabular}") == 4
    assert made.count("59 & ") == 2
    assert made.count("a" * 30) == 2


def test_a_long_formula_is_cut_at_its_signs_or_made_smaller() -> None:
    long = " + ".join(f"x_{{{i}}}" for i in range(40))
    cut = lines_of([long])
    assert len(cut) > 1
    assert all(width_of(line) <= LINE for line in cut)
    assert " ".join(cut) == long
    assert "resizebox" in lines_of([rf"\sqrt{{{long}}}"])[0]


def test_show_writes_a_theorem() -> None:
    done = CliRunner().invoke(main, ["show", "theorem_5_1", "--format", "latex", "--theorem"])
    assert r"\begin{theorem}[{Theorem 5.1}]\label{boundkit:theorem_5_1}" in done.output
    assert r"Let $d$ be the input dimension (an integer, $d \geq 1$), $\ell$ be" in done.output
    refused = CliRunner().invoke(main, ["show", "theorem_5_1", "--theorem"])
    assert (refused.exit_code, refused.output) == (2, "Error: --theorem is LaTeX; give --format latex too\n")


def test_a_theorem_says_the_domain_of_each_parameter() -> None:
    said = bk.lemma_b_1.latex(theorem=True)
    assert r"$n$ be the dimension (an integer, $n \geq 1$)" in said
    assert r"$\sigma$ be the standard deviation (real, $\sigma > 0$)" in said
    assert r"(an integer, $\ell \geq 1$, $\ell \leq d$)" in bk.theorem_5_1.latex(theorem=True)

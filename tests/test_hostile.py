"""Text of a statement's author that would break out of a page, a formula, a comment or a line."""

from dataclasses import replace
from html.parser import HTMLParser
import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from support import examples
import sympy

import boundkit as bk
from boundkit.api.papers import used_by
from boundkit.errors import StatementError, UnknownStatement
from boundkit.formats.html import formula
from boundkit.model.wording import tex_fault
from boundkit.report.folder import audit_tables
from boundkit.report.page import audit_page
from boundkit.studies import audit_words as words
from boundkit.studies.errata import all_errata, errata_latex
from boundkit.tails import chi_square_at_least
from boundkit.text import markdown_cell, odd_characters, one_line

n, k, U = sympy.symbols("n k U")

# Pieces that end an attribute, an element, a formula, a comment, a line of a table, a rich markup, a mathtext.
PIECES = (
    "<script>alert(1)</script>", "</title>", "<img src=x onerror=alert(1)>", "<b>", "&lt;i&gt;", "<!--", "]]>", "\"",
    "'", "' onload='x", '" onclick="x', "%", "%\\", "\\", "\\\\", "{", "}", "$", "$x$", "$\\frac{$", "_", "^", "~",
    "#", "&", "\\end{tabular}", "\\input{x}", "|", "`", "[bold]", "[/]", "[/red]", "${x}", "$style", "{0}", "%s",
    "Müller", "≤ 中文", "a, b", ": x", "; y", "javascript:x", "\\text{<u>}",
)  # fmt: skip
FORMULAS = (
    "n_{<b>}", r"\text{<i>}", r"\text{a{<s>x</s>}b}", r"\href{javascript:alert(1)}{x}", r"\mbox{<script>x</script>}",
    r'\class{x" onclick="y}{z}', r"\style{color:red}{x}", r"\mathrm{n}", r"\lVert n \rVert", r"\operatorname{<u>x</u>}",
    r"\color{red}{x}", "x ~ y", r"\unicode{x3c}script", r"\frac{1}", r"\unknown{<p>}",
)  # fmt: skip
CONTROL = ("\n", "\r", "\t", "\0", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\u200f", "\ud800",
           "\n% x")  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join) | st.just("long " * 2000)


def statement(text: str, tex: str = "n") -> bk.Statement:
    """A true statement, all of whose texts are this one."""
    erratum = bk.Erratum(id="E99", printed=text, holds=text, reason=text, grade="typo")
    return bk.Statement(
        name="hostile", place=f"Lemma {text}", doc=f"Lemma: {text}\n\nMore: {text}",
        parameters=(bk.integers(n, text, tex=tex), bk.reals(k, text, 0, text=text)),
        quantities=(bk.reals(U, text, 0, strict=False, phrase=(text, tex)),),
        hypotheses=(bk.Hypothesis(f"{text} 1", n >= 2, tex=tex), bk.assumed(f"{text} 2"), bk.Hypothesis(text, k >= 1)),
        claims=(U <= 10 * n,), failure=sympy.exp(-n), truth=chi_square_at_least(n, 10 * n), truth_is="upper bound",
        attained=text, truth_assumes=(text,), errata=(erratum,),
        tex=(("failure", tex), ("bound", tex)), text=(("failure", text), ("bound", text)),
    )  # fmt: skip


class Markup(HTMLParser):
    """The elements of a page, each with the names of its attributes; formulas and pictures as one element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple] = []
        self.feed(re.sub(r"<(math|svg)\b.*?</\1>|<code>[^<]*</code>", "<formula>", page, flags=re.DOTALL))
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.found.append((tag, *sorted(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))


def elements(page: str) -> list[tuple]:
    return Markup(page).found


def check_page(page: str) -> None:
    """No script, no handler, no address, in formulas and pictures too."""

    class All(Markup):
        def __init__(self) -> None:
            HTMLParser.__init__(self)
            self.found = []

        def handle_starttag(self, tag: str, attrs: list) -> None:
            assert tag not in ("script", "img", "iframe", "object", "i", "u", "s", "base", "form")
            for name, value in attrs:
                assert not name.startswith("on"), name
                assert name not in ("src", "action", "formaction"), name
                assert not name.endswith("href") or value.startswith(("#", "data:image/png;")), value

    parser = All()
    parser.feed(page)
    parser.close()


def check_latex(text: str) -> None:
    """Comments are lines of their own, braces and environments are closed, and nothing outside begins a comment."""
    body = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    body = body.replace("\\[0.5ex]", "").replace("#1", "")
    assert not re.search(r"(?<!\\)(\\\\)*%", body), body
    opened: list[str] = []
    for piece in re.findall(r"\\(?:begin|end)\{[a-zA-Z*]+\}|\\.|[{}]", body, flags=re.DOTALL):
        if piece.startswith(r"\begin") or piece == "{":
            opened.append(piece[6:])
        elif piece.startswith(r"\end") or piece == "}":
            assert opened.pop() == piece[4:], body
    assert not opened, body


def check_text(text: str) -> None:
    assert not odd_characters(text, "\n"), odd_characters(text, "\n")


@settings(max_examples=examples(40))
@given(TEXT, st.sampled_from(FORMULAS))
def test_every_text_of_a_statement_stays_where_it_is_put(text: str, tex: str) -> None:
    s, clean = statement(text, tex), statement("plain")
    table, plain = (bk.table([x], {"n": [2, 3]}, {"k": 2}) for x in (s, clean))
    for one, other in ((s(n=2)._repr_html_(), clean(n=2)._repr_html_()), (table._repr_html_(), plain._repr_html_())):
        assert [e for e in elements(one) if e[0] != "formula"] == [e for e in elements(other) if e[0] != "formula"]
        check_page(one)
    for latex in (table.to_latex(), table.newcommands(), f"$ {s.latex()} $", f"$ {s(n=2, k=2).latex()} $"):
        check_latex(latex)
    for told in (str(s), str(s(n=2)), str(s(n=1, k=2)), repr(s), str(table), table.to_markdown()):
        check_text(told)
    assert not re.search(r"<[a-zA-Z/!?]", table.to_markdown())


def audited(s: bk.Statement) -> str:
    found = bk.audit(s, points=3, simulated=False)
    check_text(str(found))
    check_text(words.audit_markdown(found))
    assert not re.search(r"<[a-zA-Z/!?]", words.audit_markdown(found))
    check_latex(words.audit_latex(found))
    for file in audit_tables(found).values():
        check_latex(file)
    return audit_page(found)


@pytest.fixture(scope="module")
def clean_page() -> list[tuple]:
    return [e for e in elements(audited(statement("plain"))) if e[0] != "formula"]


@pytest.mark.parametrize("start", [0, *(pytest.param(i, marks=pytest.mark.slow) for i in (14, 28))])
def test_the_report_of_hostile_texts_has_the_elements_of_a_plain_one(clean_page: list, start: int) -> None:
    page = audited(statement("".join(PIECES[start : start + 14]), FORMULAS[start % len(FORMULAS)]))
    found = [e for e in elements(page) if e[0] != "formula"]
    assert set(found) <= set(clean_page)
    assert abs(len(found) - len(clean_page)) < 30  # a comma in a place makes a line of it
    check_page(page)


def test_the_report_lets_no_script_run() -> None:
    page = audited(statement("plain"))
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert "default-src &#x27;none&#x27;" in policy
    assert "script" not in policy
    assert "<script" not in page
    assert page.index("Content-Security-Policy") < page.index("<style")


@pytest.mark.parametrize("control", CONTROL, ids=ascii)
def test_control_characters_are_refused_by_the_name_of_the_field(control: str) -> None:
    s = statement("plain")
    bad = f"a{control}b"
    fields = {
        "place": {"place": bad}, "attained": {"attained": bad}, "truth_assumes": {"truth_assumes": (bad,)},
        "the text of a hypothesis": {"hypotheses": (bk.Hypothesis(bad, n >= 2),)},
        "the tex of a hypothesis": {"hypotheses": (bk.Hypothesis("x", n >= 2, tex=bad),)},
        "the meaning of n": {"parameters": (bk.integers(n, bad), s.parameters[1])},
        "the tex of n": {"parameters": (bk.integers(n, "x", tex=bad), s.parameters[1])},
        "the text of n": {"parameters": (bk.integers(n, "x", text=bad), s.parameters[1])},
        "the phrase of U": {"quantities": (bk.reals(U, "x", phrase=(bad, "x")),)},
        "tex of failure": {"tex": (("failure", bad),)}, "text of bound": {"text": (("bound", bad),)},
        "printed of an erratum": {"errata": (bk.Erratum(id="E1", printed=bad, holds="x", grade="typo"),)},
        "id of an erratum": {"errata": (bk.Erratum(id=bad, printed="x", holds="x", grade="typo"),)},
        "name": {"name": bad}, "depends_on": {"depends_on": (bad,)},
    }  # fmt: skip
    if not control.startswith("\n"):
        fields["doc"] = {"doc": bad}
    for where, change in fields.items():
        with pytest.raises(StatementError, match=re.escape(where)) as told:
            replace(s, **change)
        check_text(str(told.value))


@pytest.mark.parametrize("name", ["", "two words", "1st", "a-b", "a.b", "<b>", "lambda", "a:b", "a/b", 3, None])
def test_names_are_identifiers(name: object) -> None:
    of_a_paper = {} if name == "a.b" else {"depends_on": (name,)}  # a statement b of a paper a
    for change in ({"name": name}, of_a_paper or {"depends_on": ("a.b.c",)}):
        with pytest.raises(StatementError, match="name|depends_on"):
            replace(statement("plain"), **change)


def test_nothing_depends_on_itself_or_twice() -> None:
    with pytest.raises(StatementError, match="names the statement itself"):
        replace(statement("plain"), depends_on=("hostile",))
    with pytest.raises(UnknownStatement, match="'lemma_d1', .* did you mean lemma_d_1"):
        replace(bk.lemma_b_1, depends_on=("lemma_d1",)).certificate()
    assert [used.name for used in used_by(bk.lemma_c_3)] == ["lemma_c_1", "lemma_c_2"]
    renamed = replace(bk.lemma_c_3, name="mine", depends_on=("lemma_c_1",))
    assert renamed.certificate().holds
    with pytest.raises(StatementError, match="twice"):
        replace(statement("plain"), depends_on=("lemma_b_1", "lemma_b_1"))


@pytest.mark.parametrize(
    "tex", ["{", "}", "x}{", "50%", "$x$", "a & b", r"a \\ b", "x\\", r"\begin{x}", r"\end{tabular}",
            r"\begin{a}\end{b}", "#1", r"\frac{1}{2", r"\{ {"]
)  # fmt: skip
def test_latex_that_would_break_out_of_its_formula_is_refused(tex: str) -> None:
    with pytest.raises(StatementError, match="mend the LaTeX"):
        statement("plain", tex)


def test_latex_that_stays_inside_is_taken() -> None:
    for tex in (r"\{x\}", r"50\%", r"\begin{cases} a & b \\ c & d \end{cases}", r"\text{a \$ b}", "", r"\\[0pt]"[2:]):
        assert tex_fault(tex) == ""


@given(st.text() | TEXT)
def test_any_text_is_a_line_and_a_cell(text: str) -> None:
    line = one_line(text)
    assert not [x for x in line if unicodedata.category(x) in ("Cc", "Zl", "Zp", "Cs")]
    assert one_line(line) == line
    assert not re.search(r"<[a-zA-Z/!?]", markdown_cell(line))


@given(st.lists(st.sampled_from([*FORMULAS, *PIECES, "x", "^", "{n}"]), max_size=5).map("".join))
def test_a_formula_is_mathematics_or_its_source(latex: str) -> None:
    found = formula(latex)
    check_page(found)
    assert found.startswith(("<math", "<code>"))


def test_the_catalogues_formulas_are_read() -> None:
    for s in bk.catalogue.values():
        for tex in (s.latex(), *(h.tex for h in s.hypotheses if h.tex)):
            assert formula(tex).startswith("<math"), tex
    check_latex(errata_latex(all_errata()))

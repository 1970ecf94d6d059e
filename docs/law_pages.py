"""A page a law: what it is, its functions and their accuracy, who bounds it best where, and how it is misquoted.

Functions and accuracy are the rows of the tables of the pages about the laws, which say them once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import isclose
from pathlib import Path
import re
from typing import Any

from sympy import Rational, symbols

import boundkit as bk
from boundkit.engine.cards import summary
from boundkit.formats.numbers import number_text
from boundkit.studies.bound_records import Bound, Bounds, BoundsOver
from boundkit.studies.bounds_words import law_words
from boundkit.studies.errata import ErratumCheck, all_errata
from boundkit.studies.matching import NoMatch, law_in
from boundkit.tails import (
    Tail,
    beta_at_least,
    beta_at_most,
    binomial_at_least,
    binomial_at_most,
    chi_square_at_least,
    chi_square_at_most,
    gamma_at_least,
    gamma_at_most,
    gaussian_mechanism_delta,
    greatest_absolute_normal_at_least,
    greatest_normal_at_least,
    hypergeometric_at_least,
    hypergeometric_at_most,
    kolmogorov_at_least,
    negative_binomial_at_least,
    negative_binomial_at_most,
    normal_at_least,
    normal_at_most,
    normal_two_sided,
    poisson_at_least,
    poisson_at_most,
    student_at_least,
    student_two_sided,
    uniform_sum_at_least,
)
from boundkit.values import value_text

HERE = Path(__file__).parent
LISTED = ("classics", "uml_appendix_b", "gaussian_mechanism")  # papers with one page for all statements
a, sigma, t, x = symbols("a sigma t x")
HALF, TENTH = Rational(1, 2), Rational(1, 10)


@dataclass(frozen=True)
class Law:
    """What a page is made of.

    Attributes
    ----------
    name, title : str
        Of the file, and of the page.
    formula : str
        Its definition, as LaTeX.
    tails : tuple of Tail classes
        Its functions in formulas.
    told : dict
        Pages, and how the first cells of the rows of their tables begin that speak of it.
    along : tuple of (Tail, range)
        Where the bounds are compared; the first of each tail is drawn.
    """

    name: str
    title: str
    formula: str
    tails: tuple[type[Tail], ...]
    told: dict[str, tuple[str, ...]]
    along: tuple[tuple[Tail, str], ...] = ()


LAWS = (
    Law(
        "normal", "The normal law",
        r"\Pr[Z \ge t] = \frac{1}{\sqrt{2\pi}} \int_t^\infty e^{-u^2/2}\,du, \qquad \Pr[|Z| \ge t] = 2 \Pr[Z \ge t]"
        r"\quad (t \ge 0)",
        (normal_at_least, normal_at_most, normal_two_sided),
        {
            "laws_continuous": ("normal", "its quantiles"), "laws": ("`P[abs Z",),
            "laws_chi_square": ("`log_two_sided`",), "laws_beside": ("normal",),
        },
        ((normal_at_least(t), "0.25:6:0.25"), (normal_two_sided(t), "0.25:6:0.25")),
    ),
    Law(
        "chi_square", "The chi-square law",
        r"\Pr[\chi^2_n \ge a n] = \frac{1}{\Gamma(n/2)} \int_{a n/2}^\infty u^{n/2 - 1} e^{-u}\,du",
        (chi_square_at_least, chi_square_at_most),
        {
            "laws": ("`P[chi2_n", "density and quantiles of chi"),
            "laws_chi_square": ("both tails", "`logpdf`", "quantiles"),
        },
        (
            (chi_square_at_least(600, a), "1.05:2.5:0.1"), (chi_square_at_least(5, a), "1.5:6:0.5"),
            (chi_square_at_least(10**5, a), "1.01:1.1:0.01"), (chi_square_at_most(600, a), "0.2:0.95:0.05"),
            (chi_square_at_most(5, a), "0.1:0.9:0.1"),
        ),
    ),
    Law(
        "gamma", "The gamma law", r"\Pr[G_k \ge x] = \frac{1}{\Gamma(k)} \int_x^\infty u^{k - 1} e^{-u}\,du",
        (gamma_at_least, gamma_at_most), {"laws_continuous": ("gamma of shape", "gamma"), "laws_beside": ("gamma",)},
        (
            (gamma_at_least(10, x), "11:50:3"), (gamma_at_least(1, x), "1.5:20:2"),
            (gamma_at_least(1000, x), "1020:1500:60"), (gamma_at_most(10, x), "0.5:9.5:0.75"),
            (gamma_at_most(1000, x), "600:980:40"),
        ),
    ),
    Law(
        "poisson", "The Poisson law",
        r"\Pr[X_\lambda \ge x] = \sum_{j \ge x} e^{-\lambda} \frac{\lambda^j}{j!}",
        (poisson_at_least, poisson_at_most), {
            "laws_discrete": ("Poisson with mean", "`poisson`"), "laws_beside": ("Poisson",),
        },
        (
            (poisson_at_least(100, x), "102:200:7"), (poisson_at_least(1, x), "2:20:2"),
            (poisson_at_least(10**6, x), "1000500:1010000:1000"), (poisson_at_most(100, x), "15:98:7"),
            (poisson_at_most(5, x), "0:4:1"),
        ),
    ),
    Law(
        "binomial", "The binomial law",
        r"\Pr[X_{n, p} \ge x] = \sum_{j \ge x} \binom{n}{j} p^j (1 - p)^{n - j}",
        (binomial_at_least, binomial_at_most), {
            "laws_discrete": ("successes in n trials", "`binomial`"), "laws_beside": ("binomial",),
        },
        (
            (binomial_at_least(1000, TENTH, x), "102:200:7"), (binomial_at_least(100, HALF, x), "52:92:5"),
            (binomial_at_least(10**6, Rational(1, 1000), x), "1010:1500:70"),
            (binomial_at_least(20, Rational(9, 10), x), "18.5:20:0.5"),
            (binomial_at_most(1000, TENTH, x), "20:98:6"), (binomial_at_most(100, HALF, x), "8:48:5"),
        ),
    ),
    Law(
        "negative_binomial", "Trials until r successes",
        r"\Pr[T_r \ge t] = \sum_{j \ge t} \binom{j - 1}{r - 1} p^r (1 - p)^{j - r}",
        (negative_binomial_at_least, negative_binomial_at_most),
        {"laws_discrete": ("trials T until r", "`negative_binomial`"), "laws_beside": ("trials until",)},
        (
            (negative_binomial_at_least(10, TENTH, t), "110:500:30"),
            (negative_binomial_at_least(1, Rational(1, 100), t), "120:1020:100"),
            (negative_binomial_at_least(1000, HALF, t), "2050:3000:100"),
            (negative_binomial_at_most(10, TENTH, t), "15:95:10"),
        ),
    ),
    Law(
        "hypergeometric", "Drawing from an urn",
        r"\Pr[X_{N, K, n} \ge x] = \sum_{j \ge x} \binom{K}{j} \binom{N - K}{n - j} \Big/ \binom{N}{n}",
        (hypergeometric_at_least, hypergeometric_at_most),
        {"laws_discrete": ("white balls", "`hypergeometric`"), "laws_beside": ("urns",)},
        (
            (hypergeometric_at_least(1000, 100, 100, x), "12:60:4"),
            (hypergeometric_at_least(1000, 500, 900, x), "452:500:4"),
            (hypergeometric_at_least(10**6, 5 * 10**5, 1000, x), "505:700:15"),
            (hypergeometric_at_most(1000, 500, 100, x), "20:48:4"),
        ),
    ),
    Law(
        "beta", "The beta law",
        r"\Pr[B_{a, b} \ge x] = \frac{\Gamma(a + b)}{\Gamma(a) \Gamma(b)} \int_x^1 u^{a - 1} (1 - u)^{b - 1}\,du",
        (beta_at_least, beta_at_most), {"laws_continuous": ("beta of shapes", "beta"), "laws_beside": ("beta",)},
        ((beta_at_least(2, 5, x), "0.3:0.9:0.1"),),
    ),
    Law(
        "student", "Student's law",
        r"\Pr[T_n \ge x] = \frac{\Gamma((n + 1)/2)}{\sqrt{n \pi}\,\Gamma(n/2)} \int_x^\infty (1 + u^2/n)^{-(n + 1)/2}"
        r"\,du,\qquad \Pr[|T_n| \ge x] = 2 \Pr[T_n \ge x]",
        (student_at_least, student_two_sided), {"laws_continuous": ("Student",), "laws_beside": ("Student",)},
        ((student_at_least(10, x), "1:8:1"), (student_two_sided(10, x), "1:8:1")),
    ),
    Law(
        "greatest_normal", "The greatest of n normals",
        r"\Pr[\max(Z_1, \dots, Z_n) \ge x] = 1 - \Phi(x)^n, \qquad"
        r" \Pr[\max(|Z_1|, \dots, |Z_n|) \ge x] = 1 - (2 \Phi(x) - 1)^n",
        (greatest_normal_at_least, greatest_absolute_normal_at_least), {"laws_continuous": ("greatest",)},
        (
            (greatest_normal_at_least(100, x), "3.1:8:0.35"), (greatest_normal_at_least(10**6, x), "5.3:9:0.35"),
            (greatest_absolute_normal_at_least(100, x), "3.1:8:0.35"),
        ),
    ),
    Law(
        "kolmogorov", "The one-sided Kolmogorov statistic",
        r"\Pr[D_n^+ \ge t] = t \sum_{j = 0}^{\lfloor n (1 - t) \rfloor} \binom{n}{j}"
        r" \Big(t + \frac{j}{n}\Big)^{j - 1} \Big(1 - t - \frac{j}{n}\Big)^{n - j}",
        (kolmogorov_at_least,), {"laws_continuous": ("one-sided Kolmogorov", "Kolmogorov")},
        ((kolmogorov_at_least(20, t), "0.05:0.95:0.05"), (kolmogorov_at_least(500, t), "0.02:0.2:0.02")),
    ),
    Law(
        "uniform_sum", "The sum of n uniforms",
        r"\Pr[U_1 + \dots + U_n \ge x] = \frac{1}{n!} \sum_{j = 0}^{\lfloor n - x \rfloor} (-1)^j \binom{n}{j}"
        r" (n - x - j)^n",
        (uniform_sum_at_least,), {"laws_continuous": ("sum of n uniforms", "sum of uniforms")},
        ((uniform_sum_at_least(12, x), "6.5:11.5:0.5"), (uniform_sum_at_least(100, x), "52:80:4")),
    ),
    Law(
        "gaussian_mechanism", "The Gaussian mechanism",
        r"\delta(\varepsilon, \sigma) = Q\Big(\varepsilon \sigma - \frac{1}{2 \sigma}\Big)"
        r" - e^\varepsilon Q\Big(\varepsilon \sigma + \frac{1}{2 \sigma}\Big), \qquad Q(t) = \Pr[Z \ge t]",
        (gaussian_mechanism_delta,), {"laws_continuous": ("delta of the Gaussian", "Gaussian mechanism")},
        (
            (gaussian_mechanism_delta(1, sigma), "1.5:8:0.5"), (gaussian_mechanism_delta(TENTH, sigma), "10:80:10"),
            (gaussian_mechanism_delta(5, sigma), "0.5:2:0.25"),
        ),
    ),
)  # fmt: skip


def code(text: str) -> str:
    """Text as code in a cell of a table."""
    return f"`{cell(text)}`"


def cell(text: str) -> str:
    """Text in a cell of a table."""
    return text.replace("|", r"\|")


def anchor(heading: str) -> str:
    """The link of a heading, as the pages make it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def misquote_heading(f: ErratumCheck) -> str:
    """The heading of a misquote on its page."""
    return f"{f.erratum.id}, {f.where}: {f.erratum.grade}"


def rows(page: str, starts: tuple[str, ...]) -> Iterator[str]:
    """The tables of a page, cut to the rows whose first cell begins with one of these words."""
    for table in re.findall(r"(?:^\|.*\n)+", (HERE / f"{page}.md").read_text(), re.MULTILINE):
        head, rule, *lines = table.splitlines()
        found = [line for line in lines if line[2:].startswith(starts)]
        if found and "not finite" not in head:  # what SciPy loses has the table of `laws_beside`
            yield "\n".join((head, rule, *found))


def compared(law: Law) -> list[BoundsOver]:
    """The bounds along each of its ranges; none where nobody bounds it."""
    try:
        return [bk.bounds_over(tail, {str(*tail.free_symbols): span}) for tail, span in law.along]
    except bk.StatementError:
        return []


def winners(found: BoundsOver) -> Iterator[str]:
    """Rows of a table: from where to where who is tightest, from each side, and how tight."""
    probability = code(law_words(found.law))
    for side in ("upper", "lower"):
        best = [(value, at, tightest(getattr(at, side))) for value, at in found.points]
        if not any(b for *_, b in best):
            continue
        for name, run in groupby(best, key=lambda one: one[2] and one[2].name):
            if name is None:
                continue
            told = [*run]
            ends = [value_text(value) for value, *_ in (told[0], told[-1])]
            ratios = [ratio_text(at, b) for _, at, b in (told[0], told[-1])]
            sign = "most" if side == "upper" else "least"
            yield f"| {probability} | at&nbsp;{sign} | {span(ends)} | {linked(name)} | {span(ratios)} |"
            probability = ""


def tightest(side: tuple[Bound, ...]) -> Bound | None:
    """The tightest bound that counts; of several that are as tight a statement before what is derived."""
    counted = [b for b in side if b.counts]
    as_tight = (b for b in counted if b.guarantee and isclose(b.log_claimed, counted[0].log_claimed, rel_tol=1e-9))
    return next(as_tight, counted[0] if counted else None)


def ratio_text(at: Bounds, bound: Bound | None) -> str:
    """How tight a bound is; nothing where that is not known."""
    ratio = None if bound is None else at.ratio(bound)
    return "" if ratio is None else number_text(ratio, 3)


def span(ends: list[str]) -> str:
    """From one end to the other."""
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def linked(name: str) -> str:
    """A statement's name, with a link to where it stands."""
    paper, _, own = name.rpartition(".")
    page = own if own in (*bk.PAPER, *bk.BEYOND) else paper if paper in LISTED else ""
    return f"[`{name}`](../statements/{page}.md)" if page else name if name == "Chernoff" else f"`{name}`"


def speaking(law: Law) -> tuple[list[str], list[str]]:
    """Rows of the statements whose truth is the law, and of those whose truth is made of it."""
    alone, among = [], []
    for s in (bk.catalogue[name] for name in bk.catalogue):
        spoken = {type(tail) for tail in s.truth.atoms(Tail)} & {*law.tails} if s.truth is not None else ()
        for tail in sorted(spoken, key=law.tails.index)[:1]:
            row = f"| {linked(s.qualified_name)} | {cell(summary(s))} |"
            try:
                law_in(s, tail)
                alone.append(row)
            except NoMatch:
                among.append(row)
    return alone, among


def misquotes(law: Law) -> Iterator[str]:
    """What is said of the law and is false, each with a link to a point that shows it."""
    listed = tuple(bk.papers[name] for name in LISTED)
    right = {reading: s for paper in listed for s in paper.statements for _, reading in s.steps()}
    for f in all_errata(listed):
        if f.reading not in right:
            continue
        both = (f.reading, right[f.reading])
        asked = [part for s in both for part in (s.truth, *s.relations) if part is not None]
        if any(type(tail) in law.tails for part in asked for tail in part.atoms(Tail)):
            link = f"../statements/misquoted.md#{anchor(misquote_heading(f))}"
            said, holds = cell(f.erratum.printed), cell(f.erratum.holds)
            yield f"| [{f.erratum.id}]({link}) | `{right[f.reading].name}` | {said} | {holds} |"


def law_page(law: Law, pictures: Path) -> str:
    """One law's page; its pictures are drawn beside the others."""
    named = ", ".join(f"`{tail.__name__}`" for tail in law.tails)
    parts = [f"# {law.title}", f"$$\n{law.formula}\n$$", "## Functions and accuracy", f"In formulas: {named}."]
    parts += [table for page, starts in law.told.items() for table in rows(page, starts)]
    parts.append(f"More in {', '.join(f'[{heading(page)}](../{page}.md)' for page in law.told)}.")
    parts += ["## Who bounds it", *bounding(law, pictures)]
    alone, among = speaking(law)
    parts += [f"## Statements about it\n\n{table('name | it says', alone)}"] if alone else []
    parts += [f"## Statements that add or multiply it\n\n{table('name | it says', among)}"] if among else []
    wrong = [*misquotes(law)]
    parts += [f"## Misquoted\n\n{table(' | statement | what is said | what holds', wrong)}"] if wrong else []
    return "\n\n".join(parts) + "\n"


def bounding(law: Law, pictures: Path) -> Iterator[str]:
    """Pictures of the bounds of a law, and the table of those to use."""
    found = compared(law)
    if not found:
        yield "No statement here bounds it: its exact value is what there is."
        return
    yield "Higher is tighter; the tail is to the right. Bounds from below are dotted."
    for tail in dict.fromkeys(type(one.law) for one in found):
        drawn = next(one for one in found if type(one.law) is tail)
        ax = bk.plots.bounds_curves(drawn)
        ax.get_figure().set_size_inches(6.5, 4)
        path = bk.plots.save(ax, pictures / f"bounds-{tail.__name__}.svg")
        yield f"![Bounds of {law_words(drawn.law)}](../pictures/{path.name})"
    yield "## Which to use when\n\nThe tightest that counts at each point of these ranges; a ratio of 1 is tight."
    heads = f"probability | side | {found[0].parameter} | tightest | ratio of logs"
    yield table(heads, [row for one in found for row in winners(one)])


def table(heads: str, lines: list[str]) -> str:
    """A table in Markdown."""
    return "\n".join((f"| {heads} |", "|---" * (heads.count("|") + 1) + "|", *lines))


def heading(page: str) -> str:
    """The title of a page."""
    return (HERE / f"{page}.md").read_text().partition("\n")[0].removeprefix("# ")


def write_law_pages(_app: Any) -> None:
    """Write docs/laws/, a page a law, and its index."""
    folder, pictures = HERE / "laws", HERE / "pictures"
    for made in (folder, pictures):
        made.mkdir(exist_ok=True)
    for law in LAWS:
        (folder / f"{law.name}.md").write_text(law_page(law, pictures))
    names = "\n".join(law.name for law in LAWS)
    says = "What each law is, its functions, who bounds it best where, and what is said of it that is false."
    index = f"# The laws, one by one\n\n{says}\n\n```{{toctree}}\n:maxdepth: 1\n\n{names}\n```\n"
    (folder / "index.md").write_text(index)

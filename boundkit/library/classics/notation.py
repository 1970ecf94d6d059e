"""What the classics are made of: symbols, parameters, formulas that recur, and how a misquote becomes a reading."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from sympy import Eq, Expr, Integer, Le, exp, log, pi, sqrt, symbols
from sympy.core.relational import Relational

from boundkit.api.objects import Statement
from boundkit.formats.expressions import TextPrinter
from boundkit.library.classics.bibliography import WORKS, key
from boundkit.model.erratum import Erratum, Grade
from boundkit.model.parameter import Parameter
from boundkit.model.parameter import integers as integers
from boundkit.model.parameter import reals as reals
from boundkit.model.proof import Chernoff, Fact, Logs, Proof, Step, Unimodal, spend
from boundkit.model.statement import Hypothesis, assumed
from boundkit.tails import Tail

a, b, c, d, delta, eps, k, lam, m, n, p, r, s, sigma, t = symbols("a b c d delta eps k lam m n p r s sigma t")
u, v, x = symbols("u v x")
H, K, M, N, R, X, Z = symbols("H K M N R X Z")

COUNT = integers(n, "the number of trials", typical=100)
CHANCE = reals(p, "the probability of success", 0, 1, typical=0.3)
COIN = (COUNT, CHANCE)
SHIFT = reals(t, "the deviation of the mean", 0, typical=0.1)
RELATIVE = reals(d, "the relative deviation", 0, typical=0.5)
LEVEL = reals(t, "the threshold", 0, strict=False, typical=3)
POSITIVE = reals(t, "the threshold", 0, typical=3)
DEGREES = reals(n, "the degrees of freedom", 0, typical=100)
EXPONENT = reals(x, "the exponent allowed", 0, typical=3)
RATE = reals(lam, "the mean", 0, typical=10)
NOT_SURE = p < 1
EVENT = reals(X, "the variable")
VALUE = reals(X, "the quantity")

phi = exp(-(t**2) / 2) / sqrt(2 * pi)


def _text(relation: Any) -> str:
    return str(TextPrinter({}).doprint(relation))


UNCITED = ("Berry", "DKW", "Esseen", "Johnson", "KL", "Lindenstrauss", "Markov", "Mills", "Poisson", "Tomaszewski")
CITED = " ".join(cited for cited, *_ in WORKS).split()
CAPITALS = {word.lower(): word for word in (*UNCITED, *CITED) if word[0].isupper()}


def law(
    name: str,
    stated: str,
    says: str,
    parameters: tuple[Parameter, ...],
    claims: Any,
    failure: Any,
    truth: Expr | None,
    *needs: Any,
    what: str = "the variable",
    size: bool = False,
    paper: str = "classics",
    **how: Any,
) -> Statement:
    """Return a statement on X, which is `what`, at least 0 if a `size`; its place is its title and where it is stated.

    Hypotheses are relations, or words where numbers cannot decide.
    """
    title = _title(name)
    work, _, there = stated.partition(", ")
    return Statement(
        name=name,
        place=f"{title}, {stated}",
        parameters=parameters,
        quantities=(reals(X, what, 0, strict=False) if size else reals(X, what),),
        hypotheses=tuple(map(said, needs)),
        claims=claims if isinstance(claims, tuple) else (claims,),
        failure=Integer(failure) if isinstance(failure, int) else failure,
        truth=truth,
        paper=paper,
        rests_on=((key(work), there),),
        doc=f"{title}: {says}\n\nIt is stated in {stated}.",
        **how,
    )


def of(what: str, size: bool = True) -> dict[str, Any]:
    """What X is, for the statements of one variable."""
    return {"what": what, "size": size}


def misquoted(
    right: Statement,
    number: str,
    printed: str,
    holds: str,
    at: Mapping[str, Any],
    grade: Grade = "wrong formula",
    reason: str = "",
    **reading: Any,
) -> Statement:
    """Return the statement with an earlier reading, in which these fields are misquoted; it is false at a point.

    Where only draws show that, the point stands in the reason.
    """
    wrong = replace(right, proof=None, **reading)
    back = {field: getattr(right, field) for field in ("proof", *reading)}
    witness = () if reason else tuple(at.items())
    return wrong.corrected(**back, errata=(Erratum(number, printed, holds, grade, witness, reason),))


def chernoff(
    tail: Tail,
    theta: Any,
    rate: Any,
    because: str,
    *steps: Step,
    chain: tuple[Step, ...] = (),
    parameters: tuple[Parameter, ...] = (),
) -> Proof:
    """Chernoff's bound of X at theta, and why X has that law; the steps come first, a chain goes on from the rate."""
    budget = (Step(at_most(tail, rate), Chernoff(theta)), *chain)
    return Proof((spend(tail, {X: X}, because=because),), parameters, steps=steps, budget=budget)


def at_most(one: Any, other: Any) -> Relational:
    """one <= other as it stands: SymPy would try long, and in vain, to decide it."""
    return Le(one, other, evaluate=False)


def weaker(before: Any, after: Any, *terms: tuple[Any, ...]) -> Step:
    """A step of a chain from one rate to a larger one, whose logarithms differ by the sum of these products."""
    return Step(at_most(before, after), Logs(terms))


def stands_for(symbol: Any, meaning: Any, equation: Any = None) -> tuple[Parameter, Step]:
    """A proof's own parameter, at least 0, and the step that says what it stands for."""
    text = _text(meaning)
    step = Step(Eq(symbol, meaning, evaluate=False) if equation is None else equation, Fact(f"{symbol} is {text}"))
    return reals(symbol, text, 0, strict=False), step


# in one parameter, so that their shape shows them
log_above = log(1 + v) >= v / (1 + v)
log_below = log(1 + u) <= u
LOG_ABOVE, LOG_BELOW = Step(log_above, Unimodal(v)), Step(log_below, Unimodal(u))


def relative_entropy(one: Any, other: Any) -> Any:
    """Kullback and Leibler's divergence of two coins."""
    return one * log(one / other) + (1 - one) * log((1 - one) / (1 - other))


def bennett_h(u: Any) -> Any:
    """Bennett's function (1 + u) log(1 + u) - u."""
    return (1 + u) * log(1 + u) - u


def said(need: Any) -> Hypothesis:
    """A relation as a hypothesis in its own words, or words as one that numbers cannot decide."""
    return assumed(need) if isinstance(need, str) else Hypothesis(_text(need), need)


def decides(*relations: Relational) -> tuple[Hypothesis, ...]:
    """Hypotheses that numbers decide, in their own words."""
    return tuple(map(said, relations))


def _title(name: str) -> str:
    """What a statement is called: people by their names, two of them joined, and the rest in small letters."""
    words = [CAPITALS.get(word, word) for word in name.split("_")]
    joined = [words[0]]
    for before, word in pairwise(words):
        both = before[0].isupper() and word[0].isupper() and "Poisson" not in (before, word) and not word.isupper()
        joined.append(("-" if both else " ") + word)
    title = "".join(joined).replace("chi square", "chi-square")
    return title[0].upper() + title[1:]

"""What the appendix is made of: its parameters, and how one of its lemmas becomes a statement."""

from typing import Any

from sympy import Integer, symbols

from boundkit.api.objects import Statement
from boundkit.library.classics.notation import X, a, d, delta, eps, m, p, said, t
from boundkit.model.parameter import Parameter, integers, reals

mu, c, b, lam, k, M = symbols("mu c b lam k M")

SAMPLE = integers(m, "the size of the sample", typical=100)
CHANCE = reals(p, "the probability of a one", 0, 1, typical=0.3)
RELATIVE = reals(d, "the relative deviation", 0, typical=0.5)
DEVIATION = reals(eps, "the deviation", 0, typical=0.1)
CONFIDENCE = reals(delta, "the failure allowed", 0, 1, typical=0.05)
SHARE = reals(a, "the share", 0, 1, typical=0.5)
THRESHOLD = reals(t, "the threshold", 0, typical=10)


def lemma(
    name: str,
    place: str,
    says: str,
    parameters: tuple[Parameter, ...],
    claims: Any,
    failure: Any,
    truth: Any,
    *needs: Any,
    what: Parameter,
    idea: str,
    **how: Any,
) -> Statement:
    """Return a lemma on X, which is `what`; needs are relations, or words where numbers cannot decide."""
    return Statement(
        name=name,
        place=f"{place}, appendix B",
        parameters=parameters,
        quantities=(what,),
        hypotheses=tuple(map(said, needs)),
        claims=claims if isinstance(claims, tuple) else (claims,),
        failure=Integer(failure) if isinstance(failure, int) else failure,
        truth=truth,
        paper="uml_appendix_b",
        doc=f"{place}: {says}\n\n{idea}",
        **how,
    )


def size(what: str) -> Parameter:
    """X, a quantity that is at least 0."""
    return reals(X, what, 0, strict=False)


def number(what: str) -> Parameter:
    """X, a quantity of any sign."""
    return reals(X, what)

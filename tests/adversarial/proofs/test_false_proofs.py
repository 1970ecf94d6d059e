"""False proofs, each by one trick: none is accepted, and the certificate names the step and the reason.

Each would prove something false, or prove it by nothing.
"""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
import sympy
from sympy import Eq, Float, Ge, Integer, Le, Ne, Piecewise, Rational, Symbol, exp, floor, log, nan, oo, sign, sqrt, zoo

import boundkit as bk
from boundkit.api.objects import Statement
from boundkit.errors import StatementError
from boundkit.model.parameter import Parameter
from boundkit.model.proof import (
    Chernoff,
    Fact,
    GaussianMixtureTail,
    Identity,
    Logs,
    NonnegativeSum,
    Proof,
    Spend,
    Squares,
    Step,
    Unimodal,
    spend,
)
from boundkit.model.statement import Hypothesis, assumed
from boundkit.tails import (
    Tail,
    chi_square_at_least,
    chi_square_at_most,
    gaussian_deviation,
    normal_two_sided,
    row_sum_below_zero,
)

n, m, k, x, y, z, q, r, v, w, c = sympy.symbols("n m k x y z q r v w c")
HALF = Rational(1, 2)
PARAMETERS = {
    n: bk.integers(n, "n"),
    m: bk.integers(m, "m"),
    k: bk.integers(k, "k", 0, m),
    x: bk.reals(x, "any number"),
    y: bk.reals(y, "a positive number", 0),
    z: bk.reals(z, "a number from 0 on", 0, strict=False),
}
QUANTITIES = {
    q: bk.reals(q, "a chi-square variable", 0, strict=False),
    r: bk.reals(r, "another quantity"),
    v: bk.reals(v, "a quantity"),
}
SHORT, LONG = chi_square_at_most(n, HALF), chi_square_at_least(n, 2)
IS_CHI = "q is chi-square with n degrees of freedom"
SO = (Step(q >= n / 2),)


def stated(
    parameters: tuple,
    claims: tuple,
    proof: Proof,
    failure: object = 0,
    hypotheses: tuple = (),
    quantities: tuple = (),
) -> Statement:
    named = sorted({s for claim in claims for s in claim.free_symbols & QUANTITIES.keys()}, key=str)
    return Statement(
        name="wrong",
        place="A false proof",
        parameters=tuple(p if isinstance(p, Parameter) else PARAMETERS[p] for p in parameters),
        quantities=quantities or tuple(QUANTITIES[s] for s in named),
        hypotheses=tuple(h if isinstance(h, Hypothesis) else Hypothesis(str(h), h) for h in hypotheses),
        claims=claims,
        failure=sympy.sympify(failure),
        proof=proof,
    )


def about(value: object, claim: object, *steps: Step, parameters: tuple = (x,), **how: object) -> Statement:
    """v is `value`, by a fact that is true by definition; the steps are to show a claim about v that is false."""
    defined = Step(Eq(v, value, evaluate=False), Fact("v by definition"))
    return stated(parameters, (claim,), Proof(steps=(defined, *steps)), **how)


def shaped(small: object, large: object, rule: Unimodal, *parameters: Parameter, **how: object) -> Statement:
    """v is the larger side less the smaller one, and at least 0 if the rule shows that they compare."""
    step = Step(sympy.Le(small, large, evaluate=False), rule)
    return about(large - small, v >= 0, step, Step(v >= 0), parameters=parameters, **how)


def rare(
    event: Spend, failure: object, claims: tuple = (q >= n / 2,), parameters: tuple = (n,), **parts: object
) -> Statement:
    """What fails only with an event that is spent."""
    how = {key: parts.pop(key) for key in ("hypotheses", "quantities") if key in parts}
    return stated(parameters, claims, Proof(**{"spends": (event,), **parts}), failure, **how)


def short(**how: object) -> Spend:
    return spend(SHORT, {q: q}, **{"because": IS_CHI, **how})


def lemma(**changes: object) -> Statement:
    """P[q <= n/2] <= e^(-n/16), proved."""
    rate = exp(-n * (log(2) - HALF) / 2)
    proof = Proof(
        spends=(short(),),
        steps=SO,
        budget=(Step(SHORT <= rate, Chernoff(HALF)), Step(rate <= exp(-n / 16), Logs())),
    )
    found = replace(
        rare(short(), exp(-n / 16)), name="lemma", place="A lemma", proof=proof, hypotheses=(assumed(IS_CHI),)
    )
    return replace(found, **changes)


def using(
    claims: tuple = (q >= n / 2,),
    failure: object = exp(-n / 16),
    parameters: tuple = (n,),
    event: object = None,
    steps: tuple = (),
    own: tuple = (),
    **how: object,
) -> Statement:
    """A statement that spends the lemma."""
    spent = spend(event or lemma(), **{"because": "the same q", **how})
    return stated(parameters, claims, Proof(spends=(spent,), steps=steps, parameters=own), failure)


def circle(through: bool) -> Statement:
    first = lemma(name="first", place="First")
    second = using(event=first)
    object.__setattr__(first, "proof", Proof(spends=(spend(second if through else first, because="the same q"),)))
    return first


def contradictory() -> Statement:
    """From q < n/100 and q > 100 n, which exclude each other, the sum of what is spent would be shown to be tiny."""
    under = spend(chi_square_at_least(n, Rational(1, 100)), {q: q}, because=IS_CHI)
    over = spend(chi_square_at_most(n, 100), {q: q}, because=IS_CHI)
    total, tiny = under.event + over.event, exp(-n)
    absurd = total / (n * Rational(9999, 100))  # times the gaps, which add up to -99.99 n, it is -total
    return rare(
        under,
        tiny,
        (q <= n,),
        spends=(under, over),
        steps=(Step(q <= n, NonnegativeSum(((q < n / 100,), (99 * n / 100,)))),),
        budget=(Step(total <= tiny, NonnegativeSum(((absurd, *under.granted), (absurd, *over.granted), (tiny,)))),),
    )


class own_law(Tail):
    """A law that says nothing of itself."""

    nargs = 1


def tail_statement(bound: object, rule: object, parameter: Parameter, law: object = None) -> Statement:
    t = parameter.symbol
    law = law or normal_two_sided(t)
    return rare(
        spend(law, {q: q}, because="q is |Z|"),
        bound,
        (q < t,),
        (parameter,),
        steps=(Step(q < t),),
        budget=(Step(law <= bound, rule),),
    )


T = bk.reals(Symbol("t"), "a threshold", 0, strict=False)
t = T.symbol
NORMAL = spend(normal_two_sided(t), {q: q}, because="q is |Z|")
NARROW = bk.reals(q, "a chi-square variable", 0, 7, strict=False)
ROW = row_sum_below_zero(n, m)

CLEAR = Fact("by definition")
CONTINUOUS = stated(
    (x,),
    (Ne(v, x),),
    Proof(steps=(Step(Ne(v, x), Fact("v is continuous, so it is no given number")),)),
)
HUGE = Integer(10) ** 16  # a float does not tell it from the next integer
FLAT = exp(-((z + 3) ** 2) + z**2 + 6 * z)  # e^-9, at infinity too
HIGHER = exp(-((z - 1) ** 2)) >= FLAT
BASE = log(1 + z, HALF, evaluate=False)  # at most 0
SOMEWHERE = Hypothesis("y >= 0, where x has a log", Ge(y + log(x), log(x), evaluate=False))
POSITIVE = stated(
    (x, y),
    (v > 0,),
    Proof(steps=(Step(x > 0, Fact("x has a log")), Step(Eq(v, x), CLEAR), Step(v > 0))),
    hypotheses=(SOMEWHERE,),
)
NONSENSE = stated((n,), (v >= 100,), Proof(steps=(Step(v >= 100, Fact("v is large")),)))


def bowed(high: object, turn: int) -> Statement:
    """log(1 + s) >= (s + s^2/4)/(1 + s), whose gap rises up to 2 and is at least 0 up to 4.11."""
    s = Symbol("s")
    least = (s + s**2 / 4) / (1 + s)
    return about(
        log(1 + s) - least,
        v >= 0,
        Step(log(1 + s) >= least, Unimodal(s, Integer(turn))),
        Step(v >= 0),
        parameters=(n, bk.reals(s, "s", 0, high, strict=False)),
    )


def of_itself(meaning: tuple = (), ends: tuple = ()) -> Statement:
    """From v != c, granted for any fixed c, where c is v."""
    never = ((c - v, v - c, (v - 5) ** 2 + Rational(1, 4), (v - c) ** -2), ((v - Rational(9, 2)) ** 2,))
    return stated(
        (),
        (v >= 5,),
        Proof(
            spends=(spend(CONTINUOUS, {x: c}, because="v is continuous"),),
            parameters=(bk.reals(c, "v", *ends, strict=False),),
            steps=(*meaning, Step(v >= 5, NonnegativeSum(never))),
        ),
    )


class twice_as_rare(Tail):
    """A law that lies about its means: it is 1 for t <= 0."""

    nargs = 1

    @property
    def event(self) -> tuple:
        return "size", (), ">=", self.args[0]

    def cumulant(self, theta: object) -> tuple:
        return -(theta**2), sympy.true


FALSE: dict[str, tuple[Callable[[], Statement], str, str]] = {
    # A != is no sign.
    "!= as a factor": (
        lambda: about(
            x,
            v < 0,
            Step(x < 0, NonnegativeSum(((Ne(x, 0),),))),
            Step(v < 0, NonnegativeSum(((x < 0,),))),
            hypotheses=(Ne(x, 0),),
        ),
        "so",
        "a != has no sign",
    ),
    "!= as a factor, turned": (
        lambda: about(x, v > 0, Step(x > 0, NonnegativeSum(((Ne(0, x),),))), hypotheses=(Ne(x, 0),)),
        "so",
        "a != has no sign",
    ),
    "!= times a positive parameter": (
        lambda: about(
            x * y, v < 0, Step(v < 0, NonnegativeSum(((y, Ne(x, 0)),))), parameters=(x, y), hypotheses=(Ne(x, 0),)
        ),
        "so",
        "a != has no sign",
    ),
    "!= by signs": (lambda: about(x, Ne(v, 0), Step(Ne(v, 0), NonnegativeSum())), "so", "shows no !="),
    "!= adds up": (
        lambda: rare(short(), exp(-n), steps=SO, budget=(Step(Ne(SHORT, exp(-n)), Fact("they differ")),)),
        "budget",
        "does not compare",
    ),
    "!= under a square": (
        lambda: about(x, v >= 1, Step(x >= 1, Squares(((Ne(x, 0), Ne(x, 0)),))), hypotheses=(Ne(x, 0),)),
        "so",
        "squares compare only",
    ),
    # What is granted is paid for at least once.
    "a hundredth of an event": (
        lambda: using(failure=exp(-n / 16) / 100, count=Rational(1, 100)),
        "spends",
        "at least 1",
    ),
    "no event at all": (lambda: using(failure=0, count=0), "spends", "at least 1"),
    "minus one event": (lambda: using(failure=-exp(-n / 16) + 1, count=-1), "spends", "at least 1"),
    "half an event": (lambda: using(failure=exp(-n / 16) / 2, count=HALF), "spends", "at least 1"),
    "one event and a half": (
        lambda: using(failure=exp(-n / 16) * Rational(3, 2), count=Rational(3, 2)),
        "spends",
        "a whole number",
    ),
    "n - 1 events, none at n = 1": (lambda: using(failure=(n - 1) * exp(-n / 16), count=n - 1), "spends", "at least 1"),
    "m - k events, none at k = m": (
        lambda: using(failure=(m - k) * exp(-n / 16), count=m - k, parameters=(n, m, k)),
        "spends",
        "at least 1",
    ),
    "1/n events": (lambda: using(failure=exp(-n / 16) / n, count=1 / n), "spends", "at least 1"),
    "a real number of events": (
        lambda: using(failure=(1 + z) * exp(-n / 16), count=1 + z, parameters=(n, z)),
        "spends",
        "a whole number",
    ),
    "a count of a law below 1": (lambda: rare(short(count=HALF), SHORT / 2, steps=SO), "spends", "at least 1"),
    "nan times": (lambda: using(count=nan), "spends", "nan"),
    "zoo times": (lambda: using(count=zoo), "spends", "at least 1"),
    "oo times": (lambda: using(count=oo), "spends", "at least 1"),
    "q times": (lambda: using(failure=1, count=1 + q), "spends", "which is random"),
    "only where it suits, without a reason": (
        lambda: using(failure=(n - 1) * exp(-n / 16), count=n - 1, where=n >= 2),
        "spends",
        "a reason why",
    ),
    "a law only where it suits, without a reason": (
        lambda: rare(short(where=n >= 9), SHORT, steps=SO),
        "spends",
        "a reason why",
    ),
    "where something random is": (
        lambda: using(where=q >= n / 2, otherwise="else it is false"),
        "spends",
        "between the statement's parameters",
    ),
    "where a parameter of the proof is": (
        lambda: using(where=c >= 0, otherwise="it is clear", own=(bk.reals(c, "c"),)),
        "spends",
        "between the statement's parameters",
    ),
    "only where nothing is": (
        lambda: using((q >= 50 * n,), exp(-100 * n / 16), values={n: 100 * n}, where=n < 0, otherwise="it is clear"),
        "spends",
        "holds nowhere",
    ),
    "negative outside its sizes": (
        lambda: using(failure=(n - 4) * exp(-n / 16), count=n - 4, where=n >= 5, otherwise="it is"),
        "spends",
        "at least 0 everywhere",
    ),
    # Names are new each time, and no parameters of the statement.
    "a law for a plain parameter": (
        lambda: rare(spend(SHORT, {q: z}, because="z is chi-square"), 0, (q >= 0,), (n, z)),
        "spends",
        "where it speaks of z",
    ),
    "a lemma for a plain parameter": (
        lambda: stated(
            (n, x),
            (v <= 2 * n,),
            Proof(
                spends=(
                    spend(bk.lemma_c_1, {bk.lemma_c_1.symbols[1]: 1}, {Symbol("norm_squared"): x}, because="it is"),
                ),
                steps=(Step(Eq(v, x), Fact("v by definition")), Step(v <= 2 * n, NonnegativeSum(((x <= 2 * n,),)))),
            ),
            exp(-n / 16),
        ),
        "spends",
        "where it speaks of x",
    ),
    "one name for two events": (
        lambda: rare(
            spend(chi_square_at_most(n, HALF), {q: q}, because="one"),
            1,
            (q >= 2 * n,),
            spends=(
                spend(chi_square_at_most(n, HALF), {q: q}, because=IS_CHI),
                spend(chi_square_at_most(4 * n, HALF), {q: q}, because="q is chi-square with 4 n degrees of freedom"),
            ),
        ),
        "spends",
        "a name of its own",
    ),
    "one name, two reasons": (
        lambda: rare(short(), 1, (q >= n / 2,), spends=(short(), short(because="q is another variable"))),
        "spends",
        "a name of its own",
    ),
    "one name for a law and a lemma": (
        lambda: rare(short(), 1, (q >= n / 2,), spends=(short(), spend(lemma(), {n: 4 * n}, because="the same q"))),
        "spends",
        "a name of its own",
    ),
    "two quantities under one name": (
        lambda: using((v <= 0,), event=two_sided(), names={q: v, r: v}),
        "spends",
        "a name of its own for each",
    ),
    "a parameter of the proof above 5": (
        lambda: stated(
            (n,),
            (v >= 5,),
            Proof(
                spends=(spend(SHORT, {w: w}, because="w is chi-square"),),
                parameters=(bk.reals(w, "a chi-square variable", 5, strict=False),),
                steps=(Step(Eq(v, w), Fact("v is w")), Step(v >= 5, NonnegativeSum(((w - 5,),)))),
            ),
            SHORT,
        ),
        "spends",
        "a range of w that what is spent gives it",
    ),
    "a whole chi-square variable": (
        lambda: stated(
            (n,),
            (v >= n / 2,),
            Proof(
                spends=(spend(SHORT, {w: w}, because="w is chi-square"),),
                parameters=(bk.integers(w, "w"),),
                steps=(Step(Eq(v, w), Fact("v is w")), Step(v >= n / 2, NonnegativeSum(((w > n / 2,),)))),
            ),
            SHORT,
        ),
        "spends",
        "a range of w",
    ),
    "a quantity that is at most 7": (
        lambda: rare(short(), SHORT, (q <= 7,), quantities=(NARROW,), steps=(Step(q <= 7),)),
        "spends",
        "a range of q",
    ),
    "a parameter without values": (
        lambda: stated(
            (n,),
            (v <= 5,),
            Proof(
                parameters=(bk.reals(c, "between n and 5", n, 5, strict=False),),
                steps=(Step(Eq(v, n), Fact("v is n")), Step(v <= 5, NonnegativeSum(((5 - c,), (c - n,))))),
            ),
        ),
        "parameters",
        "may have no values",
    ),
    "a quantity without values": (
        lambda: stated(
            (n,),
            (v <= 5,),
            Proof(steps=(Step(v <= 5),)),
            quantities=(bk.reals(v, "between n and 5", n, 5, strict=False),),
        ),
        "parameters",
        "may have no values",
    ),
    "an integer between 1/3 and 2/3": (
        lambda: stated(
            (x,),
            (v <= x,),
            Proof(
                parameters=(bk.integers(c, "c", Rational(1, 3), Rational(2, 3) + x * 0),),
                steps=(Step(Eq(v, c), Fact("v is c")),),
            ),
        ),
        "parameters",
        "may have no values",
    ),
    "the statement's own parameter, narrower": (
        lambda: stated(
            (n,),
            (v >= 10,),
            Proof(
                parameters=(bk.integers(n, "n once more", 10),),
                steps=(Step(Eq(v, n), Fact("v is n")), Step(v >= 10)),
            ),
        ),
        "parameters",
        "the name of another parameter",
    ),
    "a parameter that SymPy takes for positive": (
        lambda: stated(
            (x,),
            (v >= 0,),
            Proof(
                parameters=(Parameter(Symbol("w", positive=True), False, -oo, oo, "w", strict=True),),
                steps=(Step(Eq(v, Symbol("w", positive=True)), Fact("v is w")), Step(v >= 0)),
            ),
        ),
        "parameters",
        "a symbol with assumptions",
    ),
    "a random threshold": (
        lambda: rare(spend(chi_square_at_most(n, q / n), {q: q}, because=IS_CHI), 1, (q >= n,), steps=(Step(q >= n),)),
        "spends",
        "which is random",
    ),
    "a threshold that is a random parameter": (
        lambda: stated(
            (n,),
            (q >= 5 * n,),
            Proof(
                spends=(spend(chi_square_at_most(n, c), {q: q}, because=IS_CHI),),
                parameters=(bk.reals(c, "c", 0),),
                steps=(Step(Eq(q, 2 * n * c), Fact("c is q/(2 n)")), Step(q >= 5 * n)),
            ),
            1,
        ),
        "spends",
        "which is random",
    ),
    "given a parameter of the statement": (
        lambda: rare(short(given=(n,)), SHORT, steps=SO),
        "spends",
        "a parameter of the proof to be given",
    ),
    "given what it binds": (
        lambda: stated(
            (n,),
            (v >= 0,),
            Proof(
                spends=(spend(chi_square_at_most(n, w), {w: w}, because="w is", given=(w,)),),
                parameters=(bk.reals(w, "w", 0),),
                steps=(Step(Eq(v, w - n), Fact("v is w - n")), Step(v >= 0)),
            ),
            1,
        ),
        "spends",
        "none of what it binds",
    ),
    "a count of nobody knows what": (lambda: using(count=1 + Symbol("s") ** 2), "spends", "random or not declared"),
    "a value for a quantity": (lambda: using((q >= n,), values={q: 2 * q}), "spends", "values of its own parameters"),
    "the wrong quantity": (lambda: using((r >= n / 2,), own=(QUANTITIES[q],)), "claims", "no step shows it"),
    "a name for a parameter": (lambda: using((q >= 50 * n,), names={n: 100 * n}), "spends", "not of n"),
    "two parameters above each other": (
        lambda: stated(
            (n,),
            (v <= 0,),
            Proof(
                parameters=(bk.reals(c, "c", w, strict=False), bk.reals(w, "w", c + 1, strict=False)),
                steps=(Step(Eq(v, n), Fact("v is n")), Step(v <= 0, NonnegativeSum(((n, c - w), (n, w - c - 1))))),
            ),
        ),
        "parameters",
        "ends in parameters before it",
    ),
    "half an integer, called whole": (
        lambda: using((q >= Rational(1, 4),), exp(-Rational(1, 32)), values={n: HALF}, whole="it counts"),
        "spends",
        "an integer n",
    ),
    "one event and a half, called whole": (
        lambda: using(failure=exp(-n / 16) * Rational(3, 2), count=Rational(3, 2), whole="it counts"),
        "spends",
        "a whole number",
    ),
    "a size below a negative threshold": (
        lambda: tail_statement(
            2 - exp(-(Symbol("s") ** 2) / 2), Unimodal(Symbol("s")), bk.reals(Symbol("s"), "s", -5, strict=False)
        ),
        "budget",
        "a threshold that is at least 0",
    ),
    "a name that is a value": (lambda: using((v >= n / 2,), names={q: 2 * v}), "spends", "where it speaks of 2*v"),
    # Why it is so is a fact, and facts are named.
    "the price of tea": (lambda: rare(spend(SHORT, {q: q}), SHORT, steps=SO), "spends", "in words"),
    "a blank reason": (lambda: rare(short(because="  "), SHORT, steps=SO), "spends", "in words"),
    "a lemma without a reason": (lambda: using(because=""), "spends", "in words"),
    "an assumption that nobody makes": (lambda: using(needs=("it rains",)), "spends", 'the assumption "it rains"'),
    "a blank fact": (lambda: about(x, v >= 0, Step(v >= 0, Fact(" "))), "so", "what is taken as known has a name"),
    "a fact that needs what is not known": (
        lambda: about(x, v >= 0, Step(v >= 0, Fact("for x >= 0", (x >= 0,)))),
        "so",
        "x >= 0",
    ),
    "a fact that needs an assumption": (
        lambda: about(x, v >= 0, Step(v >= 0, Fact("where it rains", ("it rains",)))),
        "so",
        "it rains",
    ),
    "a fact that is false at n = 1": (
        lambda: about(n, v >= 2, Step(n >= 2, Fact("clear")), Step(v >= 2), parameters=(n,)),
        "so",
        "is not at n =",
    ),
    "a false fact about a law": (
        lambda: rare(short(), exp(-n), steps=SO, budget=(Step(SHORT <= exp(-n), Fact("folklore")),)),
        "budget",
        "is not at n =",
    ),
    # No proof stands on itself, or on nothing.
    "a circle": (lambda: circle(False), "spends", "may not spend itself"),
    "a circle of two": (lambda: circle(True), "spends", "may not spend itself"),
    "a lemma without a proof": (lambda: using(event=lemma(proof=None)), "spends", "it carries no proof"),
    "a lemma whose proof fails": (
        lambda: using(failure=exp(-n), event=lemma(failure=exp(-n))),
        "spends",
        "a certificate of its own",
    ),
    "no proof at all": (lambda: stated((n,), (q >= n / 2,), Proof()), "claims", "no step shows it"),
    "hypotheses that exclude each other": (
        lambda: about(
            x, v >= 5, Step(v >= 5, NonnegativeSum(((x > 1,), (-x > 0,), (x - 5 >= 0,)))), hypotheses=(x > 1, x < 0)
        ),
        "parameters",
        "no point was found",
    ),
    "a hypothesis that is never met": (
        lambda: about(
            x,
            v >= 5,
            Step(
                v >= 5,
                NonnegativeSum(((exp(x) <= 0, y),)),
            ),
            parameters=(x, y),
            hypotheses=(exp(x) <= 0,),
        ),
        "parameters",
        "no point was found",
    ),
    "a domain given by a point outside": (
        lambda: stated(
            (x,), (v >= 5,), Proof(at=(("x", 3),), steps=(Step(v >= 5, Fact("so it is")),)), hypotheses=(x**2 + 1 <= 0,)
        ),
        "parameters",
        "no point was found",
    ),
    # Parameters that have to be integers; ranges and hypotheses of what is spent.
    "n/2 degrees of freedom": (lambda: using((q >= n / 4,), exp(-n / 32), values={n: n / 2}), "spends", "an integer n"),
    "half a degree of freedom": (
        lambda: using((q >= Rational(1, 4),), exp(-Rational(1, 32)), values={n: HALF}),
        "spends",
        "an integer n",
    ),
    "a real number of degrees": (
        lambda: using((q >= y / 2,), exp(-y / 16), (y,), values={n: y}),
        "spends",
        "an integer n",
    ),
    "no degrees of freedom": (
        lambda: using((q >= (n - 1) / 2,), exp(-(n - 1) / 16), values={n: n - 1}),
        "spends",
        "n - 1 >= 1",
    ),
    "called whole, and maybe 0": (
        lambda: using((q >= z / 2,), exp(-z / 16), (z,), values={n: z}, whole="it counts"),
        "spends",
        "z > 0",
    ),
    "called whole, its lower end a half": (
        lambda: using(
            (q >= z / 2,),
            exp(-z / 16),
            (z,),
            whole="it counts",
            values={n: z},
            event=lemma(parameters=(bk.integers(n, "n", HALF),)),
        ),
        "spends",
        "z >= 1/2",
    ),
    "a hypothesis not met": (
        lambda: using(event=lemma(hypotheses=(Hypothesis("n >= 5", n >= 5),))),
        "spends",
        "n >= 5",
    ),
    "k degrees of freedom, maybe 0": (
        lambda: rare(
            spend(chi_square_at_most(k, HALF), {q: q}, because="q is"),
            chi_square_at_most(k, HALF),
            (q > k / 2,),
            (m, k),
            steps=(Step(q > k / 2),),
        ),
        "spends",
        "k > 0",
    ),
    "a law of x": (
        lambda: rare(
            spend(chi_square_at_most(x, HALF), {q: q}, because="q is"),
            chi_square_at_most(x, HALF),
            (q > x / 2,),
            (x,),
            steps=(Step(q > x / 2),),
        ),
        "spends",
        "x > 0",
    ),
    # Everything is defined.
    "a bound divided by 0": (
        lambda: about(0 * z, v <= 1 / z, Step(v <= 1 / z, NonnegativeSum(((1 / z,),))), parameters=(z,)),
        "so",
        "where z may be 0",
    ),
    "a bound at a pole": (lambda: about(0, v <= 1 / x**2, Step(v <= x**-2), parameters=(x,)), "so", "where x may be 0"),
    "a log of 0": (lambda: about(z, v >= log(z), Step(v >= log(z)), parameters=(z,)), "so", "may not be above 0"),
    "a log of a negative number": (
        lambda: about(x, v >= log(x), Step(v >= log(x), NonnegativeSum())),
        "so",
        "may not be above 0",
    ),
    "a root of a negative number": (lambda: about(x, v <= sqrt(x), Step(v <= sqrt(x), Squares())), "so", "sqrt(x)"),
    "cancelling what may be 0": (
        lambda: about((x**2 - 1) / (x - 1), Eq(v, x + 1), Step(Eq(v, x + 1), Identity())),
        "so",
        "x - 1 may be 0",
    ),
    "0^-z": (lambda: about(0, v <= z ** (-z), Step(v <= z ** (-z)), parameters=(z,)), "so", "may be 0 or below"),
    "a failure divided by 0": (
        lambda: stated((z,), (q >= 0,), Proof(steps=(Step(q >= 0),)), z / z**2),
        "budget",
        "may be 0",
    ),
    # Roots, sizes and logs for negative numbers.
    "sqrt(x^2) = x": (lambda: about(sqrt(x**2), Eq(v, x), Step(Eq(v, x), Identity())), "so", "both sides are one"),
    "|x| = x": (lambda: about(abs(x), Eq(v, x), Step(Eq(v, x), Identity())), "so", "both sides are one"),
    "sqrt(x^2 y) = x sqrt(y)": (
        lambda: about(sqrt(x**2 * y), Eq(v, x * sqrt(y)), Step(Eq(v, x * sqrt(y)), Identity()), parameters=(x, y)),
        "so",
        "both sides are one",
    ),
    "log(x^2) = 2 log(x)": (
        lambda: about(log(x**2), Eq(v, 2 * log(x)), Step(Eq(v, 2 * log(x)), Identity()), hypotheses=(Ne(x, 0),)),
        "so",
        "may not be above 0",
    ),
    "log((x - 1)^2) = 2 log(1 - x)": (
        lambda: about(
            log((x - 1) ** 2),
            Eq(v, 2 * log(abs(x))),
            Step(Eq(v, 2 * log(abs(x))), Identity()),
            hypotheses=(Ne(x, 1), Ne(x, 0)),
        ),
        "so",
        "both sides are one",
    ),
    "(x^4)^(1/4) = x": (lambda: about((x**4) ** Rational(1, 4), Eq(v, x), Step(Eq(v, x), Identity())), "so", "are one"),
    "squares of negative numbers": (
        lambda: about(x, v >= 1, Step(x >= 1, Squares(((x**2 >= 1,),))), hypotheses=(x**2 >= 1,)),
        "so",
        "squares compare",
    ),
    "squares that compare the other way": (
        lambda: about(-y, v >= y, Step(v >= y, Squares()), parameters=(y,)),
        "so",
        "squares compare",
    ),
    "logs of what may be 0": (
        lambda: about(z, v >= z**2, Step(z >= z**2, Logs()), parameters=(z,)),
        "so",
        "logs compare",
    ),
    # What no rule knows.
    "a step at z = 0": (
        lambda: about(Piecewise((0, Eq(z, 0)), (1, True)), v >= 1, Step(v >= 1), parameters=(z,)),
        "so",
        "no rule knows",
    ),
    "floor(x) = x": (lambda: about(floor(x), v >= x, Step(v >= x)), "so", "no rule knows"),
    "sign(z) = 1": (lambda: about(sign(z), v >= 1, Step(v >= 1), parameters=(z,)), "so", "no rule knows"),
    "a float": (lambda: about(x, v >= x + 0.1, Step(v >= x + 0.1)), "so", "to be at least 0"),
    "infinity": (lambda: about(x, v >= 1, Step(v >= oo, NonnegativeSum())), "so", "no rule knows"),
    "a complex number": (
        lambda: about(x**2, v <= -1, Step(v <= sympy.I**2 * (1 + 0 * x), NonnegativeSum())),
        "so",
        "to be at least 0",
    ),
    "a truth for a step": (lambda: about(x, v >= 0, Step(sympy.true)), "so", "a relation that SymPy keeps"),
    "a falsehood for a step": (lambda: about(x, v >= 0, Step(sympy.false, Fact("so it is"))), "so", "that SymPy keeps"),
    # Chernoff, averages, shapes.
    "Chernoff with a negative theta": (
        lambda: rare(short(), exp(-n), steps=SO, budget=(Step(SHORT <= exp(-n), Chernoff(-HALF)),)),
        "budget",
        "theta >= 0",
    ),
    "Chernoff where the mean is infinite": (
        lambda: rare(
            spend(LONG, {q: q}, because=IS_CHI),
            exp(-n),
            (q <= 2 * n,),
            steps=(Step(q <= 2 * n),),
            budget=(Step(LONG <= exp(-n), Chernoff(Rational(3, 4))),),
        ),
        "budget",
        "is finite",
    ),
    "Chernoff with another bound": (
        lambda: rare(short(), exp(-n), steps=SO, budget=(Step(SHORT <= exp(-n), Chernoff(HALF)),)),
        "budget",
        "as this theta gives it",
    ),
    "Chernoff with nan": (
        lambda: rare(short(), exp(-n), steps=SO, budget=(Step(SHORT <= exp(-n), Chernoff(nan)),)),
        "budget",
        "nan",
    ),
    "Chernoff with a parameter": (
        lambda: rare(short(), exp(-n), parameters=(n, x), steps=SO, budget=(Step(SHORT <= exp(-n), Chernoff(x)),)),
        "budget",
        "theta >= 0",
    ),
    "Chernoff for a law that knows no means": (
        lambda: tail_statement(exp(-(t**2)), Chernoff(t), T, gaussian_deviation(t)),
        "budget",
        "cumulant",
    ),
    "half a normal tail": (
        lambda: tail_statement(exp(-(t**2) / 2), Chernoff(t), T),
        "budget",
        "as this theta gives it",
    ),
    "a row sum of no row": (
        lambda: rare(
            spend(ROW, {r: r}, because="r is a row sum"),
            (1 - 1 / m) ** (n / 2) / 2,
            (r > 0,),
            (n, bk.integers(m, "m", 0)),
            steps=(Step(r > 0),),
            budget=(Step(ROW <= (1 - 1 / m) ** (n / 2) / 2, GaussianMixtureTail()),),
        ),
        "spends",
        "m >= 1",
    ),
    "a quarter of a row sum": (
        lambda: rare(
            spend(ROW, {r: r}, because="r is a row sum"),
            (1 - 1 / m) ** (n / 2) / 4,
            (r > 0,),
            (n, m),
            steps=(Step(r > 0),),
            budget=(Step(ROW <= (1 - 1 / m) ** (n / 2) / 4, GaussianMixtureTail()),),
        ),
        "budget",
        "the bound to be",
    ),
    "a shape with the wrong turn": (
        lambda: tail_statement(exp(-(t**2) / 2), Unimodal(t, sympy.Integer(1)), T),
        "budget",
        "to rise up to 1",
    ),
    "a shape that falls below 0": (
        lambda: tail_statement(exp(-(t**2) / 2) - Rational(1, 10**6) * t, Unimodal(t, sqrt(2 / sympy.pi)), T),
        "budget",
        "to ",
    ),
    "a shape that falls below 0 by a growing product": (
        lambda: tail_statement(
            exp(-(t**2) / 2) - Rational(1, 10**6) * t * exp(t / 10**6), Unimodal(t, sqrt(2 / sympy.pi)), T
        ),
        "budget",
        "to ",
    ),
    "a shape that ends below 0": (lambda: bowed(5, 2), "so", "to end at 0 or above"),
    "a shape that turns beyond its range": (lambda: bowed(4, 5), "so", "in the parameter's range"),
    "a shape that turns late": (lambda: bowed(4, 3), "so", "to rise up to 3"),
    "a shape up to another parameter": (lambda: bowed(sympy.Symbol("n"), 2), "so", "to a number or infinity"),
    "a shape in an integer": (
        lambda: tail_statement(exp(-(n**2)), Unimodal(n), PARAMETERS[n], normal_two_sided(n)),
        "budget",
        "a real parameter",
    ),
    "a shape in another parameter": (
        lambda: tail_statement(exp(-(t**2) / 2), Unimodal(n), T),
        "budget",
        "in its one parameter",
    ),
    "a shape that starts below": (
        lambda: tail_statement(exp(-(t**2) / 2) / 2, Unimodal(t, sqrt(2 / sympy.pi)), T),
        "budget",
        "at least 0 at t = 0",
    ),
    "a shape that ends below 0 at a number": (
        lambda: shaped(log(1 + w), w - w**2 / 3, Unimodal(w, HALF), bk.reals(w, "w", 0, Rational(79, 100))),
        "so",
        "to end at 0 or above",
    ),
    "a shape beside a range that moves with it": (
        lambda: shaped(x * y, x**2 / 2, Unimodal(x), bk.reals(x, "x", 0), bk.reals(y, "y", 0, x)),
        "so",
        "ranges do not depend on x",
    ),
    "a shape beside what is known of it": (
        lambda: shaped(x * y, x**2 / 2, Unimodal(x), bk.reals(x, "x", 0), PARAMETERS[y], hypotheses=(y <= x,)),
        "so",
        "the difference to rise",
    ),
    "a shape beside an equation for it": (
        lambda: shaped(x * y, x**2 / 2, Unimodal(x), bk.reals(x, "x", 0), PARAMETERS[y], hypotheses=(Eq(y, x),)),
        "so",
        "the difference to rise",
    ),
    "a shape between two ends that move": (
        lambda: shaped(w**2, w * y / 2, Unimodal(w, HALF), PARAMETERS[y], bk.reals(w, "w", 0, y)),
        "so",
        "from a number to a number or infinity",
    ),
    # The sum of what is spent.
    "from facts that contradict each other": (
        lambda: stated(
            (y,),
            (v >= 100 * y,),
            Proof(
                steps=(
                    Step(v <= -y, Fact("v is small")),
                    Step(v >= y, Fact("v is large")),
                    Step(v >= 100 * y, NonnegativeSum(((99 * HALF, v <= -y), (101 * HALF, v >= y)))),
                )
            ),
        ),
        "parameters",
        "no values were found at which all that is taken as known holds together",
    ),
    "from events that exclude each other": (contradictory, "budget", "is not known"),
    "a chain that starts elsewhere": (
        lambda: rare(short(), exp(-n), steps=SO, budget=(Step(exp(-2 * n) <= exp(-n)),)),
        "budget",
        "the chain stands at",
    ),
    "a chain that ends early": (lambda: lemma(failure=exp(-n / 10)), "budget", "the chain ends before"),
    "nothing added up": (lambda: rare(short(), exp(-n), steps=SO), "budget", "the chain ends before"),
    "a chain that turns": (
        lambda: rare(short(), exp(-n / 16), steps=SO, budget=(Step(SHORT >= exp(-n / 16), NonnegativeSum()),)),
        "budget",
        "the chain stands at",
    ),
    # Claims.
    "a strict claim": (lambda: about(z, v > 0, Step(v >= 0), parameters=(z,)), "claims", "no step shows it"),
    "a claim turned round": (lambda: using((q <= n / 2,)), "claims", "no step shows it"),
    "a claim twice as strong": (lambda: using((q >= n,)), "claims", "no step shows it"),
    "what is at least, for equal": (
        lambda: about(z, Eq(v, 0), Step(v >= 0), parameters=(z,)),
        "claims",
        "no step shows it",
    ),
    # Abbreviations.
    "an abbreviation of itself": (
        lambda: stated((x,), (v >= 0,), Proof(let=((c, c + 1),), steps=(Step(v >= 0, Fact("v is c", (c > c - 1,))),))),
        "parameters",
        "no abbreviation",
    ),
    "two meanings of one abbreviation": (
        lambda: stated(
            (x,),
            (v >= 0,),
            Proof(
                let=((c, x), (c, x**2)),
                steps=(Step(Eq(v, x), Fact("v is x")), Step(c >= 0), Step(v >= 0, NonnegativeSum(((c >= 0,),)))),
            ),
        ),
        "parameters",
        "no abbreviation",
    ),
    "an abbreviation that SymPy takes for positive": (
        lambda: stated(
            (x,),
            (v >= 0,),
            Proof(
                let=((Symbol("c", positive=True), x),),
                steps=(Step(Eq(v, Symbol("c", positive=True)), Fact("v is c")), Step(v >= 0)),
            ),
        ),
        "parameters",
        "no abbreviation",
    ),
    # What SymPy would round, or call true.
    "a count that a float rounds": (
        lambda: rare(
            short(count=HUGE + 1),
            HUGE * SHORT,
            steps=SO,
            budget=(Step(Le((HUGE + 1) * SHORT, Float(1e16) * SHORT, evaluate=False)),),
        ),
        "budget",
        "to be at least 0",
    ),
    "two counts that a float adds": (
        lambda: rare(short(), HUGE * SHORT, spends=(short(count=Float(1e16)), short()), steps=SO),
        "budget",
        "the chain ends before",
    ),
    "an abbreviation that a float rounds": (
        lambda: stated(
            (x,),
            (v >= 0,),
            Proof(let=((w, Float(1e16)), (c, w - (HUGE + 1))), steps=(Step(Eq(v, c), CLEAR), Step(v >= 0))),
        ),
        "so",
        "to be at least 0",
    ),
    "a parameter whose range a float rounds": (
        lambda: stated(
            (x,), (v >= 5,), Proof(parameters=(Parameter(c, False, HUGE + 1, Float(1e16), "c"),), steps=(Step(v >= 5),))
        ),
        "parameters",
        "may have no values",
    ),
    "a hypothesis that is not defined where it is spent": (
        lambda: stated((x, y), (v > 0,), Proof(spends=(spend(POSITIVE, because="v is x"),))),
        "spends",
        "log(x) defined",
    ),
    "a hypothesis that SymPy calls true where it is spent": (
        lambda: stated((x,), (v > 0,), Proof(spends=(spend(POSITIVE, {y: 1}, because="v is x"),))),
        "spends",
        "log(x) defined",
    ),
    "a log to a base below 1": (
        lambda: stated(
            (z,),
            (v >= 0,),
            Proof(steps=(Step(Eq(v, BASE, evaluate=False), CLEAR), Step(Ge(BASE, 0, evaluate=False)), Step(v >= 0))),
        ),
        "so",
        "no rule knows",
    ),
    "a power that ends at e^-9": (
        lambda: about(
            exp(-((z - 1) ** 2)),
            v >= exp(-9),
            Step(HIGHER, Unimodal(z, Integer(1))),
            Step(v >= exp(-9), NonnegativeSum(((HIGHER,),))),
            parameters=(z,),
        ),
        "so",
        "to end at 0 or above",
    ),
    "a parameter that its range ties to v": (lambda: of_itself(ends=(v, v)), "spends", "which is random"),
    "a parameter that a fact ties to v": (lambda: of_itself((Step(Eq(c, v), CLEAR),)), "spends", "which is random"),
    "a half under another name, called whole": (
        lambda: stated(
            (n,),
            (q >= Rational(1, 4),),
            Proof(let=((c, HALF),), spends=(spend(lemma(), {n: c}, because=IS_CHI, whole="it counts"),)),
            exp(-Rational(1, 32)),
        ),
        "spends",
        "an integer n",
    ),
    "a reason that nobody can see": (lambda: rare(short(because="\u200b"), SHORT, steps=SO), "spends", "in words"),
    "a fact that nobody can see": (
        lambda: about(x, v >= 5, Step(v >= 5, Fact("\u200b \u2060"))),
        "so",
        "taken as known has a name",
    ),
}


def two_sided() -> Statement:
    """q - r is at least 0 and r is at least 0: two quantities of one lemma."""
    return stated(
        (n,),
        (q >= n / 2, r >= 0),
        Proof(spends=(short(),), steps=(Step(q >= n / 2), Step(r >= 0, Fact("r is a size")))),
        SHORT,
    )


@pytest.mark.parametrize("trick", FALSE)
def test_no_false_proof_is_accepted(trick: str) -> None:
    build, part, why = FALSE[trick]
    found = build().certificate()
    assert found.holds is None
    refused = [line.why for line in found.missing if line.part == part]
    assert any(why in line for line in refused), (refused, [(line.part, line.why) for line in found.missing])
    assert "NOT SHOWN" in str(found)
    assert "NOT SHOWN" in found.latex()
    assert found.to_dict()["holds"] is None


def liar() -> Statement:
    """Of a law that is never spent, only used in a step."""
    size = twice_as_rare(z)
    step = size <= exp(-1 - z)
    return stated(
        (z,),
        (v <= exp(-1 - z),),
        Proof(
            steps=(
                Step(Eq(v, size), CLEAR),
                Step(step, Chernoff(Integer(1))),
                Step(v <= exp(-1 - z), NonnegativeSum(((step,),))),
            )
        ),
    )


BELOW = bk.reals(v, "a size", 0, n)
WHOLE = bk.integers(v, "a number", -oo, -1)
SQUARE = k**2 >= k
OF_INTEGERS = stated(
    (bk.integers(k, "k", -oo, oo),),
    (v >= k,),
    Proof(
        steps=(
            Step(SQUARE, Fact("integers are at most their squares")),
            Step(Eq(v, k**2), CLEAR),
            Step(v >= k, NonnegativeSum(((SQUARE,),))),
        )
    ),
)


@pytest.mark.parametrize(
    ("build", "printed"),
    [
        (
            lambda: stated(
                (n,),
                (r >= 100,),
                Proof(spends=(spend(NONSENSE, names={v: r}, because="r is v"),), steps=(Step(r >= 100),)),
            ),
            "A false proof: v is large",
        ),
        (
            lambda: stated((n,), (v <= n,), Proof(steps=(Step(v <= n),)), quantities=(BELOW,)),
            "v, a size, is above 0 and at most n",
        ),
        (
            lambda: stated((x,), (v <= -1,), Proof(steps=(Step(v <= -1),)), quantities=(WHOLE,)),
            "v, a number, is an integer and at most -1",
        ),
        (liar, "twice_as_rare is the law that its class says it is"),
        (
            lambda: stated(
                (x,),
                (v >= x,),
                Proof(
                    spends=(spend(OF_INTEGERS, {k: c}, because="v is c^2"),),
                    parameters=(bk.integers(c, "x", -oo, oo),),
                    steps=(Step(Eq(c, x), Fact("c is x")), Step(v >= x, NonnegativeSum(((v >= c,),)))),
                ),
            ),
            "c, x, is an integer",
        ),
        (
            lambda: stated(
                (),
                (v <= 5,),
                Proof(
                    spends=(spend(CONTINUOUS, {x: c}, because="v is continuous"),),
                    parameters=(bk.reals(c, "c"),),
                    steps=(Step(v <= 5, Fact("v is small")),),
                ),
            ),
            "c is a fixed number, and depends on nothing random",
        ),
    ],
    ids=(
        "in a lemma",
        "a range",
        "an integer range",
        "a law in a step",
        "an integer without ends",
        "a fixed parameter",
    ),
)
def test_what_makes_it_false_is_printed(build: Callable[[], Statement], printed: str) -> None:
    """True only if something is that is not: then the certificate says what."""
    found = build().certificate()
    assert found.holds is True
    assert printed in found.assumed
    assert printed in found.to_dict()["assumed"]


@settings(max_examples=30, deadline=None)
@given(st.integers(-9, 9), st.integers(-9, 9), st.integers(-9, 9))
def test_facts_stand_only_where_they_hold_together(low: int, high: int, middle: int) -> None:
    """v between two multiples of y > 0, and twice c, which is another."""
    facts = (v >= low * y, Eq(v, 2 * c), v <= high * y, Eq(c, middle * y))
    steps = tuple(Step(fact, Fact(f"fact {i}")) for i, fact in enumerate(facts))
    s = stated((y,), (v <= high * y,), Proof(parameters=(bk.reals(c, "half of v"),), steps=steps))
    assert (s.certificate().holds is True) == (low <= 2 * middle <= high)


def test_there_are_many_of_them() -> None:
    assert len(FALSE) >= 60


def test_what_they_twist_is_true() -> None:
    """The lemma that most of them start from, and its use, are accepted."""
    assert lemma().certificate().holds is True
    assert using().certificate().holds is True
    assert using((q >= 2 * n,), exp(-n / 4), values={n: 4 * n}).certificate().holds is True
    elsewhere = using(failure=(n - 1) * exp(-n / 16), count=n - 1, where=n >= 2, otherwise="it is")
    assert elsewhere.certificate().holds is True
    assert two_sided().certificate().holds is True
    assert bowed(4, 2).certificate().holds is True


def test_what_is_no_proof_is_refused_when_it_is_written() -> None:
    for parts in ({"steps": [Step(q >= 0)]}, {"spends": (q,)}, {"let": ("c",)}, {"parameters": (n,)}):
        with pytest.raises(StatementError, match="write a tuple of"):
            Proof(**parts)
    with pytest.raises(StatementError, match="does not say what its event is"):
        rare(spend(own_law(n), {q: q}, because=IS_CHI), 1).certificate()
    with pytest.raises(StatementError, match="the law of one variable"):
        rare(spend(SHORT, because=IS_CHI), 1).certificate()


def test_a_budget_stands_only_on_a_proof_that_is_shown() -> None:
    with pytest.raises(StatementError, match="its proof is not shown; budget .* the chain ends before"):
        bk.budget(lemma(failure=exp(-n / 10)), n=3)
    assert bk.budget(lemma(), n=3).items

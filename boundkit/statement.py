"""A statement: with probability at least 1 - failure, every claim holds, wherever the hypotheses do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import cached_property
import inspect
from typing import TYPE_CHECKING, Any, Literal

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from boundkit.corrections import reading_words
from boundkit.erratum import Erratum as Erratum
from boundkit.erratum import Point as Point
from boundkit.errors import ParameterError
from boundkit.experiment import Experiment
from boundkit.expressions import as_real, expression
from boundkit.hypothesis import Hypothesis as Hypothesis
from boundkit.hypothesis import assumed as assumed
from boundkit.mistakes import refuse_contradictions
from boundkit.parameter import Parameter
from boundkit.values import Value, exact_number

if TYPE_CHECKING:
    import numpy as np

    from boundkit.guarantee import Guarantee
    from boundkit.proof.checking import Certificate
    from boundkit.proof.steps import Proof
    from boundkit.solve import Solution


@dataclass(frozen=True)
class Statement:
    """With probability at least 1 - `failure`, every claim holds, wherever the hypotheses do.

    Called with values for some of its letters it gives a `Guarantee`.

    Attributes
    ----------
    name, place : str
        Its name in the catalogue; where it stands in its source.
    parameters : tuple of Parameter
        Its letters.
    quantities : tuple of Parameter
        What the claims bound, with the range in which each lives.
    hypotheses : tuple of Hypothesis
        What it assumes.
    claims : tuple of sympy relations
        ``quantity <= bound``; the headline first.
    failure : sympy.Expr
        The failure probability it allows: a sum of positive terms, 0 where nothing is random.
    truth : sympy.Expr, optional
        The failure probability in fact; where nothing is random, the headline's quantity itself; none where it
        can only be measured.
    truth_is : {"exact", "upper bound"}
        What `truth` is.
    attained : str
        For an upper bound, the case in which it is the exact failure; empty where none is known.
    truth_assumes : tuple of str
        What the truth needs besides the hypotheses.
    worst : tuple of (name, value)
        The worst case, for truth and failure, of letters that these need and that may be left open.
    depends_on : tuple of str
        The statements its proof uses.
    tex : tuple of (key, LaTeX)
        The paper's own LaTeX of "bound" and "failure"; of the bound of a second claim, "bound_2".
    text : tuple of (key, text)
        The same in plain text.
    errata : tuple of Erratum
        What was found in it.
    printed : Statement, optional
        The reading before the last erratum was mended.
    superseded : bool
        Whether another reading corrects this one, whose `printed` it is.
    sampler : callable, optional
        ``(rng, trials, **letters)`` to the headline's quantity, an array of shape (trials,), or a tuple of arrays,
        one for each claim.
    experiment : Experiment, optional
        Instead of a sampler, where networks are trained: how the quantities are drawn and the letters measured.
    paper : str
        The name of the paper that it stands in; empty for one of nobody's.
    rests_on : tuple of (key, place)
        What its proof takes from the literature: a key of `boundkit.citations`, and the place there.
    sharpens : tuple of (name, ((symbol, expression), ...))
        The statements of which it says more, and what its own letters are there.
    proof : Proof, optional
        Why it holds for all sizes, as data; `certificate` checks it.
    doc : str
        The statement in words, with the idea of its proof.
    """

    name: str
    place: str
    parameters: tuple[Parameter, ...]
    quantities: tuple[Parameter, ...]
    hypotheses: tuple[Hypothesis, ...]
    claims: tuple[Relational, ...]
    failure: sympy.Expr
    truth: sympy.Expr | None = None
    truth_is: Literal["exact", "upper bound"] = "exact"
    attained: str = ""
    truth_assumes: tuple[str, ...] = ()
    worst: Point = ()
    depends_on: tuple[str, ...] = ()
    tex: tuple[tuple[str, str], ...] = ()
    text: tuple[tuple[str, str], ...] = ()
    errata: tuple[Erratum, ...] = ()
    printed: Statement | None = None
    superseded: bool = False
    sampler: Callable[..., Any] | None = None
    experiment: Experiment | None = None
    paper: str = ""
    rests_on: tuple[tuple[str, str], ...] = ()
    sharpens: tuple[tuple[str, tuple[tuple[sympy.Symbol, sympy.Expr], ...]], ...] = ()
    proof: Proof | None = None
    doc: str = ""

    def __post_init__(self) -> None:
        for formula in ("failure", "truth"):  # 0 and 0.1 are written as Python numbers
            if (given := getattr(self, formula)) is not None or formula == "failure":
                object.__setattr__(self, formula, expression(given, f"{self.name}: {formula}"))
        if isinstance(self.claims, tuple):
            object.__setattr__(self, "claims", tuple(map(as_real, self.claims)))
        refuse_contradictions(self)
        object.__setattr__(self, "worst", tuple((name, exact_number(value)) for name, value in self.worst))
        if self.printed is not None and not self.printed.superseded:
            object.__setattr__(self, "printed", self.printed._marked())
        self.__dict__["__signature__"] = _signature(self.parameters)

    def __getstate__(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # What was pickled was sound when it was written; looking again would cost a worker more than most tasks.
        self.__dict__.update(state, __signature__=_signature(state["parameters"]))

    def mended(
        self, *, add: tuple[Hypothesis, ...] = (), fixed: Mapping[sympy.Symbol, Any] | None = None, **changes: Any
    ) -> Statement:
        """Return the reading with one erratum mended; `printed` of it is this one.

        Parameters
        ----------
        add : tuple of Hypothesis
            What must be assumed besides.
        fixed : mapping of symbol to value
            Letters that print leaves open and that the mended reading fixes.
        **changes
            Fields that are replaced; `errata` are added to those already known.
        """
        at = {symbol: expression(value, f"{self.name}: {symbol}") for symbol, value in (fixed or {}).items()}
        errata = self.errata + tuple(changes.pop("errata", ()))
        formulas = {key: changes.pop(key, getattr(self, key)) for key in ("claims", "failure", "truth", "parameters")}
        truth = formulas["truth"]
        return replace(
            self,
            hypotheses=changes.pop("hypotheses", self.hypotheses) + add,
            errata=errata,
            printed=self,
            superseded=False,
            parameters=tuple(p for p in formulas["parameters"] if p.symbol not in at),
            claims=tuple(claim.xreplace(at) for claim in formulas["claims"]),
            failure=formulas["failure"].xreplace(at),
            truth=None if truth is None else truth.xreplace(at),
            **changes,
        )

    @property
    def readings(self) -> tuple[Statement, ...]:
        """Every reading, from the printed one to the one that holds."""
        return (self,) if self.printed is None else (*self.printed.readings, self)

    @property
    def as_printed(self) -> Statement:
        """The statement word for word as the paper prints it."""
        return self.readings[0]

    def steps(self) -> Iterator[tuple[Erratum, Statement]]:
        """Each erratum with the reading that it finds fault with."""
        for i, reading in enumerate(self.readings):
            before = self.readings[max(i - 1, 0)]
            known = before.errata if i else ()
            for erratum in reading.errata[len(known) :]:
                yield erratum, erratum.step or before

    @property
    def bound(self) -> sympy.Expr:
        """The headline claim's right-hand side."""
        return self.claims[0].rhs

    @cached_property
    def symbols(self) -> tuple[sympy.Symbol, ...]:
        """The letters, as symbols."""
        return tuple(p.symbol for p in self.parameters)

    @cached_property
    def relations(self) -> tuple[Boolean, ...]:
        """The hypotheses that numbers can decide: relations, or some joined by And and Or."""
        return tuple(h.relation for h in self.hypotheses if h.relation is not None)

    @property
    def assumed(self) -> tuple[str, ...]:
        """The hypotheses that numbers cannot decide."""
        return tuple(h.text for h in self.hypotheses if h.relation is None)

    @property
    def number(self) -> str:
        """The statement's number: its place without the section."""
        return self.place.partition(",")[0]

    @property
    def title(self) -> str:
        """The statement's number, and which reading it is where that is not the last."""
        return f"{self.number} {self.reading}" if self.superseded else self.number

    @property
    def label(self) -> str:
        """The statement's name, and which reading it is where that is not the last."""
        return f"{self.name} {self.reading}" if self.superseded else self.name

    @property
    def reading(self) -> str:
        """Which reading it is: "as printed", "as printed but for E2", "corrected: ..."; '' where there is one only."""
        return reading_words(self)

    def __call__(self, **values: Any) -> Guarantee:
        """Return the statement at these values, a `Guarantee`; letters not given stay free."""
        from boundkit.guarantee import Guarantee

        return Guarantee(self, self.accept(values))

    def accept(self, values: Mapping[str, Any]) -> tuple[tuple[str, Value], ...]:
        """Return the values in the statement's order, exact, each checked against its letter.

        Raises
        ------
        ParameterError
            For an unknown letter, or a value that makes no sense for its letter.
        """
        self.refuse_unknown(values)
        given: dict[sympy.Symbol, Value] = {}
        for p in self.parameters:
            value = values.get(p.name, p.default)
            if value is not None:
                given[p.symbol] = p.read(value)
        for p in self.parameters:
            if p.symbol in given:
                p.require_inside(given)
        return tuple((symbol.name, value) for symbol, value in given.items())

    def refuse_unknown(self, names: Mapping[str, Any]) -> None:
        """Raise a ParameterError where a name is none of the statement's letters."""
        letters = [s.name for s in self.symbols]
        for name in names:
            if name not in letters:
                near = get_close_matches(name, letters, n=1)
                hint = "".join(f"did you mean {letter}? " for letter in near)
                raise ParameterError(f"{self.name} has no letter {name!r}; {hint}its letters are {', '.join(letters)}")

    def evaluate(self, columns: tuple[str, ...] | None = None, **arrays: Any) -> dict[str, np.ndarray]:
        """Evaluate on arrays of values that broadcast against each other.

        Parameters
        ----------
        columns : tuple of str, optional
            Any of "bound" (the headline's), "log_failure", "applies", "verdict" and "log_exact" (log of the true
            failure probability, by the float laws; letters not given take their worst case). By default the first
            three.
        **arrays
            A number or an array for each letter that the columns need.

        Returns
        -------
        dict of str to numpy.ndarray
            Float arrays, a boolean one for "applies", names of verdicts for "verdict" (as a call's: "INFORMATIVE"),
            of the broadcast shape. "applies" is as in a call: False where a
            hypothesis fails, is not defined, or could not be decided even in ball arithmetic; a bound that
            is not defined is nan or inf and a log_failure inf; in the readings that hold, "applies" is False there.

        Raises
        ------
        ParameterError
            For unknown or missing letters, values that make no sense (the first one is named), and shapes that
            do not broadcast.

        Examples
        --------
        >>> import boundkit as bk
        >>> bk.lemma_b_1.evaluate(n=[16, 1_000_000])["log_failure"]
        array([-1.00e+00, -6.25e+04])
        """
        from boundkit.evaluate import evaluate_arrays

        return evaluate_arrays(self, arrays, columns)

    def solve_for(
        self, letter: str, *, failure: Any = None, exact: bool = False, largest: bool = False, **given: Any
    ) -> Solution:
        """Return the smallest value of a letter at which the statement applies and fails rarely enough.

        Parameters
        ----------
        letter : str
            What is solved for.
        failure : number, optional
            The failure probability that is wanted, above 0 and at most 1; without it only that the statement applies.
        exact : bool
            Whether the failure probability in fact is meant, rather than the claimed one.
        largest : bool
            Whether the largest value is wanted.
        **given
            Values of other letters; hypotheses that need letters not given are left open.

        Returns
        -------
        Solution
            The value, an integer where the letter is one, else to nine digits; the neighbour that fails; and the
            reason, also where no value works. Formulas are searched whole, ties decided exactly, and what stays open is
            named; laws (with `exact`) at many sizes, near a jump one by one. `onward`: from where on all work.

        Raises
        ------
        ParameterError
            For unknown letters, values that make no sense, and letters that the failure needs.

        Examples
        --------
        >>> import boundkit as bk
        >>> print(bk.theorem_5_1.solve_for("ell", failure=0.01, d=10**6, m=10))
        ell = 5306 is the smallest ell at which Theorem 5.1 applies and fails with probability at most 0.01, at d = ...
          ell = 5305 fails: ell >= 32 (m - 1) log(m^2 d) does not hold
        """
        from boundkit.solve import solve

        return solve(self, letter, failure=failure, exact=exact, largest=largest, **given)

    def certificate(self) -> Certificate:
        """Return its proof for all sizes, every step checked by machine.

        Raises
        ------
        StatementError
            Where no proof is stored.
        UnknownStatement
            Where it depends on a statement that does not exist.

        Examples
        --------
        >>> import boundkit as bk
        >>> bk.lemma_b_1.certificate().holds
        True
        """
        from boundkit.contents import used_by
        from boundkit.proof.checking import check

        used_by(self)
        return check(self)

    def latex(self) -> str:
        """Return the statement as LaTeX, in the paper's own words where it has them."""
        from boundkit.cards import statement_latex

        return statement_latex(self)

    def __str__(self) -> str:
        from boundkit.cards import statement_text

        return statement_text(self)

    def __repr__(self) -> str:
        return f"<{self.label}: {self.number}, of {', '.join(s.name for s in self.symbols)}>"

    def _repr_latex_(self) -> str:
        from boundkit.cards import inline_latex

        return inline_latex(self, self.latex())

    def _marked(self) -> Statement:
        """The same as a reading that another one corrects."""
        marked = copy(self)
        object.__setattr__(marked, "superseded", True)
        return marked


class _OwnDoc:
    """The class's docstring on the class; on a statement, the statement itself, so that help() shows it."""

    def __init__(self, text: str | None) -> None:
        self.text = text

    def __get__(self, statement: Statement | None, owner: type) -> str | None:
        return self.text if statement is None else f"{statement.doc.strip()}\n\n{statement}"


Statement.__doc__ = _OwnDoc(Statement.__doc__)  # type: ignore[assignment]


def _signature(parameters: tuple[Parameter, ...]) -> inspect.Signature:
    kind = inspect.Parameter.KEYWORD_ONLY
    free = [inspect.Parameter(p.name, kind, default=p.symbol if p.default is None else p.default) for p in parameters]
    return inspect.Signature(free)

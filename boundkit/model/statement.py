"""A statement: with probability at least 1 - failure, every claim holds, wherever the hypotheses do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self, cast

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from boundkit.coerce import as_real, expression
from boundkit.model.corrections import reading_words
from boundkit.model.erratum import Erratum as Erratum
from boundkit.model.erratum import Point as Point
from boundkit.model.experiment import Experiment
from boundkit.model.hypothesis import Hypothesis as Hypothesis
from boundkit.model.hypothesis import assumed as assumed
from boundkit.model.parameter import Parameter
from boundkit.model.validation import any_numbers, refuse_contradictions
from boundkit.values import exact_number

if TYPE_CHECKING:
    from boundkit.model.proof import Proof


@dataclass(frozen=True)
class StatementRecord:
    """With probability at least 1 - `failure`, every claim holds, wherever the hypotheses do.

    Attributes
    ----------
    name, place : str
        Its name in the catalogue; where it stands in its source.
    parameters : tuple of Parameter
        Its parameters.
    quantities : tuple of Parameter, optional
        What the claims bound, with the range in which each lives; left out, any numbers.
    hypotheses : tuple of Hypothesis, optional
        What it assumes.
    claims : tuple of sympy relations
        ``quantity <= bound``; the headline first.
    failure : sympy.Expr
        The failure probability it allows: a sum of positive terms, 0 where nothing is random.
    truth : sympy.Expr, optional
        The exact failure probability; where nothing is random, the headline's quantity itself; none where it
        can only be measured.
    truth_is : {"exact", "upper bound"}
        What `truth` is.
    attained : str
        For an upper bound, the case in which it is the exact failure; empty where none is known.
    truth_assumes : tuple of str
        What the truth needs besides the hypotheses.
    worst_case : tuple of (name, value)
        The worst case, for truth and failure, of parameters that these need and that may be left open.
    depends_on : tuple of str
        The statements its proof uses.
    tex : tuple of (key, LaTeX)
        The paper's own LaTeX of "bound" and "failure"; of the bound of a second claim, "bound_2".
    text : tuple of (key, text)
        The same in plain text.
    errata : tuple of Erratum
        What was found in it.
    printed : StatementRecord, optional
        The reading before the last erratum was corrected.
    superseded : bool
        Whether another reading corrects this one, whose `printed` it is.
    sampler : callable, optional
        ``(rng, trials, **parameters)`` to the headline's quantity, an array of shape (trials,), or a tuple of arrays,
        one for each claim, or a mapping of the quantities' names to them.
    tilted : callable, optional
        ``(rng, trials, tilt, **parameters)`` to what the sampler gives, drawn under another law, and the log weights,
        an array of shape (trials,): logs of the density of the statement's law over that of the other. Any real
        `tilt` is a law, 0 the statement's own. For failures that plain draws never show.
    experiment : Experiment, optional
        Instead of a sampler, where networks are trained: how the quantities are drawn and the parameters measured.
    paper : str
        The name of the paper that it stands in; empty for one of nobody's.
    rests_on : tuple of (key, place)
        What its proof takes from the literature: a key of `boundkit.studies.citations`, and the place there.
    sharpens : tuple of (name, ((symbol, expression), ...))
        The statements of which it says more, and what its own parameters are there.
    proof : Proof, optional
        Why it holds for all sizes, as data; `certificate` checks it.
    doc : str
        The statement in words, with the idea of its proof.
    """

    name: str
    place: str
    parameters: tuple[Parameter, ...]
    quantities: tuple[Parameter, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    claims: tuple[Relational, ...] = ()  # refused, as is nan: these two have to be given
    failure: sympy.Expr = sympy.nan
    truth: sympy.Expr | None = None
    truth_is: Literal["exact", "upper bound"] = "exact"
    attained: str = ""
    truth_assumes: tuple[str, ...] = ()
    worst_case: Point = ()
    depends_on: tuple[str, ...] = ()
    tex: tuple[tuple[str, str], ...] = ()
    text: tuple[tuple[str, str], ...] = ()
    errata: tuple[Erratum, ...] = ()
    printed: Self | None = None
    superseded: bool = False
    sampler: Callable[..., Any] | None = None
    tilted: Callable[..., Any] | None = None
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
        if self.quantities == ():
            object.__setattr__(self, "quantities", any_numbers(self))
        refuse_contradictions(self)
        object.__setattr__(self, "worst_case", tuple((name, exact_number(value)) for name, value in self.worst_case))
        if self.printed is not None and not self.printed.superseded:
            object.__setattr__(self, "printed", self.printed._marked())

    def __getstate__(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def readings(self) -> tuple[Self, ...]:
        """Every reading, from the printed one to the one that holds."""
        return (self,) if self.printed is None else (*self.printed.readings, self)

    @property
    def as_printed(self) -> Self:
        """The statement word for word as the paper prints it."""
        return self.readings[0]

    def steps(self) -> Iterator[tuple[Erratum, Self]]:
        """Each erratum with the reading that it finds fault with."""
        for i, reading in enumerate(self.readings):
            before = self.readings[max(i - 1, 0)]
            known = before.errata if i else ()
            for erratum in reading.errata[len(known) :]:
                yield erratum, cast("Self", erratum.step) or before

    @property
    def bound(self) -> sympy.Expr:
        """The headline claim's right-hand side."""
        return self.claims[0].rhs

    @cached_property
    def symbols(self) -> tuple[sympy.Symbol, ...]:
        """The parameters, as symbols."""
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
    def qualified_name(self) -> str:
        """``paper.statement``; the bare name where it stands in no paper."""
        return f"{self.paper}.{self.name}" if self.paper else self.name

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
        """Which reading it is: "as printed", so but for an erratum, "corrected: ..."; '' where there is one only."""
        return reading_words(self)

    def _marked(self) -> Self:
        """The same as a reading that another one corrects."""
        marked = copy(self)
        object.__setattr__(marked, "superseded", True)
        return marked

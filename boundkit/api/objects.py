"""What people hold: a statement with its verbs, and what these answer.

Each class is a record of a room below; only what speaks of a `Statement` has a class here, so that an editor completes
``guarantee.statement.solve_for``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
import inspect
from typing import TYPE_CHECKING, Any, Self, TypeVar

import sympy

from boundkit.engine import cards
from boundkit.engine.accept import accept, refuse_unknown
from boundkit.engine.guarantee import GuaranteeRecord
from boundkit.model.corrections import corrected
from boundkit.model.hypothesis import Hypothesis
from boundkit.model.parameter import Parameter
from boundkit.model.statement import StatementRecord
from boundkit.model.substitution import substituted
from boundkit.values import Value

if TYPE_CHECKING:
    import numpy as np

    from boundkit.api.answers import Certificate, Solution

R = TypeVar("R")


class Guarantee(GuaranteeRecord):
    """A statement and the values given for some of its parameters.

    Attributes
    ----------
    statement : Statement
        What is promised.
    values : tuple of (name, value)
        The values, exact, in the statement's order.
    """

    statement: Statement


class Statement(StatementRecord):
    __doc__ = StatementRecord.__doc__

    def __setstate__(self, state: dict[str, Any]) -> None:
        # What was pickled was sound when it was written; looking again would cost a worker more than most tasks.
        self.__dict__.update(state)

    def __call__(self, **values: Any) -> Guarantee:
        """Return the statement at these values, a `Guarantee`; parameters not given stay free."""
        return Guarantee(self, accept(self, values))

    def accept(self, values: Mapping[str, Any]) -> tuple[tuple[str, Value], ...]:
        """Return the values in the statement's order, exact, each checked against its parameter.

        Raises
        ------
        ParameterError
            For an unknown parameter, or a value that makes no sense for its parameter.
        """
        return accept(self, values)

    def refuse_unknown(self, names: Iterable[str]) -> None:
        """Raise a ParameterError where a name is none of the statement's parameters."""
        refuse_unknown(self, names)

    def corrected(
        self, *, add: tuple[Hypothesis, ...] = (), fixed: Mapping[sympy.Symbol, Any] | None = None, **changes: Any
    ) -> Self:
        """Return the reading with one erratum corrected; `printed` of it is this one.

        Parameters
        ----------
        add : tuple of Hypothesis
            What must be assumed besides.
        fixed : mapping of symbol to value
            Parameters that print leaves open and that the corrected reading fixes.
        **changes
            Fields that are replaced; `errata` are added to those already known.
        """
        return corrected(self, add=add, fixed=fixed, **changes)

    def substituted(
        self,
        values: Mapping[sympy.Symbol, Any],
        *,
        parameters: tuple[Parameter, ...],
        words: tuple[tuple[str, str], ...] = (),
        **told: Any,
    ) -> Self:
        """Return the statement with formulas put in for some of its parameters, as in a corollary.

        Claims, failure, truth and hypotheses are this one's at the values, and so are the ranges of the quantities.
        What is written for a reader stays behind: name, place, doc, text, tex, errata, proof and all else is told anew,
        or left out.

        Parameters
        ----------
        values : mapping of symbol to expression
            What is put in, each in its parameter's range: a proof by ``spend(statement, values)`` shows that.
        parameters : tuple of Parameter
            Those of the new statement.
        words : tuple of (text, LaTeX)
            How the hypotheses read that the values change, in their order; one that they always meet is left out.
        **told
            The other fields: `name`, `place`, and any that is not to be this one's.

        Raises
        ------
        StatementError
            For values of what is no parameter, too few or too many words, and what no statement may be.

        Examples
        --------
        >>> import boundkit as bk, sympy
        >>> n, side = sympy.symbols("n side")
        >>> image = bk.lemma_b_1.substituted(
        ...     {n: side**2},
        ...     parameters=(bk.integers(side, "pixels on a side"), *bk.lemma_b_1.parameters[1:]),
        ...     name="image", place="Images",
        ... )
        >>> image.claims, image.failure
        ((norm_squared >= side**2*sigma**2/2,), exp(-side**2/16))
        >>> image(side=20).log_failure == bk.lemma_b_1(n=400).log_failure
        True
        """
        return substituted(self, values, parameters=parameters, words=words, **told)

    def evaluate(self, columns: tuple[str, ...] | None = None, **arrays: Any) -> dict[str, np.ndarray]:
        """Evaluate on arrays of values that broadcast against each other.

        Parameters
        ----------
        columns : tuple of str, optional
            Any of "bound" (the headline's), "log_failure", "applies", "verdict" and "log_exact" (log of the true
            failure probability, by the float laws; parameters not given take their worst case). By default the first
            three.
        **arrays
            A number or an array for each parameter that the columns need.

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
            For unknown or missing parameters, values that make no sense (the first one is named), and shapes that
            do not broadcast.

        Examples
        --------
        >>> import boundkit as bk
        >>> bk.lemma_b_1.evaluate(n=[16, 1_000_000])["log_failure"]
        array([-1.00e+00, -6.25e+04])
        """
        from boundkit.engine.evaluate import evaluate_arrays

        return evaluate_arrays(self, arrays, columns)

    def solve_for(
        self,
        parameter: str,
        *,
        failure: Any = None,
        bound: Any = None,
        exact: bool = False,
        largest: bool = False,
        **given: Any,
    ) -> Solution:
        """Return the smallest value of a parameter at which the statement applies and promises enough.

        Parameters
        ----------
        parameter : str
            What is solved for.
        failure : number, optional
            The failure probability that is wanted, above 0 and at most 1.
        bound : number, optional
            What the headline is to promise: its bound at least so large, or at most where it bounds from above. The
            failure probability is then below 1, or as is wanted. Without both only that the statement applies.
        exact : bool
            Whether the exact failure probability is meant, rather than the claimed one.
        largest : bool
            Whether the largest value is wanted.
        **given
            Values of other parameters; hypotheses that need parameters not given are left open.

        Returns
        -------
        Solution
            The value, an integer where the parameter is one, else to nine digits; the neighbour that fails; and the
            reason, also where no value works. Formulas are searched whole, ties decided exactly, and what stays open is
            named; laws (with `exact`) at many sizes, near a jump one by one. `onward`: from where on all work.

        Raises
        ------
        ParameterError
            For unknown parameters, values that make no sense, and parameters that the failure needs.

        Examples
        --------
        >>> import boundkit as bk
        >>> print(bk.theorem_5_1.solve_for("ell", failure=0.01, d=10**6, m=10))
        ell = 5306 is the smallest ell at which Theorem 5.1 applies and fails with probability at most 0.01, at d = ...
          ell = 5305 fails: ell >= 32 (m - 1) log(m^2 d) does not hold
        >>> print(bk.theorem_4_1.solve_for("ell", bound=0.5, d=1000, m=10, k=6))
        ell = 834 is the smallest ell at which Theorem 4.1 applies and promises |gradient orthogonal to P| >= 0.5, ...
          ell = 833 fails: |gradient orthogonal to P| >= 0.5 does not hold
        """
        from boundkit.api.answers import Solution
        from boundkit.engine.solve import solve

        return lift(
            Solution, solve(self, parameter, failure=failure, bound=bound, exact=exact, largest=largest, **given)
        )

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
        from boundkit.api.answers import Certificate
        from boundkit.api.papers import used_by
        from boundkit.engine.proof.checking import check

        used_by(self)
        return lift(Certificate, check(self))

    def latex(self, theorem: bool = False) -> str:
        r"""Return the statement as LaTeX, in the paper's own words where it has them.

        Parameters
        ----------
        theorem : bool
            As a theorem environment with its parameters and assumptions, for a document; else a formula in a line.

        Examples
        --------
        >>> import boundkit as bk
        >>> print(bk.lemma_b_1.latex(theorem=True).splitlines()[-1])
        \end{lemma}
        """
        if not theorem:
            return cards.statement_latex(self)
        from boundkit.engine.displays import statement_theorem

        return statement_theorem(self)

    def __str__(self) -> str:
        return cards.statement_text(self)

    def __repr__(self) -> str:
        return f"<{self.label}: {self.number}, of {', '.join(s.name for s in self.symbols)}>"

    def _repr_latex_(self) -> str:
        return cards.inline_latex(self, self.latex())


def lift(cls: type[R], record: Any) -> R:
    """A record as an object of its class here; the fields are shared, nothing is copied or checked again."""
    new = object.__new__(cls)
    new.__dict__.update({f.name: getattr(record, f.name) for f in fields(record)})
    return new


class _OfStatement:
    """What the class has of its own, and every statement anew."""

    def __init__(self, of_class: Any, of_statement: Any) -> None:
        self.of_class, self.of_statement = of_class, of_statement

    def __get__(self, statement: Statement | None, owner: type) -> Any:
        if statement is not None:
            return self.of_statement(statement)
        if self.of_class is None:
            raise AttributeError  # as if the class had none
        return self.of_class


def _doc(s: Statement) -> str:
    return f"{s.doc.strip()}\n\n{s}"


def _signature(s: Statement) -> inspect.Signature:
    kind = inspect.Parameter.KEYWORD_ONLY
    free = [inspect.Parameter(p.name, kind, default=p.symbol if p.default is None else p.default) for p in s.parameters]
    return inspect.Signature(free)


# help(statement) shows the statement, and an editor completes theorem(d=, ell=, ...); mypy lets nobody assign these.
setattr(Statement, "__doc__", _OfStatement(Statement.__doc__, _doc))  # noqa: B010  no assignment, for mypy
setattr(Statement, "__signature__", _OfStatement(None, _signature))  # noqa: B010  likewise

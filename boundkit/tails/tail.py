"""A probability as a SymPy function: what a law has to say of itself."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import signature
from typing import Any

import sympy

from boundkit.errors import StatementError
from boundkit.values import Formula

OPERATORS = {"<=": r"\leq", ">=": r"\geq"}


class Tail(sympy.Function):
    """A probability, with its logarithm on arrays and at one point."""

    parameters: tuple[str, ...] = ()  # the names of its arguments, in order; by default those that its `ball` has
    continuous = False  # whether its log moves without jumps as its arguments do; else arrays look for jumps
    pointwise = False  # whether arrays are computed one point after the other, each in milliseconds

    @property
    def event(self) -> tuple[str, tuple[Formula, ...], str, Formula] | None:
        """The variable's name, its parameters, <= or >=, and the threshold: how the law is printed."""
        return None

    def _latex(self, printer: Any, exp: str = "") -> str:
        variable, parameters, operator, threshold = self.event or (type(self).__name__, self.args, "", "")
        of = ", ".join(map(printer._print, parameters))
        name = rf"\chi^2_{{{of}}}" if variable == "chi2" else rf"\text{{{variable.replace('_', ' ')}}}"
        name = rf"{name}\left({of}\right)" if of and variable != "chi2" else name
        text = rf"\Pr\left[ {name} {OPERATORS[operator]} {printer._print(threshold)} \right]" if operator else name
        return rf"\left({text}\right)^{{{exp}}}" if exp else text

    def rescaled(self, factor: Formula) -> Tail:
        """Return the same law with its threshold multiplied by a factor."""
        raise StatementError(f"{type(self).__name__} does not say where its threshold is; give it a `rescaled`")

    @property
    def formula(self) -> sympy.Expr | None:
        """The probability in SymPy's own functions, where it has one that proofs can differentiate."""
        return None

    @property
    def domain(self) -> tuple[Formula, ...]:
        """The relations between its parameters without which there is no such law."""
        return ()

    @property
    def whole(self) -> tuple[Any, ...]:
        """The parameters that have to be whole numbers."""
        return ()

    @property
    def support(self) -> tuple[Formula, bool] | None:
        """The lower end of its variable, almost surely, and whether it is outside; None where it is not said."""
        return None

    @property
    def sides(self) -> int:
        """How many tails of the variable the event has: 2 where its absolute value is meant."""
        return 1

    def cumulant(self, theta: Formula) -> tuple[sympy.Expr, Formula]:
        """Return log E exp(theta X) for the variable X, and the condition under which it is finite."""
        raise StatementError(f"{type(self).__name__} does not know its cumulants; give it a `cumulant`")

    @staticmethod
    def log(*args: Any) -> Any:
        """Return log P on broadcast arrays."""
        raise StatementError("this law answers at one point only; give it a `log` that takes arrays")

    @staticmethod
    def ball(*args: Any) -> Any:
        """Return an arb that encloses log P, never above 0; each argument is an fmpq where it is rational, or an arb.

        It is asked again at more of flint's working precision, up to 2048 bits, while its answer is too wide.
        """
        raise StatementError("this law has no certified value; give it a `ball` that returns an enclosure of log P")


class Threshold(Tail):
    """A law whose last argument is its threshold, and whose others are its variable's parameters."""

    _variable = ""
    _operator = ">="

    @property
    def event(self) -> tuple[str, tuple[Formula, ...], str, Formula]:
        """How the law is printed."""
        *parameters, threshold = self.args
        return self._variable, tuple(parameters), self._operator, threshold

    def rescaled(self, factor: Formula) -> Tail:
        """The threshold is the last argument."""
        *parameters, threshold = self.args
        return type(self)(*parameters, factor * threshold)


def parameter_names(law: type[Tail]) -> tuple[str, ...]:
    """The names of a law's arguments: its `parameters`, else those of its `ball`.

    >>> from boundkit.tails import chi_square_at_least
    >>> parameter_names(chi_square_at_least)
    ('n', 'a')
    """
    if law.parameters:
        return law.parameters
    given = signature(law.ball).parameters.values()
    names = tuple(p.name for p in given if p.kind is p.POSITIONAL_OR_KEYWORD)
    counts = [int(count) for count in law.nargs] if isinstance(law.nargs, sympy.FiniteSet) else [len(names)]
    return names if len(names) in counts else tuple(f"x_{i + 1}" for i in range(counts[0]))


def law_says(law: type[Tail], args: Iterable[Any], error: BaseException) -> str:
    """What went wrong inside a law, in a line that names it."""
    return f"{law_at(law, args)} gave {type(error).__name__}: {error}"


def law_at(law: type[Tail], args: Iterable[Any]) -> str:
    """A law at a point, in words."""
    given = ", ".join(arg.str(6, radius=False) if hasattr(arg, "rad") else str(arg) for arg in args)
    return f"the law {law.__name__}({given})"

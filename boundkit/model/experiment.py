"""How a statement's quantities are drawn from trained networks: named by the statement, loaded when it is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from typing import Any

import sympy


@dataclass(frozen=True)
class Later:
    """A function of another module, imported when it is called: a statement names it and loads nothing.

    Attributes
    ----------
    module, name : str
        Where it is defined, and what it is called there.
    """

    module: str
    name: str

    def __call__(self, *args: Any, **how: Any) -> Any:
        """Call it."""
        return getattr(import_module(self.module), self.name)(*args, **how)


@dataclass(frozen=True)
class Experiment:
    """How the quantities of a statement about networks or Gaussian vectors are drawn.

    A draw takes (setting, rng, trials), a `boundkit.simulate.setting.Setting` first, and returns arrays (trials,) by
    name: the claims' quantities, and the parameters that it measured anew in every trial.

    Attributes
    ----------
    law, full : callable
        The draw by its law given the trained part, and the one that takes nothing from the laws.
    weight, full_weight : callable
        How many numbers one trial of each takes, from the setting.
    measures : tuple of (parameter, measure)
        What a trained network says of which parameter; the measures are those of `boundkit.simulate.measures`.
    training : tuple of (option, expression)
        Options of training as the statement's parameters give them; one whose parameters are not given is left out.
    deviation : sympy.Expr, optional
        The standard deviation of the untrained weights; 1/sqrt(d) unless given.
    network : tuple of (part, expression)
        What the network that is built has, as the parameters give it: "d", "ell" and "m" its input dimension, the
        dimension orthogonal to the data and its width; "opposing" and "output" what one with given inputs is built
        for. Of several for one part the first whose parameters are given counts.
    sizes : tuple of (parameter, value) tuples
        Small sizes at which it is simulated, the first where the statement says something; parameters that a statement
        does not have are left out.
    seen : tuple of (parameter or quantity, name or number)
        What a network of one's own says of it besides, by the names of `boundkit.simulate.seeing`; a number for a
        parameter that is free to choose.
    """

    law: Callable[..., Any]
    full: Callable[..., Any]
    weight: Callable[..., float]
    full_weight: Callable[..., float]
    measures: tuple[tuple[str, str], ...] = ()
    training: tuple[tuple[str, sympy.Expr], ...] = ()
    deviation: sympy.Expr | None = None
    network: tuple[tuple[str, sympy.Expr], ...] = ()
    sizes: tuple[tuple[tuple[str, Any], ...], ...] = ()
    seen: tuple[tuple[str, str | int | Fraction], ...] = ()

    def formulas(self, *parts: str) -> tuple[sympy.Expr, ...]:
        """What says these parts of the network, in the parameters."""
        return tuple(formula for part, formula in self.network if part in parts)

    def parameters(self, *parts: str) -> frozenset[str]:
        """The parameters that say these parts of the network."""
        return frozenset(x.name for formula in self.formulas(*parts) for x in formula.free_symbols)

    def named(self, *parts: str) -> dict[str, str]:
        """The parameters that are one of these parts themselves, and which."""
        return {f.name: part for part in parts for f in self.formulas(part) if f.is_Symbol}

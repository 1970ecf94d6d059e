"""Laws on arrays: what they refuse stays a gap of its own, and where they jump balls have to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flint import fmpq
import numpy as np
import sympy

from boundkit.enclose import BITS, BrokenLaw, law_ball, nearest
from boundkit.engine.doubts import Columns
from boundkit.errors import LawError, ParameterError, PrecisionError, StatementError, is_mistake
from boundkit.model.parameter import Parameter
from boundkit.precision import at_bits
from boundkit.tails import LogOf, Tail, law_says
from boundkit.values import exact_number

MOVED = 1e-12  # more than the rounding of a law's threshold, less than anybody means
JUMP = 1e-9  # what a law without jumps moves by less


def answers(formula: sympy.Expr) -> bool:
    """Whether every law in a formula answers on arrays."""
    return all(type(tail).log is not Tail.log for tail in formula.atoms(Tail))


def guarded(tail: type[Tail]) -> Callable[..., Any]:
    """The law on arrays, nan where it refuses to answer; an error that names it where it never answers at all."""

    def log(*args: np.ndarray | float) -> Any:
        if tail.log is Tail.log:
            return _by_balls(tail, *args)
        try:
            return tail.log(*args)
        except StatementError:
            raise
        except BaseException as error:  # a law of the user's may raise anything
            if not is_mistake(error):
                raise
            columns = np.broadcast_arrays(*map(np.asarray, args))
            shape, flat = columns[0].shape, [values.ravel() for values in columns]
            found = _where_it_answers(tail, flat).reshape(shape)
            if isinstance(error, ParameterError | PrecisionError) or not np.isnan(found).all():
                return found
            raise LawError(f"{law_says(tail, ('...',), error)}; mend its `log`, or the truth that asks it") from error

    return log


def _by_balls(tail: type[Tail], *args: np.ndarray | float) -> Any:
    """The law on arrays, point by point: slow, and all that a law without a `log` offers."""

    def at(*point: float) -> float:
        try:
            exact = (exact_number(float(x)) for x in point)
            return nearest(at_bits(BITS, law_ball, tail, [fmpq(x.numerator, x.denominator) for x in exact]))
        except BrokenLaw:
            raise
        except (LawError, ParameterError, PrecisionError):  # not finite, not defined, or out of reach
            return np.nan

    return np.vectorize(at, otypes=[float])(*args)


def _where_it_answers(tail: type[Tail], columns: list[np.ndarray]) -> np.ndarray:
    """The law on halves, and halves of those that it refuses: one point outside its domain leaves the others alone."""
    size = len(columns[0])
    try:
        return np.broadcast_to(np.asarray(tail.log(*columns), float), size)
    except BaseException as error:  # `guarded` says what it was where nothing answers
        if not is_mistake(error):
            raise
        if size <= 1:
            return np.full(size, np.nan)
        halves = ([values[part] for values in columns] for part in (slice(size // 2), slice(size // 2, size)))
        return np.concatenate([_where_it_answers(tail, half) for half in halves])


def jumping_laws(formula: sympy.Expr) -> tuple[LogOf, ...]:
    """The logs of laws in a formula that may jump, as a law on a lattice does, and that balls can decide."""
    logs = (log for log in formula.atoms(LogOf) if not log.tail.continuous and type(log.tail).ball is not Tail.ball)
    return tuple(logs)


def jumps(log: LogOf, values: Columns, parameters: Iterable[Parameter]) -> Any:
    """Where a law gives another value as soon as its arguments move by their rounding."""
    integers = {p.symbol: sympy.Dummy(integer=True) for p in parameters if p.integer}
    moved = [not arg.xreplace(integers).is_integer for arg in log.tail.args]
    if not any(moved):
        return np.False_
    law, here = guarded(type(log.tail)), values[log]
    args = np.broadcast_arrays(*(np.asarray(values[arg], float) for arg in log.tail.args))
    jumped: Any = np.False_
    for way in (1 - MOVED, 1 + MOVED):
        there = law(*(x * way if moves else x for x, moves in zip(args, moved, strict=True)))
        jumped = jumped | ~((np.abs(there - here) <= JUMP * np.abs(here)) | (there == here))
    return jumped

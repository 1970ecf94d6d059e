"""How many threads linear algebra takes: one, so that sums are added in the same order whatever the machine is.

More is the caller's choice, within `linear_algebra_threads`; sweeps keep to one a task.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

from boundkit.simulate.arguments import count

P = ParamSpec("P")
Result = TypeVar("Result")

_chosen = ContextVar("threads", default=1)
_kept = ContextVar("kept", default=0)  # to how many a function keeps that is running; 0 outside them


@contextmanager
def linear_algebra_threads(number: int) -> Iterator[None]:
    """Within it the simulator's linear algebra takes up to so many threads instead of one.

    A seed then fixes results up to rounding, and no longer to the last bit.

    Examples
    --------
    >>> from boundkit.simulate import problem, train
    >>> with linear_algebra_threads(2):
    ...     network = train(problem(d=60, ell=40, points=6, seed=1), m=8, steps=50)
    """
    token = _chosen.set(count("number", number, "the number of threads"))
    try:
        yield
    finally:
        _chosen.reset(token)


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> Any:
    """A context in which BLAS keeps to one thread."""
    return _controller().limit(limits=1, user_api="blas")


def single_threaded(function: Callable[P, Result]) -> Callable[P, Result]:
    """The function, run with one thread, or with as many as the caller chose."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> Result:
        number = _chosen.get()
        if _kept.get() == number:
            return function(*args, **kwargs)
        token = _kept.set(number)
        try:
            with _controller().limit(limits=number, user_api="blas"):
                return function(*args, **kwargs)
        finally:
            _kept.reset(token)

    return run

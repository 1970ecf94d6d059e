"""One BLAS thread a task, so that sums are added in the same order whatever the machine is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
Result = TypeVar("Result")


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> Any:
    """A context in which BLAS keeps to one thread."""
    return _controller().limit(limits=1, user_api="blas")


def single_threaded(function: Callable[P, Result]) -> Callable[P, Result]:
    """The function, run in that context."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> Result:
        with one_thread():
            return function(*args, **kwargs)

    return run

"""flint's working precision, set and restored in one place.

It belongs to the process, not to a thread: one lock keeps our own threads apart, and what ran while a foreign thread
changed the precision is run again, in longer turns of Python's threads until one is long enough.
"""

from __future__ import annotations

from collections.abc import Callable
import os
import sys
from threading import RLock
from typing import Any, TypeVar

from flint import ctx

from boundkit.errors import PrecisionError, Signal

T = TypeVar("T")

ATTEMPTS = 12  # the last in turns of some ten seconds

_LOCK = RLock()
_wanted = 0  # the bits that the thread with the lock computes in; 0 where none computes


class _Disturbed(Signal):
    """The precision is not the one that was set."""


def at_bits(bits: int, compute: Callable[..., T], *args: Any) -> T:
    """Return ``compute(*args)``, all of it at so many bits; the caller's precision is left as it was.

    Raises
    ------
    PrecisionError
        Where the precision never stays what it is for as long as that takes.
    """
    global _wanted
    with _LOCK:
        outer, before, turns = _wanted, ctx.prec, sys.getswitchinterval()
        try:
            for attempt in range(ATTEMPTS):
                ctx.prec = _wanted = bits
                try:
                    found = compute(*args)
                except _Disturbed:
                    pass
                except Exception:
                    if ctx.prec == bits:
                        raise
                else:
                    if ctx.prec == bits:
                        return found
                before = before if outer else ctx.prec  # what the other thread asked for last
                sys.setswitchinterval(max(turns, 0.005) * 2**attempt)
        finally:
            _wanted = outer
            if sys.getswitchinterval() != turns:
                sys.setswitchinterval(turns)
            ctx.prec = before
    raise PrecisionError(
        "flint.ctx.prec changes while balls are computed: a thread or the `ball` of a law sets it; restore it there"
    )


def watch() -> None:
    """Give up a computation in which the precision was changed, so that `at_bits` runs it again; loops call it."""
    if _wanted and ctx.prec != _wanted:
        raise _Disturbed


def _new_lock() -> None:
    """After a fork: the thread that held the lock is not there any more."""
    global _LOCK, _wanted
    _LOCK, _wanted = RLock(), 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_lock)

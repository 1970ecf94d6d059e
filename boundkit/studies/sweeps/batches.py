"""A batch of tasks, run in one process on one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import resource_tracker
import os
import signal
from threading import RLock, Thread, current_thread, main_thread
from time import perf_counter, sleep
import traceback

from joblib.externals.loky.backend import resource_tracker as loky_tracker
from threadpoolctl import threadpool_limits

from boundkit.errors import BoundkitError, StatementError, is_mistake
from boundkit.studies.sweeps.runners import KINDS
from boundkit.studies.sweeps.sending import Parcel
from boundkit.studies.sweeps.serialize import from_text, to_text
from boundkit.studies.sweeps.tasks import Subject, Task
from boundkit.version import VERSION

# The number of bits in ball arithmetic and of BLAS threads belongs to the process, so its threads take turns.
_TURN = RLock()


@dataclass(frozen=True)
class Outcome:
    """What a task came to: a result as JSON, or the error that it ended with."""

    task: Task
    result: str | None
    error: str | None


@dataclass(frozen=True)
class Done:
    """A batch's outcomes, the seconds a task took, and the traceback of a task that broke, with which it ended."""

    outcomes: tuple[Outcome, ...]
    pace: float
    broken: tuple[Task, str] | None = None


@dataclass(frozen=True)
class Batch:
    """Tasks to run, the version that wants them, and the process whose child runs them, where it is known."""

    parcel: Parcel
    tasks: tuple[Task, ...]
    parent: int | None = None
    version: str = VERSION


def run_batch(batch: Batch) -> Done:
    """Run tasks; a task that ends with a BoundkitError is an outcome too."""
    tasks, version = batch.tasks, batch.version
    if batch.parent is not None:
        _live_with(batch.parent)
    if version != VERSION:
        raise BoundkitError(
            f"a worker has boundkit {VERSION} and the sweep was started by {version}; "
            "install the same version everywhere"
        )
    subject = batch.parcel.open()
    outcomes: list[Outcome] = []
    broken = None
    with _TURN, threadpool_limits(limits=1):
        start = perf_counter()
        for task in tasks:
            try:
                outcomes.append(_outcome(subject, task))
            except BaseException as error:  # told by the driver
                if not is_mistake(error):
                    raise
                broken = (task, traceback.format_exc())
                break
        pace = (perf_counter() - start) / len(tasks)
    return Done(tuple(outcomes), pace, broken)


@contextmanager
def unheard() -> Iterator[None]:
    """Processes started inside never hear Ctrl-C, not even while they start; this one hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    for helper in (loky_tracker, resource_tracker):  # they let Ctrl-C through again as they start
        helper.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@cache
def _live_with(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end once it has been killed: joblib's workers would wait for minutes."""
    if current_thread() is main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            sleep(1)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _outcome(subject: Subject, task: Task) -> Outcome:
    try:
        return Outcome(task, to_text(_run(subject, task)), None)
    except BoundkitError as error:
        return Outcome(task, None, str(error))


def _run(subject: Subject, task: Task) -> dict[str, object]:
    seed = task.identity.derived_seed
    if subject.kind != "function":
        return KINDS[subject.kind](subject.what, task.parameters, seed, from_text(subject.settings))
    found = subject.what(**task.parameters, **({} if seed is None else {"seed": seed}))
    if not hasattr(found, "items"):
        raise StatementError(f"{subject.label} returned {type(found).__name__}; return a dict of names to numbers")
    return {str(name): value for name, value in found.items()}

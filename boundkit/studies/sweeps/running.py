"""Sweeps: the tasks of a grid, run under the caller's joblib backend, stored as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import closing, contextmanager
from itertools import islice
import os
from pickle import PicklingError
from time import perf_counter
from typing import Any
import warnings

from joblib import Parallel, cpu_count, delayed
from joblib.parallel import LokyBackend, MultiprocessingBackend, get_active_backend, parallel_config

from boundkit.errors import BoundkitError, ParameterError
from boundkit.formats.progress import Progress
from boundkit.simulate.arguments import count
from boundkit.studies.sweeps.batches import Batch, Done, run_batch, unheard
from boundkit.studies.sweeps.records import Runs
from boundkit.studies.sweeps.sending import Parcel
from boundkit.studies.sweeps.store import Store
from boundkit.studies.sweeps.tasks import Subject, Task, subject_of, tasks_of
from boundkit.text import one_line

TARGET = 0.25  # seconds that a batch should take: what a kill can cost, and far above what sending it costs
LARGEST_BATCH = 1000
AHEAD = 2  # batches under way for each worker
POLL = 2.0  # seconds after which a silent cluster is looked at
ANSWERS = 5.0  # seconds in which a scheduler answers
DESERTED = 60.0  # seconds for which a cluster may have no worker


def sweep(
    what: Any,
    grid: Any,
    *,
    kind: str | None = None,
    trials: Any = None,
    seeds: Any = None,
    store: Any = None,
    version: str = "",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Runs:
    """Run a statement, or a function, at every point of a grid, on all cores or a cluster; resumable.

    Parameters
    ----------
    what : Statement, str or callable
        A statement, the name of one, or a function of keyword parameters that returns a dict of numbers.
    grid : mapping, or list of mappings
        For each parameter its values: a range in text (``"100:1000:100"``, ``"10:1e6:x10"``, ``"2,10,100"``), numbers,
        or words. With "simulate" and "attack" also options of training: steps, method, eta, m, x0. Several grids
        are taken one after the other.
    kind : {"evaluate", "exact", "simulate", "attack"}, optional
        What is computed of a statement: its promise; beside the certified failure probability; how often its claims
        fail in simulation; or a trained network attacked at x0. By default "simulate" where trials are given, else
        "exact".
    trials : int, optional
        Trials of each simulation.
    seeds : int or iterable of int, optional
        How many seeds 0, 1, ..., or which. What is drawn depends on the seed and the point alone. A function gets a
        number made of both as `seed`; for the seeds themselves write them into the grid.
    store : path, optional
        The SQLite file that keeps every result as it comes; what it holds is not run again. None: in memory.
    version : str
        The user's own version of a function or of a statement's sampler: results of another are not taken for its.
    workers : int, optional
        By default what the caller's joblib.parallel_config says, or else all cores.
    progress : callable, optional
        Called with (what, done, total) after every batch; tasks that the store had are done.

    Returns
    -------
    Runs
        One row a task, in the grid's order, the same for any backend and number of workers. A task that ended
        with a BoundkitError is a row with its text.

    Raises
    ------
    ParameterError
        For malformed grids and options.
    BoundkitError
        For a file that is no store or cannot be written, a worker that died, and a function that broke.
    KeyboardInterrupt
        After Ctrl-C; its text says how to go on. Like any error it leaves the store with all that was done.

    Examples
    --------
    >>> import boundkit as bk
    >>> done = bk.sweep(bk.theorem_4_1, {"d": 1000, "ell": "200:600:200", "m": 10, "k": 5}, workers=1)
    >>> [f"{run.result['log_failure']} {run.result['log_exact']:.2f}" for run in done]
    ['-12.5 -21.86', '-25.0 -41.51', '-37.5 -61.03']
    """
    subject = subject_of(what, kind, trials, version)
    return run_tasks(subject, tasks_of(subject, grid, seeds), store, workers=workers, progress=progress)


def run_tasks(
    subject: Subject, tasks: tuple[Task, ...], store: Any = None, *,
    workers: int | None = None, progress: Progress | None = None,
) -> Runs:  # fmt: skip
    """Run those tasks of a subject that the store does not hold; see `sweep`."""
    workers = worker_count(workers)
    with Store(store) as kept:
        known = kept.mend()
        todo = [task for task in tasks if task.identity.key not in known.sound]
        try:
            _run(subject, todo, workers, kept, len(tasks), progress)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(_how_to_resume(kept, tasks, store)) from None
        return kept.runs([task.identity.key for task in tasks], known.damaged)


@contextmanager
def cluster(address: str) -> Iterator[None]:
    """A context in which sweeps run on the workers of the Dask scheduler at this address.

    Raises
    ------
    BoundkitError
        Where Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise BoundkitError("a cluster needs Dask; install it with: pip install 'boundkit[dask]'") from None
    try:
        asyncio.run(_probe(address))  # a Client takes minutes to give up on what is no scheduler
        client = Client(address, timeout=ANSWERS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise BoundkitError(
            f"no Dask scheduler answers at {address!r} ({type(error).__name__}); start one with: dask scheduler, "
            "and give the address that it prints, such as tcp://127.0.0.1:8786"
        ) from None
    with client, parallel_config(backend="dask", client=client):
        yield


async def _probe(address: str) -> None:
    from distributed.comm import connect

    comm = await asyncio.wait_for(connect(address, timeout=ANSWERS), 2 * ANSWERS)
    await comm.close()


def _run(
    subject: Subject, todo: list[Task], workers: int, kept: Store, total: int,
    progress: Progress | None,
) -> None:  # fmt: skip
    """Run the tasks, and keep each batch's results as they come; a BoundkitError where a task broke."""
    have = total - len(todo)
    queue = _Queue(subject, todo, workers)
    with _errors_told(), closing(_stream(queue, workers)) as stream:
        for done in stream:
            kept.add((o.task.identity, o.result, o.error) for o in done.outcomes)
            queue.pace = done.pace
            have += len(done.outcomes)
            if progress is not None:
                progress(subject.label, have, total)
            if done.broken is not None:
                task, trace = done.broken
                why = one_line(trace.rstrip().rpartition("\n")[2])
                broke = BoundkitError(f"{task.text} broke, and the sweep stops; what was done is kept: {why}")
                broke.add_note(trace.rstrip())
                raise broke


class _Queue:
    """The tasks to do as batches, larger where tasks turn out to be short; joblib's threads take from it."""

    def __init__(self, subject: Subject, todo: list[Task], workers: int) -> None:
        self.pace: float | None = None  # seconds a task, by the batch that came in last
        self._parcel, self._todo, self._workers = Parcel(subject), todo, workers
        backend, _ = get_active_backend()
        forked = workers > 1 and isinstance(backend, LokyBackend | MultiprocessingBackend)
        self._parent = os.getpid() if forked else None
        if todo and (forked or hasattr(backend, "client")):
            _ = self._parcel.packed  # what cannot be sent is told before anything starts

    def __iter__(self) -> Iterator[Batch]:
        at, size = 0, 1
        while at < len(self._todo):
            if self.pace is not None:
                # At the end of the list nobody should wait for one worker with a long batch.
                share = -(-(len(self._todo) - at) // (2 * self._workers))
                size = max(1, min(int(TARGET / max(self.pace, 1e-9)), 8 * size, LARGEST_BATCH, share))
            yield Batch(self._parcel, tuple(self._todo[at : at + size]), self._parent)
            at += size


def _stream(queue: _Queue, workers: int) -> Generator[Done]:
    """The batches' results as they come, from the caller's joblib backend."""
    backend, _ = get_active_backend()
    if hasattr(backend, "client"):
        yield from _from_dask(backend.client, iter(queue))
    elif workers == 1:
        yield from (run_batch(batch) for batch in queue)
    elif backend.supports_return_generator:
        pool = Parallel(workers, return_as="generator_unordered", batch_size=1, pre_dispatch=AHEAD * workers)
        with unheard():  # the call starts the workers, and hands them their first batches
            results = pool(delayed(run_batch)(batch) for batch in queue)
        yield from results
    else:  # a backend that only returns whole lists: short ones
        batches = iter(queue)
        with Parallel(workers, batch_size=1) as pool:
            while some := list(islice(batches, AHEAD * workers)):
                yield from pool(delayed(run_batch)(batch) for batch in some)


def _from_dask(client: Any, batches: Iterator[Batch]) -> Generator[Done]:
    """The same from a Dask cluster; joblib's own loop there waits for ever once a batch has killed its workers."""
    from distributed import wait

    running: set[Any] = set()
    silent = perf_counter()
    try:
        while True:
            threads = sum(client.nthreads().values())
            room = max(AHEAD * threads, 1) - len(running)
            running |= {client.submit(run_batch, batch, pure=False) for batch in islice(batches, max(room, 0))}
            if not running:
                return
            try:
                with client.as_current():
                    ready, running = wait(running, timeout=POLL, return_when="FIRST_COMPLETED")
            except TimeoutError:
                if threads == 0 and perf_counter() - silent > DESERTED:
                    raise BoundkitError(
                        f"the cluster has had no worker for {DESERTED:.0f} s; start some, and sweep again: "
                        "what was done is kept"
                    ) from None
                continue
            silent = perf_counter()
            for future in sorted(ready, key=lambda future: future.status != "finished"):  # what broke comes last
                yield future.result()
    finally:
        if running:
            client.cancel(list(running))


@contextmanager
def _errors_told() -> Iterator[None]:
    """What can go wrong between the processes, as an error that says what to do."""
    try:
        with warnings.catch_warnings():
            # joblib warns of the batches that are given up where a sweep stops early, and that is meant.
            warnings.filterwarnings("ignore", message=".*cancelled", module="joblib")
            yield
    except BrokenExecutor as error:
        raise BoundkitError(
            f"a worker process died, perhaps for lack of memory ({type(error).__name__}); "
            "sweep again, with fewer workers: what was done is kept"
        ) from None
    except (PicklingError, AttributeError, TypeError) as error:
        if "pickle" not in str(error):
            raise
        raise ParameterError(f"this cannot be sent to other processes ({error}); use workers=1") from None
    except Exception as error:
        if not type(error).__module__.startswith("distributed"):
            raise
        raise BoundkitError(
            f"the cluster gave up ({str(error).splitlines()[0]}); see its logs, and sweep again: what was done is kept"
        ) from None


def worker_count(asked: Any) -> int:
    """How many processes: as asked, else as the caller's joblib backend is set, else one a core."""
    if asked is not None:
        return count("workers", asked, "the number of worker processes")
    backend, configured = get_active_backend()
    if hasattr(backend, "client"):
        return max(1, int(sum(backend.client.nthreads().values())))
    if configured is None:
        return int(cpu_count())
    return int(configured if configured > 0 else max(1, cpu_count() + 1 + configured))


def _how_to_resume(kept: Store, tasks: Iterable[Task], store: Any) -> str:
    wanted = {task.identity.key for task in tasks}
    done = len(wanted & kept.keys())
    if store is None:
        return f"stopped after {done} of {len(wanted)} tasks, which are lost; with store=FILE they would be kept"
    return f"stopped after {done} of {len(wanted)} tasks, which are in {store}; the same sweep into it goes on"

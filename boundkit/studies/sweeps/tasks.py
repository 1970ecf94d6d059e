"""What a sweep runs: one task for each point of its grid and each seed, with a key of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import islice, product
import json
from math import prod
from pathlib import Path
from typing import Any

from boundkit.api.loading import find, single
from boundkit.api.objects import Statement
from boundkit.api.papers import catalogue
from boundkit.errors import ParameterError
from boundkit.simulate.arguments import choice, count
from boundkit.studies.sweeps.identity import fingerprint, refuse_nameless
from boundkit.studies.sweeps.runners import KINDS, refuse_parameters
from boundkit.studies.sweeps.serialize import to_text
from boundkit.studies.tables.grids import LARGEST, grid_values
from boundkit.version import VERSION

MOST_TASKS = 10**6
LARGEST_SEED = 2**63 - 1
WORDS = {"mode", "method", "representation"}  # options whose values are words


@dataclass(frozen=True)
class Subject:
    """What is computed at every point: a statement in one of the ways of `KINDS`, or a function.

    Attributes
    ----------
    what : Statement or callable
        The statement, or the user's function.
    kind : str
        "evaluate", "exact", "simulate", "attack" or "function".
    label : str
        Its name in the store: the statement's, with a fingerprint where it is not the catalogue's; the function's.
    settings : str
        What is the same for all tasks and changes their numbers, as JSON: trials, the user's version.
    code : str
        A fingerprint of the user's own code that computes them, and of the file that holds it; "" where all is ours.
    """

    what: Any
    kind: str
    label: str
    settings: str
    code: str = ""

    @property
    def random(self) -> bool:
        """Whether its tasks take a seed."""
        return self.kind not in ("evaluate", "exact")


@dataclass(frozen=True)
class Identity:
    """What tells one task from every other, as it is stored."""

    label: str
    kind: str
    parameters: str
    seed: int | None
    settings: str
    code: str = ""

    @cached_property
    def key(self) -> str:
        """Its key in a store of this version: 32 hexadecimal digits."""
        return self.key_of(VERSION)

    def key_of(self, version: str) -> str:
        """Its key in a store of any version."""
        return self._digest(version, self.code, self.label).hex()[:32]

    @cached_property
    def derived_seed(self) -> int | None:
        """The seed that its random draws start from: fixed by the task itself, whatever runs beside it."""
        name = self.label if self.kind == "function" else self.label.rpartition(".")[2]  # whatever paper it stands in
        return None if self.seed is None else int.from_bytes(self._digest(name)[:8]) >> 1

    def _digest(self, *named: str) -> bytes:
        parts = [*named, self.kind, self.parameters, self.seed, self.settings]
        return sha256(json.dumps(parts).encode()).digest()


@dataclass(frozen=True)
class Task:
    """One point of a grid and one seed."""

    identity: Identity
    parameters: dict[str, Any]

    @property
    def text(self) -> str:
        """What and where, for messages."""
        at = [f"{name} = {value}" for name, value in self.parameters.items()]
        seed = [] if self.identity.seed is None else [f"seed {self.identity.seed}"]
        return f"{self.identity.label} at {', '.join(at + seed)}" if at + seed else self.identity.label


def subject_of(what: Any, kind: str | None, trials: Any, version: str) -> Subject:
    """Return what a sweep is over.

    Raises
    ------
    ParameterError
        For what is neither a statement, the name of one, nor a function that other processes can find; a kind
        that does not exist; and options that the kind does not take.
    """
    if isinstance(what, str):
        what = single(find(what), what)
    settings: dict[str, Any] = {"version": str(version)} if version else {}
    if isinstance(what, Statement):
        kind = choice("kind", kind or ("exact" if trials is None else "simulate"), tuple(KINDS))
        if trials is not None and kind != "simulate":
            raise ParameterError(f"trials belong to kind='simulate', not to {kind!r}; leave them out")
        if trials is not None:
            settings["trials"] = count("trials", trials, "the number of trials")
        return Subject(what, kind, _statement_label(what), to_text(settings), _statement_code(what, kind, str(version)))
    if callable(what):
        if kind not in (None, "function") or trials is not None:
            raise ParameterError("kind and trials belong to statements; a function takes what its grid gives it")
        label, file = _function_label(what), _file_of(what)
        return Subject(what, "function", label, to_text(settings), fingerprint(what, file, version=str(version)))
    raise ParameterError(f"{what!r} cannot be swept; give a statement, its name, or a function of keyword parameters")


def tasks_of(subject: Subject, grid: Any, seeds: Any = None) -> tuple[Task, ...]:
    """Return the tasks of a grid, each once, in the grid's order, seeds changing fastest.

    Parameters
    ----------
    subject : Subject
        What is computed.
    grid : mapping, or iterable of mappings
        For each parameter its values; several grids are taken one after the other.
    seeds : int, text or iterable of int, optional
        How many seeds (0, 1, ...), or which; by default one where the kind is random.
    """
    grids = grids_of(grid)
    read = [{name: values_of(subject, name, values) for name, values in one.items()} for one in grids]
    numbers = seeds_of(subject, seeds)
    size = len(numbers) * sum(prod(map(len, one.values())) for one in read)
    if size > MOST_TASKS:
        raise ParameterError(f"the grid and its seeds make {size} tasks, and at most {MOST_TASKS} are allowed")
    for one in read:
        if "seed" in one and seeds is not None:
            raise ParameterError("seed is in the grid, and seeds are given too; give one of them")
        refuse_parameters(subject.what, subject.kind, {**one, "seed": ()} if numbers != (None,) else one)
    tasks = (Task(*made) for one in read for made in _crossed(subject, one, numbers))
    return tuple({task.identity.key: task for task in tasks}.values())


def _crossed(
    subject: Subject, one: Mapping[str, tuple[Any, ...]], seeds: tuple[int | None, ...]
) -> Iterator[tuple[Identity, dict[str, Any]]]:
    """The identity and the parameters of each combination of a grid's values, with each seed; seeds change fastest."""
    own = [p.name for p in subject.what.parameters] if isinstance(subject.what, Statement) else []
    names = [name for name in own if name in one] + sorted(one.keys() - {*own})
    for combination in product(*(one[name] for name in one)):
        point = dict(zip(one, combination, strict=True))
        parameters = {name: point[name] for name in names}
        text = to_text(parameters)
        for seed in seeds:
            yield Identity(subject.label, subject.kind, text, seed, subject.settings, subject.code), parameters


def grids_of(grid: Any) -> list[Mapping[str, Any]]:
    """A grid, or several, as a list."""
    several = isinstance(grid, Iterable) and not isinstance(grid, str | Mapping)
    grids = list(grid) if several else [grid]
    if not grids or not all(isinstance(one, Mapping) and all(isinstance(name, str) for name in one) for one in grids):
        raise ParameterError(
            f"{grid!r} is no grid; give each parameter its values, as in {{'d': '1000:5000:1000', 'm': 10}}, "
            "or a list of such"
        )
    return grids


def values_of(subject: Subject, name: str, values: Any) -> tuple[Any, ...]:
    """A parameter's values: numbers, or words where it takes words; a function takes a list of words too."""
    try:
        if not isinstance(values, str | Mapping) and isinstance(values, Iterable):
            values = list(islice(values, LARGEST + 1))
            if len(values) > LARGEST:
                raise ParameterError(f"more than {LARGEST} values are given; give fewer")
        if name in WORDS or (subject.kind == "function" and isinstance(values, list)):
            words = [values] if isinstance(values, str) else values
            if isinstance(words, list) and words and all(isinstance(word, str) for word in words):
                return tuple(words)
        numbers = grid_values(values)
    except ParameterError as error:
        raise ParameterError(f"{name}: {error}") from None
    return tuple(map(_floats, numbers)) if subject.kind == "function" else numbers


def _floats(value: Any) -> int | float:
    return value if isinstance(value, int) else float(value)


def seeds_of(subject: Subject, seeds: Any) -> tuple[int | None, ...]:
    """The seeds asked for; (None,) where nothing takes one."""
    if seeds is None:
        return (0,) if subject.random and subject.kind != "function" else (None,)
    if not subject.random:
        raise ParameterError(f"nothing is random in kind={subject.kind!r}; leave seeds out")
    if isinstance(seeds, int):
        return tuple(range(count("seeds", seeds, "the number of seeds", 1, MOST_TASKS)))
    listed = grid_values(seeds)
    return tuple(count("seed", seed, "a seed", 0, LARGEST_SEED) for seed in listed)


def _statement_label(s: Statement) -> str:
    """The name of a statement, with its paper's; one of a user's own carries a fingerprint of what it says."""
    if catalogue.get(s.qualified_name) == s:
        return s.qualified_name
    says = (s.name, *map(str, (s.parameters, s.quantities, s.relations, s.claims, s.failure, s.truth, s.worst_case)))
    return f"{s.qualified_name}#{sha256(repr(says).encode()).hexdigest()[:12]}"


def _statement_code(s: Statement, kind: str, version: str) -> str:
    """Of a statement of the user's own: its laws, and what draws its quantities where something is drawn."""
    if catalogue.get(s.qualified_name) == s:
        return ""
    formulas = [s.truth, s.failure, *s.claims, *s.relations, *(end for p in s.parameters for end in (p.low, p.high))]
    drawn = (s.sampler, s.experiment) if kind in ("simulate", "attack") else ()
    return fingerprint(formulas, s.truth_is, s.attained, *drawn, version=version)


def _function_label(function: Callable[..., Any]) -> str:
    refuse_nameless(function)
    file = _file_of(function)  # a function of a script keeps its name where it is imported
    return f"{Path(file).stem if file else function.__module__.rpartition('.')[2]}.{function.__qualname__}"


def _file_of(function: Any) -> str:
    """The file that defines a function; "" for a notebook and `python -c`."""
    file = function.__globals__.get("__file__")
    return str(Path(file).resolve()) if file else ""

"""What comes with the package, by name: experiments, simulations and statements, so that no JSON names other code."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from boundkit.api.exchange.kinds import LEFT_OUT, Kind, Place, expect
from boundkit.api.papers import papers
from boundkit.model.experiment import Experiment, Later
from boundkit.shelf import PAPERS

HOME = "boundkit.library."


def _modules(room: str) -> Iterator[tuple[str, ModuleType]]:
    """The papers of the package that have a module of this name."""
    for paper, (module, _) in PAPERS.items():
        if module.startswith(HOME):
            package = module.rpartition(".")[0]
            try:
                yield paper, import_module(f"{package}.{room}")
            except ModuleNotFoundError:
                continue


def _by_name(room: str, kind: Any) -> Iterator[tuple[str, Any]]:
    for paper, module in _modules(room):
        for name, value in vars(module).items():
            if isinstance(value, kind) and not name.startswith("_"):
                yield f"{paper}.{name}", value


def _experiments() -> dict[str, Any]:
    return dict(_by_name("experiments", Experiment))


def _simulations() -> dict[str, Any]:
    """Those of errata: functions that the paper's `witnesses` define."""
    there = _by_name("witnesses", type(_modules))
    own = ((name, function) for name, function in there if function.__module__.startswith(HOME))
    return {name: Later(function.__module__, function.__name__) for name, function in own}


def _named(known: Any, what: str) -> Kind:
    """The kind of what is written by its name among `known()`, and left out where it has none there."""

    def write(value: Any, _place: Place) -> Any:
        return next((name for name, one in known().items() if one == value), LEFT_OUT)

    def read(data: Any, place: Place) -> Any:
        name, there = expect(data, str, f"the name of {what}", place), known()
        if name not in there:
            place.refuse(
                f"{name[:40]!r} is no {what} that comes with boundkit; leave it out, or name {', '.join(there)}"
            )
        return there[name]

    return Kind(write, read)


EXPERIMENT = _named(_experiments, "experiment")
SIMULATION = _named(_simulations, "simulation")


def statement_name(s: Any) -> str | None:
    """The name under which the package itself has this very statement."""
    module, names = PAPERS.get(s.paper, ("", ()))
    known = module.startswith(HOME) and s.name in names and papers[s.paper][s.name] == s
    return f"{s.paper}.{s.name}" if known else None


def statement_named(name: str, place: Place) -> Any:
    """The statement that the package has under such a name."""
    paper, _, bare = name.partition(".")
    module, names = PAPERS.get(paper, ("", ()))
    if not module.startswith(HOME) or bare not in names:
        place.refuse(f"{name[:60]!r} is no statement that comes with boundkit; write PAPER.STATEMENT, or all of it")
    return papers[paper][bare]

"""The ways to run a statement at one point of a grid, each a flat record of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any

import numpy as np

from boundkit.api.objects import Guarantee, Statement
from boundkit.errors import ParameterError
from boundkit.simulate.evidence import check
from boundkit.simulate.measures import OF_EACH_NETWORK
from boundkit.simulate.setting import OPTIONS, Setting
from boundkit.studies.tables.rows import Row

OF_ITS_OWN = {*OF_EACH_NETWORK, "margin"}  # what the network that is attacked has, whatever it was built with


def evaluate(s: Statement, parameters: dict[str, Any], _seed: None, _settings: dict[str, Any]) -> dict[str, Any]:
    """What the statement promises: verdict, bound, and failure probability with its log."""
    return _promise(s(**parameters))


def exact(s: Statement, parameters: dict[str, Any], _seed: None, _settings: dict[str, Any]) -> dict[str, Any]:
    """The same beside the certified failure probability, and whether that refutes the promise."""
    g = s(**parameters)
    true = g.exact()
    row, (low, high) = Row(g, true), true.enclosure
    return _promise(g) | {
        "exact": true.failure, "log_exact": true.log_failure, "log_exact_low": low, "log_exact_high": high,
        "exact_kind": true.kind, "worst_case": row.worst_case, "ratio": row.ratio, "refuted": row.refuted,
    }  # fmt: skip


def simulate(s: Statement, parameters: dict[str, Any], seed: int, settings: dict[str, Any]) -> dict[str, Any]:
    """How often the claims fail, and the parameters measured on the network that was trained for them."""
    own, options = _split(s, parameters)
    looks = {name: options.pop(name) for name in ("mode", "x0") if name in options}
    found = check(s, settings.get("trials"), seed=seed, training=options, **looks, **own)
    told = found.to_dict()
    low, high = told["interval"]
    measured = {name: value for name, value in told["values"].items() if name not in own}
    names = ("verdict", "failures", "trials", "uncovered", "by_claim")
    counted = {name: told[name] for name in names} | {"interval_low": low, "interval_high": high}
    law = {name: told[name] for name in ("claimed", "exact", "exact_is", "exact_inside", "applies")}
    return {**counted, **law, **measured}


def attack(s: Statement, parameters: dict[str, Any], seed: int, _settings: dict[str, Any]) -> dict[str, Any]:
    """One trained network at x0: the shortest steps found off P, on P and anywhere, beside the long one."""
    own, options = _split(s, parameters)
    x0 = options.pop("x0", 0)
    given = {name: value if isinstance(value, int) else float(value) for name, value in s.accept(own)}
    net = Setting(s, given, seed, x0, options).network
    lengths = {f"attack_{within}": float(net.attack(x0, within, seed=seed).norm) for within in ("off", "on", "free")}
    opposing = int(np.sum(net.opposing(x0)))
    z = net.paper_step(x0) if opposing else None
    g = s(**{**net.values(s, x0), **own})
    return {
        "margin": net.margin, "output": float(net.output(x0)),
        "active": int(np.sum(net.active(x0))), "opposing": opposing,
        "norm_gradient": float(np.linalg.norm(net.off_subspace_gradient(x0))), **lengths,
        "norm_z": z and z.norm, "flipped": z and z.flipped, "flip_scale": z and z.scale,
        "verdict": g.verdict.name, "bound": _number(g.bound),
    }  # fmt: skip


KINDS: dict[str, Callable[..., dict[str, Any]]] = {
    "evaluate": evaluate, "exact": exact, "simulate": simulate, "attack": attack,
}  # fmt: skip


def refuse_parameters(what: Any, kind: str, parameters: Mapping[str, Any]) -> None:
    """Raise a ParameterError for parameters that would fail at every point."""
    if kind == "function":
        _refuse_unbound(what, parameters)
        return
    options = options_of(what, kind)
    what.refuse_unknown({name: 0 for name in parameters if name not in options and name != "seed"})
    if kind != "attack":
        return
    experiment = what.experiment
    if experiment is None or not experiment.parameters("d") & _parameters(what):
        raise ParameterError(
            f"an attack trains a network, and {what.name} has no parameter for its input dimension; take a statement "
            "about networks, whose Experiment says it"
        )
    if taken := [name for name, measure in experiment.measures if measure in OF_ITS_OWN and name in parameters]:
        raise ParameterError(f"{', '.join(taken)}: measured on the network that is attacked; leave it out of the grid")


def _parameters(s: Statement) -> frozenset[str]:
    return frozenset(p.name for p in s.parameters)


def options_of(s: Statement, kind: str) -> frozenset[str]:
    """What a grid may vary besides the statement's parameters: options of training, and where one looks."""
    if kind not in ("simulate", "attack"):
        return frozenset()
    looks = {"x0", "mode"} if kind == "simulate" else {"x0"}
    return frozenset(OPTIONS | looks | {"m"}) - _parameters(s)


def _refuse_unbound(function: Callable[..., Any], parameters: Mapping[str, Any]) -> None:
    """Raise a ParameterError for parameters that the function takes no argument for."""
    try:
        takes = signature(function).parameters.values()
    except (TypeError, ValueError):  # built in, and says nothing of itself
        return
    if any(p.kind is p.VAR_KEYWORD for p in takes):
        return
    named = [p.name for p in takes if p.kind is not p.POSITIONAL_ONLY]
    if unknown := [name for name in parameters if name not in named]:
        raise ParameterError(
            f"{function.__qualname__} takes no {', '.join(unknown)}; it takes {', '.join(named) or 'nothing'}"
        )


def _split(s: Statement, parameters: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The statement's own parameters, and the options."""
    own = _parameters(s)
    return (
        {name: value for name, value in parameters.items() if name in own},
        {name: value for name, value in parameters.items() if name not in own},
    )


def _promise(g: Guarantee) -> dict[str, Any]:
    return {
        "verdict": g.verdict.name, "applies": g.applies, "bound": _number(g.bound), "failure": _number(g.failure),
        "log_failure": _number(g.log_failure), "probability": _number(g.probability),
    }  # fmt: skip


def _number(value: Any) -> float | str | None:
    """A float; an expression in parameters still free as text."""
    return value if value is None or isinstance(value, float) else str(value)

"""How a statement's quantities are drawn: by its experiment, or by a sampler of the user's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from boundkit.errors import StatementError, is_mistake
from boundkit.model.experiment import Experiment
from boundkit.simulate.memory import numbers_a_trial
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.setting import Setting

Draws = dict[str, Array]
Draw = Callable[[Setting, np.random.Generator, int], Draws]

LARGEST_INTEGER = 2**53  # that floats carry exactly, and all below


def experiment_of(statement: Any) -> Experiment:
    """The statement's experiment, or one made of its own `sampler`, (rng, trials, **values) -> quantities.

    Raises
    ------
    StatementError
        Neither is there.
    """
    if statement.sampler is not None:
        draw = _user_draw(statement.sampler)
        weight = weight_of(draw)
        return Experiment(draw, draw, weight, weight)
    if statement.experiment is None:
        raise StatementError(
            f"{statement.name} cannot be simulated: give the Statement sampler=(rng, trials, **values) -> the "
            "headline's quantity as an array, or a tuple of arrays, one for each claim"
        )
    found: Experiment = statement.experiment
    return found


def weight_of(draw: Draw) -> Callable[[Setting], float]:
    """What a draw of the user's own takes: measured, since nothing says it."""
    return lambda s: numbers_a_trial(lambda trials: draw(s, stream(s.seed, "fresh points"), trials))


def _whole_or_float(x: Array) -> Array:
    """Integers as they are, where floats carry them; what else was drawn as floats."""
    whole = x.dtype.kind in "biu" and not (x.size and max(int(x.max()), -int(x.min())) > LARGEST_INTEGER)
    return x.astype(np.int64 if whole else float)


def _user_draw(own: Callable[..., Any]) -> Draw:
    """The user's sampler as a draw: (trials,) of the headline's quantity or of each claim's, else a StatementError."""

    def draw(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
        return _quantities(s, "sampler", lambda: own(rng, trials, **s.given), trials)

    return draw


def weighted_draw(statement: Any, tilt: float) -> Callable[[Setting, np.random.Generator, int], tuple[Draws, Array]]:
    """The statement's `tilted` at this tilt as a draw, and the log weight of each trial.

    Raises
    ------
    StatementError
        It has none; or, when it is drawn, breaks or gives other shapes.
    """
    own = statement.tilted
    if own is None:
        raise StatementError(
            f"{statement.name} has no tilted: give the Statement tilted=(rng, trials, tilt, **values) -> what the "
            "sampler gives, and the log weights"
        )

    def draw(s: Setting, rng: np.random.Generator, trials: int) -> tuple[Draws, Array]:
        logs: list[Any] = []

        def drawn() -> Any:
            quantities, log_weights = own(rng, trials, tilt, **s.given)
            logs.append(np.asarray(log_weights, float))
            return quantities

        with np.errstate(over="ignore"):
            found = _quantities(s, "tilted", drawn, trials)
        (log_weights,) = logs
        if log_weights.shape != (trials,) or np.isnan(log_weights).any() or (log_weights == np.inf).any():
            raise StatementError(
                f"{statement.name}'s tilted gave log weights of shape {log_weights.shape} at tilt = {tilt:.3g}; they "
                f"have to be of shape ({trials},), numbers or -inf"
            )
        return found, log_weights

    return draw


def _quantities(s: Setting, part: str, draw: Callable[[], Any], trials: int) -> Draws:
    """What a function of the user's own draws, by the names of what the claims bound; else a StatementError."""
    name, at = s.statement.name, ", ".join(f"{parameter} = {value}" for parameter, value in s.given.items())
    claimed = [str(claim.lhs) for claim in s.statement.claims]
    try:
        drawn = draw()
        if isinstance(drawn, Mapping):
            drawn = tuple(drawn[quantity] for quantity in claimed)
        parts = drawn if isinstance(drawn, tuple) else (drawn,)
        if any(isinstance(x, np.ma.MaskedArray) for x in parts):
            raise TypeError("masked arrays have no numbers where they are masked")
        arrays = [np.asarray(x) for x in parts]
    except BaseException as error:
        if not is_mistake(error):
            raise
        takes = "rng, trials" if part == "sampler" else "rng, trials, tilt"
        raise StatementError(
            f"{name}'s {part} gave {type(error).__name__} at {at}: {error}; mend {part}({takes}, **parameters)"
        ) from error
    names = claimed[: None if isinstance(drawn, tuple) else 1]
    shapes = [x.shape for x in arrays]
    if len(arrays) != len(names) or set(shapes) != {(trials,)}:
        raise StatementError(
            f"{name}'s {part} gave arrays of shapes {shapes}; it has to give one of shape "
            f"({trials},), or a tuple of {len(claimed)}, one for each claim, or these by their quantities' names"
        )
    if any(x.dtype.kind not in "biuf" or np.isnan(x).any() for x in arrays):
        raise StatementError(f"{name}'s {part} gave what are no real numbers at {at}; mend {part}")
    return dict(zip(names, map(_whole_or_float, arrays), strict=True))

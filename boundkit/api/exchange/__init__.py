"""Statements and papers as JSON, to be exchanged without running code: one version of the form, read strictly."""

from __future__ import annotations

import json
from typing import Any

from boundkit.api.exchange.kinds import Fault, Place, expect
from boundkit.api.exchange.records import COLLECTION, PAPER, STATEMENT
from boundkit.api.objects import Statement
from boundkit.api.papers import Collection, Paper
from boundkit.errors import StatementError
from boundkit.values import MOST_DIGITS

__all__ = ["VERSION", "from_json", "to_json"]

VERSION = 1
LARGEST = 2_000_000  # characters of a file
_KINDS = {"statement": (Statement, STATEMENT), "collection": (Collection, COLLECTION), "paper": (Paper, PAPER)}


def to_json(what: Statement | Paper) -> str:
    """Write a statement or a paper as JSON, from which `from_json` makes an equal one.

    Parameters
    ----------
    what : Statement or Paper
        Its data is kept whole. What is code is written by name where it comes with the package, and else left out,
        which ``left_out`` says: samplers, experiments, simulations.

    Returns
    -------
    str
        The same for equal statements.

    Raises
    ------
    StatementError
        Where a formula holds what the text has no name for, such as a law of one's own.

    Examples
    --------
    >>> import boundkit as bk
    >>> from_json(to_json(bk.lemma_b_1)) == bk.lemma_b_1
    True
    """
    kind = next((name for name, (cls, _) in _KINDS.items() if isinstance(what, cls)), None)
    if kind is None:
        raise StatementError(f"a {type(what).__name__} is neither a statement nor a paper; give one of these")
    written = _KINDS[kind][1].write(what, Place(what.name))
    return _laid_out({"boundkit": VERSION, "kind": kind, **written})


def from_json(text: str) -> Statement | Paper:
    """Read a statement or a paper from JSON. Nothing of it is run.

    Parameters
    ----------
    text : str
        What `to_json` writes, or what is written like it; docs/exchange.md says how.

    Raises
    ------
    StatementError
        For anything else, with the place; for another version, and for fields that there are not.

    Examples
    --------
    >>> from_json('{"boundkit": 2}')
    Traceback (most recent call last):
    ...
    boundkit.errors.StatementError: boundkit: version 2 of the form; this boundkit reads version 1
    """
    data, top = _parsed(text), Place()
    expect(data, dict, "an object", top)
    version = expect(_taken(data, "boundkit"), int, "a number", top.field("boundkit"))
    if version != VERSION:
        top.field("boundkit").refuse(f"version {str(version)[:20]} of the form; this boundkit reads version {VERSION}")
    kind = expect(_taken(data, "kind"), str, "text", top.field("kind"))
    if kind not in _KINDS:
        top.field("kind").refuse(f"{kind[:40]!r}; write one of {', '.join(_KINDS)}")
    found: Statement | Paper = _KINDS[kind][1].read(data, top)
    return found


def _taken(data: dict[str, Any], field: str) -> Any:
    if field not in data:
        Place().refuse(f'it does not say "{field}"; write "boundkit": {VERSION} and "kind": "statement" or "paper"')
    return data.pop(field)


def _laid_out(data: Any, margin: str = "") -> str:
    """JSON of one line for each field, and for each list of plain values."""
    inner = f"{margin} "
    if isinstance(data, dict):
        parts, brackets = [f'"{name}": {_laid_out(value, inner)}' for name, value in data.items()], "{}"
    elif isinstance(data, list) and any(isinstance(item, list | dict) for item in data):
        parts, brackets = [_laid_out(item, inner) for item in data], "[]"
    else:
        return json.dumps(data, ensure_ascii=False)
    between = f",\n{inner}".join(parts)
    return f"{brackets[0]}\n{inner}{between}\n{margin}{brackets[1]}" if parts else brackets


def _parsed(text: str) -> Any:
    """What a JSON text holds, with a `Fault` for what may not stand in it; a StatementError where it cannot be read."""
    if not isinstance(text, str):
        raise StatementError(f"a {type(text).__name__} is no JSON text; give the text itself")
    if len(text) > LARGEST:
        raise StatementError(f"a text of {len(text)} characters; at most {LARGEST} are read")
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise StatementError(f"no JSON at {place}: {error.msg}; expected JSON as to_json writes it") from None
    except RecursionError:
        raise StatementError("lists and objects within each other beyond count; write what to_json writes") from None


def _object(pairs: list[tuple[str, Any]]) -> Any:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            return Fault(f"it says {key[:40]!r} twice; say it once")
        seen[key] = value
    return seen


def _whole(digits: str) -> Any:
    return int(digits) if len(digits) <= MOST_DIGITS else Fault(f"a number of more than {MOST_DIGITS} digits")


def _decimal(digits: str) -> Any:
    found = float(digits)
    return found if abs(found) < float("inf") else Fault(f"{digits[:20]} is too large for a number")


def _constant(name: str) -> Any:
    return Fault(f"{name} is no number; write a finite one")

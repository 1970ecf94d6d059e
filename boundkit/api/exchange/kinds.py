"""How single values are written and read, and how these join to lists and records; each refusal says its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Final, NoReturn

import sympy

from boundkit.errors import BoundkitError, StatementError
from boundkit.formats.plain.reading import read_condition, read_formula, read_part
from boundkit.formats.plain.writing import formula_text
from boundkit.text import odd_characters, one_line
from boundkit.values import Formula, cut_text, exact_number, parse_number

DEEPEST = 12  # statements within each other: readings, steps of errata, what proofs spend
LONGEST = 1000  # characters of an error: some quote what they were given
LEFT_OUT: Final = object()  # written instead of what cannot be


@dataclass(frozen=True)
class Fault:
    """In place of a value that the JSON reader itself has no use for: what is wrong with it."""

    says: str


@dataclass(frozen=True)
class Place:
    """Where one is in the JSON, and which parameters there are."""

    path: str = ""
    parameters: frozenset[str] | None = frozenset()  # None where they are another statement's
    depth: int = 0

    def field(self, name: str) -> Place:
        """A field of it."""
        return replace(self, path=f"{self.path}.{name}" if self.path else name)

    def item(self, number: int) -> Place:
        """An item of it."""
        return replace(self, path=f"{self.path}[{number}]")

    def knowing(self, names: Collection[str]) -> Place:
        """The same with more parameters."""
        return replace(self, parameters=frozenset(names) | (self.parameters or frozenset()))

    def deeper(self) -> Place:
        """Inside of one more statement."""
        if self.depth >= DEEPEST:
            self.refuse(f"more than {DEEPEST} statements within each other")
        return replace(self, depth=self.depth + 1)

    def refuse(self, says: object) -> NoReturn:
        """Say what is wrong here."""
        path = self.path if len(self.path) <= 200 else f"...{self.path[-200:]}"
        line = one_line(f"{path or 'at the top'}: {says}")
        raise StatementError(line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}...") from None


@dataclass(frozen=True)
class Kind:
    """To JSON, and from it."""

    write: Callable[[Any, Place], Any]
    read: Callable[[Any, Place], Any]


def expect(data: Any, kind: type, words: str, place: Place) -> Any:
    """The value, if it is of this kind of JSON."""
    if isinstance(data, Fault):
        place.refuse(data.says)
    if type(data) is not kind:
        place.refuse(f"{_shown(data)}; expected {words}")
    return data


def _shown(data: Any) -> str:
    if isinstance(data, list | dict):
        return "a list" if isinstance(data, list) else "an object"
    return {"None": "null", "True": "true", "False": "false"}.get(repr(data), cut_text(data))


def _of_type(kind: type, words: str) -> Kind:
    def same(value: Any, place: Place) -> Any:
        return expect(value, kind, words, place)

    return Kind(same, same)


def _checked_text(value: Any, place: Place) -> str:
    text: str = expect(value, str, "text", place)
    if odd := odd_characters(text, "\n\t"):
        place.refuse(f"it holds {', '.join(map(repr, odd[:3]))}; write plain characters")
    return text


def _write_value(value: Any, place: Place) -> Any:
    try:
        exact = value if isinstance(value, float) else exact_number(value)
    except BoundkitError as error:
        place.refuse(error)
    return f"{exact.numerator}/{exact.denominator}" if isinstance(exact, Fraction) else exact


def _read_value(data: Any, place: Place) -> Any:
    if isinstance(data, int | float) and not isinstance(data, bool):
        return data
    try:
        return parse_number(expect(data, str, "a number, or text such as '1/3'", place))
    except BoundkitError as error:
        place.refuse(error)


def _formula(read: Callable[[str, Collection[str] | None], Formula]) -> Kind:
    """The kind of a formula that is written as text in the parameters of its place, and read from there by `read`."""

    def write(value: Any, place: Place) -> str:
        try:
            return formula_text(sympy.sympify(value, strict=True), place.parameters)
        except (BoundkitError, sympy.SympifyError) as error:
            place.refuse(error)

    def from_text(data: Any, place: Place) -> Formula:
        text = expect(data, str, "a formula as text", place)
        try:
            return read(text, place.parameters)
        except BoundkitError as error:
            place.refuse(error)

    return Kind(write, from_text)


def _read_symbol(data: Any, place: Place) -> sympy.Symbol:
    name = expect(data, str, "a parameter's name", place)
    if not name.isidentifier() or len(name) > 100:
        place.refuse(f"{_shown(name)} is no parameter's name; take letters, digits and _")
    return sympy.Symbol(name)


def _write_symbol(value: Any, place: Place) -> str:
    if value != sympy.Symbol(value.name):
        place.refuse(f"{value.name} is a symbol with assumptions; make it a plain one")
    return str(value.name)


TEXT = Kind(_checked_text, _checked_text)
FLAG = _of_type(bool, "true or false")
WHOLE = _of_type(int, "a whole number")
VALUE = Kind(_write_value, _read_value)
FORMULA = _formula(read_formula)
CONDITION = _formula(read_condition)
PART = _formula(read_part)
SYMBOL = Kind(_write_symbol, _read_symbol)
ELSEWHERE = Kind(  # in the parameters of another statement
    lambda value, place: FORMULA.write(value, replace(place, parameters=None)),
    lambda data, place: FORMULA.read(data, replace(place, parameters=None)),
)
CODE = Kind(lambda _value, _place: LEFT_OUT, lambda _data, place: place.refuse("it is code, which JSON does not hold"))


def many(kind: Kind) -> Kind:
    """A tuple, as a list."""

    def write(values: Any, place: Place) -> list[Any]:
        return [kind.write(value, place.item(i)) for i, value in enumerate(values)]

    def read(data: Any, place: Place) -> tuple[Any, ...]:
        return tuple(kind.read(one, place.item(i)) for i, one in enumerate(expect(data, list, "a list", place)))

    return Kind(write, read)


def pair(first: Kind, second: Kind) -> Kind:
    """A tuple of two, as a list of two."""

    def write(values: Any, place: Place) -> list[Any]:
        return [first.write(values[0], place.item(0)), second.write(values[1], place.item(1))]

    def read(data: Any, place: Place) -> tuple[Any, Any]:
        if len(expect(data, list, "a list of two", place)) != 2:
            place.refuse(f"a list of {len(data)}; expected a list of two")
        return first.read(data[0], place.item(0)), second.read(data[1], place.item(1))

    return Kind(write, read)


def record(cls: Any, kinds: Mapping[str, Kind], **defaults: Any) -> Kind:
    """A dataclass, as an object; what is as by default is not written."""
    usual = {f.name: f.default for f in fields(cls) if f.default is not MISSING} | defaults

    def write(value: Any, place: Place) -> dict[str, Any]:
        written: dict[str, Any] = {}
        for name, kind in kinds.items():
            part = getattr(value, name)
            if name not in usual or part != usual[name]:
                written[name] = kind.write(part, place.field(name))
        absent = [name for name, part in written.items() if part is LEFT_OUT]
        kept = {name: part for name, part in written.items() if part is not LEFT_OUT}
        return kept | ({"left_out": absent} if absent else {})

    def read(data: Any, place: Place) -> Any:
        given = dict(expect(data, dict, f"an object, a {cls.__name__}", place))
        many(TEXT).read(given.pop("left_out", []), place.field("left_out"))
        for name in given:
            if name not in kinds:
                near = get_close_matches(name[:100], kinds, n=1) or kinds
                place.refuse(f"there is no field {_shown(name)}; expected {', '.join(near)}")
        for name in kinds:
            if name not in usual and name not in given:
                place.refuse(f"it does not say {name!r}; a {cls.__name__} needs it")
        parts = {name: kinds[name].read(part, place.field(name)) for name, part in given.items()}
        return made(cls, defaults | parts, place)

    return Kind(write, read)


def made(cls: Any, parts: Mapping[str, Any], place: Place) -> Any:
    """The object, or why there is none: SymPy raises all sorts for formulas that are not real."""
    try:
        return cls(**parts)
    except BoundkitError as error:
        place.refuse(error)
    except (TypeError, ValueError, ArithmeticError, AttributeError, NotImplementedError, RecursionError) as error:
        place.refuse(f"it makes no {cls.__name__}: {type(error).__name__}: {error}; mend its formulas")

"""Whatever results hold, JSON carries it: strictly, with finite numbers as they are."""

from __future__ import annotations

from fractions import Fraction
import json
from math import inf, isfinite, nan
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
import numpy as np

from boundkit.formats.plainly import json_text, plainly
from boundkit.values import point_numbers, point_text, point_words

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.fractions(max_denominator=100)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
POINT = (("n", 10**20), ("t", Fraction(1, 3)), ("c", Fraction(1, 2)))


def refuse(word: str) -> Any:
    raise AssertionError(f"{word} is no JSON")


@given(st.dictionaries(st.text(), VALUES))
def test_what_is_written_is_strict_json_and_reads_back_as_it_is(record: dict[str, Any]) -> None:
    assert json.loads(json_text(record), parse_constant=refuse) == plainly(record)
    assert plainly(plainly(record)) == plainly(record)


@given(st.floats())
def test_a_float_stays_itself_or_is_a_word(x: float) -> None:
    assert plainly({"x": x}) == {"x": x if isfinite(x) else str(x)}
    assert plainly({"x": x}, lambda _: None) == {"x": x if isfinite(x) else None}


def test_arrays_are_lists_and_fractions_are_floats_only_where_they_are_equal() -> None:
    found = plainly(
        {"a": np.array([1.0, inf]), "b": (np.float64(nan), np.int64(3)), "c": (Fraction(1, 2), Fraction(1, 3))}
    )
    assert found == {"a": [1.0, "inf"], "b": ["nan", 3], "c": [0.5, "1/3"]}


def test_a_point_in_words_and_in_numbers() -> None:
    assert point_text(POINT) == "n = 1e20, t = 1/3, c = 0.5"
    assert point_words(POINT) == {"n": "1e20", "t": "1/3", "c": "0.5"}
    assert point_numbers((*POINT, ("what", "gd"))) == {"n": 10**20, "t": 1 / 3, "c": 0.5, "what": "gd"}

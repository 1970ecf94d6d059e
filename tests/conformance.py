"""What every statement must pass, ours and any other: each check raises AssertionError where it does not."""

from __future__ import annotations

from collections.abc import Callable
import inspect
from typing import Any

import numpy as np
from support import covers, random_points, read_latex, read_relation, read_text, same_number
import sympy

import boundkit as bk
from boundkit.enclose import ball, log_ball, outward
from boundkit.statement import Statement

EFFECTIVE = 20  # points that meet every hypothesis, at least, among those drawn
DRAWN = 4000


def covered_points(s: Statement, seed: int = 1, drawn: int = DRAWN) -> list[dict[str, Any]]:
    """Points that the statement covers, out of so many drawn from its domain."""
    kept = []
    for values in random_points(s, seed, drawn, largest=10**9 if "theorem_5_1" in s.name else 10**6):
        if covers(s, values):
            kept.append(values)
            if len(kept) == 10 * EFFECTIVE:
                break
    return kept


def hypotheses_can_be_met(s: Statement) -> None:
    """The statement speaks of something: enough points meet every hypothesis."""
    assert len(covered_points(s)) >= EFFECTIVE, f"{s.name}: too few points meet every hypothesis"


def claims_hold_against_the_law(s: Statement) -> None:
    """Nowhere does the true failure probability certainly exceed the claimed one, nor a bound cease to make sense."""
    edges = [values for values in _edge_points(s) if covers(s, values)]
    for values in covered_points(s)[: 3 * EFFECTIVE] + edges:
        assert bk.refute(s, **values) is None, f"{s.name} is false at {values}"
        if s.truth is not None and s.failure != 0 and _within_reach(values):
            given = {sympy.Symbol(name): value for name, value in values.items()}
            claimed, true = log_ball(s.failure, given), log_ball(s.truth, given)
            assert not true > claimed, f"{s.name} claims less than the truth at {values}"


def floats_lie_in_the_ball(s: Statement) -> None:
    """On arrays bound and log_failure are the certified values, to the last digits of a float."""
    chosen = covered_points(s)[: 2 * EFFECTIVE]
    arrays = {p.name: np.array([float(values[p.name]) for values in chosen]) for p in s.parameters}
    got = s.evaluate(**arrays)
    assert got["applies"].all()
    for i in range(len(chosen)):
        given = {p.symbol: bk.values.exact_number(float(arrays[p.name][i])) for p in s.parameters}
        for name, enclosed in (("bound", ball(s.bound, given)), ("log_failure", log_ball(s.failure, given))):
            low, high = outward(enclosed)
            slack = 1e-13 * min(max(abs(low), abs(high)), 1e300) + 1e-300
            assert low - slack <= got[name][i] <= high + slack, (s.name, name, chosen[i])


def float_laws_lie_in_the_ball(s: Statement) -> None:
    """On arrays log_exact, which comes from the float laws, is the certified value, to the last digits of a float."""
    if s.truth is None or s.failure == 0:
        return
    chosen = [values for values in covered_points(s)[: 3 * EFFECTIVE] if _within_reach(values)]
    chosen = [{name: float(value) for name, value in values.items()} for values in chosen]
    got = s.evaluate(columns=("log_exact",), **{p.name: np.array([v[p.name] for v in chosen]) for p in s.parameters})
    for values, log_exact in zip(chosen, got["log_exact"], strict=True):
        low, high = s(**values).exact().enclosure
        shrink = abs(1 - values.get("eta", 0) * values.get("lam", 0)) or 1
        rounding = 64 * (1 + values.get("T", 0) / shrink)  # the power T of 1 - eta lam multiplies its rounding so much
        slack = rounding * np.spacing(min(max(abs(low), abs(high)), 1e300)) + 1e-300
        assert low - slack <= log_exact <= high + slack or low < -1e300, (s.name, values)


def words_say_the_formula(s: Statement) -> None:
    """The LaTeX and the plain text of bound, failure and hypotheses read back to the expressions."""
    point = covered_points(s)[0]
    formulas = {"bound": s.bound, "bound_2": s.claims[-1].rhs, "failure": s.failure}
    for forms, read in ((s.tex, read_latex), (s.text, read_text)):
        for key, words in forms:
            assert same_number(read(words), formulas[key], point), words
    for h in s.hypotheses:
        if h.relation is not None:
            said = read_relation(h.text, read_text)
            assert said.rel_op == h.relation.rel_op, h.text
            assert all(same_number(a, b, point) for a, b in zip(said.args, h.relation.args, strict=True)), h.text


def record_is_sound(s: Statement) -> None:
    """It can be named, pickled, hashed, shown and called; nothing in it can be changed."""
    import json
    import pickle

    assert pickle.loads(pickle.dumps(s)) == s
    assert hash(s) == hash(pickle.loads(pickle.dumps(s)))
    assert s.doc.strip()
    assert s.doc.strip() in inspect.getdoc(s)
    values = covered_points(s)[0]
    g = s(**values)
    assert g.applies is True
    assert pickle.loads(pickle.dumps(g)) == g
    assert len({g, pickle.loads(pickle.dumps(g))}) == 1
    json.dumps(g.to_dict(), allow_nan=False)
    assert "\n" not in repr(g)
    for text in (str(g), g.latex(), s.latex(), str(s), g._repr_html_(), g._repr_latex_()):
        assert text
        assert "nan" not in text


def claims_as_recorded(s: Statement, recorded: str) -> None:
    """The card says what a person read against the paper."""
    assert str(s) == recorded


CHECKS: tuple[Callable[[Statement], None], ...] = (
    hypotheses_can_be_met, claims_hold_against_the_law, floats_lie_in_the_ball, float_laws_lie_in_the_ball,
    words_say_the_formula, record_is_sound,
)


def _within_reach(values: dict[str, Any]) -> bool:
    """Sizes that certified laws answer quickly."""
    return values.get("m", 1) <= 10**4 and values.get("ell", values.get("n", 1)) <= 10**6


def _edge_points(s: Statement) -> list[dict[str, Any]]:
    """The smallest value of every letter, and the same with each letter in turn at its upper end."""
    from support import ends

    found = []
    for raised in (None, *s.parameters):
        given: dict[sympy.Symbol, Any] = {}
        for p in s.parameters:
            low, high = ends(p, given, 10**6)
            inside = low + (high - low) / 1000 if p.strict else low
            given[p.symbol] = high if p is raised else inside
            if p.integer:
                given[p.symbol] = int(given[p.symbol])
        found.append({symbol.name: value for symbol, value in given.items()})
    return found

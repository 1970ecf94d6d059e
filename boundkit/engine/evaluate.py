"""Expressions on arrays: compiled once, run in blocks, failure probabilities as logs that never underflow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
import operator
from typing import Any

import numpy as np
import sympy
from sympy.printing.numpy import NumPyPrinter

from boundkit.coerce import fold, relations_in
from boundkit.enclose import BrokenLaw, ball, holds, log_ball, log_law_ball, nearest
from boundkit.engine.accept import named
from boundkit.engine.arraylaws import answers, guarded, jumping_laws, jumps
from boundkit.engine.doubts import FEWER, NEAR, Columns, Doubt, doubt_of, is_exact
from boundkit.engine.reading import EXACT_INTEGERS, column
from boundkit.engine.verdict import Verdict, apart_from_truth, vacuity, verdict_names
from boundkit.errors import LawError, ParameterError, PrecisionError, StatementError
from boundkit.formulas import ARRAYS, PowerOfOnePlus, arrays
from boundkit.formulas.arrays import power_array, power_of_one_plus
from boundkit.model.parameter import Parameter
from boundkit.model.statement import StatementRecord
from boundkit.tails import LogOf, Tail, log_of
from boundkit.values import Formula, Value, exact_number, value_text

BLOCK = 1 << 15  # points at a time: the intermediate results stay in cache
COLUMNS = ("bound", "log_failure", "applies", "verdict", "log_exact")
DTYPES = {"applies": bool, "verdict": f"<U{max(len(verdict.name) for verdict in Verdict)}"}

_COMPARE = {
    ">=": np.greater_equal,
    "<=": np.less_equal,
    ">": np.greater,
    "<": np.less,
    "==": np.equal,
    "!=": np.not_equal,
}
_OUTSIDE = {operator.gt: np.less_equal, operator.ge: np.less, operator.le: np.greater}


def evaluate_arrays(
    statement: StatementRecord, arrays: Mapping[str, Any], columns: tuple[str, ...] | None = None
) -> dict[str, np.ndarray]:
    """Evaluate columns of a statement on arrays; see `Statement.evaluate`."""
    wanted = _known_columns(("bound", "log_failure", "applies") if columns is None else columns)
    arrays = named(statement, arrays)
    plan = _plan(statement, wanted, tuple(arrays))
    given, shape = _broadcast(statement, plan, arrays)
    size = int(np.prod(shape, dtype=int))
    out = {name: np.empty(size, DTYPES.get(name, float)) for name in wanted}
    for start in range(0, size, BLOCK):
        block = slice(start, min(start + BLOCK, size))
        points = [values if values.size == 1 else values[block] for values in given]
        with np.errstate(all="ignore"):
            _fill(plan, points, {name: whole[block] for name, whole in out.items()}, start)
    return {name: whole.reshape(shape) for name, whole in out.items()}


def _fill(plan: _Plan, points: list[np.ndarray], out: Mapping[str, np.ndarray], start: int) -> None:
    """Put the columns of one block of points into `out`."""
    results = plan.run(*(values.astype(float, copy=False) for values in points))
    values = dict(zip(plan.outputs, results, strict=True))
    for end in plan.edges:
        _refuse_outside(plan, end, values, points, start)
    certain, possible = _where(plan.conditions, plan, values, points)
    for name, found in out.items():
        if name == "applies":
            found[...] = certain
        elif name == "verdict":
            found[...] = verdict_names(~possible, _vacuous(plan, values, points), ~certain)
        else:
            found[...] = values.get(plan.formulas[name], np.nan)  # nan, to be corrected, where a law is in balls only
            _mend(plan, name, found, values, points)
            if name == "log_exact" and plan.foreign:
                found[~np.broadcast_to(_where(plan.foreign, plan, values, points)[1], found.shape)] = np.nan


@dataclass(frozen=True)
class _Plan:
    """What is to be computed for some columns, and the function that computes it."""

    statement: StatementRecord
    parameters: tuple[Parameter, ...]
    formulas: dict[str, sympy.Expr]
    doubts: dict[Formula, Doubt]
    jumping: dict[str, tuple[LogOf, ...]]
    conditions: tuple[Formula, ...]
    foreign: tuple[Formula, ...]
    vacuity: tuple[Formula, ...]
    edges: tuple[tuple[int, sympy.Expr, Callable[..., bool], str], ...]
    outputs: tuple[sympy.Expr, ...]
    run: Callable[..., tuple[np.ndarray | float, ...]]


@lru_cache(maxsize=256)
def _plan(statement: StatementRecord, columns: tuple[str, ...], given: tuple[str, ...]) -> _Plan:
    """What has to be computed for these columns where these parameters are given, compiled; the last plans are kept."""
    formulas = {name: _formula(statement, name) for name in columns if name not in DTYPES}
    conditions = statement.relations if {*DTYPES} & {*columns} else ()
    met = vacuity(statement) if "verdict" in columns else ()
    log_failure = (log_of(statement.failure),) if "verdict" in columns else ()
    known = {sympy.Symbol(name) for name in given}
    foreign = tuple(r for r in apart_from_truth(statement) if r.free_symbols <= known) if "log_exact" in columns else ()
    used = set().union(*(f.free_symbols for f in (*formulas.values(), *log_failure, *conditions, *foreign, *met)))
    worst = dict(statement.worst_case) if "log_exact" in columns else {}
    parameters = tuple(
        replace(p, default=worst[p.name]) if p.default is None and p.name in worst else p
        for p in statement.parameters
        if p.symbol in used or p.name in given
    )
    symbols = tuple(p.symbol for p in parameters)
    edges = tuple((i, *end) for i, p in enumerate(parameters) for end in p.edges if end[0].free_symbols <= {*symbols})
    relations = [relation for c in (*conditions, *foreign, *met) for relation in relations_in(c)]
    doubts = {relation: doubt_of((relation,), parameters, FEWER) for relation in relations}
    in_floats = {name: formula for name, formula in formulas.items() if answers(formula)}
    doubts |= {f: doubt_of((f, *_asked_of_laws(f)), parameters) for f in (*in_floats.values(), *log_failure)}
    jumping = {name: jumping_laws(formula) for name, formula in in_floats.items()}
    needed = (expr for doubt in doubts.values() for expr in doubt.needs)
    sides = (side for relation in relations for side in relation.args)
    laws = (expr for logs in jumping.values() for log in logs for expr in (log, *log.tail.args))
    ends = (expr for i, edge, _, _ in edges for expr in (symbols[i], edge))
    outputs = tuple(dict.fromkeys((*in_floats.values(), *log_failure, *sides, *needed, *laws, *ends)))
    run = compiled(symbols, outputs)
    return _Plan(statement, parameters, formulas, doubts, jumping, conditions, foreign, met, edges, outputs, run)


def _asked_of_laws(formula: sympy.Expr) -> tuple[sympy.Expr, ...]:
    return tuple(arg for tail in formula.atoms(Tail) for arg in tail.args)


def _formula(statement: StatementRecord, column: str) -> sympy.Expr:
    if column == "bound":
        return statement.bound
    if column == "log_failure":
        return log_of(statement.failure)
    if statement.truth is None or statement.failure == 0:
        raise StatementError(f"{statement.title} has no law of failure: nothing in it is random; leave log_exact out")
    return log_of(statement.truth)


class _Printer(NumPyPrinter):
    """NumPy code in which numbers stand beside arrays, as floats where NumPy has no integers of that size."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], laws: Mapping[type[Tail], str]) -> None:
        super().__init__({
            "fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True,
            "user_functions": {name: name for name in functions},
        })  # fmt: skip
        self._laws = laws

    def _print_LogOf(self, expr: LogOf) -> str:
        return f"{self._laws[type(expr.tail)]}({', '.join(map(self._print, expr.tail.args))})"

    def _print_Integer(self, expr: Formula) -> str:
        large = abs(expr.p) > EXACT_INTEGERS
        return f"float({str(expr.p)!r})" if large else str(super()._print_Integer(expr))

    def _print_ComplexInfinity(self, expr: Formula) -> str:
        return str(self._print(sympy.nan))

    def _print_Pow(self, expr: Formula, rational: bool = False) -> str:
        plain = expr.base.is_number and not expr.base.is_negative
        if expr.exp.is_number or plain or (expr.base.is_Symbol and expr.exp.is_Symbol):
            return str(super()._print_Pow(expr, rational))
        return f"{power_array.__name__}({self._print(expr.base)}, {self._print(expr.exp)})"

    def _print_And(self, expr: Formula) -> str:
        return f"({' & '.join(map(self._print, expr.args))})"

    def _print_Or(self, expr: Formula) -> str:
        return f"({' | '.join(map(self._print, expr.args))})"


@lru_cache(maxsize=1024)
def compiled(
    symbols: tuple[sympy.Symbol, ...], outputs: tuple[sympy.Expr, ...]
) -> Callable[..., tuple[np.ndarray | float, ...]]:
    """Return the outputs as one NumPy function of the symbols.

    In its code parameters and laws have names of our own: theirs may be those of constants, functions and one another.
    """
    parameters = {symbol: sympy.Symbol(f"parameter_{i}") for i, symbol in enumerate(symbols)}
    outputs = tuple(_for_arrays(sympy.sympify(expr)).xreplace(parameters) for expr in outputs)
    tails = dict.fromkeys(type(node.tail) for expr in outputs for node in expr.atoms(LogOf))
    laws = {tail: f"law_{i}" for i, tail in enumerate(tails)}
    own = {
        **{name: getattr(arrays, function) for name, function in ARRAYS.items()},
        power_array.__name__: power_array,
        PowerOfOnePlus.__name__: power_of_one_plus,
    }
    own |= {name: guarded(tail) for tail, name in laws.items()}
    function: Callable[..., tuple[np.ndarray | float, ...]] = sympy.lambdify(
        tuple(parameters.values()), outputs, modules=[own, "numpy"], printer=_Printer(own, laws), cse=True
    )
    return function


def _for_arrays(expr: Formula) -> Formula:
    """The expression as arrays compute it: each law by its logarithm, high powers of |1 + x| by log(1 + x)."""
    if isinstance(expr, Tail):
        return sympy.exp(LogOf(expr))
    if isinstance(expr, LogOf) or not expr.args:
        return expr
    if expr.is_Pow and isinstance(expr.base, sympy.Abs) and not expr.exp.is_number:
        one, rest = expr.base.args[0].as_coeff_Add()
        if abs(one) == 1 and rest != 0:
            return PowerOfOnePlus(one * rest, expr.exp)
    if not expr.has(Tail, sympy.Abs):
        return expr
    return expr.func(*map(_for_arrays, expr.args))


def _known_columns(columns: tuple[str, ...]) -> tuple[str, ...]:
    for name in columns:
        if name not in COLUMNS:
            raise ParameterError(f"there is no column {name!r}; the columns are {', '.join(COLUMNS)}")
    return tuple(columns)


def _broadcast(
    statement: StatementRecord, plan: _Plan, arrays: Mapping[str, Any]
) -> tuple[list[np.ndarray], tuple[int, ...]]:
    """Of each parameter its one value (), or one for each point (points,), and the shape that all broadcast to."""
    missing = [p.name for p in plan.parameters if p.name not in arrays and p.default is None]
    if missing:
        raise ParameterError(
            f"{statement.name} needs {', '.join(missing)} for {', '.join(plan.formulas) or 'applies'}; "
            "give them, or ask for fewer columns"
        )
    columns = [column(p, arrays.get(p.name, p.default)) for p in plan.parameters]
    try:
        shape = np.broadcast_shapes(*(column.shape for column in columns))
    except ValueError:
        shapes = ", ".join(f"{p.name} {c.shape}" for p, c in zip(plan.parameters, columns, strict=True))
        raise ParameterError(f"the arrays do not broadcast: {shapes}; give shapes that NumPy can broadcast") from None
    return [c.reshape(()) if c.size == 1 else np.broadcast_to(c, shape).reshape(-1) for c in columns], shape


def _refuse_outside(
    plan: _Plan, end: tuple[int, sympy.Expr, Callable[..., bool], str], values: Columns,
    points: list[np.ndarray], start: int,
) -> None:  # fmt: skip
    """Raise a ParameterError for the block's first point at which a parameter lies outside this end of its domain."""
    number, edge, inside, words = end
    p, limits = plan.parameters[number], values[edge]
    given = values[p.symbol]
    outside = _OUTSIDE[inside](given, limits)
    whole = {p.symbol for p in plan.parameters if p.integer}
    exact = edge.is_Symbol or edge.is_Integer or (edge.is_Add and is_exact(edge, whole))
    if _rounded(points) or not exact:
        outside = np.array(outside)
        for i in np.flatnonzero(np.abs(given - limits) <= NEAR * np.abs(limits)):
            outside.flat[i] = not p.is_inside(_exact_point(plan, points, int(i)), edge, inside)
    if np.any(outside):
        at = int(np.argmax(outside))
        value = value_text(_exact_point(plan, points, at)[p.symbol])
        limit = np.broadcast_to(limits, np.shape(outside)).flat[at]
        raise ParameterError(f"{p.name} = {value} at index {start + at}: {p.rule(words, f'{limit:g}')}")


def _rounded(points: list[np.ndarray]) -> bool:
    """Whether floats do not carry the points exactly."""
    return any(values.dtype == object for values in points)


def _where(
    conditions: tuple[Formula, ...], plan: _Plan, values: Columns, points: list[np.ndarray]
) -> np.ndarray:  # fmt: skip
    """Where every condition certainly holds, and where none certainly fails: two rows."""
    answer = np.ones((2, 1), bool)
    for condition in conditions:
        answer = answer & fold(
            condition, lambda relation: _answers(plan, relation, values, points),
            lambda parts: reduce(operator.and_, parts), lambda parts: reduce(operator.or_, parts),
        )  # fmt: skip
    return answer


def _vacuous(plan: _Plan, values: Columns, points: list[np.ndarray]) -> np.ndarray:
    """Where failure with probability 1 is not ruled out, or every claim is certainly always met: see `Guarantee`."""
    failure = plan.statement.failure
    log = np.atleast_1d(values[log_of(failure)])
    allowed = ~(log < 0)
    with np.errstate(all="ignore"):
        doubtful = plan.doubts[log_of(failure)].near(values) | ~(np.abs(log) > NEAR)
    for i in np.flatnonzero(np.broadcast_to(doubtful, allowed.shape)):
        allowed[i] = not log_ball(failure, _exact_point(plan, points, int(i))) < 0
    met = [_answers(plan, relation, values, points)[0] for relation in plan.vacuity]
    return allowed | reduce(operator.and_, met) if met else allowed


def _answers(plan: _Plan, relation: Formula, values: Columns, points: list[np.ndarray]) -> np.ndarray:
    """Where a relation certainly holds, and where it may hold: in floats, and by balls where these may be wrong."""
    with np.errstate(invalid="ignore"):
        true = np.atleast_1d(np.array(_COMPARE[relation.rel_op](values[relation.lhs], values[relation.rhs])))
        answers = np.array([true, true])
        if _rounded(points) or not all(side.is_Symbol or side.is_Integer for side in relation.args):
            near = np.broadcast_to(plan.doubts[relation].near(values), true.shape)
            for i in np.flatnonzero(near):
                answer = holds(relation, _exact_point(plan, points, int(i)))
                answers[:, i] = answer is True, answer is not False
    return answers


def _mend(
    plan: _Plan, name: str, found: np.ndarray, values: Columns, points: list[np.ndarray]
) -> None:  # fmt: skip
    """Put the certified value where floats lost its digits, or gave nan: infinity times 0, say, is none."""
    doubtful = np.isnan(found)
    if plan.formulas[name] in plan.doubts:
        doubtful = doubtful | plan.doubts[plan.formulas[name]].near(values)
    for log in plan.jumping.get(name, ()):
        doubtful = doubtful | jumps(log, values, plan.parameters)
    for i in np.flatnonzero(np.broadcast_to(doubtful, found.shape)):
        found[i] = _certified(plan.statement, name, _exact_point(plan, points, int(i)))


def _certified(s: StatementRecord, name: str, at: dict[sympy.Symbol, Value]) -> float:
    """A column's value at a point, as in a call."""
    if name == "bound":
        return nearest(ball(s.bound, at))
    if name == "log_failure":
        log = nearest(log_ball(s.failure, at))
        return np.inf if np.isnan(log) else log  # what is undefined says nothing
    try:
        found = log_law_ball(s.truth, at)
    except BrokenLaw:
        raise
    except (LawError, PrecisionError):  # not defined, or out of reach, at this point
        return np.nan
    return nearest(found) if not found.is_finite() or np.isfinite(nearest(found)) else np.nan  # beyond every float


def _exact_point(plan: _Plan, points: list[np.ndarray], i: int) -> dict[sympy.Symbol, Value]:
    here = (values if values.ndim == 0 else values[i] for values in points)
    return {p.symbol: exact_number(np.asarray(x).item()) for p, x in zip(plan.parameters, here, strict=True)}

"""Hypothesis strategies: points that a statement covers or just misses, problems, trained networks.

A point starts from one that the search of the domain has found, the simplest at first; then every parameter in turn is
drawn anew, and where the hypotheses fail it goes back towards its old value until they hold. So no draw is filtered
out, however narrow the hypotheses are, and the edges of the hypotheses are drawn often.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import TYPE_CHECKING, Any
import warnings

import sympy

from boundkit.api.objects import Statement
from boundkit.engine.domain import LARGEST, Ends, filled, in_order
from boundkit.errors import BoundkitError, ParameterError
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Hypothesis
from boundkit.simulate import DivergenceWarning, Problem, TrainedNetwork, problem, train
from boundkit.studies.walking import covered_points, covers
from boundkit.values import Formula, Value

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

SIZES = (10, 1000, 10**12)  # how far from an end an integer lies, at most
REALS = (50, 1000)  # the same of real numbers
DENOMINATORS = (1, 2, 10, 1000)
HALVINGS = {True: (0, 2, 64), False: (0, 2, 10)}  # of the way to a value that is not covered; the last is to the edge

Values = dict[str, Value]
_OPPOSITE = {
    sympy.Ge: sympy.Lt,
    sympy.Lt: sympy.Ge,
    sympy.Le: sympy.Gt,
    sympy.Gt: sympy.Le,
    sympy.Eq: sympy.Ne,
    sympy.Ne: sympy.Eq,
}


def parameters(
    statement: Statement, *, missing: str | None = None, largest: int = LARGEST, **fixed: Any
) -> SearchStrategy[dict[str, Any]]:
    """Return a strategy of points of a statement's domain that meet every hypothesis, or miss one of them.

    Parameters
    ----------
    statement : Statement
        Any reading. With ``replace(statement, hypotheses=())`` the points lie anywhere in the domain.
    missing : str, optional
        The text of a hypothesis, or its beginning: the points meet every other one, and certainly not this.
    largest : int
        The largest value of integers that have no end of their own.
    **fixed
        Values of parameters that are not drawn.

    Returns
    -------
    SearchStrategy of dict
        A value for every parameter, an int or Fraction, ready for ``statement(**values)``. Small values, ends, and
        values at which a hypothesis only just holds are likely; a failing example shrinks to small numbers.

    Raises
    ------
    StatementError
        Where too few points meet the hypotheses; it names the one in the way.
    ParameterError
        For a parameter or a hypothesis that the statement does not have.
    BoundkitError
        Where Hypothesis is not installed.

    Examples
    --------
    >>> import boundkit as bk
    >>> from hypothesis import given
    >>> @given(parameters(bk.theorem_5_1))
    ... def it_applies(values):
    ...     assert bk.theorem_5_1(**values).applies
    >>> it_applies()
    """
    st = _strategies()
    whole = _within(statement, largest, fixed)
    turned = None if missing is None else _hypothesis(statement, missing)
    drawn = whole if turned is None else _without(whole, turned)
    starts, parameters = covered_points(drawn), in_order(drawn.parameters)
    nearby = st.none() if turned is None else st.none() | st.sampled_from(covered_points(whole))
    symbols = set() if turned is None or turned.relation is None else turned.relation.free_symbols
    at_fault = [p for p in parameters if p.symbol in symbols]

    def points(draw: Any) -> Values:
        point = dict(draw(st.sampled_from(starts)))
        for p in parameters:
            far = st.sampled_from(HALVINGS[p.integer])
            target = _value(draw, p, _ends_at(p, parameters, point))
            point = _moved(drawn, parameters, point, p, target, partial(draw, far))
        if covered := draw(nearby):  # towards a point that meets the hypothesis, until it only just fails
            p = draw(st.sampled_from(at_fault))
            point = _moved(drawn, parameters, point, p, dict(covered)[p.name], partial(max, HALVINGS[p.integer]))
        return {q.name: point[q.name] for q in statement.parameters}

    found: SearchStrategy[dict[str, Any]] = st.composite(points)()
    return found


def problems(max_d: int = 30, max_points: int = 6) -> SearchStrategy[Problem]:
    """Return a strategy of small problems: points on a subspace with labels of every kind.

    Parameters
    ----------
    max_d, max_points : int
        The largest input dimension, at least 2, and the largest number of points, at least 1.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(problems(max_d=5))
    ... def there_is_an_orthogonal_direction(problem):
    ...     assert 1 <= problem.ell < problem.d <= 5
    >>> there_is_an_orthogonal_direction()
    """
    for name, value, least in (("max_d", max_d, 2), ("max_points", max_points, 1)):
        if type(value) is not int or value < least:
            raise ParameterError(f"{name} = {value!r}: an integer from {least} on is needed")
    st = _strategies()

    def at(d: int) -> SearchStrategy[Problem]:
        drawn: SearchStrategy[Problem] = st.builds(
            problem,
            st.just(d),
            st.integers(1, d - 1),
            st.integers(1, max_points),
            st.integers(0, 2**32 - 1),
            labels=st.sampled_from(("random", "linear", "clusters")),
            aligned=st.booleans(),
        )
        return drawn

    found: SearchStrategy[Problem] = st.integers(2, max_d).flatmap(at)
    return found


def networks(
    problem: SearchStrategy[Problem] | None = None, max_m: int = 8, max_steps: int = 30
) -> SearchStrategy[TrainedNetwork]:
    """Return a strategy of small trained networks: GD and SGD, with and without L2, in both representations.

    Parameters
    ----------
    problem : strategy, optional
        Of the data, ``problems()`` by default.
    max_m, max_steps : int
        The largest number of neurons, and of training steps.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(networks(max_steps=5))
    ... def the_weights_are_finite(network):
    ...     assert network.finite
    >>> the_weights_are_finite()
    """
    for name, value in (("max_m", max_m), ("max_steps", max_steps)):
        if type(value) is not int or value < 1:
            raise ParameterError(f"{name} = {value!r}: an integer from 1 on is needed")
    st = _strategies()
    found: SearchStrategy[TrainedNetwork] = st.builds(
        _trained,
        problems() if problem is None else problem,
        st.integers(1, max_m),
        steps=st.integers(1, max_steps),
        method=st.sampled_from(("gd", "sgd")),
        lam=st.sampled_from((0.0, 0.01, 0.1)),
        representation=st.sampled_from(("subspace", "full")),
        seed=st.integers(0, 2**32 - 1),
    )
    return found


def _trained(data: Problem, m: int, **options: Any) -> TrainedNetwork:
    with warnings.catch_warnings():  # what is said of a network holds however its training went
        warnings.simplefilter("ignore", DivergenceWarning)
        return train(data, m, **options)


def _strategies() -> Any:
    try:
        from hypothesis import strategies
    except ImportError:
        raise BoundkitError(
            "drawing points for tests needs Hypothesis: pip install 'boundkit[test]', or hypothesis itself"
        ) from None
    return strategies


def _hypothesis(s: Statement, text: str) -> Hypothesis:
    """The hypothesis of this text, or the one that begins with it."""
    numeric = [h for h in s.hypotheses if h.relation is not None]
    chosen = [h for h in numeric if h.text == text] or [h for h in numeric if h.text.startswith(text)]
    if len(chosen) != 1:
        known = "; ".join(h.text for h in numeric) or "none that numbers can decide"
        raise ParameterError(f"{s.title} has no one hypothesis {text!r} to miss; it has {known}")
    return chosen[0]


def _without(s: Statement, hypothesis: Hypothesis) -> Statement:
    """The statement with one hypothesis turned round."""
    relation: Formula = hypothesis.relation
    opposite = _OPPOSITE.get(relation.func)
    turned = opposite(*relation.args, evaluate=False) if opposite else sympy.Not(relation)
    turned = Hypothesis(f"not {hypothesis.text}", turned)
    return replace(s, hypotheses=tuple(turned if h is hypothesis else h for h in s.hypotheses))


def _within(s: Statement, largest: int, fixed: Mapping[str, Any]) -> Statement:
    """The statement with the ends that are drawn between, and without what drawing does not need."""
    if type(largest) is not int or largest < 1:
        raise ParameterError(f"largest = {largest!r}: an integer from 1 on is needed")
    values = {name: value for name, value in s.accept(fixed) if name in fixed}
    parameters = []
    for p in s.parameters:
        if p.name in values:
            value = sympy.Rational(values[p.name].numerator, values[p.name].denominator)
            p = p.within(low=value, high=value, strict=False)
        elif p.integer and p.high.is_infinite:
            p = p.within(high=sympy.Max(p.low, largest))
        parameters.append(p)
    return replace(s, parameters=tuple(parameters), errata=(), printed=None, doc="", sampler=None, tilted=None)


def _ends_at(p: Parameter, parameters: tuple[Parameter, ...], point: Values) -> Ends:
    """The ends of a parameter, where the others have these values."""
    seen: list[Ends] = []

    def look(q: Parameter, ends: Ends) -> Value:
        if q is p:
            seen.append(ends)
        return point[q.name]

    filled(parameters, look)
    return seen[0]


def _value(draw: Any, p: Parameter, ends: Ends) -> Value:
    """A value of a parameter, so many steps from an end: it shrinks as the steps do, and goes along with the end."""
    st = _strategies()
    low, high = ends
    parts = 1 if p.integer else draw(st.sampled_from(DENOMINATORS))
    most = draw(st.sampled_from(SIZES if p.integer else REALS)) * parts
    if low is not None and high is not None:
        most = min(most, ceil((high - low) * parts))
    if low is None and high is None:
        return Fraction(draw(st.integers(-most, most)), parts)
    steps = Fraction(draw(st.integers(0, most)), parts)
    if high is not None and (low is None or (p.high.free_symbols and draw(st.booleans()))):
        return high - steps
    return (low or Fraction(0)) + steps


def _moved(
    s: Statement,
    parameters: tuple[Parameter, ...],
    point: Values,
    p: Parameter,
    target: Value,
    halvings: Callable[[], int],
) -> Values:
    """The point with a parameter at its target, or on the way to it as far as the hypotheses allow."""

    def at(value: Value) -> Values | None:  # later parameters make room
        found = filled(parameters, lambda q, _: value if q is p else point[q.name])
        return found if found is not None and covers(s, tuple(found.items())) else None

    if found := at(target):
        return found
    inside, outside = point[p.name], target
    for _ in range(halvings()):
        middle = Fraction(inside + outside) / 2
        middle = Fraction(floor(middle)) if p.integer else middle
        if moved := at(middle):
            inside, point = moved[p.name], moved
        else:
            outside = middle
    return point

"""What the paper's statements must pass besides what any must: their words, and the cards read against the paper."""

from __future__ import annotations

import pickle

from support import read_latex, read_relation, read_text, same_number

from boundkit.api.objects import Statement
from boundkit.studies.walking import covered_points
from boundkit.testing import CHECKS as ANY
from boundkit.testing.conformance import float_laws_lie_in_the_ball

SMALL = 1000  # SymPy writes powers out


def words_say_the_formula(s: Statement) -> None:
    """The LaTeX and the plain text of bound, failure and hypotheses read back to the expressions."""
    points = covered_points(s)
    small = [point for point in points if all(x <= SMALL for _, x in point)]
    point = dict(small[-1] if small else min(points, key=lambda point: max(x for _, x in point)))
    more = {f"bound_{i}": claim.rhs for i, claim in enumerate(s.claims[1:], 2)}
    formulas = {"bound": s.bound, **more, "failure": s.failure}
    for forms, read in ((s.tex, read_latex), (s.text, read_text)):
        for key, words in forms:
            assert same_number(read(words), formulas[key], point), words
    for h in s.hypotheses:
        if h.relation is not None:
            said = read_relation(h.text, read_text)
            assert said.rel_op == h.relation.rel_op, h.text
            assert all(same_number(a, b, point) for a, b in zip(said.args, h.relation.args, strict=True)), h.text


def claims_as_recorded(s: Statement, recorded: str) -> None:
    """The card says what a person read against the paper."""
    assert str(s) == recorded


def laws_are_good_to_the_last_digits(s: Statement) -> None:
    """The paper's laws on arrays are off by few spacings of floats, where any statement's may lose some digits."""
    float_laws_lie_in_the_ball(s, ulps=64)


def it_pickles(s: Statement) -> None:
    """And so does what it gives, for other processes."""
    g = s(**dict(covered_points(s)[0]))
    assert pickle.loads(pickle.dumps((s, g))) == (s, g)


CHECKS = (*ANY, words_say_the_formula, laws_are_good_to_the_last_digits, it_pickles)

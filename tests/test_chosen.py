"""What whoever refutes a statement chooses: laws, and points once the weights are known."""

from dataclasses import replace
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st
import pytest
from scipy import stats
from support import examples
import sympy

import boundkit as bk
from boundkit.api.exchange import from_json, to_json
from boundkit.api.loading import load

HERE = load(Path(__file__).parents[1] / "examples" / "chosen.py")
HOEFFDING, MCDIARMID = HERE.hoeffding, bk.papers.classics.mcdiarmid


@given(st.integers(1, 60), st.fractions(0, 1), st.fractions(0, 1), st.integers(1, 5), st.fractions(0, 1))
def test_the_law_of_two_values_is_scipys(n, p, w, c, share):
    """And no choice refutes Hoeffding's inequality."""
    assume(0 not in (p, w, share))
    t = share * w * c
    least = n * (p + share)
    true = stats.binom.sf(-(-least.numerator // least.denominator) - 1, n, float(p))
    assert HOEFFDING(n=n, c=c, t=t, p=p, w=w).exact().failure == pytest.approx(true, rel=1e-9, abs=1e-300)
    assert bk.refute(HOEFFDING, n=n, c=c, t=t, p=p, w=w) is None


@pytest.mark.parametrize("factor", ["1.2", "4"])
@pytest.mark.parametrize("s", [HOEFFDING, MCDIARMID], ids=lambda s: s.name)
def test_a_constant_too_large_is_refuted_by_a_choice(s, factor):
    """The exponent 2 is the best for small deviations; the find says what was chosen."""
    wrong = replace(s, failure=s.failure ** sympy.Rational(factor), proof=None)
    found = bk.falsify(wrong, points=2000).counterexample
    assert found is not None
    assert " is chosen: it fails with" in str(found)
    own = {name: x for name, x in found.point if name != "p" and name != "w"}
    assert wrong(**own).applies is True  # a call leaves out what is chosen


def test_one_point_read_as_every_point_is_false_and_every_point_is_not():
    assert bk.falsify(HERE.one_point, points=300).counterexample is None
    misread = bk.falsify(HERE.misread)
    assert misread.counterexample is not None
    assert dict(misread.ratio_at)["looks"] > 1
    assert "is chosen" in str(misread)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(examples(3)))
def test_every_point_survives_every_choice(seed):
    assert bk.falsify(HERE.every_point, seed=seed).counterexample is None
    assert bk.falsify(HERE.misread, seed=seed).counterexample is not None


def test_what_is_chosen_is_said_and_kept():
    assert "whoever refutes chooses it" in " ".join(str(HOEFFDING).split())
    again = from_json(to_json(HOEFFDING))
    assert [p.name for p in again.parameters if p.chosen] == ["p", "w"]

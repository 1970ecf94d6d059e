"""Property tests over a statement's own domain; run it, or point pytest at it."""

from hypothesis import given, settings
from laurent_massart import without_2t
import numpy as np

import boundkit as bk
from boundkit.testing import assert_conforms, networks, parameters

repeatable = settings(derandomize=True, database=None, deadline=None)


@repeatable
@given(parameters(bk.theorem_5_1))
def test_it_applies_wherever_its_hypotheses_hold(values: dict) -> None:
    assert bk.theorem_5_1(**values).applies


@repeatable
@given(parameters(bk.theorem_5_1, missing="ell >="))
def test_nothing_is_promised_where_one_is_missed(values: dict) -> None:
    assert bk.theorem_5_1(**values).verdict is bk.Verdict.INAPPLICABLE


@settings(repeatable, max_examples=20)
@given(networks())
def test_what_is_orthogonal_to_the_data_keeps_the_length_it_decayed_to(network: bk.simulate.TrainedNetwork) -> None:
    before = np.linalg.norm(network.start.off)
    assert np.isclose(np.linalg.norm(network.off), network.decay * before)


def test_lemma_b_1_is_a_sound_statement() -> None:
    assert_conforms(bk.lemma_b_1)


if __name__ == "__main__":
    for name, test in sorted(globals().items()):
        if name.startswith("test_"):
            test()
            print(f"passed: {name}")
    try:
        assert_conforms(without_2t)
    except AssertionError as error:
        print(f"rejected: {error}")

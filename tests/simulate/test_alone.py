"""What is asked at several points is answered at each as it would be alone: to the last bit, in any order."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import numpy as np
from support import examples

from boundkit.simulate import problem, train

POINTS = 8
SIZES = st.sampled_from([(5, 1), (6, 3), (12, 7), (60, 30), (101, 37), (300, 170)])


def asked(net):
    """All that takes points, as functions of them."""
    step = np.random.default_rng(0).standard_normal(net.off.shape[1])
    return {
        "inputs": net.inputs, "output": net.output, "output after a step": lambda x: net.output(x, step),
        "active": net.active, "opposing": net.opposing, "counting": net.counting, "gradient": net.gradient,
        "off_subspace_gradient": net.off_subspace_gradient, "locate": net.problem.locate, "point": net.problem.point,
        **{
            f"attack {within} {part}": lambda x, w=within, p=part: getattr(net.attack(x, w, steps=4, starts=4), p)
            for within in ("off", "on", "free") for part in ("norm", "z", "flipped")
        },
    }  # fmt: skip


@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    SIZES, st.sampled_from([1, 2, 7, 24]), st.integers(0, 2**32), st.booleans(), st.booleans(),
    st.permutations(range(POINTS)), st.integers(1, POINTS),
)  # fmt: skip
def test_points_do_not_see_each_other(size, m, seed, full, vectors, order, some):
    """Given by number, by coordinates and as vectors of R^d; in batches of any shape and layout in memory."""
    data = problem(*size, POINTS, seed, rank=min(size[0] - size[1], 9))
    net = train(data, m, steps=10, seed=seed, representation="full" if full else "subspace")
    x = data.X if vectors else data.coordinates
    those = np.array(order[:some])
    for name, ask in asked(net).items():
        together = ask(x)
        if name != "point":
            np.testing.assert_array_equal(ask(x[those]), together[those], err_msg=name)
            np.testing.assert_array_equal(ask(np.asfortranarray(x)), together, err_msg=name)
            np.testing.assert_array_equal(ask(x[::-1]), together[::-1], err_msg=name)
            nested = ask(x.reshape(2, POINTS // 2, -1))
            np.testing.assert_array_equal(nested.reshape(together.shape), together, err_msg=name)
        for i in those[:2]:
            np.testing.assert_array_equal(ask(x[i]), together[i], err_msg=name)
            if not vectors:
                np.testing.assert_array_equal(ask(int(i)), together[i], err_msg=name)
    np.testing.assert_array_equal(data.off(data.X)[those], data.off(data.X[those]))


@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(SIZES, st.integers(0, 2**32), st.permutations(range(POINTS)))
def test_fresh_points_do_not_either(size, seed, order):
    """Points beyond the data's span as vectors of R^d."""
    data = problem(*size, 3, seed, rank=1)
    net = train(data, 6, steps=10, seed=seed)
    x = data.draw(POINTS, seed)
    vectors = net.problem.frame.vectors(x)
    z = net.attack(vectors, steps=3, starts=3).z
    np.testing.assert_array_equal(net.attack(vectors[order], steps=3, starts=3).z, z[order])

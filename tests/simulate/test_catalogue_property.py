"""No corrected statement of the catalogue is violated in simulation, and its exact law lies in the interval.

One check calls a true statement VIOLATED at most once in two million times, and misses its exact law at most once in a
million, so a run of 100 examples on every statement raises a false alarm at most once in 250, and one of 2000
(``pytest -m property --hypothesis-profile=thorough``) once in 12; seeds are part of the examples, so either would
come back and is worth a look.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st
import pytest
from support import STATEMENTS, examples, some

import boundkit as bk
from boundkit.errors import HypothesisError
from boundkit.simulate import SimulationVerdict, check

TRIALS = 1000


@st.composite
def sizes(draw, largest_m=8, least_m=1, **parameters):
    """d, ell < d, m and some other parameters."""
    d = draw(st.integers(2, 300) | st.integers(2, 10**12))
    values = {
        "d": d,
        "ell": draw(st.integers(1, d - 1) | st.integers(max(1, d - 3), d - 1)),
        "m": draw(st.integers(least_m, largest_m)),
    }
    return values | {name: draw(strategy) for name, strategy in parameters.items()}


@st.composite
def directions(draw, **parameters):
    """Sizes with n_o of at least two neurons and k of these."""
    values = draw(sizes(largest_m=6, least_m=2, **parameters))
    n_o = draw(st.integers(1, values["m"] - 1))
    return values | {"n_o": n_o, "k": draw(st.integers(1, n_o))}


@st.composite
def any_data(draw, **parameters):
    """Sizes with so many training points in place of ell, and a tangent space."""
    values = draw(sizes(**parameters))
    points = values["d"] - values.pop("ell")
    return values | {"points": points, "D": draw(st.integers(0, min(3, values["d"])))}


@st.composite
def pixels(draw, least_m=2, **parameters):
    """Few pixels, since each is drawn, and two neurons or more."""
    d, m = draw(st.integers(2, 10**9)), draw(st.integers(least_m, 8))
    ell = draw(st.integers(1, min(d - 1, 60)))
    return {"d": d, "ell": ell, "m": m} | {name: draw(strategy) for name, strategy in parameters.items()}


@st.composite
def covered_5_1(draw):
    """Sizes that Theorem 5.1 covers, with k and N(x0) given or measured."""
    m = draw(st.integers(2, 8))
    d = draw(st.integers(10**4, 10**5) | st.integers(10**4, 10**12))
    values = {"d": d, "ell": draw(st.integers(int(0.8 * d), d - 1)), "m": m}
    if draw(st.booleans()):
        values |= {
            "k": draw(st.integers(1, m - 1)),
            "output": draw(st.sampled_from((-1, 1))) * draw(st.floats(1e-3, 1e3)),
        }
    return values


@st.composite
def fractions(draw, *, flip):
    m, hundredths = draw(st.integers(2, 8)), draw(st.integers(60, 99))
    values = {"d": 100 * draw(st.integers(10**2, 10**6)), "c_ell": hundredths / 100}
    if flip:
        return values | {
            "m": m,
            "c_k": Fraction(draw(st.integers(1, m - 1)), m),
            "output": draw(st.floats(-50, -0.01) | st.floats(0.01, 50)),
        }
    return values | {"c_k": draw(st.just(0) | st.floats(1e-3, 1))}


N, M, SIGMA, LENGTH = st.integers(1, 200), st.integers(1, 6), st.floats(0.01, 100), st.floats(0.05, 5)
SMALL = st.integers(3, 24).flatmap(
    lambda d: st.fixed_dictionaries({"d": st.just(d), "ell": st.integers(1, d - 1), "m": st.integers(1, 6)})
)
ETA, LAM, STEPS = st.floats(1e-3, 0.5), st.just(0) | st.floats(1e-3, 3), st.integers(1, 60)
FACTOR, KEPT, FEW_DEVIATIONS = st.floats(1.01, 10), st.floats(0.1, 0.98), st.just(0) | st.floats(1e-3, 4)
EXAMPLES = {
    "remark_3_1": st.fixed_dictionaries({"gamma": st.just(0) | st.floats(1e-6, 300), "d": st.integers(1, 10**6)}),
    "theorem_4_1": sizes(),
    "corollary_4_1": fractions(flip=False),
    "theorem_5_1": covered_5_1(),
    "corollary_5_1": fractions(flip=True),
    "theorem_6_1": sizes(beta=SIGMA),
    "corollary_6_1": sizes().map(lambda v: {"d": v["d"], "ell": v["ell"]}),
    "theorem_6_2": sizes(eta=ETA, lam=LAM, T=STEPS),
    "corollary_6_2": sizes(eta=ETA, lam=LAM, T=STEPS).map(lambda v: {k: x for k, x in v.items() if k != "m"}),
    "theorem_a_1": SMALL,
    "theorem_a_2": SMALL,
    "lemma_b_1": st.fixed_dictionaries({"n": N, "sigma": SIGMA}),
    "lemma_b_2": st.fixed_dictionaries({"n": N, "m": M, "sigma": SIGMA}),
    "lemma_c_1": st.fixed_dictionaries({"n": N, "sigma": SIGMA}),
    "lemma_c_2": st.fixed_dictionaries({"norm_u": SIGMA, "sigma": SIGMA, "t": SIGMA}),
    "lemma_c_3": st.fixed_dictionaries({"n": N, "sigma_1": SIGMA, "sigma_2": LENGTH, "t": LENGTH}),
    "lemma_d_1": st.fixed_dictionaries({"n": N, "m": M, "sigma": SIGMA}),
    "sharpened_5_1": sizes(least_m=2, c=FACTOR, a=FACTOR, shrink=SIGMA),
    "sharpened_5_1_everywhere": sizes(c=FACTOR, a=FACTOR, shrink=SIGMA),
    "improved_5_1": sizes(c=FACTOR, a=FACTOR, shrink=SIGMA),
    "universal_flip": sizes(c=FACTOR, shrink=SIGMA),
    "one_direction_limit": directions(a=FACTOR, shrink=SIGMA),
    "off_subspace_radius": sizes(largest_m=5, t=FEW_DEVIATIONS, shrink=SIGMA),
    "off_subspace_radius_at": sizes(largest_m=5, t=FEW_DEVIATIONS, shrink=SIGMA),
    "gradient_interval": sizes(shrink=SIGMA),
    "deep_gradient": sizes(shrink=SIGMA).map(lambda v: {k: x for k, x in v.items() if k != "m"}),
    "deep_gradient_everywhere": sizes(t=FEW_DEVIATIONS, shrink=SIGMA),
    "deep_distance": sizes(t=FEW_DEVIATIONS, shrink=SIGMA),
    "gradient_everywhere": directions(
        t=FEW_DEVIATIONS, shrink=SIGMA, theta=st.integers(-30, 30).map(lambda i: i / 10)
    ).map(lambda v: {k: x for k, x in v.items() if k != "n_o"}),
    "sphere_has_none": st.fixed_dictionaries({"d": st.integers(2, 8), "rho": SIGMA, "output": st.floats(0.1, 9)}),
    "any_data_gradient": any_data(shrink=SIGMA),
    "any_data_flip": any_data(c=FACTOR, a=KEPT, shrink=SIGMA),
    "representation_swap": sizes(a=KEPT, shrink=SIGMA, off=st.integers(0, 1), moved=LENGTH),
    "representation_swap_everywhere": sizes(t=FEW_DEVIATIONS, shrink=SIGMA, moved=LENGTH),
    "flip_any_output": sizes(c=FACTOR, a=KEPT, shrink=SIGMA, output=LENGTH, U_F=LENGTH, u_min=LENGTH),
    "class_flip": sizes(c=FACTOR, a=KEPT, shrink=SIGMA, pairs=st.integers(1, 10), U_F=LENGTH, u_min=LENGTH),
    "flip_at": sizes(c=FACTOR, a=KEPT, shrink=SIGMA).map(lambda v: {**v, "h": v["m"]}),
    "flip_any_output_at": sizes(c=FACTOR, a=KEPT, shrink=SIGMA, output=LENGTH, norm_u_f=LENGTH).map(
        lambda v: {**v, "h": v["m"]}
    ),
    "distance_at": sizes(largest_m=5, a=KEPT, t=FEW_DEVIATIONS, shrink=SIGMA),
    "distance_linear": sizes(shrink=SIGMA),
    "linf_flip": pixels(c=FACTOR, shrink=SIGMA),
    "valid_image_flip": pixels(c=FACTOR, shrink=SIGMA, both=st.integers(0, 1), top=st.floats(1e3, 1e9)),
    "sparse_flip": pixels(least_m=1, c=FACTOR, a=KEPT, shrink=SIGMA).map(
        lambda v: {**{k: x for k, x in v.items() if k != "ell"}, "h": v["ell"]}
    ),
    "universal_flip_in_norm": pixels(least_m=1, c=FACTOR, a=KEPT, shrink=SIGMA, level=st.floats(0.1, 0.99)).flatmap(
        lambda v: st.fixed_dictionaries(
            {**{k: st.just(x) for k, x in v.items()}, "pixels": st.integers(1, 50), "dimension": st.integers(2, 30)}
        )
    ),
    "gradient_in_dual_norm": st.fixed_dictionaries(
        {"d": st.integers(2, 10**6), "norm_J": LENGTH, "pixels": st.integers(1, 60), "level": LENGTH, "t": LENGTH}
    ),
    "radius_in_norm": st.fixed_dictionaries(
        {"d": st.integers(2, 10**6), "width": st.floats(1, 20), "rho": st.floats(1, 5), "t": FEW_DEVIATIONS}
    ),
    "patch_gradient": st.fixed_dictionaries({"d": st.integers(2, 10**6), "n": st.floats(0.2, 500), "norm_M": LENGTH}),
    "patch_swap": sizes(t=FEW_DEVIATIONS, shrink=SIGMA, moved=LENGTH),
    "affine_gradient": sizes(shrink=SIGMA),
    "affine_gradient_trained_bias": sizes(shrink=SIGMA, height=LENGTH, bias_ratio=LENGTH),
    "weights_move_at_most": st.fixed_dictionaries(
        {"residue": SIGMA, "eta": ETA, "T": STEPS, "points": N, "point_weight": LENGTH, "lam": LAM}
    ),
    "nearly_gradient": sizes(t=FEW_DEVIATIONS, shrink=SIGMA, drift=LENGTH),
    "nearly_flip": sizes(t=FEW_DEVIATIONS, shrink=SIGMA, c=FACTOR, output=LENGTH, U_F=LENGTH, u_min=LENGTH),
    "nearly_radius": sizes(largest_m=5, t=FEW_DEVIATIONS, shrink=SIGMA, drift=LENGTH),
    "normal_tail": st.fixed_dictionaries({"t": SIGMA}),
    "lemma_b_1_best": st.fixed_dictionaries({"n": N, "sigma": SIGMA}),
    "lemma_c_1_best": st.fixed_dictionaries({"n": N, "sigma": SIGMA}),
}


def test_every_statement_has_examples():
    assert EXAMPLES.keys() == {name for name, s in STATEMENTS.items() if s.experiment}


@pytest.mark.property
@pytest.mark.parametrize("name", some(EXAMPLES, 9))
@settings(max_examples=examples(40))
@given(data=st.data())
def test_no_mended_statement_is_violated(name, data):
    values, seed = data.draw(EXAMPLES[name]), data.draw(st.integers(0, 2**32))
    shrunk = 1 - Fraction(values.get("eta", 0)) * Fraction(values.get("lam", 0))
    assume(shrunk == 0 or abs(shrunk) > 1e-9)  # in floats eta lam would be 1, and it is not
    few = {"theorem_a_1": 1, "theorem_a_2": 1, "remark_3_1": 1}
    training = {"steps": 20} if name.startswith("theorem_a") else {}
    try:
        found = check(bk.catalogue[name], few.get(name, TRIALS), seed=seed, training=training, **values)
    except HypothesisError:
        return  # every network in a row of 20 had k = 0
    assert found.verdict is not SimulationVerdict.VIOLATED, str(found)
    assert found.exact_inside is not False, str(found)

"""A network of one's own against the statements: nothing is said to hold that is only not refuted."""

from itertools import pairwise
import json
from pathlib import Path
from types import SimpleNamespace

from click.testing import CliRunner
import numpy as np
import pytest
import sympy

import boundkit as bk
from boundkit.cli import main
from boundkit.errors import ParameterError
from boundkit.library.melamed2023.figures import datasets
from boundkit.simulate import Subspace, network, problem, train
from boundkit.simulate.inspection import Inspection, Standing
from boundkit.simulate.seeing import SEEN, sides
from boundkit.studies.applicability import _claim, applicable

EXAMPLES = Path(__file__).parent.parent / "examples"
CERTAIN = {  # what weights, or how parameters are measured, decide; everything else is at most not refuted
    "ReLU's derivative at 0 is 1",
    "no regularisation",
    "N = N_y - N_c and u = U_y - U_c for one of the pairs of classes y and c",
    "no more than h neurons support the label, or oppose it and are active",
    "u_min is 0, or there is no output bias, or y0 times it is at most the sum of |u_i| a_i over the active opposing "
    "neurons",
    "these pixels are 0 in x0 too",
    "z changes so many pixels, each by at most reach |z| times a coordinate of a uniform direction of the dimension "
    "given: pixels, dimension and reach are ell, ell and 1 where P-perp is spanned by coordinates, d, d and 1 where P "
    "is random, d, ell and max |Pi e_j| for any P",
    "so many pixels have a part orthogonal to P, none longer than reach: ell of length 1 where P is spanned by "
    "coordinates",
    "over the z orthogonal to P whose norm is 1, rho is the greatest length and width at least the mean of the largest "
    "<g, z>, g standard normal",
}  # fmt: skip


def points(rng, N=30, d=60, rank=8):
    return rng.standard_normal((N, rank)) @ rng.standard_normal((rank, d))


def drawn(rng, m=10, d=60, classes=None, **more):
    u = rng.standard_normal(m if classes is None else (classes, m)) / m**0.5
    return {"W": rng.standard_normal((m, d)) / d**0.5, "u": u, "biases": 0.1 * rng.standard_normal(m), **more}


def standing(found):
    return {a.text: a.measured.standing for s in found.statements for a in s.assumptions}


def by_name(found):
    return {s.statement.name: s for s in found.statements}


@pytest.fixture(scope="module")
def own():
    rng = np.random.default_rng(0)
    X = points(rng)
    return network(drawn(rng, output_bias=0.05), subspace=Subspace.from_data(X)), X


@pytest.fixture(scope="module")
def report(own):
    return applicable(*own, attacked=5)


def test_a_network_trained_here_meets_what_is_promised():
    """Claims of 12 statements at 20 points, none of which may fail with more than 5 10^-2: Theorem 5.1's d^(-1/2)."""
    data = problem(d=2000, ell=1900, points=20, seed=1)
    found = applicable(train(data, m=6, steps=100, seed=2), data.X, attacked=5)
    applied = by_name(found)
    names = (
        "theorem_4_1", "theorem_5_1", "theorem_a_2", "universal_flip", "gradient_interval", "flip_at", "distance_at",
        "distance_linear", "off_subspace_radius", "deep_distance", "theorem_6_1", "sharpened_5_1",
    )  # fmt: skip
    for name in names:
        assert applied[name].promises, (name, applied[name].reasons)
        assert all(not c.broken.any() for c in applied[name].claims), name
        assert any(c.met.any() for c in applied[name].claims), name
    assert standing(found)["only the first layer is trained"] is Standing.NOT_REFUTED
    assert applied["corollary_6_1"].reasons[0].startswith("w_i ~ N(0, I_d/(2 d^2)) at the start: refuted (p")


@pytest.fixture(scope="module")
def pixels():
    """A network trained here on data that leave 480 pixels at 0, and its report."""
    data = problem(d=500, ell=480, points=12, seed=1, aligned=True)
    X, net = np.abs(data.X), train(data, m=2, steps=60, seed=2)
    return net, X, applicable(net, X, attacked=2)


def test_pixels_that_are_0_in_all_data_have_their_statements(pixels):
    _, X, found = pixels
    applied = by_name(found)
    assert found.inspection.free_pixels.tolist() == list(range(20, 500))
    for name in (
        "linf_flip", "sparse_flip", "universal_flip_in_norm", "gradient_in_dual_norm", "radius_in_norm",
        "sharpened_5_1_everywhere", "gradient_everywhere",
    ):  # fmt: skip
        assert applied[name].promises, (name, applied[name].reasons)
        assert all(not c.broken.any() for c in applied[name].claims), name
        assert any(c.met.any() for c in applied[name].claims), name
    assert applied["valid_image_flip"].values["top"] == X.max()
    assert applied["patch_swap"].reasons[0].endswith("the first layer is fully connected: it sees one patch")


def test_the_steps_in_pixels_are_those_of_the_statements(pixels):
    """Each is built again from its definition, and the network asked."""
    net, X, found = pixels
    seen, free, b = found.inspection, found.inspection.free_pixels, found.inspection.b
    values = {"c": 1.7, "k": SEEN["opposing"](seen, {}), "ell": 480}
    s = np.sign(net.u) @ net.weights[:, free] / b
    for i, x in enumerate(X):
        y0, k = np.sign(net.output(x)), int(net.opposing(x).sum())
        alpha = 1.7 * np.sqrt(net.m) * abs(net.output(x)) / (k + 1)  # by which each neuron moves in the mean
        steps = {
            "sign step": -y0 * np.sign(s) * alpha / (b * 480 * np.sqrt(2 / (np.pi * net.m))),
            "upward step": (-y0 * s > 0) * alpha / (b * 480 / np.sqrt(2 * np.pi * net.m)),
            "sparse step": -y0 * alpha * np.linalg.pinv(net.weights[:, free]) @ np.sign(net.u),
            "step along all weights": -y0 * alpha * s / (b * 480),
        }
        for name, z in steps.items():
            there = np.zeros(500)
            there[free] = z
            size = np.abs(z).max() if name in ("sign step", "upward step") else np.linalg.norm(z)
            assert SEEN[name](seen, values)[i] == pytest.approx(size)
            after = SEEN[f"{name}'s output".replace("s's", "s'")](seen, values)
            assert after[i] == pytest.approx(y0 * net.output(x + there), abs=1e-9)
    slopes = np.abs(net.lift(net.off_subspace_gradient(X)))
    assert SEEN["greatest slope"](seen, {}) == pytest.approx(slopes.max(axis=-1))
    assert SEEN["sum of slopes"](seen, {}) == pytest.approx(slopes.sum(axis=-1))
    low, high = SEEN["smallest change"](seen, {})
    assert (low <= high).all()


def test_a_step_may_change_more_pixels_than_there_are_directions():
    """One direction off P, along which all pixels change alike: d steps of 1/sqrt(d) make a length of 1."""
    rng = np.random.default_rng(5)
    d = 16
    X = rng.standard_normal((40, d))
    X -= X.mean(axis=1, keepdims=True)
    net = network({"W": rng.standard_normal((3, d)), "u": [1.0, -1.0, 0.5]}, subspace=Subspace.from_data(X))
    low, _ = SEEN["smallest change"](Inspection(net, X, None, 2), {})
    assert (low <= Inspection(net, X, None, 2).radius / np.sqrt(d) * (1 + 1e-9)).all()
    assert net.subspace.ell == 1


def test_where_no_pixel_is_free_the_number_is_told(report):
    applied = by_name(report)
    assert applied["gradient_in_dual_norm"].promises
    assert any("0 pixels are 0 at all of these 30 points, and ell = 52" in why for why in applied["linf_flip"].reasons)
    assert any("no pixel is 0 at all of these 30 points" in why for why in applied["sparse_flip"].reasons)
    assert applied["radius_in_norm"].reasons == ("not known here: width, rho",)


def test_nothing_random_is_said_to_hold(report):
    assert {text for text, found in standing(report).items() if found is Standing.HOLDS} <= CERTAIN
    for a in report.assumptions:
        assert (a.measured.p is None) or a.measured.standing in (Standing.NOT_REFUTED, Standing.REFUTED)
    assert "x0 does not depend on the off-subspace weights: not told by weights and data" in " ".join(
        str(report).split()
    )


def test_points_off_p_silence_what_needs_them_on_it(own):
    net, X = own
    X = X.copy()
    X[3] += 1e-3 * np.random.default_rng(1).standard_normal(60)
    found = applicable(net, X, attacked=2)
    assert not any(s.promises for s in found.statements)
    assert any(
        reason.startswith("the data and x0 lie on P: fails: 1 of 30 points are off P")
        for s in found.statements
        for reason in s.reasons
    )


def test_points_of_single_precision_are_on_p_up_to_its_rounding(own):
    net, X = own
    assert (
        standing(applicable(net, X.astype(np.float32), attacked=2))["the data and x0 lie on P"] is Standing.NOT_REFUTED
    )
    assert (
        standing(applicable(net, X.astype(np.float32).astype(float), attacked=2))["the data and x0 lie on P"]
        is Standing.FAILS
    )


GAUSSIAN = "orthogonally to P the first layer is left Gaussian, with standard deviation shrink/sqrt(d)"


@pytest.mark.parametrize("kind", ["uniform start", "moved", "rows", "shrunk", "same"])
def test_the_start_is_held_against_the_weights(kind):
    rng = np.random.default_rng(4)
    X = points(rng)
    P = Subspace.from_data(X)
    start = rng.uniform(-1, 1, (40, 60)) if kind == "uniform start" else rng.standard_normal((40, 60))
    W = start + rng.standard_normal((40, 8)) @ P.basis.T
    if kind == "moved":
        W += 0.05 * rng.standard_normal((40, 60))
    if kind == "rows":
        W = W * np.linspace(0.3, 3, 40)[:, None]
    if kind == "shrunk":
        W = W - 0.5 * P.off(start)
    found = applicable(network(W, rng.standard_normal(40), subspace=P), X, start, attacked=2)
    expected = {"uniform start": Standing.REFUTED, "moved": Standing.FAILS, "rows": Standing.FAILS}
    assert standing(found)[GAUSSIAN] is expected.get(kind, Standing.NOT_REFUTED)
    assert standing(found)["no regularisation"] is (
        Standing.FAILS if kind in ("moved", "rows", "shrunk") else Standing.NOT_REFUTED
    )


def test_where_ell_is_too_small_the_number_decides():
    rng = np.random.default_rng(2)
    X = points(rng, N=80, rank=55)
    found = applicable(network(drawn(rng), subspace=Subspace.from_data(X)), X, attacked=2)
    flip = by_name(found)["flip_any_output"]
    assert (flip.verdict, flip.reasons) == (bk.Verdict.INAPPLICABLE, ("ell >= m: 5 < 10, so ell >= 10 is needed",))


def test_classes_are_asked_for_their_runners_up():
    rng = np.random.default_rng(3)
    X = points(rng)
    net = network(drawn(rng, classes=4, output_bias=0.05 * rng.standard_normal(4)), subspace=Subspace.from_data(X))
    found = applicable(net, X, attacked=3)
    margins = np.sort(net.margins(X), axis=-1)[:, 0]
    np.testing.assert_allclose(found.inspection.output, margins, atol=1e-12)
    np.testing.assert_allclose(found.inspection.radius, net.certified_radius(X), rtol=1e-9)  # of all rivals
    runners_up = found.inspection.grouped(lambda pair, x: pair.certified_radius(x))
    assert (found.inspection.radius < runners_up * (1 - 1e-6)).any()  # else the test could not tell
    flip = by_name(found)["class_flip"]
    assert flip.values["pairs"] == 6
    assert flip.promises
    assert not any(c.broken.any() for c in flip.claims)
    assert by_name(found)["theorem_4_1"].reasons == (
        "only the first layer is trained: fails: the network has 4 outputs",
    )


def test_what_is_seen_agrees_with_the_network_point_by_point(own):
    net, X = own
    seen = Inspection(net, X, attacked=4)
    pushing, least = sides(net, X)
    for i, x in enumerate(X[:6]):
        a, y0 = net.weights @ x + net.biases, np.sign(net.output(x))
        opposing = [abs(u) for u, b in zip(net.u, a, strict=True) if b >= 0 and u * y0 < 0]
        supporting = [abs(u) for u, b in zip(net.u, a, strict=True) if b > 0 and u * y0 > 0]
        assert SEEN["sum of opposing weights"](seen, {})[i] == pytest.approx(sum(opposing))
        assert sorted(pushing[i][pushing[i] > 0]) == pytest.approx(sorted(opposing))
        assert least[i] in (0, min(supporting))
        assert SEEN["movable"](seen, {})[i] == sum(net.u * y0 > 0) + len(opposing)
        assert SEEN["gradient off P"](seen, {})[i] == pytest.approx(np.linalg.norm(net.subspace.off(net.gradient(x))))
        z = net.universal_flip(x, 1.3)
        assert SEEN["universal flip"](seen, {"c": 1.3})[i] == pytest.approx(z.norm)
        assert SEEN["universal flip's output"](seen, {"c": 1.3})[i] == pytest.approx(y0 * z.after)
    low, high = SEEN["distance"](seen, {})
    assert (low <= high * (1 + 1e-9)).all()
    assert np.isfinite(seen.attack("off")).sum() == len(seen.chosen) == 4
    assert {*pairwise(seen.chosen)} == {(0, 10), (10, 19), (19, 29)}
    assert SEEN["swap"](seen, {})[29] == pytest.approx(net.swap(X[29], X[0]).norm)


def test_a_claim_that_is_known_from_both_sides_may_stay_untold():
    q, seen = sympy.Symbol("q"), SimpleNamespace(output=np.ones(4))
    low, high = np.array([1.0, 3.0, 5.0, np.nan]), np.array([2.0, 5.0, 6.0, np.nan])
    for claim, met, broken in ((q <= 4, [1, 0, 0, 0], [0, 0, 1, 0]), (q >= 4, [0, 0, 1, 0], [1, 0, 0, 0])):
        found = _claim(claim, np.full(4, 4.0), (low, high), seen, np.ones(4, dtype=bool))
        assert (found.met.tolist(), found.broken.tolist()) == (list(map(bool, met)), list(map(bool, broken)))
    equal = _claim(sympy.Eq(q, 4), np.full(4, 4.0), np.array([4.0, 4 + 1e-12, 5.0, 3.0]), seen, np.ones(4, dtype=bool))
    assert (equal.met.tolist(), equal.broken.tolist()) == ([True, True, False, False], [False, False, True, True])


def test_of_many_points_the_greatest_failure_probability_is_told(report):
    flip = by_name(report)["flip_any_output_at"]
    sizes = {h: flip.statement(ell=52, m=10, h=int(h)).log_failure for h in flip.values["h"][flip.where]}
    assert len(sizes) > 1
    assert flip.log_failure == pytest.approx(max(sizes.values()))
    assert flip.log_failure > min(sizes.values())


def test_u_min_is_0_where_an_output_bias_makes_the_label():
    W, u = np.eye(3, 6), np.array([1.0, 0.5, -2.0])
    P = np.eye(6, 3)
    x = np.array([[1.0, 2.0, 0.25, 0, 0, 0]])
    for bias, least in ((0.0, 0.5), (0.4, 0.5), (3.0, 0.0), (-0.4, 0.5)):
        net = network(W, u, output_bias=bias, subspace=P)
        assert sides(net, x)[1] == [least], bias
        assert sides(net, x)[0].tolist() == [[0, 0, 2.0]]


def test_every_look_that_a_statement_names_is_there():
    for s in bk.catalogue.values():
        if s.experiment is not None and s.experiment.seen:
            names = {p.name for p in (*s.parameters, *s.quantities)}
            assert {look for _, look in s.experiment.seen if isinstance(look, str)} <= SEEN.keys(), s.name
            seen = {name for name, _ in s.experiment.seen}
            assert seen & names, s.name


def test_the_text_fits_a_terminal_and_json_carries_it_all(report):
    text = str(report)
    assert max(map(len, text.splitlines())) <= 80
    verdicts = [s.verdict for s in report.statements]
    counts = f"of {len(verdicts)} statements {verdicts.count(bk.Verdict.INFORMATIVE)} apply"
    assert counts in text
    assumed = text.partition("\nAssumptions")[2].partition("\n\n")[0]
    shown = [a for a in report.assumptions if " ".join(assumed.split()).count(f"{a.text}: {a.measured.standing.value}")]
    assert not any(a.measured.standing.denied for a in shown)  # what denies stands with the statements it silences
    assert {a for s in report.statements if s.promises for a in s.assumptions} <= set(shown)
    carried = json.loads(json.dumps(report.to_dict()))
    assert [s["statement"] for s in carried["statements"]] == [s.statement.qualified_name for s in report.statements]
    assert all(s.statement.qualified_name in text for s in report.statements)
    assert len(carried["measured"]["gradient off P"]) == carried["points"] == 30
    assert carried["network"] == {"m": 10, "d": 60, "ell": 52, "classes": None, "affine": False}


REFUSED = [
    (({}, np.ones((2, 60))), {}, "a network of type dict: make it with boundkit.simulate.network"),
    ((None, np.ones((2, 61))), {}, r"X of shape \(2, 61\): give points \(N, 60\)"),
    ((None, np.ones(60)), {}, r"X of shape \(60,\)"),
    ((None, np.ones((0, 60))), {}, r"X of shape \(0, 60\)"),
    ((None, np.full((2, 60), np.nan)), {}, "X with 120 numbers that are not finite"),
    ((None, np.ones((2, 60)), np.ones((9, 60))), {}, r"start of shape \(9, 60\): give the first layer's weights"),
    ((None, "nowhere.npz"), {}, "nowhere.npz: there is no such file"),
    ((None, np.ones((2, 60))), {"attacked": 0}, "attacked = 0: at how many points .* is an integer, at least 1"),
    ((None, np.ones((2, 60))), {"attacked": "many"}, "attacked = 'many': at how many points"),
    ((None, np.ones((2, 60))), {"statements": "theorem_5_1"}, "'theorem_5_1': give statements or papers themselves"),
    ((None, np.ones((2, 60))), {"statements": [bk.theorem_5_1, 3]}, "3: give statements or papers themselves"),
]


@pytest.mark.parametrize(("given_", "options", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_makes_no_sense_is_refused(own, given_, options, message):
    net, *rest = given_
    with pytest.raises(ParameterError, match=message):
        applicable(own[0] if net is None else net, *rest, **options)


def run(*words):
    return CliRunner().invoke(main, ["network", *map(str, words)])


def test_the_command_reads_files_and_writes_a_page(tmp_path, own, report):
    net, X = own
    model, data, page = (tmp_path / name for name in ("model.npz", "data.npz", "page.html"))
    np.savez(model, W=net.weights, u=net.u, biases=net.biases, output_bias=net.output_bias)
    np.savez(data, X=X, y=np.zeros(30))
    done = run(model, data, "--attacked", 5, "--html", page)
    assert done.exit_code == 0
    assert done.stdout.rstrip("\n") == str(report)
    html = page.read_text()
    assert html.count("<svg role") == 3
    assert all(s.statement.qualified_name in html for s in report.statements)
    assert "<script" not in html
    assert "http" not in html.replace("http://www.w3.org", "").replace("http-equiv", "")
    cut = run(model, data, "--attacked", 2, "--directions", 4, "--format", "json")
    assert cut.exit_code == 3
    assert json.loads(cut.stdout)["network"]["ell"] == 56


def test_wrong_words_are_told_in_one_line(tmp_path):
    np.savez(tmp_path / "two.npz", a=np.ones(3), b=np.ones(3))
    np.savez(tmp_path / "whole.npz", X=np.random.default_rng(0).standard_normal((400, 256)))
    model, data = EXAMPLES / "digits_network.npz", EXAMPLES / "digits_data.npz"
    for words, message in (
        ((model, tmp_path / "two.npz"), "with a, b: give one array, or name it X"),
        ((model, tmp_path / "whole.npz"), "so ell = 0"),
        ((model, data, "--tol", "0.1", "--share", "0.5"), "give --tol, --directions or --share"),
        ((data, data), "a mapping with X, y: give two linear layers"),
        ((model, "nothing.npz"), "there is no such file"),
    ):
        done = run(*words)
        assert done.exit_code == 2, words
        assert message in done.stderr, done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_no_claim_breaks_more_often_than_it_may():
    """200 networks, each with one point a statement: failures that are claimed rarer than 1e-3 are at most 3 of 200.

    Four or more would be a chance below 1e-4 a claim, for some 15 claims.
    """
    broken: dict[tuple[str, int], int] = {}
    for seed in range(200):
        rng = np.random.default_rng(seed)
        X = points(rng, N=2, d=400, rank=6)
        found = applicable(network(drawn(rng, m=6, d=400), subspace=Subspace.from_data(X)), X, attacked=2)
        for s in found.statements:
            for i, claim in enumerate(s.claims):
                broken[s.statement.name, i] = broken.get((s.statement.name, i), 0) + bool(claim.broken[:1].any())
    assert len(broken) > 8
    assert max(broken.values()) <= 3


def test_scikit_learns_digits_are_read_as_they_are():
    sklearn = pytest.importorskip("sklearn.datasets")
    X = (sklearn.load_digits().data / 16).astype(np.float32)
    P = Subspace.from_data(X)
    assert P.ell == 3
    found = applicable(network(drawn(np.random.default_rng(0), d=64), subspace=P), X[:50], attacked=2)
    assert by_name(found)["flip_any_output"].reasons[0].startswith("ell >= m")


FASHION = datasets.DEBIAN


@pytest.mark.slow
@pytest.mark.skipif(not FASHION.exists(), reason="Debian's dataset-fashion-mnist is not installed")
def test_fashion_mnist_in_single_precision():
    """Trousers and ankle boots: 300 images span less than the pixels, all layers are trained, and flips are met."""
    (images,) = datasets.images(FASHION)
    assert (images.name, images.pixels.shape) == ("Fashion-MNIST", (70000, 784))
    two = np.flatnonzero(np.isin(images.labels, (1, 9)))
    X = (images.pixels[two[:300]] / images.largest).astype(np.float32)
    y = np.where(images.labels[two[:300]] == 9, 1, -1)
    data = problem(X=X.astype(float), y=y)
    made = train(data, 24, steps=150, eta=0.002, layers="all", biases=0.05, seed=0)
    weights = made.weights, made.u, made.biases, made.output_bias
    single = dict(zip(("W", "u", "biases", "output_bias"), (np.float32(x) for x in weights), strict=True))
    P = Subspace.from_data(X)
    found = applicable(network(single, subspace=P), X, made.start.full.astype(np.float32), attacked=5)
    seen = found.inspection
    assert P.ell == 784 - np.linalg.matrix_rank(X.astype(float), tol=1e-4)
    assert (np.sign(seen.output) == y).mean() > 0.95
    assert len(seen.free_pixels) == (~X.any(axis=0)).sum()
    assert standing(found)["the data and x0 lie on P"] is Standing.NOT_REFUTED
    assert standing(found)[GAUSSIAN] is Standing.NOT_REFUTED
    applied = by_name(found)
    for name in ("flip_any_output", "flip_any_output_at", "deep_gradient", "representation_swap"):
        assert applied[name].promises, (name, applied[name].reasons)
        assert all(not c.broken.any() for c in applied[name].claims), name
        assert any(c.met.any() for c in applied[name].claims), name
    assert applied["theorem_5_1"].reasons[0].startswith("only the first layer is trained: fails: |u_i| sqrt(m) is from")
    assert max(map(len, str(found).splitlines())) <= 80
    whole = Subspace.from_data(images.pixels[two] / images.largest)
    assert whole.ell == (~images.pixels[two].any(axis=0)).sum() == 1  # of 14,000 images: a pixel that is always dark
    at_all = applicable(network(single, subspace=whole), X, attacked=2)
    assert by_name(at_all)["flip_any_output"].reasons == ("ell >= m: 1 < 24, so ell >= 24 is needed",)

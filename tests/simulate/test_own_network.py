"""Networks of one's own: arrays, state_dicts and files, subspaces from data, and what is said of what does not fit."""

from __future__ import annotations

import re
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples

from boundkit.errors import BoundkitError, HypothesisError, ParameterError
from boundkit.simulate import Subspace, linear_algebra_threads, network, problem, read_array, subspace, train
from boundkit.simulate.many import Flips
from boundkit.simulate.threads import _controller, single_threaded
from boundkit.studies.applicability import applicable

RNG = np.random.default_rng(0)
W, BIASES, U, ABOVE = (RNG.standard_normal(shape) for shape in ((8, 20), 8, (3, 8), 3))
X = RNG.standard_normal((30, 5)) @ RNG.standard_normal((5, 20))
STATE = {"0.weight": W, "0.bias": BIASES, "2.weight": U, "2.bias": ABOVE}
P = Subspace.from_data(X)


def same(one, other, x=X):
    np.testing.assert_array_equal(one.output(x), other.output(x))
    return True


class Tensor:
    """What a tensor that requires a gradient does, as far as it is asked."""

    def __init__(self, value, held=True):
        self.value, self.held = np.asarray(value), held

    def __array__(self, *args, **kwargs):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")

    def detach(self):
        return self

    def cpu(self):
        return self

    def numpy(self):
        if not self.held:
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self.value


def test_arrays_state_dicts_tensors_and_files_give_the_same_network(tmp_path):
    arrays = network(W, U, BIASES, ABOVE, subspace=P)
    np.savez(tmp_path / "torch.npz", **STATE)
    np.savez(tmp_path / "own.npz", W=W, u=U, biases=BIASES, output_bias=ABOVE)
    held = {"fc10.weight": U, "fc10.bias": ABOVE, "fc2.weight": W, "fc2.bias": BIASES}
    for given_ in (
        STATE, {k: Tensor(v) for k, v in STATE.items()}, held, tmp_path / "torch.npz", str(tmp_path / "own.npz"),
        dict(reversed(STATE.items())),
    ):  # fmt: skip
        assert same(network(given_, subspace=P), arrays)
    bare = network({"a.weight": W, "b.weight": U[:1]}, subspace=P)
    assert same(bare, network(W, U[0], subspace=P))
    assert same(bare, network(W, U[:1], subspace=P))
    assert (bare.classes, arrays.classes, bare.biases) == (None, 3, None)
    with_bias = network({"a.weight": W, "b.weight": U[:1], "b.bias": [0.5]}, subspace=P)
    assert with_bias.output_bias == network(W, U[:1], output_bias=[0.5], subspace=P).output_bias == 0.5


def test_safetensors_files_are_read_where_the_extra_is_installed(tmp_path, monkeypatch):
    path = tmp_path / "weights.safetensors"
    path.write_bytes(b"no such thing")
    try:
        from safetensors.numpy import save_file
    except ImportError:
        with pytest.raises(BoundkitError, match=re.escape("pip install 'boundkit[safetensors]'")):
            network(path, subspace=P)
        return
    with pytest.raises(ParameterError, match="save it again"):
        network(path, subspace=P)
    save_file(STATE, path)
    assert same(network(path, subspace=P), network(STATE, subspace=P))
    monkeypatch.setitem(__import__("sys").modules, "safetensors", None)
    with pytest.raises(BoundkitError, match=re.escape("pip install 'boundkit[safetensors]'")):
        network(path, subspace=P)


@settings(max_examples=examples(30))
@given(st.integers(0, 2**32), st.sampled_from([1, 3]))
def test_outputs_and_gradients_are_those_of_the_formula(seed, classes):
    """By NumPy and by differences, on and off P, for many points at once."""
    rng = np.random.default_rng(seed)
    state = {"w.weight": rng.standard_normal((6, 9)), "w.bias": rng.standard_normal(6)}
    state |= {"v.weight": rng.standard_normal((classes, 6)), "v.bias": rng.standard_normal(classes)}
    names = {"w.weight": "0.weight", "w.bias": "0.bias", "v.weight": "2.weight", "v.bias": "2.bias"}
    net = network({names[k]: v for k, v in state.items()}, subspace=np.linalg.qr(rng.standard_normal((9, 4)))[0])
    x, h = rng.standard_normal((20, 9)), 1e-6

    def formula(x):
        out = np.maximum(x @ state["w.weight"].T + state["w.bias"], 0) @ state["v.weight"].T + state["v.bias"]
        return out if classes > 1 else out[..., 0]

    x = x[(np.abs(net.inputs(x)) > 1e-4).all(-1)]
    np.testing.assert_allclose(net.output(x), formula(x), atol=1e-12)
    slopes = np.moveaxis([(formula(x + h * e) - formula(x - h * e)) / (2 * h) for e in np.eye(9)], 0, -1)
    np.testing.assert_allclose(net.gradient(x), slopes, atol=1e-7)
    np.testing.assert_allclose(net.off_subspace_gradient(x), net.subspace.off(slopes), atol=1e-7)


@pytest.mark.parametrize("classes", [1, 3])
def test_outputs_and_gradients_are_those_of_pytorch(classes):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(20, 8), torch.nn.ReLU(), torch.nn.Linear(8, classes)).double()
    x = torch.randn(50, 20, dtype=torch.float64, requires_grad=True)
    for state in (module.state_dict(), dict(module.named_parameters())):
        net, out = network(state, subspace=P), module(x)
        found, slopes = net.output(x.detach().numpy()), net.gradient(x.detach().numpy())
        np.testing.assert_allclose(found.reshape(50, -1), out.detach().numpy(), atol=1e-12)
        for k in range(classes):
            (expected,) = torch.autograd.grad(out[:, k].sum(), x, retain_graph=True)
            np.testing.assert_allclose(slopes.reshape(50, -1, 20)[:, k], expected.numpy(), atol=1e-12)


def test_single_precision_is_taken_as_it_is_and_counts_as_rounded():
    single = {k: v.astype(np.float32) for k, v in STATE.items()}
    net = network(single, subspace=Subspace.from_data(X.astype(np.float32)))
    double = network({k: v.astype(float) for k, v in single.items()}, subspace=net.subspace)
    assert net.subspace.ell == P.ell
    assert same(net, double)
    np.testing.assert_allclose(net.output(X.astype(np.float32)), double.output(X), atol=1e-4)
    x = net.subspace.basis @ np.ones(5)
    near = x + 1e-7 * RNG.standard_normal(20)
    np.testing.assert_allclose(net.subspace.settled(near.astype(np.float32)), x, atol=1e-6)
    assert np.linalg.norm(net.subspace.off(net.subspace.settled(near.astype(np.float32)))) < 1e-14
    assert np.linalg.norm(net.subspace.off(net.subspace.settled(near))) > 1e-8  # doubles say that it is off
    found = net.distance(X[:3].astype(np.float32))
    assert found.certified.all()
    assert network(single, subspace=P.basis.astype(np.float32)).subspace.ell == 15


def test_tensors_that_require_a_gradient_are_taken_wherever_numbers_are():
    held, points, single = Tensor(P.basis), Tensor(X), Tensor(X.astype(np.float32))
    net = network(Tensor(W), Tensor(U[0]), Tensor(BIASES), Tensor(ABOVE[0]), subspace=held)
    own = network(W, U[0], BIASES, ABOVE[0], subspace=P.basis)
    for ask in ("output", "certified_radius", "gradient", "off_subspace_gradient"):
        np.testing.assert_array_equal(getattr(net, ask)(points), getattr(own, ask)(X))
    np.testing.assert_array_equal(net.flips(points).norm, own.flips(X).norm)
    np.testing.assert_array_equal(net.margins(points, Tensor(np.ones(30))), own.margins(X, np.ones(30)))
    for given_, as_they_are in ((points, X), (single, X.astype(np.float32))):
        assert Subspace.from_data(given_).ell == Subspace.from_data(as_they_are).ell == 15
        assert Subspace.from_pca(given_, 3).kept == Subspace.from_pca(as_they_are, 3).kept
        found, own_report = (applicable(own, x, Tensor(W), attacked=1) for x in (given_, as_they_are))
        assert str(found) == str(own_report)


def test_subspaces_from_data():
    shift = RNG.standard_normal(20)
    assert (P.ell, P.kept) == (15, 1.0)
    np.testing.assert_allclose(P.off(X), 0, atol=1e-12)
    through = Subspace.from_data(X + shift, affine=True)
    assert through.ell == 15
    assert Subspace.from_data(X + shift).ell == 14
    np.testing.assert_allclose(through.off(X + shift - through.mean), 0, atol=1e-12)
    noisy = X + 1e-3 * RNG.standard_normal(X.shape)
    assert Subspace.from_data(noisy, tol=1e-2).ell == 15
    full = np.linalg.svd(noisy - noisy.mean(0), compute_uv=False) ** 2
    for j in (1, 3, 5):
        cut = Subspace.from_pca(noisy, j)
        assert cut.ell == 20 - j
        assert cut.kept == pytest.approx(full[:j].sum() / full.sum())
        assert Subspace.from_pca(noisy, share=cut.kept * (1 - 1e-9)).ell == 20 - j
    assert "ell = 15" in repr(Subspace.from_pca(noisy, 5))
    assert Subspace.from_pca(noisy, 5, affine=False).mean is None


def test_on_an_affine_subspace_coordinates_start_at_the_mean():
    through = Subspace.from_pca(X + 3.0, 4)
    net = network(STATE, subspace=through)
    c = RNG.standard_normal((6, 4))
    x = through.mean + c @ through.basis.T
    np.testing.assert_allclose(net.output(c), net.output(x), atol=1e-12)
    step = net.distance(c)
    np.testing.assert_allclose(step.z @ through.basis, 0, atol=1e-9)
    np.testing.assert_allclose(through.settled(x + 1e-13), x, atol=1e-11)
    assert step.certified.all()


def length(net, method, x):
    try:
        return getattr(net, method)(x).norm
    except HypothesisError:
        return np.inf


def test_an_array_is_read_from_wherever_it_is(tmp_path):
    single = X.astype(np.float32)
    np.savez(tmp_path / "two.npz", X=single, y=np.ones(3))
    np.savez(tmp_path / "one.npz", points=single)
    for source in (single, {"X": single, "y": 0}, Tensor(single), {"X": Tensor(single)}, *tmp_path.iterdir()):
        found = read_array(source, "X")
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, single)
    with pytest.raises(ParameterError, match="a mapping with a, b: give one array, or name it X"):
        read_array({"a": 1, "b": 2}, "X")


def test_an_output_bias_changes_nothing_in_how_the_universal_flip_moves_neurons():
    for u, bias in ((np.where(U[0] > 0, 1, -1) / 8**0.5, 0.3), (U[0], -0.3), (U[0], 0.0)):
        net = network(W, u, BIASES, bias, subspace=P)
        for x in X[:8]:
            try:
                z = net.universal_flip(x)
            except HypothesisError:
                continue
            moves = -np.sign(net.output(x)) * np.sign(u) * z.alpha
            expected = np.linalg.pinv(net.off) @ moves
            np.testing.assert_allclose(z.z, expected * z.norm / np.linalg.norm(expected), rtol=1e-6, atol=1e-9)
            assert 1 <= z.norm / np.linalg.norm(expected) < 1.0001


def test_many_flips_and_swaps_are_those_of_the_single_points():
    net = network(STATE, subspace=P)
    for method in ("universal_flip", "shortest_flip"):
        found = net.flips(X[:6], method)
        for x, norm, toward in zip(X[:6], found.norm, found.toward, strict=True):
            y = int(net.labels(x))
            alone = {c: length(net.pair(y, c), method, x) for c in range(3) if c != y}
            assert norm == min(alone.values()) == alone.get(toward, np.inf)
        assert found.flipped.tolist() == np.isfinite(found.norm).tolist()
        assert f"{found.flipped.sum()} steps" in repr(found)
        np.testing.assert_allclose(np.linalg.norm(found.z, axis=1)[found.flipped], found.norm[found.flipped])
    assert found.flipped.all()
    many = net.swap(X[:6], X[6:12])
    for i in range(6):
        np.testing.assert_array_equal(many.z[i], net.swap(X[i], X[6 + i]).z)
    np.testing.assert_allclose(net.output(X[:6] + many.z), net.output(X[6:12]), atol=1e-9)
    np.testing.assert_array_equal(net.swap(X[:6], X[7]).norm[2], net.swap(X[2], X[7]).norm)
    assert "6 swaps" in repr(many)
    few = network(W[:, :6], U, subspace=np.eye(6, 2)).flips(X[:3, :6])  # ell = 4 < m
    assert (np.isinf(few.norm).all(), few.flipped.any(), few.toward.tolist()) == (True, False, [-1] * 3)
    assert "; 3 without: ell = 4 < m = 8" in repr(few)
    assert "take shortest_flip" in repr(few)
    told = Flips("universal_flip", (None,) * 3, ("N(x0) = 1", "", "N(x0) = 2"), None)
    assert "0 steps; 2 without, the first: N(x0) = 1>" in repr(told)


def test_threads_are_the_callers_choice():
    def now():
        return {each["num_threads"] for each in _controller().info() if each["user_api"] == "blas"}

    seen = []

    class Seen(np.ndarray):
        pass

    data = problem(d=20, ell=10, points=4, seed=0)
    original = subspace.Subspace.settled

    def settled(self, x):
        seen.append(now())
        return original(self, x)

    net = train(data, 5, steps=5)
    type(data).settled = settled
    try:
        net.attack(data.coordinates)
        with linear_algebra_threads(2):
            net.attack(data.coordinates)
        net.attack(data.coordinates)
    finally:
        del type(data).settled
    assert seen[0] == seen[2] == {1}
    assert max(seen[1]) <= 2
    with pytest.raises(ParameterError, match="number = 0: the number of threads"), linear_algebra_threads(0):
        pass
    inner, limits = single_threaded(now), []

    def outer():
        with linear_algebra_threads(2):
            limits.append(inner())
        limits.append(inner())
        raise KeyError

    for _ in range(2):  # an error leaves nothing behind
        with pytest.raises(KeyError):
            single_threaded(outer)()
    assert limits[1] == limits[3] == {1}
    assert limits[0] == limits[2] == seen[1]


REFUSED = [
    (({**STATE, "4.weight": np.ones((2, 3))},), "3 layers of weights.*DeepNetwork.*swap"),
    (({"0.weight": W},), "1 layers of weights"),
    (({**STATE, "1.running_mean": BIASES},), "1.running_mean: give two linear layers.*fold a normalisation"),
    (({"0.weight": np.ones((2, 3, 3, 3)), "2.weight": U},), "write a convolution out as a matrix"),
    (({"0.bias": BIASES, "2.weight": U},), "0.bias without 0.weight: give both"),
    (({"0.weight": W, "2.weight": np.ones((3, 7))},), r"give \(m, d\) and \(K, m\)"),
    (({},), "a mapping with nothing: give two linear layers"),
    ((STATE, U), "leave u, biases and output_bias out"),
    ((W,), "needs u, the output weights"),
    ((SimpleNamespace(state_dict=dict),), r"a network of type SimpleNamespace: give its state_dict\(\)"),
    ((np.broadcast_to(np.float32(1), (10**7, 10**7)), U), "W of shape .* 7.45e.05 GiB, for which there is no memory"),
    ((W * np.nan, U), "W with 160 numbers that are not finite"),
    ((W, U, BIASES * np.inf), "biases with 8 numbers that are not finite"),
    ((W, U[:, :5]), r"u of shape \(3, 5\) above 8 neurons: give"),
    ((W, U, BIASES[:3]), r"biases of shape \(3,\): give \(8,\)"),
    ((W, U, BIASES, ABOVE[:2]), r"output_bias of shape \(2,\): give one number for each output"),
    ((W[0], U), r"weights of shape \(20,\): give \(m, d\)"),
    (({"0.weight": Tensor(W, held=False), "2.weight": U},), r"give it as 0.weight.float\(\)"),
    (("weights.pt",), "weights_only=True"),
    (("nowhere.npz",), "there is no such file; give the path"),
]


@pytest.mark.parametrize(("given_", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_network_is_refused_with_a_remedy(given_, message):
    with pytest.raises(ParameterError, match=message):
        network(*given_, subspace=P)


def test_a_file_that_is_none_is_refused(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"PK nothing")
    np.savez(tmp_path / "b.npz", W=np.array([{}]), u=U)
    for name in ("a.npz", "b.npz"):
        with pytest.raises(ParameterError, match="save it again, as numbers"):
            network(tmp_path / name, subspace=P)


SUBSPACES = [
    (None, r"Give subspace=, as Subspace.from_data\(X\)"),
    (np.eye(20), "P is all of R.20, so ell = 0.*cut some directions"),
    (np.eye(19, 3), "a subspace of shape .* for weights on R.20"),
    (Subspace.from_data(np.eye(3, 19)), "a subspace of R.19 for weights on R.20"),
    (np.ones(20), r"give columns \(20, n\)"),
    (X, "of points as rows take Subspace.from_data"),
    (np.ones((20, 2)), "some combination is 0"),
    (np.zeros((20, 1)), "some combination is 0"),
]


@pytest.mark.parametrize(("given_", "message"), SUBSPACES, ids=range(len(SUBSPACES)))
def test_what_is_no_subspace_is_refused_with_a_remedy(given_, message):
    with pytest.raises(ParameterError, match=message):
        network(W, U, subspace=given_)


def test_data_without_a_subspace_are_refused_with_a_remedy():
    full = RNG.standard_normal((50, 4))
    cases = (
        (lambda: Subspace.from_data(full), "all of R.4, so ell = 0.*larger tol .*from_pca"),
        (lambda: Subspace.from_pca(full, 4), "all of R.4.*fewer directions"),
        (lambda: Subspace.from_pca(full, 9), "directions = 9: .* at most 4"),
        (lambda: Subspace.from_pca(full), "directions=, how many, or share="),
        (lambda: Subspace.from_pca(full, share=2), "at most 1"),
        (lambda: Subspace.from_data(full, tol=1), "no direction of X counts"),
        (lambda: Subspace.from_data(np.zeros((3, 4))), "X is all zeros"),
        (lambda: Subspace.from_data(np.ones((3, 4)), affine=True), "all points are the same"),
        (lambda: Subspace.from_data(full[0]), r"give points \(N, d\)"),
    )
    for ask, message in cases:
        with pytest.raises(ParameterError, match=message):
            ask()


def test_questions_that_do_not_fit_say_what_to_do(monkeypatch):
    net, one = network(STATE, subspace=P), network(W, U[0], subspace=P)
    for ask in (net.output, net.distance, net.certified_radius, net.flips, one.attack):
        with pytest.raises(
            ParameterError, match=r"a point of 7 numbers: give 20 \(a vector of R.d\) or up to 5 \(coordinates\)"
        ):
            ask(np.ones((2, 7)))
    with pytest.raises(ParameterError, match="from one point take network.universal_flip"):
        net.flips(X[0])
    with pytest.raises(ParameterError, match="method = 'attack': choose one of"):
        net.flips(X, "attack")
    with pytest.raises(ParameterError, match=r"from many take network.flips\(x0\)"):
        one.shortest_flip(X)
    with pytest.raises(ParameterError, match="give each x0 its own x1"):
        net.swap(X[:3], X[:2])
    for labels in (["cat"] * 30, np.full(30, 3), np.zeros(29)):
        with pytest.raises(ParameterError, match="labels"):
            net.margins(X, labels)
    with pytest.raises(ParameterError, match=r"0/1 labels become 2\*y - 1"):
        one.margins(X, np.arange(30) % 2)
    monkeypatch.setattr(subspace, "FULL_BYTES", 1000)
    with pytest.raises(ParameterError, match="GiB here, more than .* take fewer input dimensions, or fewer neurons"):
        network(STATE, subspace=P)

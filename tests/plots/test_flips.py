"""Flip probability against length: what is drawn agrees with the laws, and the redrawn weights with theirs."""

from math import log, sqrt
from pathlib import Path

from click.testing import CliRunner
import numpy as np
import pytest
from support import some

import boundkit as bk
from boundkit.cli import main
from boundkit.errors import BoundkitError, ParameterError
from boundkit.laws import chi_square
from boundkit.library.melamed2023.gradients import gradient_law
from boundkit.simulate import TrainedNetwork, problem, train

DRAWS = 300
RARE = 1e-9  # how often a test here fails by chance, each
NEAR = sqrt(log(2 / RARE) / (2 * DRAWS))  # the Dvoretzky-Kiefer-Wolfowitz inequality, with Massart's constant


def trained(**options: object) -> TrainedNetwork:
    return train(problem(d=100, ell=80, points=30, seed=1), m=10, steps=300, seed=2, **options)


def curve(ax: object, label: str) -> tuple[np.ndarray, np.ndarray]:
    line = next(line for line in ax.get_lines() if str(line.get_label()).startswith(label))
    return np.asarray(line.get_xdata()), np.asarray(line.get_ydata())


# At ell = m one degree of freedom is left, and none can be miscounted.
@pytest.mark.slow
@pytest.mark.parametrize("ell", [80, 10])
def test_curves_follow_the_laws_and_start_beyond_the_radius(ell: int) -> None:
    net = trained() if ell == 80 else train(problem(d=30, ell=10, points=20, seed=1), m=10, steps=100, seed=3)
    ax = bk.flip_probability(net, draws=DRAWS, seed=3, failure=RARE)
    share = {}
    for method in ("universal", "exact"):
        at, law = curve(ax, f"{method}: ")
        lengths, shares = curve(ax, method)
        share[method] = np.interp(at, lengths, shares, left=0.0, right=1.0) - law
        assert law[0] < 0.5 < law[-1]
    at, law = curve(ax, "exact: ")
    promised = [net.redrawn(seed).exact_flip(0, 1).norm for seed in range(3, 3 + DRAWS)]
    counted = np.searchsorted(np.sort(promised), at * abs(float(net.output(0))), "right") / DRAWS
    assert np.abs(counted - law).max() < NEAR
    assert np.abs(share["universal"]).max() < NEAR
    assert share["exact"].min() > -NEAR
    radius = curve(ax, "radius")[0][0]
    for method in ("paper", "universal", "exact", "shortest"):
        lengths, shares = curve(ax, method)
        assert (np.diff(lengths) >= 0).all()
        assert method == "paper" or shares[-1] == pytest.approx(1)  # the others flip surely
        assert lengths[0] > radius


@pytest.mark.slow
def test_a_curve_is_the_share_of_networks_flipped_at_that_length() -> None:
    net = trained()
    lengths, shares = curve(bk.flip_probability(net, draws=40, seed=3), "shortest")
    at = float(np.median(lengths)) * abs(float(net.output(0)))
    flipped = 0
    for seed in range(3, 43):
        drawn = net.redrawn(seed)
        z = drawn.shortest_flip(0).z
        moved = drawn.output(0, at / np.linalg.norm(z) * z)
        flipped += bool(np.sign(moved) != np.sign(net.output(0)))
    assert abs(flipped - 40 * shares[np.searchsorted(lengths, np.median(lengths))]) <= 1


def test_redrawn_weights_keep_the_trained_part_and_have_the_law_of_the_rest() -> None:
    net = trained()
    squares = np.array([np.sum(net.redrawn(seed).off ** 2) for seed in range(50)]) / net.b**2
    other = net.redrawn(7)
    assert np.array_equal(other.inputs(0), net.inputs(0))
    assert not np.allclose(other.off, net.off)
    # All 50 together are chi-square with 50 m ell degrees of freedom.
    total = chi_square.logcdf(squares.sum(), 50 * 10 * 80), chi_square.logsf(squares.sum(), 50 * 10 * 80)
    assert min(total) > log(RARE / 2)


def test_redrawn_weights_are_the_same_in_both_representations() -> None:
    full, compact = trained(representation="full"), trained()
    one, other = full.redrawn(7), compact.redrawn(7)
    assert one.weights == pytest.approx(other.weights, abs=1e-12)
    assert one.weights != pytest.approx(full.weights, abs=1e-3)


def test_a_method_without_a_step_has_no_curve() -> None:
    net = train(problem(d=40, ell=6, points=6, seed=1), m=10, steps=20, seed=4)
    labels = [str(line.get_label()) for line in bk.flip_probability(net, draws=5).get_lines()]
    assert "universal" not in labels  # it needs ell >= m
    assert any(label.startswith("radius") for label in labels)


def test_what_cannot_be_drawn() -> None:
    with pytest.raises(ParameterError, match="strictly between 0 and 1"):
        bk.flip_probability(trained(), failure=1)
    with pytest.raises(ParameterError, match="give at least 1"):
        gradient_law(100, 50, 8, 0)
    with pytest.raises(BoundkitError, match="number of draws"):
        bk.flip_probability(trained(), draws=0)


COMMANDS = (
    "tightness theorem_5_1 d=1e4 m=10 --over ell=100:1e4:x2 --beside sharpened_5_1",
    "coverage theorem_5_1 ell=0.9d --over d=100:1e6:x4 --over m=1:1000:x4",
    "gradient d=1e2 ell=50 m=8 k=3 --trials 50",
    "flips d=100 ell=50 m=8 --draws 5",
    "pixels --d 3072,12288 --m 16",
)


@pytest.mark.parametrize("command", some(COMMANDS, 2))
def test_commands_draw(command: str, tmp_path: Path) -> None:
    where = tmp_path / "picture.pdf"
    done = CliRunner(env={"COLUMNS": "300"}).invoke(main, ["plot", *command.split(), "-o", str(where)])
    assert done.output.startswith(f"{where} written: ")
    assert done.output.count("\n") == 1
    assert where.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("name", ["no/picture.pdf", "picture.gif", "."])
def test_a_place_that_cannot_be_written_is_refused_first(name: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["plot", *COMMANDS[3].split(), "-o", str(tmp_path / name)])
    assert done.exit_code == 2
    assert len(done.output.splitlines()) == 1
    assert "Error: " in done.output
    assert list(tmp_path.iterdir()) == []

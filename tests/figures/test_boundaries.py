"""Figures 2, 3, 5 and 6: the settings of the paper, the measured distances, the claim over several seeds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from boundkit.library.melamed2023.figures import figure_2, figure_3, figure_5, figure_6
from boundkit.library.melamed2023.figures.boundaries import (
    Claim,
    chessboard,
    claim,
    diagonal,
    distances,
    outcomes,
    perform,
    wide_start,
)
from boundkit.library.melamed2023.figures.panels import distance_words, draw_plane, draw_space
from boundkit.library.melamed2023.figures.tetrahedra import zero_set
from boundkit.simulate.deep import TrainingConfig, train_deep


def test_the_papers_settings():
    """Appendix E, number by number, as (width, eta, margin, penalty)."""
    told = {
        figure_2: ((2, 100), [(0.02, 0.3, 0), (0.04, 0.3, 0), (0.02, 0.3, 0.005)]),
        figure_3: ((3, 4000), [(0.002, 0.3, 0), (0.002, 0.3, 0), (0.002, 0.3, 0.8)]),
        figure_5: ((3, 400), [(0.005, 0.1, 0), (0.05, 0.1, 0), (0.05, 0.1, 0.005)]),
        figure_6: ((2, 100, 100, 100, 100), [(0.02, 0.3, 0), (0.06, 0.3, 0), (0.02, 0.3, 0.01)]),
    }
    for module, (widths, recipes) in told.items():
        e = module.experiment()
        assert [(s.recipe.eta, s.recipe.margin, s.recipe.lam) for s in e.settings] == recipes
        for s in e.settings:
            assert tuple(W.shape[-1] for W in s.start((0,)).weights) == widths
        a, b, c = (np.abs(s.start((0,)).weights[0]).mean() for s in e.settings)
        assert a == c
        assert a / b == pytest.approx(12**0.5 if module is figure_3 else 3, rel=0.03)


def test_the_two_data_sets():
    X, y, n = diagonal()
    assert len(X) == 7
    np.testing.assert_allclose(np.diff(X, axis=0), 1 / 3)
    assert np.all(y[1:] == -y[:-1])
    np.testing.assert_allclose(X @ n, 0, atol=1e-15)
    X, y, n = chessboard()
    assert len(np.unique(X, axis=0)) == 25
    assert set(np.unique(X[:, :2])) == {0, 0.25, 0.5, 0.75, 1}
    near = np.abs(X[:, None] - X).sum(-1) == 0.25
    assert np.all((y[:, None] * y)[near] == -1)
    assert np.ptp(X @ n) == 0
    assert np.linalg.norm(n) == 1


def test_figure_3_starts_as_the_paper_says():
    network = wide_start(4000, 3**-0.5, (1, 2))
    assert network.weights[0].shape == (2, 4000, 3)
    assert network.weights[0].std() == pytest.approx(3**-0.5, rel=0.05)  # 24000 numbers: 10 standard errors
    assert set(np.unique(network.weights[1])) == {-1, 1}
    np.testing.assert_array_equal(wide_start(4000, 1.0, (2,)).weights[1][0], network.weights[1][1])


def test_exits_are_where_the_normal_leaves_the_box():
    e = figure_2.experiment()
    for x, way in zip(e.X, e.exits, strict=True):
        ends = x + np.array([1, -1])[:, None] * way * e.normal
        assert np.all(np.abs(ends) <= e.high + 1e-12)
        assert np.isclose(np.abs(ends), e.high).any()
    np.testing.assert_allclose(figure_5.experiment().exits, 0.5)
    level = replace(e, X=np.array([[0.5, 0.0], [-1.25, 1.0]]), normal=np.array([-1.0, 0.0]))
    np.testing.assert_allclose(level.exits, [1.0, 0.25])


def test_distances_end_on_the_boundary():
    e = figure_2.experiment()
    network = perform(e.settings[0], e.X, e.y, e.normal, (3,)).run.network[0]
    d, side = distances(network, e.X, e.normal)
    ends = e.X + (d * side)[:, None] * e.normal
    some = np.isfinite(d)
    assert some.sum() >= 5
    np.testing.assert_allclose(network.output(ends[some]), 0, atol=1e-9)
    assert distances(network, e.X, e.normal, reach=1e-3)[0].tolist() == [np.inf] * 7


def test_none_within_the_box_is_said():
    e = figure_2.experiment()
    (outcome,) = outcomes(replace(e, settings=e.settings[2:]), (0,), workers=1)
    assert "none within the box at 7 of 7" in distance_words(e, outcome, 0)
    tight = replace(outcome, distance=np.full((1, 7), 0.25))
    assert distance_words(e, tight, 0) == ("median 0.25, range 0.25 to 0.25", "within the box at all points")


def test_axes_are_taken_and_given_back():
    from boundkit.library.melamed2023.figures.pictures import new_figure

    e = figure_5.experiment().shortened(20)
    outcome = perform(e.settings[0], e.X, e.y, e.normal, (0,))
    ax = new_figure(3, 3).add_subplot(projection="3d")
    assert draw_space(e, outcome, 0, ax, cubes=4) is ax
    assert draw_space(e, outcome, cubes=4).name == "3d"
    e = figure_2.experiment().shortened(20)
    outcome = perform(e.settings[0], e.X, e.y, e.normal, (0,))
    ax = new_figure(3, 3).subplots()
    assert draw_plane(e, outcome, 0, ax) is ax


def test_triangles_cover_a_sphere():
    """Area 4 pi r^2 and every corner on it, up to the grid's coarseness."""
    t = np.linspace(-1, 1, 25)
    x, y, z = np.meshgrid(t, t, t, indexing="ij")
    found = zero_set(np.sqrt(x**2 + y**2 + z**2) - 0.7, -1, 1)
    np.testing.assert_allclose(np.linalg.norm(found, axis=-1), 0.7, atol=0.02)
    edges = found[:, 1:] - found[:, :1]
    area = np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1).sum() / 2
    assert area == pytest.approx(4 * np.pi * 0.49, rel=0.02)
    corners = np.unique(found.reshape(-1, 3).round(9), axis=0, return_inverse=True)[1].reshape(-1, 3)
    sides = np.sort(corners[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    sides = sides[sides[:, 0] != sides[:, 1]]
    assert np.all(np.unique(sides, axis=0, return_counts=True)[1] % 2 == 0)  # closed: every edge borders two triangles
    assert zero_set(np.ones((3, 3, 3)), 0, 1).shape == (0, 3, 3)


@pytest.mark.slow
def test_figure_2s_claim_over_ten_seeds():
    """Smaller initialisation and weight decay push the boundary away.

    Were one of them idle, at least eight of ten ratios would be above 1 with probability 0.055.
    """
    found = claim(figure_2.experiment().shortened(60_000), range(10), workers=1)
    assert found.median(0) > 1.5
    assert found.median(1) > 4
    assert np.nansum(found.ratios > 1, axis=1).min() >= 8
    assert "times as far (median of" in str(found)


def test_a_missed_margin_is_no_ratio():
    found = claim(figure_2.experiment().shortened(10), range(2), workers=1)
    assert np.isnan(found.ratios).all()
    assert not found.reached.any()


def documented() -> set[tuple[str, ...]]:
    """The rows of the tables in docs/figures.md."""
    lines = (Path(__file__).parents[2] / "docs" / "figures.md").read_text().splitlines()
    return {tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if line.startswith("|")}


def rows(number: int, found: Claim) -> set[tuple[str, ...]]:
    """A claim's two rows in that table."""
    kept = [ratio[np.isfinite(ratio)] for ratio in found.ratios]
    return {
        (str(number), f"({letter}) {title}", f"{np.median(r):.2f} ({r.min():.2f} to {r.max():.2f})",
         str(np.sum(r > 1)), str(len(r)))
        for letter, title, r in zip("bc", found.titles, kept, strict=True)
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("module", [figure_2, figure_5, figure_6])
def test_the_claim_over_twenty_seeds(module):
    found = claim(module.experiment().shortened(100_000), range(20))
    assert rows(module.experiment().number, found) <= documented()
    assert found.median(0) > 1.2
    assert found.median(1) > (1.0 if module is figure_6 else 1.2)


@pytest.mark.slow
def test_figure_3s_claim_over_six_seeds():
    """Smaller initialisation pushes the boundary away; the published penalty is too weak to show."""
    found = claim(figure_3.experiment(), range(6))
    assert rows(3, found) <= documented()
    assert found.median(0) > 1.2
    assert 0.9 < found.median(1) < 1.1


@pytest.mark.slow
def test_figure_5s_penalty_outweighs_a_mean_loss():
    """With the mean, a weight decay of 0.005 takes the network of panel (c) to nothing; without the decay it fits."""
    e = figure_5.experiment("mean")
    start, recipe = e.settings[2].start((0,)), replace(e.settings[2].recipe, steps=40_000)
    run = train_deep(start, e.X, e.y, recipe)
    assert not run.reached.any()
    assert run.loss[0] == pytest.approx(np.log(2), abs=0.01)
    assert train_deep(start, e.X, e.y, TrainingConfig(eta=0.05, margin=0.1, steps=40_000)).reached.all()


@pytest.mark.slow
def test_panels_b_and_c_of_figure_5_amplify_an_ulp_as_documented():
    """Every coordinate one ulp larger: nothing in (a), about 1e-8 in (b), another picture in (c)."""
    e = figure_5.experiment()
    moved = np.where(e.X == 0, 0, np.nextafter(e.X, np.inf))
    changes = []
    for setting in e.settings:
        here, there = (perform(setting, X, e.y, e.normal, range(2)) for X in (e.X, moved))
        changes.append(np.abs(np.minimum(here.distance, 10) - np.minimum(there.distance, 10)))
    default, small, decayed = changes
    assert default.max() < 1e-12
    assert 1e-12 < small.max() < 1e-6
    assert np.median(decayed) > 0.01
    assert decayed.max() > 1

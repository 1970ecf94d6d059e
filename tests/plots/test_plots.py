"""Pictures: what is drawn is what the statements say, on axes of one's own or on new ones."""

from itertools import combinations
from pathlib import Path

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
import numpy as np
import pytest
import sympy

import boundkit as bk
from boundkit.errors import ParameterError
from boundkit.formats.style import COLOURS_IN_ORDER, DASHES
from boundkit.library.melamed2023.gradients import gradient_law


def drawn(ax: object, label: str) -> tuple[np.ndarray, np.ndarray]:
    line = next(line for line in ax.get_lines() if str(line.get_label()).startswith(label))
    return line.get_xdata(), line.get_ydata()


def test_curves_show_claimed_and_exact_failure() -> None:
    ax = bk.plots.tightness_curves(bk.lemma_b_1, {"n": "10:100:10"})
    n, claimed = drawn(ax, "claimed")
    assert claimed == pytest.approx(n / 16 / np.log(10))
    _, exact = drawn(ax, "exact")
    law = [-bk.lemma_b_1(n=int(at)).exact().log_failure / np.log(10) for at in n]
    assert exact == pytest.approx(law, rel=1e-12)


def test_a_curve_is_thin_where_the_statement_does_not_apply() -> None:
    ax = bk.plots.tightness_curves(bk.theorem_5_1, {"ell": "1000:9000:1000"}, d=10**4, m=10)
    ell, claimed = drawn(ax, "claimed")
    applies = [bk.theorem_5_1(d=10**4, ell=int(at), m=10, k=1, output=1).applies for at in ell]
    assert list(np.isfinite(claimed)) == applies
    assert list(np.isfinite(drawn(ax, "the same where it does not apply")[1])) == [not a for a in applies]


def test_the_map_agrees_with_the_verdicts() -> None:
    ax = bk.plots.coverage(bk.theorem_5_1, {"d": "10:1e6:x7", "m": "2:300:x5"}, ell=0.9 * sympy.Symbol("d"))
    shown = ax.collections[0].get_array()
    words = {"INAPPLICABLE": 0, "VACUOUS": 1, "UNDETERMINED": 2, "INFORMATIVE": 3}
    d, m = [10 * 7**i for i in range(6)], [2, 10, 50, 250]
    for i, j in np.ndindex(shown.shape):
        g = bk.theorem_5_1(d=d[j], ell=int(0.9 * d[j]), m=m[i], k=1, output=1)
        assert shown[i, j] == words[g.verdict.name], g


def test_cells_outside_the_ranges_stay_white() -> None:
    ax = bk.plots.coverage(bk.theorem_4_1, {"d": "10:100:10", "ell": "10:100:10"})
    shown = ax.collections[0].get_array()
    assert (np.ma.getmaskarray(shown) == (np.arange(10)[:, None] > np.arange(10)[None, :])).all()


def test_the_density_of_the_gradient_is_one_between_its_ends() -> None:
    for ell in (1, 2, 60, 10**5):
        length, density = drawn(gradient_law(10**6, ell, 10, 5, trials=2000), "exact")
        assert np.trapezoid(density, length) == pytest.approx(1, abs=2e-3)


def test_axes_of_ones_own_are_used_and_returned() -> None:
    ax = Figure().subplots()
    assert bk.plots.tightness_curves(bk.lemma_c_1, {"n": "1:9:1"}, ax=ax) is ax
    assert bk.plots.coverage(bk.theorem_4_1, {"d": "2:20:1", "m": "1:9:1"}, ax=ax) is ax
    assert gradient_law(100, 50, 4, 2, trials=10, ax=ax) is ax


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_equal_pictures_are_equal_files(kind: str, tmp_path: Path) -> None:
    files = []
    for name in ("one", "other"):
        ax = bk.plots.tightness_curves(bk.lemma_b_1, {"n": "10:100:10"})
        files.append(bk.plots.save(ax, tmp_path / f"{name}.{kind}").read_bytes())
    assert files[0] == files[1]
    assert len(files[0]) > 1000
    if kind == "pdf":
        assert b"/Type3" not in files[0]


def test_lines_can_be_told_apart_without_colour() -> None:
    """Either the dash differs, or the grey does."""
    assert len({str(dash) for dash in DASHES}) == len(DASHES)
    for (i, a), (j, b) in combinations(enumerate(COLOURS_IN_ORDER), 2):
        grey = [np.dot(to_rgb(colour), (0.299, 0.587, 0.114)) for colour in (a, b)]
        assert DASHES[i % len(DASHES)] != DASHES[j % len(DASHES)] or abs(grey[0] - grey[1]) > 0.1


def test_what_cannot_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="varies 2 parameters; give exactly 1"):
        bk.plots.tightness_curves(bk.theorem_4_1, {"d": "1:9:1", "ell": "1:9:1"})
    with pytest.raises(ParameterError, match="is one value"):
        bk.plots.tightness_curves(bk.lemma_b_1, {"n": "5"})
    with pytest.raises(ParameterError, match="k is not given"):
        bk.plots.coverage(bk.theorem_5_1, {"d": "1:9:1", "m": "1:9:1"}, ell=sympy.Symbol("k") / 2)
    ax = gradient_law(100, 50, 4, 2, trials=10)
    with pytest.raises(ParameterError, match=r"end the name with .pdf, .svg or .png"):
        bk.plots.save(ax, tmp_path / "picture.gif")
    with pytest.raises(ParameterError, match="cannot be written"):
        bk.plots.save(ax, tmp_path / "no" / "picture.png")

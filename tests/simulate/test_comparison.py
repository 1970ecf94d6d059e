"""The comparison of perturbations: each column against a route that does not share its formula."""

from __future__ import annotations

import contextlib
import csv
import json

from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy.stats import binomtest
from support import examples

import boundkit as bk
from boundkit.cli import main
from boundkit.errors import HypothesisError, ParameterError
from boundkit.laws import closed_forms, row_sums
from boundkit.library.melamed2023.comparison import (
    _covered,
    chi_quantile,
    compare,
    log_papers_failure,
    sharpened_length,
    to_swap,
)
from boundkit.library.melamed2023.lengths import HEADINGS, cells, lengths_latex, lengths_markdown, lengths_text
from boundkit.simulate.setting import Setting


@pytest.fixture(scope="module")
def found():
    return compare((784, 20_000), (2, 16, 1000), seed=1, searched=16)


def test_the_theorem_promises_where_it_applies_and_nothing_else(found):
    for row in found.rows:
        g = bk.theorem_5_1(d=row.d, ell=row.ell, m=row.m, k=row.k, output=1)
        assert (row.promised is not None) == (g.applies and g.failure < 1)
        if row.promised is not None:
            assert (row.promised, row.claimed) == (g.bound, g.failure)
    assert 1 <= sum(row.promised is None for row in found.rows) < len(found.rows)


def test_lengths_are_in_their_order(found):
    """shortest and attack are of one network: above the radius, and below the quantile, but in a hundredth of all."""
    for row in found.rows:
        assert (row.universal is None) == (row.m > row.ell)
        assert (row.one_point is None) == (row.k + row.p > row.ell)
        if row.universal is not None and row.one_point is not None:
            assert row.one_point <= row.universal
        if row.sharpened is not None:
            assert row.universal < row.sharpened
            if row.promised is not None:
                assert row.sharpened < row.promised
        if row.shortest is not None:
            assert row.radius < row.shortest < row.one_point
            assert row.radius < row.attack < 1.05 * row.shortest
        assert (row.shortest is None) == (row.m > 16)


def test_a_length_is_of_a_flip_or_in_brackets():
    """At the smallest sizes, where a step at c = 1 may only lose the label: each step is evaluated again."""
    met = set()
    for seed in range(12):
        found = compare(2, (2, 3), seed=seed)
        for row in found.rows:
            view = _covered(Setting(bk.theorem_5_1, {"d": row.d, "ell": row.ell, "m": row.m}, seed))
            network, x0 = view.network, view.at
            shown = dict(zip(HEADINGS, cells(row, found), strict=True))
            steps = {"attack": network.attack(x0)}
            with contextlib.suppress(HypothesisError):
                steps["shortest"] = network.shortest_flip(x0, 1)
            for name, step in steps.items():
                if not np.isfinite(step.norm):
                    assert shown[name] == "-"
                    continue
                flips = np.sign(network.output(x0)) * network.output(x0, step.z) < -1e-15  # what is nearer is rounding
                assert shown[name].startswith("(") == (not flips)
                assert getattr(row, f"{name}_flips") == flips
                assert flips or "*" not in shown[name]
                met.add((name, bool(flips)))
    assert met == {("attack", True), ("attack", False), ("shortest", True), ("shortest", False)}


@pytest.mark.parametrize(("m", "seed", "shortest", "attack"), [(3, 5, "(2.29)", "(2.29)"), (2, 2, "(4.02)", "8.02")])
def test_brackets_stand_in_every_format_and_are_explained(m, seed, shortest, attack):
    found = compare(2, m, seed=seed)
    assert (shortest, attack) == cells(found.rows[0], found)[-3:-1]
    assert "in brackets: a step that only loses the label" in lengths_text(found)
    assert f"| {shortest} | {attack} |" in lengths_markdown(found)
    assert f"(${shortest[1:-1]}$) & " in lengths_latex(found)
    assert found.rows[0].to_dict()["shortest_flips"] is False


def test_the_radius_and_the_universal_quantile_are_at_the_level(found):
    for row in found.rows:
        unit = np.sqrt(row.d)  # 1/b
        normal = float(np.sqrt(-2 * np.log(0.01)))
        least = bk.off_subspace_radius(d=row.d, ell=row.ell, m=row.m, output=1, t=normal).bound
        assert row.radius >= (1 - 1e-9) * float(least)
        if row.universal is not None:
            tail = closed_forms.log_perturbation_longer(row.universal / unit * (row.k + 1) / row.m, row.ell, row.m)
            assert tail == pytest.approx(np.log(0.01), rel=1e-9)
        if row.one_point is not None:
            tail = closed_forms.log_perturbation_longer(
                row.one_point / unit * np.sqrt((row.k + 1) / row.m), row.ell, row.k + row.p
            )
            assert tail == pytest.approx(np.log(0.01), rel=1e-9)


@settings(max_examples=examples(25), deadline=None)
@given(
    st.integers(40, 400), st.integers(2, 8), st.floats(0.01, 0.3), st.integers(0, 2**32), st.integers(1, 7),
    st.integers(1, 7),
)  # fmt: skip
def test_the_sharpened_length_suffices(ell, m, level, seed, k, p):
    """At 1/c as at the bound: of 20000 draws of all row sums at most level fail; a false alarm has probability 3e-7.

    The length is spent in the best way between c and rho only up to the grid of splits, so some c has to do.
    """
    k = min(k, m - 1)
    p = min(p, m - k)
    length = sharpened_length(level, ell, m, k, p)
    if length is None:
        return
    c_rho = length * k / m * np.sqrt(ell)
    assert c_rho > 1
    X, R = row_sums.sample(ell, m, 20_000, seed)
    Y = X[:, :k].sum(axis=1) - np.maximum(-X[:, k : k + p], 0).sum(axis=1)
    rates = [np.mean((c * Y <= k * ell) | (c**2 * R > c_rho**2 * ell)) for c in np.linspace(1, c_rho, 60)]
    assert min(rates) <= level + 5 * np.sqrt(level / 20_000)


@pytest.mark.parametrize(("ell", "m", "k"), [(30, 4, 1), (20, 3, 2), (60, 4, 1)])
def test_the_papers_failure_bounds_what_is_seen(ell, m, k):
    """100000 draws of the event itself; a false alarm has probability 3e-7."""
    X, R = row_sums.sample(ell, m, 100_000, 3)
    Y = X[:, :k].sum(axis=1) - np.maximum(-X[:, k:], 0).sum(axis=1)
    seen = np.mean((k * ell / 8 >= Y) | (2 * ell < R))
    bound = np.exp(log_papers_failure(ell, m, k, m - k))
    assert seen <= bound + 5 * np.sqrt(bound / 100_000)
    assert seen >= bound / 10  # and it is not an idle one


@pytest.mark.parametrize(("ell", "m", "k"), [(600, 10, 1), (600, 10, 7), (2764, 256, 37), (50, 2, 1)])
def test_the_papers_failure_is_the_certified_one(ell, m, k):
    """With p = m - k it is the truth of theorem_5_1, evaluated in balls."""
    low, high = bk.theorem_5_1(d=10**6, ell=ell, m=m, k=k, output=1).exact().enclosure
    assert low - 1e-9 <= log_papers_failure(ell, m, k, m - k) <= high + 1e-9


def test_the_chi_quantile_is_exceeded_as_often_as_it_says():
    """Shortest steps of 4000 Gaussian matrices, 12 rows moved by 1 in R^30; a false alarm has probability 1e-6."""
    rng = np.random.default_rng(0)
    lengths = [np.linalg.norm(np.linalg.pinv(rng.standard_normal((12, 30))) @ np.ones(12)) for _ in range(4000)]
    exceeded = int(np.sum(np.array(lengths) > np.sqrt(12) * chi_quantile(0.1, 30 - 12 + 1)))
    low, high = bk.simulate.clopper_pearson(exceeded, 4000)
    assert low <= 0.1 <= high
    assert chi_quantile(0.1, 0) is None


def test_the_seed_fixes_everything():
    first = compare(300, 8, seed=3)
    assert first == compare("300", "8", seed=3)
    assert first.rows[0].shortest != compare(300, 8, seed=4).rows[0].shortest


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"d": 1}, "d = 1"), ({"m": 0}, "m = 0"), ({"ell": 10}, "ell = 10"), ({"failure": 1.5}, "failure = 1.5"),
        ({"searched": -1}, "searched = -1"), ({"d": "5:1:1"}, "empty"), ({"m": 2.5}, "m = "),
    ],
)  # fmt: skip
def test_wrong_sizes_are_refused(options, says):
    with pytest.raises(ParameterError, match=says):
        compare(**{"d": 10, "m": 2, **options})


def run(*words):
    return CliRunner().invoke(main, ["compare", "d=784", "--over", "m=4,900", *words])


def test_the_command_speaks_every_format():
    text = run().output
    first, second = (part.splitlines()[0].split() for part in text.split("\n\n")[:2])
    assert first + second[2:] == " ".join(HEADINGS).split()
    assert second[:2] == ["d", "m"]
    assert text.splitlines()[2].split()[:5] == ["MNIST", "784", "705", "900", text.splitlines()[2].split()[4]]
    told = json.loads(run("--format", "json").output)
    assert [row["m"] for row in told["rows"]] == [4, 900]
    assert told["rows"][0]["promised"] is None
    records = list(csv.DictReader(run("--format", "csv").output.splitlines()[1:]))
    assert float(records[0]["shortest"]) == told["rows"][0]["shortest"]
    assert records[0]["promised"] == ""
    latex = run("--format", "latex").output
    assert latex.count("MNIST & ") == 2 * latex.count(r"\toprule") > 2
    assert latex.count("{") == latex.count("}")
    assert "| MNIST | 784 | 705 | 4 |" in run("--format", "markdown").output


@pytest.mark.parametrize(
    "words", [("d=x",), ("ell=2d",), ("failure=0",), ("--over", "d=1"), ("q=1",), ("--seed", "-1")]
)
def test_wrong_words_are_one_line(words):
    done = run(*words)
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_the_swap_is_the_networks_and_exceeds_its_length_as_rarely_as_it_says():
    """Against `Network.swap` over 400 draws of the weights off P; a false alarm has probability 1e-5."""
    view = _covered(Setting(bk.theorem_5_1, {"d": 60, "ell": 40, "m": 5}, 3))
    network, level = view.network, 0.3
    length = to_swap(view) * chi_quantile(level, 36) / network.b * abs(view.before)
    others = [i for i in range(20) if network.output(i) * view.before < 0]
    nearest = min(others, key=lambda i: network.swap(view.at, i).moved)
    longer = sum(network.redrawn(seed).swap(view.at, nearest).norm > length for seed in range(400))
    assert binomtest(longer, 400, level).pvalue > 1e-5

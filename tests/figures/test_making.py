"""All six figures, quick: their files, their metadata, the command, and what a wrong word earns."""

from __future__ import annotations

from dataclasses import replace
import json
from pathlib import Path
import re
import shutil
import zlib

from click.testing import CliRunner
import numpy as np
import pytest
from support import some

import boundkit
from boundkit.cli import main
from boundkit.errors import ParameterError
from boundkit.formats.plainly import json_text, plainly
from boundkit.library.melamed2023.figures import clouds, figure_1, figure_4, figure_6, make, making
from boundkit.library.melamed2023.figures.boundaries import Experiment, standard
from boundkit.library.melamed2023.figures.datasets import Images
from boundkit.library.melamed2023.figures.pictures import Picture, new_figure
from boundkit.simulate.deep import DeepNetwork, TrainingConfig, pytorch_default, train_deep
from boundkit.simulate.rng import stream
from boundkit.studies.sweeps.store import runs

DOCS = Path(__file__).parents[2] / "docs" / "figures.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Images of rank 5 in 36 dimensions, as IDX files; figures 1 and 4 then need nothing installed."""
    rng, home = np.random.default_rng(0), tmp_path_factory.mktemp("images")
    latent = rng.standard_normal((300, 5))
    pixels = np.clip(128 + 20 * latent @ rng.standard_normal((5, 36)), 0, 255).astype(np.uint8)
    head = b"".join(n.to_bytes(4, "big") for n in (0x0803, 300, 6, 6))
    (home / "train-images-idx3-ubyte").write_bytes(head + pixels.tobytes())
    labels = np.where(latent[:, 0] > 0, 3, 4).astype(np.uint8)
    head = (0x0801).to_bytes(4, "big") + (300).to_bytes(4, "big")
    (home / "train-labels-idx1-ubyte").write_bytes(head + labels.tobytes())
    return home


def quick(number: int, folder: Path, **options) -> Picture:
    return make(number, quick=True, data=folder if number in making.WITH_DATA else None, workers=1, **options)


def narrow() -> Experiment:
    """Figure 6 with layers of width 10 and 300 steps: it is drawn in the same way, and much sooner."""
    e = figure_6.experiment().shortened(300)
    start = standard((2, 10, 10, 10, 10, 1))
    return replace(e, settings=tuple(replace(s, start=start) for s in e.settings))


class Saved(dict):
    """Each figure once, when it is first asked for; figure 6 of narrow networks."""

    def __init__(self, folder: Path, out: Path) -> None:
        super().__init__()
        self.folder, self.out = folder, out

    def __missing__(self, number: int) -> tuple[Picture, tuple[Path, ...]]:
        with pytest.MonkeyPatch.context() as patch:
            experiment = narrow()
            patch.setattr(figure_6, "experiment", lambda: experiment)
            picture = quick(number, self.folder, seed=1)
        self[number] = picture, picture.save(self.out)
        return self[number]


@pytest.fixture(scope="module")
def saved(folder, tmp_path_factory):
    return Saved(folder, tmp_path_factory.mktemp("out"))


def png_texts(raw: bytes) -> dict[str, str]:
    """The text chunks of a PNG file, read here byte by byte."""
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    at, found = 8, {}
    while at < len(raw):
        size, kind = int.from_bytes(raw[at : at + 4], "big"), raw[at + 4 : at + 8]
        body = raw[at + 8 : at + 8 + size]
        if kind == b"tEXt":
            key, _, text = body.partition(b"\0")
            found[key.decode()] = text.decode("latin-1")
        if kind == b"iTXt":
            key, _, rest = body.partition(b"\0")
            found[key.decode()] = rest.split(b"\0", 4)[-1].decode()
        if kind == b"zTXt":
            key, _, rest = body.partition(b"\0")
            found[key.decode()] = zlib.decompress(rest[1:]).decode("latin-1")
        at += size + 12
    return found


@pytest.mark.parametrize("number", some(range(1, 7), 1))
def test_png_pdf_and_json_carry_settings_seed_and_version(saved, number):
    assert_well_saved(number, *saved[number])


@pytest.mark.slow
def test_figure_6_in_the_papers_widths_is_saved_as_well(folder, tmp_path):
    picture = quick(6, folder, seed=1)
    assert_well_saved(6, picture, picture.save(tmp_path))


def assert_well_saved(number, picture, paths):
    png, pdf, numbers = paths
    told = json.loads(numbers.read_text())
    assert told["version"] == boundkit.__version__
    assert told["settings"]["seed"] == 1
    assert told["settings"]["quick"] is True
    texts = png_texts(png.read_bytes())
    about = {key: value for key, value in told.items() if key != "numbers"}
    assert json.loads(texts["Description"]) == about
    assert texts["Software"] == f"boundkit {boundkit.__version__}"
    raw = pdf.read_bytes()
    assert raw.startswith(b"%PDF")
    assert b"/Subject" in raw
    assert b"/Type3" not in raw  # fonts that journals refuse
    assert b"/Subtype /Image" not in raw  # all of it is vectors
    assert str(picture).startswith(f"Figure {number}: ")
    assert [path.stem for path in (png, pdf, numbers)] == [f"figure_{number}"] * 3
    assert not list(png.parent.glob(".*"))


@pytest.mark.slow
def test_a_seed_fixes_the_files(saved, folder, tmp_path):
    for ours, theirs in zip(quick(5, folder, seed=1).save(tmp_path), saved[5][1], strict=True):
        assert ours.read_bytes() == theirs.read_bytes()
    assert quick(5, folder, seed=2).numbers["panels"][0]["steps"] != saved[5][0].numbers["panels"][0]["steps"]


@pytest.mark.slow
def test_a_margin_that_is_missed_is_printed(saved):
    picture = saved[3][0]  # quick stops it early
    assert any("(b) margin 0.3 not reached in 2000 steps" in note for note in picture.notes)
    assert picture.numbers["panels"][1]["margin_reached"] == np.False_


@pytest.mark.slow
def test_processes_change_nothing():
    ones, twos = (make(5, workers=workers).to_dict() for workers in (1, 2))
    assert ones == twos


# Figure 1.


def test_components_of_data_of_known_rank(saved):
    panel = saved[1][0].numbers["panels"][0]
    share = panel["cumulative_variance"]
    assert share[4] > 0.98  # rank 5, up to rounding to bytes and clipping
    assert panel["components"]["90%"] <= panel["components"]["95%"] <= 5
    assert share[-1] == pytest.approx(1)


def test_variance_is_that_of_the_singular_values():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (5000, 12), np.uint8)  # more than one block
    values = np.linalg.svd(pixels - pixels.mean(0), compute_uv=False) ** 2
    share = figure_1.cumulative_variance(Images("noise", pixels, 255, np.zeros(5000, int)))
    np.testing.assert_allclose(share, np.cumsum(values) / values.sum(), rtol=1e-10)
    assert figure_1.components(share, 0.9) == next(k for k in range(1, 13) if values[:k].sum() >= 0.9 * values.sum())


def test_figure_1_says_how_the_paper_counts(saved):
    assert "counted from zero" in str(saved[1][0])
    assert "98 and 216" in str(saved[1][0])


# Figure 4.


@pytest.mark.slow
def test_attacks_off_the_subspace_go_further_as_the_start_shrinks(saved):
    """The paper's claim: off and free grow, on hardly moves; free is never far above either.

    The images fill nearly all of P-perp's 4 dimensions by rounding only, so there just the last holds.
    """
    for panel in saved[4][0].numbers["panels"]:
        off, on, free = (np.array(panel["attack"][space]["mean"]) for space in ("off", "on", "free"))
        assert np.all(free <= 1.05 * np.minimum(off, on))
        if "sphere" in panel["data"]:
            assert np.all(np.diff(off) > 0)
            assert off[-1] > 8 * off[0]  # the factor is 16
            assert free[-1] >= free[0]
            assert 0.5 < on[-1] / on[0] < 2


def test_the_gradient_off_the_subspace_is_b_j_chi(saved):
    """Means of two networks: each ratio has a standard deviation of at most 1/sqrt(2 ell), and ell is 4 in (b)."""
    for panel in saved[4][0].numbers["panels"]:
        ratio = np.array(panel["gradient"]) / np.array(panel["gradient_predicted"])
        deviation = 1 / np.sqrt(2 * (756 if "sphere" in panel["data"] else 4))
        assert np.all(np.abs(ratio - 1) < 6 * deviation)


def test_the_law_of_the_gradient_holds_for_whole_gaussian_layers():
    """Trained in R^40 with nothing taken from the subspace: norm^2/(b |J|)^2 is chi-square with ell = 30 degrees.

    Of 200 networks the mean is normal with deviation sqrt(60/200); 5 of them are exceeded with probability 6e-7.
    """
    d, q, factor = 40, 10, 3.0
    rng = np.random.default_rng(5)
    basis = np.linalg.qr(rng.standard_normal((d, d)))[0]
    X, y = rng.standard_normal((12, q)) @ basis[:, :q].T, np.where(rng.random(12) < 0.5, 1.0, -1.0)
    start = pytorch_default((d, 15, 15, 1), range(200))
    first = stream(0, "figures", 9).standard_normal((200, 15, d)) / np.sqrt(d) / factor
    start = DeepNetwork((first, *start.weights[1:]), start.biases)
    recipe = TrainingConfig(eta=0.1, margin=0.1, steps=500)
    after = train_deep(start, X, y, recipe).network
    off = (after.gradient(X) @ basis[:, q:])[:, 0]
    J = after.output_gradient(after.inputs(X))[:, 0]
    moved = np.linalg.norm(J, axis=1) > 0
    chi2 = np.sum(off[moved] ** 2, -1) / (d**-0.5 / factor) ** 2 / np.sum(J[moved] ** 2, -1)
    assert moved.sum() > 190
    assert abs(chi2.mean() - 30) < 5 * np.sqrt(60 / moved.sum())
    np.testing.assert_allclose(after.weights[0] @ basis[:, q:], first @ basis[:, q:], atol=1e-10)  # Theorem A.2


def test_networks_that_miss_the_margin_or_die_are_told(monkeypatch):
    """One neuron a layer cannot fit random labels; this one dies, and only far steps wake it."""
    monkeypatch.setattr(figure_4, "FARTHEST", 1.0)
    plan = figure_4.Plan(width=1, points=2, attacked=2, factors=(1.0,), seeds=1, steps=2000)
    (scan,) = figure_4.scans((clouds.SPHERE,), plan, workers=1)
    assert "margin 0.3 not reached in 2000 steps by 1 of 1 networks" in scan.note
    assert "none found within 1 at 2 points" in scan.line
    assert "every gradient is 0" in scan.line
    assert figure_4.draw_attacks(scan).get_xlabel() == figure_4.draw_gradients(scan).get_xlabel() != ""


TINY = figure_4.Plan(width=4, points=6, attacked=3, factors=(1.0, 4.0), seeds=2, steps=50)


def test_a_stopped_run_goes_on_from_its_store(folder, tmp_path, monkeypatch):
    """Stopped after the first of eight networks: the same call trains the others, and finds what one call finds."""
    data, store, trained, whole = (clouds.SPHERE, str(folder)), tmp_path / "runs.sqlite", [], figure_4.attacked

    def stop(_what, done, _total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="stopped after 1 of 8 tasks, which are in .*runs.sqlite"):
        figure_4.scans(data, TINY, 5, workers=1, progress=stop, store=store)
    monkeypatch.setattr(figure_4, "attacked", lambda *task: trained.append(task) or whole(*task))
    resumed = figure_4.scans(data, TINY, 5, workers=1, store=store)
    assert len(trained) == 7
    assert json_text([s.to_dict() for s in resumed]) == json_text(
        [s.to_dict() for s in figure_4.scans(data, TINY, 5, workers=1)]
    )
    alone = whole(clouds.sphere(6, 6), TINY, 4.0, 6)
    np.testing.assert_array_equal(resumed[0].found[1][1].free, alone.free)
    assert resumed[0].found[1][1].least == alone.least


def test_other_images_in_the_same_folder_are_other_runs(folder, tmp_path):
    home, store = tmp_path / "images", tmp_path / "runs.sqlite"
    shutil.copytree(folder, home)
    figure_4.scans((str(home),), TINY, workers=1, store=store)
    raw = bytearray((home / "train-images-idx3-ubyte").read_bytes())
    raw[-1] ^= 1
    (home / "train-images-idx3-ubyte").write_bytes(raw)
    (scan,) = figure_4.scans((str(home),), TINY, workers=1, store=store)
    (fresh,) = figure_4.scans((str(home),), TINY, workers=1)
    assert repr(plainly(scan.to_dict())) == repr(plainly(fresh.to_dict()))
    assert len(runs(store)) == 8
    with pytest.raises(ParameterError, match="other images than those that the run began with"):
        clouds.source(str(home), "0" * 16)


def test_a_network_that_fails_ends_the_run():
    with pytest.raises(ParameterError, match="eta.*smaller step size"):
        figure_4.scans((clouds.SPHERE,), replace(TINY, eta=1e9), workers=1)


def test_a_diverging_step_size_is_an_error():
    plan = figure_4.Plan(width=5, points=10, attacked=3, eta=1e6, steps=50)
    with pytest.raises(ParameterError, match="smaller step size"):
        figure_4.attacked(clouds.sphere(10, 0), plan, 1.0, 0)


def test_images_are_projected_onto_their_principal_components(folder):
    from boundkit.library.melamed2023.figures.datasets import images

    (data,) = images(folder)
    made = clouds.project(data, 5)
    rows = data.pixels / 255 - (data.pixels / 255).mean(0)
    left, values, _ = np.linalg.svd(rows, full_matrices=False)
    np.testing.assert_allclose(np.abs(made.coordinates), np.abs(left * values)[:, :5], atol=1e-9)
    assert clouds.projected_name(data).endswith("32 of 36 dimensions")
    np.testing.assert_array_equal(made.labels, np.where(data.labels % 2 == 1, 1, -1))


def test_the_mean_of_chi():
    chi = np.linalg.norm(np.random.default_rng(0).standard_normal((100_000, 7)), axis=1)
    assert figure_4.mean_chi(7) == pytest.approx(chi.mean(), abs=6 * chi.std() / 100_000**0.5)
    assert figure_4.mean_chi(756) == pytest.approx(np.sqrt(756 - 0.5), rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("data", [clouds.SPHERE, clouds.STAND_IN])
@pytest.mark.parametrize("width", [100, 200, 400])
def test_the_width_does_not_change_figure_4(width, data):
    """Off P the attack grows until the free one is no shorter than the one on P; docs/figures.md has the means."""
    plan = figure_4.Plan(width=width, factors=(1.0, 4.0, 16.0), seeds=2)
    (scan,) = figure_4.scans((data,), plan)
    off, on, free = (scan.lengths(space)[0] for space in ("off", "on", "free"))
    name = "sphere" if data == clouds.SPHERE else scan.name.split(",")[0]
    if name != "scikit-learn's digits":
        means = [", ".join(f"{x:.2f}" for x in row) for row in (off, on, free)]
        assert " | ".join(["", name, str(width), *means, ""]).strip() in DOCS.read_text()
    assert off[-1] > 8 * off[0]
    assert free[0] < 0.85 * on[0]
    assert 0.98 * on[-1] < free[-1] < 1.001 * on[-1]
    assert 0.7 < on[-1] / on[0] < 1.3


@pytest.mark.slow
def test_what_docs_say_of_figure_4():
    """Minutes, on Fashion-MNIST."""
    if "Fashion-MNIST" not in (picture := make(4)).title:
        pytest.skip("Debian's dataset-fashion-mnist is not installed")
    told = " ".join(DOCS.read_text().split())
    sphere, pictured = (line.partition("16: ")[2].split(";") for line in picture.lines)
    for (attacks, law), start in ((sphere, "off the subspace grows from"), (pictured, "On Fashion-MNIST they go from")):
        ends = re.findall(r"([\d.]+) to ([\d.]+)", attacks)
        at = told.index(start)
        said = re.findall(r"from ([\d.]+) to ([\d.]+\d)", told[at : at + 240])[:3]
        assert sorted(tuple(map(float, pair)) for pair in said) == sorted(tuple(map(float, pair)) for pair in ends)
        low, high = map(float, re.search(r"([\d.]+) to ([\d.]+)", law).groups())
        bound = re.search(r"all networks lie between ([\d.]+) and ([\d.]+);", told)
        assert float(bound[1]) <= low <= high <= float(bound[2])


# The command.


def run(*words):
    return CliRunner().invoke(main, ["figure", *map(str, words)])


@pytest.mark.slow
def test_the_command_writes_and_tells(tmp_path):
    done = run(2, "--quick", "--out", tmp_path / "new", "--seed", 3)
    assert done.exit_code == 0, done.output
    assert "(c) weight decay 0.005: " in done.output
    written = {path.name for path in (tmp_path / "new").iterdir()}
    assert written == {f"figure_2.{kind}" for kind in ("json", "pdf", "png")}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((7,), "7 is not in the range"),
        ((2, "--data", "."), "figure 2 uses no data files"),
        ((1, "--data", "/nonexistent"), "is no folder"),
        ((4, "--data", "/dev"), "has neither"),
        ((2, "--store", "x.sqlite"), "only figure 4 takes a store"),
        ((2, "--seed", -1), "-1 is not in the range"),
        ((2, "--out", "/dev/null/x"), "cannot be written"),
    ],
)
def test_wrong_words_exit_with_2(words, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert done.exit_code == 2, done.output
    assert says in done.output
    assert not list(tmp_path.iterdir())


def test_an_interrupted_run_says_so_and_leaves_no_file(tmp_path, monkeypatch):
    def interrupted(*_args, progress, **_options):
        progress("tasks", 3, 8)
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "make", interrupted)
    done = run(4, "--out", tmp_path)
    assert done.exit_code == 130
    assert "Interrupted after 3 of 8 tasks: no file was written." in done.output
    assert not list(tmp_path.iterdir())


def test_a_drawing_that_fails_leaves_no_file(tmp_path):
    def fails():
        raise OSError(28, "No space left on device")

    picture = Picture(2, "t", {}, {}, (), (), fails)
    with pytest.raises(ParameterError, match="No space left"):
        picture.save(tmp_path)
    assert not list(tmp_path.iterdir())


def test_numbers_that_json_has_not_are_null():
    assert plainly({"a": np.array([1.0, np.inf]), 2: (np.float64("nan"), np.int64(3), "x", None)}, lambda _: None) == {
        "a": [1.0, None], "2": [None, 3, "x", None],
    }  # fmt: skip
    assert new_figure(1, 1).get_size_inches().tolist() == [1, 1]


def test_no_such_figure():
    with pytest.raises(ParameterError, match="number = 0"):
        make(0)

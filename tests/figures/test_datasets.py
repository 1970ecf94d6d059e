"""The readers, on files that the tests write: whole, truncated, of another kind, missing."""

from __future__ import annotations

import gzip
from pathlib import Path
import pickle

import numpy as np
import pytest

from boundkit.errors import ParameterError
from boundkit.library.melamed2023.figures import datasets
from boundkit.library.melamed2023.figures.datasets import images, read_cifar, read_idx

RNG = np.random.default_rng(0)
PIXELS, LABELS = RNG.integers(0, 256, (30, 4, 5), np.uint8), RNG.integers(0, 10, 30, np.uint8)


def idx(array: np.ndarray, magic: int | None = None) -> bytes:
    head = (0x0800 + array.ndim if magic is None else magic).to_bytes(4, "big")
    return head + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes()


def write_idx(folder: Path, kinds=("train", "t10k"), zipped: bool = False) -> Path:
    for kind in kinds:
        for what, array in (("images-idx3", PIXELS), ("labels-idx1", LABELS)):
            raw, name = idx(array), f"{kind}-{what}-ubyte"
            (folder / (name + ".gz" * zipped)).write_bytes(gzip.compress(raw) if zipped else raw)
    return folder


def write_cifar(folder: Path) -> np.ndarray:
    rows = RNG.integers(0, 256, (6, 5, 3073), np.uint8)
    rows[..., 0] %= 10
    for name, batch in zip(datasets.CIFAR_FILES, rows, strict=True):
        (folder / name).write_bytes(batch.tobytes())
    return rows.reshape(-1, 3073)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("below", ["", "mnist"])
def test_idx_files_are_read(tmp_path, zipped, below):
    (tmp_path / below).mkdir(exist_ok=True)
    write_idx(tmp_path / below, zipped=zipped)
    (found,) = images(tmp_path)
    np.testing.assert_array_equal(found.pixels, np.tile(PIXELS.reshape(30, 20), (2, 1)))
    np.testing.assert_array_equal(found.labels, np.tile(LABELS, 2))
    assert found.largest == 255
    assert found.name == f"IDX images in {(tmp_path / below).name}"  # no MNIST: its label counts are others


def test_training_images_alone_will_do(tmp_path):
    (found,) = images(write_idx(tmp_path, kinds=("train",)))
    assert len(found.pixels) == 30


@pytest.mark.parametrize("name", ["MNIST", "Fashion-MNIST"])
def test_a_data_set_is_known_by_its_label_counts(tmp_path, name):
    labels = np.repeat(np.arange(10, dtype=np.uint8), datasets.COUNTS[name])
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(np.zeros((60000, 1, 1), np.uint8)))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(labels))
    assert images(tmp_path)[0].name == name


def test_cifar_is_read(tmp_path):
    rows = write_cifar(tmp_path)
    write_idx(tmp_path)
    cifar, other = images(tmp_path)
    assert (cifar.name, cifar.pixels.shape) == ("CIFAR-10", (30, 3072))
    np.testing.assert_array_equal(cifar.pixels, rows[:, 1:])
    np.testing.assert_array_equal(cifar.labels, rows[:, 0])
    assert other.name.startswith("IDX")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (idx(PIXELS)[:-1], "truncated"),
        (idx(PIXELS)[:9], "truncated"),
        (idx(PIXELS) + b"0", "too long"),
        (idx(PIXELS, 0x0801), "magic number 0x00000803, this one with 0x00000801"),
        (idx(PIXELS, 0x0D03), "magic number"),
        (b"", "this one with nothing"),
        (pickle.dumps(PIXELS), "magic number"),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_damaged_idx_files_are_refused(tmp_path, raw, says, zipped):
    path = tmp_path / ("train-images-idx3-ubyte" + ".gz" * zipped)
    path.write_bytes(gzip.compress(raw) if zipped else raw)
    with pytest.raises(ParameterError, match=says) as error:
        read_idx(path, 3)
    assert str(path) in str(error.value)


def test_a_header_that_asks_for_too_much_allocates_nothing(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(idx(PIXELS)[:4] + b"\xff" * 12)
    with pytest.raises(ParameterError, match="truncated"):
        read_idx(path, 3)


SPOILT = (lambda raw: raw[:-5], lambda raw: b"0" + raw, lambda raw: raw[:12] + bytes(len(raw)))


@pytest.mark.parametrize("spoil", SPOILT)
def test_damaged_gzip_is_refused(tmp_path, spoil):
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(spoil(gzip.compress(idx(PIXELS))))
    with pytest.raises(ParameterError, match="cannot be read"):
        read_idx(path, 3)


@pytest.mark.parametrize(
    ("raw", "says"),
    [(b"", "no whole number"), (bytes(3072), "no whole number"), (bytes([10]) + bytes(3072), "label 10")],
)
def test_damaged_cifar_is_refused(tmp_path, raw, says):
    path = tmp_path / "data_batch_1.bin"
    path.write_bytes(raw)
    with pytest.raises(ParameterError, match=says):
        read_cifar(path)


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(ParameterError, match="is no folder"):
        images(tmp_path / "nowhere")
    with pytest.raises(ParameterError, match="pickles are never loaded"):
        images(tmp_path)
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps({"data": 1}))  # CIFAR-10's Python version
    with pytest.raises(ParameterError, match="pickles are never loaded"):
        images(tmp_path)
    write_cifar(tmp_path)
    (tmp_path / "data_batch_3.bin").unlink()
    with pytest.raises(ParameterError, match=r"data_batch_3.bin is missing"):
        images(tmp_path)


def test_images_without_labels_are_refused(tmp_path):
    write_idx(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(LABELS[:-1]))
    with pytest.raises(ParameterError, match="30 images in train-images-idx3-ubyte and 29 labels"):
        images(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(ParameterError, match="train-labels-idx1-ubyte .* is missing"):
        images(tmp_path)


def test_without_a_folder_what_stands_in_is_named_or_the_remedy_is(monkeypatch):
    monkeypatch.setattr(datasets, "DEBIAN", Path("/nonexistent"))
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    with pytest.raises(ParameterError, match=r"--data DIR.*boundkit\[data\].*dataset-fashion-mnist"):
        images(None)


def test_scikit_learns_digits_stand_in(monkeypatch):
    pytest.importorskip("sklearn")
    monkeypatch.setattr(datasets, "DEBIAN", Path("/nonexistent"))
    (found,) = images(None)
    assert found.name == "scikit-learn's digits"
    assert found.pixels.max() == found.largest == 16

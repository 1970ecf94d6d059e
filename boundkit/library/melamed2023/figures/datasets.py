"""Images for figures 1 and 4: MNIST's IDX files, CIFAR-10's binary files, and what stands in for them.

Only these two formats are read; pickles are never loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
import gzip
from hashlib import sha256
from pathlib import Path
import zlib

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import ParameterError
from boundkit.simulate.rng import Array

Bytes = NDArray[np.uint8]

IDX_FILES = (("train-images", "train-labels"), ("t10k-images", "t10k-labels"))
CIFAR_FILES = (*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin")
BLOCK = 4096  # images turned into floats at a time
CIFAR_ROW = 1 + 3 * 32 * 32
DEBIAN = Path("/usr/share/datasets/fashion-mnist")
# MNIST and Fashion-MNIST use the same file names; how many training images each label has tells them apart.
COUNTS = {
    "MNIST": (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949),
    "Fashion-MNIST": (6000,) * 10,
}


@dataclass(frozen=True, eq=False)
class Images:
    """Grey or colour images as rows.

    Attributes
    ----------
    name : str
        Which data this is.
    pixels : array of uint8 (n, d)
    largest : int
        The pixel value that counts as 1.
    labels : array of int (n,)
    """

    name: str
    pixels: Bytes
    largest: int
    labels: NDArray[np.int_]

    @property
    def digest(self) -> str:
        """What tells these images from all others, as 16 hexadecimal digits."""
        return sha256(self.pixels.tobytes() + self.labels.tobytes()).hexdigest()[:16]

    def some(self, number: int, seed: int) -> Images:
        """So many of them at random, in their order."""
        index = np.sort(np.random.default_rng(seed).permutation(len(self.labels))[:number])
        return replace(self, pixels=self.pixels[index], labels=self.labels[index])

    def blocks(self) -> Iterator[Array]:
        """Pixels as they are, as floats, some thousand images at a time."""
        return (self.pixels[at : at + BLOCK].astype(float) for at in range(0, len(self.pixels), BLOCK))

    def scatter(self) -> tuple[Array, Array]:
        """The mean image (d,), and the sum of (x - mean)(x - mean)^T over the images (d, d), in pixels as they are."""
        n, d = self.pixels.shape
        total, products = np.zeros(d), np.zeros((d, d))
        for block in self.blocks():  # integers, and exact: sums of products of bytes stay below 2^53
            total += block.sum(0)
            products += block.T @ block
        return total / n, products - np.outer(total, total) / n


def read_idx(path: Path, axes: int) -> Bytes:
    """An IDX file of bytes, plain or gzipped.

    Parameters
    ----------
    path : Path
    axes : int
        3 for images, 1 for labels; the file's magic number must be 0x0800 + axes.

    Raises
    ------
    ParameterError
        The file is missing, damaged, of another kind, or not as long as its header says.
    """
    raw = _content(path)
    magic = 0x0800 + axes
    if len(raw) < 4 or int.from_bytes(raw[:4], "big") != magic:
        raise ParameterError(
            f"{path}: an IDX file of {'images' if axes == 3 else 'labels'} begins with the magic number "
            f"{magic:#010x}, this one with {'0x' + raw[:4].hex() if raw else 'nothing'}; take the original file"
        )
    start = 4 + 4 * axes
    shape = [int.from_bytes(raw[at : at + 4], "big") for at in range(4, start, 4)]
    wanted = start + int(np.prod([float(n) for n in shape]))
    if len(raw) != wanted:
        raise ParameterError(
            f"{path}: {len(raw)} bytes where its header {tuple(shape)} asks for {wanted}; "
            f"the file is {'truncated' if len(raw) < wanted else 'too long'}, fetch it again"
        )
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)


def read_cifar(path: Path) -> tuple[Bytes, NDArray[np.int_]]:
    """Pixels (n, 3072) and labels (n,) of a CIFAR-10 batch in the binary version.

    Raises
    ------
    ParameterError
        The file is missing, not a whole number of 3073-byte records, or has a label above 9.
    """
    raw = _content(path)
    if not raw or len(raw) % CIFAR_ROW:
        raise ParameterError(
            f"{path}: {len(raw)} bytes are no whole number of records of {CIFAR_ROW}; "
            "it is truncated, or not CIFAR-10's binary version"
        )
    rows = np.frombuffer(raw, np.uint8).reshape(-1, CIFAR_ROW)
    if rows[:, 0].max() > 9:
        raise ParameterError(f"{path}: label {rows[:, 0].max()}, and CIFAR-10's are 0 to 9; take the binary version")
    return rows[:, 1:], rows[:, 0].astype(int)


def images(folder: str | Path | None) -> tuple[Images, ...]:
    """All image data sets in the folder; without one, what this machine has, small last.

    Parameters
    ----------
    folder : path, optional
        With MNIST's IDX files (plain or .gz), CIFAR-10's binary batches, or both, here or one folder down.

    Raises
    ------
    ParameterError
        The folder has neither, or a file in it is damaged; without a folder: nothing stands in.
    """
    if folder is None:
        found = tuple(_stand_ins())
        if not found:
            raise ParameterError(
                "no images: name a folder with MNIST's IDX files or CIFAR-10's binary batches (--data DIR), "
                "or install scikit-learn (pip install 'boundkit[data]') or Debian's dataset-fashion-mnist"
            )
        return found
    home = Path(folder)
    if not home.is_dir():
        raise ParameterError(f"{home} is no folder; name one with MNIST's IDX files or CIFAR-10's binary batches")
    places = [home, *sorted(path for path in home.iterdir() if path.is_dir())]
    cifar = [_cifar(place) for place in places if (place / CIFAR_FILES[0]).exists()]
    idx = [_idx(place) for place in places if _named(place, IDX_FILES[0][0])]
    if not cifar + idx:
        raise ParameterError(
            f"{home} has neither train-images-idx3-ubyte (or .gz) nor data_batch_1.bin, also not one folder down; "
            "CIFAR-10 is read in its binary version, pickles are never loaded"
        )
    return (*cifar, *idx)


def _stand_ins() -> Iterator[Images]:
    """Fashion-MNIST where Debian has installed it, then scikit-learn's digits where that is installed."""
    if _named(DEBIAN, IDX_FILES[0][0]):
        yield _idx(DEBIAN)
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        return
    digits = load_digits()
    yield Images("scikit-learn's digits", digits.data.astype(np.uint8), 16, digits.target.astype(int))


def _idx(folder: Path) -> Images:
    """The images of a folder's IDX files, named by their labels' counts; a ParameterError where files do not match."""
    pixels, labels = [], []
    for image_file, label_file in IDX_FILES:
        at, beside = _named(folder, image_file), _named(folder, label_file)
        if at is None and image_file != IDX_FILES[0][0]:
            continue  # the test images may be missing
        if at is None or beside is None:
            raise ParameterError(f"{folder}: {label_file}-idx1-ubyte (or .gz) is missing beside {image_file}")
        more, named = read_idx(at, 3), read_idx(beside, 1)
        if len(more) != len(named):
            raise ParameterError(f"{folder}: {len(more)} images in {at.name} and {len(named)} labels in {beside.name}")
        pixels.append(more.reshape(len(more), -1))
        labels.append(named.astype(int))
    counts = tuple(np.bincount(labels[0], minlength=10).tolist())
    name = next((name for name, usual in COUNTS.items() if counts == usual), f"IDX images in {folder.name}")
    return Images(name, np.concatenate(pixels), 255, np.concatenate(labels))


def _cifar(folder: Path) -> Images:
    parts = [read_cifar(folder / name) for name in CIFAR_FILES]
    pixels, labels = map(np.concatenate, zip(*parts, strict=True))
    return Images("CIFAR-10", pixels, 255, labels)


def _named(folder: Path, start: str) -> Path | None:
    names = [f"{start}{dash}idx{3 if 'images' in start else 1}-ubyte{end}" for dash in "-." for end in ("", ".gz")]
    return next((folder / name for name in names if (folder / name).exists()), None)


def _content(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix == ".gz" else raw
    except FileNotFoundError:
        raise ParameterError(f"{path} is missing; it belongs to the data set, fetch it too") from None
    except (OSError, EOFError, zlib.error) as error:
        raise ParameterError(f"{path} cannot be read: {error}; fetch the file again") from None

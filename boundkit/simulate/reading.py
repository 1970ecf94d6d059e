"""The weights of a two-layer network from where people keep them: a mapping of names to arrays, or a file of one."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike, fspath
from pathlib import Path
import re
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import BoundkitError, ParameterError
from boundkit.simulate.arguments import real, values
from boundkit.simulate.rng import Array

OWN = ("W", "u", "biases", "output_bias")


class TwoLayers(NamedTuple):
    """Weights (m, d), output weights (m,) or (K, m), biases (m,) or none, output bias () or (K,)."""

    W: Array
    u: Array
    biases: Array | None
    output_bias: Any


def read_layers(source: Any) -> TwoLayers:
    """The layers of a mapping of names to arrays, as a state_dict is one, or of a .npz or .safetensors file.

    The names are `W`, `u`, `biases` and `output_bias`, or end in `.weight` and `.bias`, two layers of either.
    """
    named = dict(_file(Path(fspath(source))) if isinstance(source, str | PathLike) else source)
    if {"W", "u"} <= named.keys() <= set(OWN):
        W, u = array("W", named["W"]), array("u", named["u"])
        biases, above = (array(name, named[name]) if name in named else None for name in OWN[2:])
        return TwoLayers(W, u, biases, 0.0 if above is None else above)
    return _two(_layers(named))


def array(name: str, value: Any) -> Array:
    """Finite doubles, in the order in which they are summed."""
    return np.asarray(real(name, value), order="C")  # sums along it go by its layout in memory


def read_array(source: Any, name: str) -> Any:
    """An array, in its own dtype, from where people keep one.

    Parameters
    ----------
    source : array, tensor, mapping, or path
        The array itself; or a mapping, a .npz or a .safetensors file with one array, or one of that name.
    name : str
        What it is called there.

    Raises
    ------
    ParameterError
        A file that cannot be read, or several arrays none of which has the name.

    Examples
    --------
    >>> read_array({"X": np.eye(2), "y": np.ones(2)}, "X").shape
    (2, 2)
    """
    if not isinstance(source, Mapping | str | PathLike):
        return values(name, source)
    held = dict(_file(Path(fspath(source))) if isinstance(source, str | PathLike) else source)
    if name in held or len(held) == 1:
        return values(name, held[name] if name in held else next(iter(held.values())))
    where = "a mapping" if isinstance(source, Mapping) else source
    names = ", ".join(map(str, held)) or "nothing"
    raise ParameterError(f"{where} with {names}: give one array, or name it {name}")


def _file(path: Path) -> Mapping[str, NDArray[Any]]:
    """What a file holds."""
    if path.suffix not in (".npz", ".safetensors"):
        raise ParameterError(
            f"{path}: arrays are read from .npz and .safetensors files; of another format load the mapping of names "
            "to arrays yourself, as by torch.load(path, weights_only=True), and give that"
        )
    if not path.is_file():
        raise ParameterError(f"{path}: there is no such file; give the path of a .npz or .safetensors file")
    try:
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as held:
                return dict(held)
        return _safetensors(path)
    except BoundkitError:
        raise
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise ParameterError(f"{path}: {error}; save it again, as numbers that NumPy has a type for") from error


def _safetensors(path: Path) -> Mapping[str, NDArray[Any]]:
    """What such a file holds, with the extra that reads it."""
    try:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file
    except ImportError:
        raise BoundkitError(f"{path}: reading it needs pip install 'boundkit[safetensors]'; or save a .npz") from None
    try:
        return dict(load_file(path))
    except SafetensorError as error:
        raise ParameterError(f"{path}: {error}; save it again") from error


def _layers(named: Mapping[Any, Any]) -> list[tuple[Array, Array | None]]:
    """Weights and biases layer by layer, in the order of the names' numbers."""
    parts = {str(name).rpartition(".")[::2]: value for name, value in named.items()}
    unknown = sorted(str(name) for name in named if str(name).rpartition(".")[2] not in ("weight", "bias"))
    if unknown or not parts:
        told = ", ".join(unknown[:4]) or "nothing"
        raise ParameterError(
            f"a mapping with {told}: give two linear layers, names that end in .weight and .bias, or W, u, biases and "
            "output_bias; fold a normalisation into the layer before it"
        )
    layers = []
    for layer in sorted({layer for layer, _ in parts}, key=_natural):
        if (layer, "weight") not in parts:
            raise ParameterError(f"{layer}.bias without {layer}.weight: give both")
        W = array(f"{layer}.weight", parts[layer, "weight"])
        if W.ndim != 2:
            raise ParameterError(
                f"{layer}.weight of shape {W.shape}: a linear layer has (out, in); write a convolution out as a matrix"
            )
        layers.append((W, array(f"{layer}.bias", parts[layer, "bias"]) if (layer, "bias") in parts else None))
    return layers


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def _two(layers: list[tuple[Array, Array | None]]) -> TwoLayers:
    """Two layers, the one that the other's inputs come from first."""
    shapes = ", ".join(str(W.shape) for W, _ in layers)
    if len(layers) != 2:
        raise ParameterError(
            f"{len(layers)} layers of weights, of shapes {shapes}: this network has two. Of more, with one output, "
            "boundkit.simulate.deep.DeepNetwork(weights, biases) has outputs and gradients; and the first two layers "
            "alone are a network whose network.swap holds whatever stands above"
        )
    fits = [above.shape[1] == below.shape[0] for (below, _), (above, _) in (layers, layers[::-1])]
    if not any(fits):
        raise ParameterError(
            f"layers of shapes {shapes}: give (m, d) and (K, m), the outputs of one the inputs of the next"
        )
    (W, biases), (above, output_bias) = layers if fits[0] else layers[::-1]
    if above.shape[0] == 1:
        return TwoLayers(W, above[0], biases, 0.0 if output_bias is None else float(output_bias.reshape(-1)[0]))
    return TwoLayers(W, above, biases, 0.0 if output_bias is None else output_bias)

"""Networks of one's own: weights and a subspace, from wherever they come."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

import numpy as np

from boundkit.errors import ParameterError
from boundkit.simulate.layers import FullLayer
from boundkit.simulate.networks import Network
from boundkit.simulate.reading import TwoLayers, array, read_layers
from boundkit.simulate.subspace import Span, Subspace, orthonormal
from boundkit.simulate.tolerances import relative


def network(W: Any, u: Any = None, biases: Any = None, output_bias: Any = 0.0, *, subspace: Any = None) -> Network:
    """Your own two-layer ReLU network and the subspace P that its data lie in.

    Parameters
    ----------
    W : array (m, d), mapping, or path
        The first layer, a neuron a row. Or all of the network: a mapping of names to arrays as a state_dict is one,
        with two linear layers ("0.weight", "0.bias", "2.weight", "2.bias", whatever they are called), or `W`, `u`,
        `biases`, `output_bias`; or the path of a .npz or .safetensors file of such a mapping. Tensors are taken
        without their gradients; PyTorch is not needed.
    u : array (m,) or (K, m)
        The output weights, of one output or of K >= 2 classes; (1, m) is one output.
    biases : array (m,), optional
        The first layer's biases.
    output_bias : float, or array (K,)
        The outputs' biases.
    subspace : Subspace, or array (d, n)
        P, or columns that span it. `Subspace.from_data` and `Subspace.from_pca` find one in data.

    Returns
    -------
    Network
        Everything in double precision; single precision only widens what counts as rounding of the data.

    Raises
    ------
    ParameterError
        Shapes that do not fit, more or fewer layers, numbers that are not finite, or a subspace that is everything or
        nothing.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> weights = {"0.weight": rng.standard_normal((8, 20)), "0.bias": rng.standard_normal(8)}
    >>> weights |= {"2.weight": rng.standard_normal((3, 8)), "2.bias": rng.standard_normal(3)}
    >>> X = rng.standard_normal((30, 5)) @ rng.standard_normal((5, 20))
    >>> network(weights, subspace=Subspace.from_data(X))
    <network of 8 neurons and 3 classes on R^20, ell = 15>
    """
    if isinstance(W, Mapping | str | PathLike):
        if u is not None or biases is not None or np.any(output_bias):
            raise ParameterError("a mapping or a file holds all layers: leave u, biases and output_bias out")
        layers = read_layers(W)
    elif hasattr(W, "state_dict"):
        raise ParameterError(
            f"a network of type {type(W).__name__}: give its state_dict(), of a linear layer, a ReLU and a linear layer"
        )
    elif u is None:
        raise ParameterError(
            "a network needs u, the output weights (m,) or (K, m), beside W; or a mapping of all layers"
        )
    else:
        first = None if biases is None else array("biases", biases)
        layers = TwoLayers(array("W", W), array("u", u), first, array("output_bias", output_bias))
    W, u, above = layers.W, layers.u, np.asarray(layers.output_bias)
    if u.ndim == 2 and u.shape[0] == 1:
        u, above = u[0], above.reshape(()) if above.size == 1 else above
    if W.ndim != 2 or not W.size:
        raise ParameterError(f"weights of shape {W.shape}: give (m, d), a neuron a row")
    P = _subspace(subspace, W.shape[1])
    P.require_memory(len(W))
    return Network(FullLayer(P, W), u, layers.biases, above if above.ndim else float(above))


def _subspace(given: Any, d: int) -> Subspace:
    """P in R^d, with directions orthogonal to it."""
    if given is None:
        raise ParameterError(
            "which subspace do the data lie in? Give subspace=, as Subspace.from_data(X) or "
            "Subspace.from_pca(X, share=0.99)"
        )
    P = given if isinstance(given, Subspace) else _spanned(given, d)
    if P.d != d:
        raise ParameterError(
            f"a subspace of R^{P.d} for weights on R^{d}: give one of R^{d}, as from points of {d} numbers"
        )
    if P.ell == 0:
        raise ParameterError(
            f"P is all of R^{d}, so ell = 0 and no step is orthogonal to it: cut some directions, as by "
            "Subspace.from_pca(X, share=0.99)"
        )
    return P


def _spanned(columns: Any, d: int) -> Span:
    """The span of linearly independent columns."""
    basis = array("subspace", columns)
    if basis.ndim != 2 or basis.shape[0] != d or not 1 <= basis.shape[1] <= d:
        raise ParameterError(
            f"a subspace of shape {basis.shape} for weights on R^{d}: give columns ({d}, n) that span it, n < {d}; of "
            "points as rows take Subspace.from_data(X)"
        )
    lengths = np.linalg.norm(basis, axis=0)
    sines = np.linalg.svd(basis / np.where(lengths > 0, lengths, 1.0), compute_uv=False)
    if sines[-1] <= relative(columns):
        raise ParameterError(
            f"columns of which some combination is 0 up to a relative {sines[-1]:.2g}: they span fewer dimensions; "
            "take Subspace.from_data(columns.T)"
        )
    return Span(orthonormal(basis / lengths))

"""Train the network that docs/own_network.md looks at in PyTorch, and write it beside its data and its start.

Scikit-learn's digits 3 and 8, every pixel shown as 2 x 2, in a network of 16 neurons with biases and one output: all
layers trained by SGD in single precision. The first layer's weights start normal, the rest as PyTorch starts it.

Run it with the folder to write to; it needs PyTorch, scikit-learn and NumPy.
"""

from pathlib import Path
import sys

import numpy as np
from sklearn.datasets import load_digits
import torch

STEPS, BATCH, RATE, NEURONS = 3000, 32, 0.05, 16


def images() -> tuple[torch.Tensor, torch.Tensor]:
    """The pixels (N, 256) between 0 and 1, and labels -1 for a 3 and 1 for an 8 (N, 1)."""
    digits = load_digits()
    chosen = np.isin(digits.target, (3, 8))
    large = np.kron(digits.images[chosen] / 16, np.ones((1, 2, 2))).reshape(chosen.sum(), -1)
    y = np.where(digits.target[chosen] == 8, 1, -1)
    return torch.tensor(large, dtype=torch.float32), torch.tensor(y[:, None], dtype=torch.float32)


def untrained(d: int) -> torch.nn.Sequential:
    """The network at its start."""
    model = torch.nn.Sequential(torch.nn.Linear(d, NEURONS), torch.nn.ReLU(), torch.nn.Linear(NEURONS, 1))
    torch.nn.init.normal_(model[0].weight, std=d**-0.5)
    return model


def train(model: torch.nn.Module, X: torch.Tensor, y: torch.Tensor) -> None:
    """SGD on the logistic loss, every batch drawn afresh."""
    optimiser = torch.optim.SGD(model.parameters(), lr=RATE)
    for _ in range(STEPS):
        rows = torch.randint(len(X), (BATCH,))
        optimiser.zero_grad()
        torch.nn.functional.soft_margin_loss(model(X[rows]), y[rows]).backward()
        optimiser.step()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    torch.manual_seed(0)
    torch.set_num_threads(1)
    X, y = images()
    model = untrained(X.shape[1])
    start = model[0].weight.detach().numpy().copy()
    train(model, X, y)
    np.savez_compressed(folder / "digits_network.npz", **{name: x.numpy() for name, x in model.state_dict().items()})
    np.savez_compressed(folder / "digits_start.npz", W=start)
    np.savez_compressed(folder / "digits_data.npz", X=X.numpy(), y=y.numpy()[:, 0].astype(np.int8))
    right = (torch.sign(model(X)) == y).sum()
    print(f"{right} of {len(y)} right, PyTorch {torch.__version__}")  # noqa: T201

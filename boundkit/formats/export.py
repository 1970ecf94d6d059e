"""Flat records as what other programs read: CSV, and pandas."""

from __future__ import annotations

from collections.abc import Sequence
import csv
from importlib import import_module
import io
from typing import Any

from boundkit.errors import BoundkitError

Record = dict[str, Any]


def csv_text(records: Sequence[Record], names: Sequence[str]) -> str:
    """Return records as CSV with these columns, floats to their last digit and None as a gap."""
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


def data_frame(records: Sequence[Record]) -> Any:
    """Return records as a pandas.DataFrame.

    Raises
    ------
    BoundkitError
        Where pandas is not installed.
    """
    try:
        pandas = import_module("pandas")
    except ImportError:
        raise BoundkitError("to_pandas() needs pandas; install it with: pip install 'boundkit[pandas]'") from None
    return pandas.DataFrame(records)

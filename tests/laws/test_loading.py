"""How the laws load."""

from __future__ import annotations

from pathlib import Path
import subprocess
import sys

import pytest

from boundkit import laws

HERE = Path(laws.__file__).parent


def loaded(statement: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {statement}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_laws_load_when_they_are_used() -> None:
    assert not {"scipy", "flint", "numpy", "sympy"} & loaded("import boundkit.laws")
    fast = loaded("from boundkit import laws; laws.row_sum.logcdf(0.5, 600, 10)")
    assert "numpy" in fast
    assert not {"flint", "sympy", "scipy.stats", "scipy.integrate"} & fast
    assert "sympy" not in loaded("from boundkit import laws; laws.certified.row_sum_logcdf(1, 2, 3)")


def test_the_list_of_laws_names_real_modules() -> None:
    assert {"inner_product", "row_sum", "row_sums", "closed_forms", "certified", "balls"} <= set(dir(laws))
    there = {path.stem for path in HERE.glob("*.py")}
    assert all(name in there for name in dir(laws))
    with pytest.raises(AttributeError, match="the laws are"):
        laws.no_such_law  # noqa: B018  the look-up is what is tested

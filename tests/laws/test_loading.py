"""How the laws load, and that a point costs little."""

from __future__ import annotations

import doctest
from pathlib import Path
import re
import subprocess
import sys
from time import perf_counter

import numpy as np
import pytest

from boundkit import laws
from boundkit.laws import inner_product, row_sum

HERE = Path(laws.__file__).parent
PAGE = Path(__file__).parents[2]/"docs"/"laws_family.md"


def loaded(statement: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", f"import sys; {statement}; print(*sys.modules)"], capture_output=True,
                          text=True, check=True)
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
    assert all(name in there for name in dir(laws) if name not in ("chi_square", "normal"))
    with pytest.raises(AttributeError, match="the laws are"):
        laws.no_such_law  # noqa: B018


@pytest.mark.parametrize(("law", "args"), [(inner_product.logsf_abs, (3.0, 2)), (inner_product.logsf_abs, (300, 600)),
                                           (row_sum.logcdf, (0.1, 3, 7)), (row_sum.logcdf, (0.1, 600, 7))])
def test_one_point_takes_less_than_half_a_millisecond(law: object, args: tuple) -> None:
    def seconds() -> float:
        start = perf_counter()
        law(*args)
        return perf_counter() - start

    assert min(seconds() for _ in range(50)) < 5e-4


def test_a_hundred_thousand_points_take_seconds() -> None:
    n = np.exp(np.linspace(0, 13.8, 100_000))
    start = perf_counter()
    assert np.isfinite(inner_product.logsf_abs(2*np.sqrt(n), n)).all()
    assert perf_counter() - start < 5


def test_examples_on_the_page_run() -> None:
    blocks = "\n".join(re.findall(r"```pycon\n(.*?)```", PAGE.read_text(), re.DOTALL))
    example = doctest.DocTestParser().get_doctest(blocks, {}, PAGE.name, str(PAGE), 0)
    assert example.examples
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(example).failed == 0

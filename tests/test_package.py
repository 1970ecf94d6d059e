"""The package as a whole: its public names, what importing it costs, its docstrings, its walls."""

from dataclasses import is_dataclass
import doctest
import importlib
import os
from pathlib import Path
import pkgutil
import subprocess
import sys

import pytest
from support import some

import boundkit as bk

HOME = Path(bk.__file__).parent
MODULES = sorted(m.name for m in pkgutil.walk_packages([str(HOME)], "boundkit.") if not m.name.endswith("__main__"))

PUBLIC = """
remark_3_1 theorem_4_1 corollary_4_1 theorem_5_1 corollary_5_1 theorem_6_1 corollary_6_1 theorem_6_2 corollary_6_2
theorem_a_1 theorem_a_2 lemma_b_1 lemma_b_2 lemma_c_1 lemma_c_2 lemma_c_3 lemma_d_1
sharpened_5_1 sharpened_5_1_everywhere improved_5_1 universal_flip one_direction_limit
off_subspace_radius off_subspace_radius_at
gradient_interval gradient_everywhere deep_gradient deep_gradient_everywhere deep_distance
any_data_gradient any_data_flip representation_swap representation_swap_everywhere flip_any_output class_flip
flip_at flip_any_output_at distance_at distance_linear linf_flip valid_image_flip sparse_flip
universal_flip_in_norm gradient_in_dual_norm radius_in_norm patch_gradient patch_swap
affine_gradient affine_gradient_trained_bias weights_move_at_most nearly_gradient nearly_flip nearly_radius
sphere_has_none normal_tail lemma_b_1_best lemma_c_1_best chi_square_two_sided chi_square_two_sided_above
catalogue Parameter Hypothesis Erratum Statement assumed integers reals Guarantee Verdict Check Exact Solution
Refutation refute falsify Search audit Audit check_point PointCheck tightness Tightness
best_constant best_constants BestConstant
applicable Applicability
review Review budget Budget bounds Bounds Bound bounds_over BoundsOver union Union
Certificate Paper papers compare flip_probability gradient_law
table Table cite graph errata explorer_page audit_page sweep runs Runs
BoundkitError ParameterError HypothesisError StatementError LawError PrecisionError UnknownStatement
figures laws plots simulate tails testing
"""
STATEMENT = """
accept as_printed assumed attained bound certificate claims depends_on doc errata evaluate experiment failure
hypotheses label latex corrected name number paper parameters place printed proof qualified_name quantities reading
readings refuse_unknown relations rests_on sampler sharpens solve_for steps substituted superseded symbols tex text
tilted title truth truth_assumes truth_is worst_case
"""
GUARANTEE = """
applies at bound bounds claims digits exact failure free given hypotheses latex log_failure missing probability require
statement to_dict vacuous_reason values verdict
"""


def public(thing: object) -> set[str]:
    return {name for name in dir(thing) if not name.startswith("_")}


def test_the_tests_run_against_the_installed_package() -> None:
    """In CI: the built wheel, not the files beside the tests."""
    if os.environ.get("CI"):
        assert "site-packages" in HOME.parts


def test_the_public_names_are_these() -> None:
    assert set(bk.__all__) == set(PUBLIC.split())
    assert all(getattr(bk, name) is not None for name in bk.__all__)
    assert public(bk.theorem_5_1) == set(STATEMENT.split())
    assert public(bk.theorem_5_1(d=5)) == set(GUARANTEE.split())


def test_no_public_name_is_also_a_module_that_would_hide_it() -> None:
    rooms = {"laws", "plots", "simulate", "tails", "testing"}
    assert not ({path.stem for path in HOME.iterdir()} & set(bk.__all__)) - rooms


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import boundkit", ("sympy", "scipy", "numpy", "flint", "mpmath", "click")),
        ("import boundkit.laws", ("sympy", "scipy.stats", "flint")),
        ("import boundkit.cli", ("sympy", "scipy", "numpy", "flint")),
        (
            "import boundkit.library.melamed2023.figures.panels, boundkit.library.melamed2023.figures.figure_4",
            ("matplotlib", "joblib", "sklearn"),
        ),
        ("import boundkit; str(boundkit.theorem_5_1(d=5, ell=3, m=2))", ("numpy", "scipy", "matplotlib")),
        (
            "import boundkit; str(boundkit.bounds(boundkit.tails.poisson_at_least(9, 20)))",
            ("numpy", "scipy", "boundkit.library.classics.normal", "boundkit.library.melamed2023.theorem_5_1"),
        ),
    ],
)
def test_importing_costs_little(statement: str, absent: tuple) -> None:
    check = f"import sys; {statement}; print(*[m for m in {absent!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("name", some(MODULES, 80))
def test_docstring_examples_run(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} does not say what it is for"
    failed, _ = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_records_are_frozen() -> None:
    for module in map(importlib.import_module, MODULES):
        for thing in vars(module).values():
            if isinstance(thing, type) and is_dataclass(thing):
                assert thing.__dataclass_params__.frozen, thing


def test_no_file_outgrows_its_reader() -> None:
    sizes = {path.relative_to(HOME): len(path.read_text().splitlines()) for path in HOME.rglob("*.py")}
    assert max(sizes.values()) <= 410, max(sizes, key=sizes.get)


def test_laws_never_see_sympy_and_statements_never_see_numerics() -> None:
    for path in (HOME / "laws").glob("*.py"):
        assert "sympy" not in path.read_text(), path
    for path in (HOME / "library").glob("*/*_*_*.py"):
        text = path.read_text()
        assert "numpy" not in text, path
        assert "boundkit.laws" not in text, path

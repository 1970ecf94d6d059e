"""Hypothesis profiles: dev (the default), ci, and thorough for a long look; what a test loads is put away after it."""

from collections.abc import Iterator
import os

from hypothesis import settings
import pytest

import boundkit  # noqa: F401  which puts the papers of the library on the shelf
from boundkit.shelf import PAPERS

settings.register_profile("dev", deadline=None, max_examples=30)
settings.register_profile("ci", deadline=None, max_examples=25, derandomize=True, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

LIBRARY = dict(PAPERS)


@pytest.fixture(autouse=True)
def only_the_library() -> Iterator[None]:
    """Whatever a test loads, the next one finds the papers of the library."""
    yield
    PAPERS.clear()
    PAPERS.update(LIBRARY)

"""How long work says how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], object]
"""Called as `progress(what, done, total)`, again and again: what is being done, how much of it is, and of how much."""

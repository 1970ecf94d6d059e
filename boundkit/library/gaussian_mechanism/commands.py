"""The Gaussian mechanism brings no commands of its own."""

from typing import Any

COMMANDS: tuple[tuple[str, Any], ...] = ()

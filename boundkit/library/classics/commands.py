"""The classics bring no commands of their own."""

from typing import Any

COMMANDS: tuple[tuple[str, Any], ...] = ()

"""Helpers beside these tests can be imported by name."""

from pathlib import Path
import sys

sys.path.insert(0, str(Path(__file__).parent))

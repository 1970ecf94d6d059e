"""Fuzz at any size: python -m fuzz --help, in the folder tests. Prints what was tried and what went wrong."""

from __future__ import annotations

import argparse
from pathlib import Path
import sys
from tempfile import TemporaryDirectory

from fuzz.fuzzing import fuzz_arrays, fuzz_calls, fuzz_commands, fuzz_real_commands

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--points", type=int, default=10**6, help="points that evaluate is asked for")
parser.add_argument("--calls", type=int, default=10**5, help="calls of statements")
parser.add_argument("--lines", type=int, default=10**4, help="command lines in this process")
parser.add_argument("--real", type=int, default=100, help="command lines through the installed command")
parser.add_argument("--seed", type=int, default=0)
asked = parser.parse_args()
failures = 0
with TemporaryDirectory() as folder:
    for name, run in (
        ("arrays", lambda: fuzz_arrays(asked.points, asked.seed)),
        ("calls", lambda: fuzz_calls(asked.calls, asked.seed)),
        ("commands", lambda: fuzz_commands(asked.lines, asked.seed, Path(folder))),
        ("real commands", lambda: fuzz_real_commands(asked.real, asked.seed, Path(folder))),
    ):
        found = run()
        print(f"{name}: " + ", ".join(f"{count} {what}" for what, count in sorted(found.count.items())))
        print("".join(f"\n  {wrong}\n" for wrong in found), flush=True)
        failures += len(found)
sys.exit(failures > 0)

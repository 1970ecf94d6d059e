"""python -m boundkit."""

from boundkit.cli import main

main(prog_name="boundkit")

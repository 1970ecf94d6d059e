"""Grids of statements and functions over many cores or machines, kept in a file as they come."""

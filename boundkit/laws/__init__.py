"""Exact laws as numbers: NumPy, scipy.special and python-flint, never SymPy."""

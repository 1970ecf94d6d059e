"""A paper's theorems as tested, executable objects."""

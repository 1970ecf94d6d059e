"""Is it true? What judges a statement."""

"""The audit as a reader meets it."""

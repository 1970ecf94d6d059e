"""Formulas as exact text: one writer, and a reader that gives back the very formula. Nothing of a text is evaluated."""

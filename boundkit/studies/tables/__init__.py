"""Tables of bounds for papers: statements over a grid of values, as LaTeX, Markdown, CSV, JSON, text and pandas."""

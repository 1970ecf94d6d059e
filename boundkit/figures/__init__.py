"""The paper's figures 1 to 6, made again in NumPy."""

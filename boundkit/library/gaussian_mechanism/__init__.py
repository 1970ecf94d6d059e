"""The Gaussian mechanism of differential privacy: how much noise is enough; here are the names."""

STATEMENTS = ("exact_delta", "gaussian_composition", "classical_calibration", "vinterbo", "zero_concentrated")
FILES = {"calibrations": STATEMENTS}

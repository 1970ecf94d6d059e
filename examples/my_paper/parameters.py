"""The parameters of the paper, what is measured, and what is assumed everywhere."""

from sympy import symbols

import boundkit as bk

n, t, sigma = symbols("n t sigma")
error, spread, ratio = symbols("error spread ratio")

MEASUREMENTS = bk.integers(n, "the number of measurements", 2)
TOLERANCE = bk.reals(t, "the error that is allowed, in standard deviations", 0)
DEVIATION = bk.reals(sigma, "the standard deviation of one measurement", 0, tex=r"\sigma", default=1)

ERROR = bk.reals(
    error, "the distance of the mean from the truth", 0, strict=False, text="|mean - mu|", tex=r"|\bar X - \mu|"
)
SPREAD = bk.reals(spread, "the sample deviation, almost surely not 0", 0, text="s", tex="s")
RATIO = bk.reals(ratio, "|mean - mu|/s, the distance in sample deviations", 0, strict=False, tex="R")

GAUSSIAN = bk.assumed("the measurements are independent and N(mu, sigma^2)")

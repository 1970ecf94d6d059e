"""For test suites: what any statement must pass, and Hypothesis strategies of points, problems and networks."""

from boundkit.testing.conformance import CHECKS, assert_conforms
from boundkit.testing.strategies import networks, parameters, problems

__all__ = ["CHECKS", "assert_conforms", "networks", "parameters", "problems"]

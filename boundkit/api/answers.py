"""What a statement answers besides a guarantee: solutions and certificates, which hold it as the object that it is."""

from __future__ import annotations

from boundkit.api.objects import Guarantee, Statement
from boundkit.engine.proof.certificate import CertificateRecord
from boundkit.engine.solve import SolutionRecord


class Solution(SolutionRecord):
    __doc__ = SolutionRecord.__doc__

    statement: Statement

    @property
    def guarantee(self) -> Guarantee:
        """The statement at the answer.

        Raises
        ------
        HypothesisError
            Where no value works.
        """
        return self.statement(**self.solved)


class Certificate(CertificateRecord):
    __doc__ = CertificateRecord.__doc__

    statement: Statement

"""The audit as a page, and as a folder of LaTeX tables."""

from boundkit.report.folder import audit_tables
from boundkit.report.page import audit_page

__all__ = ["audit_page", "audit_tables"]

"""The audit as a page and as a folder of LaTeX tables, and a network of one's own as a page."""

from boundkit.report.folder import audit_tables
from boundkit.report.network_page import network_page
from boundkit.report.page import audit_page

__all__ = ["audit_page", "audit_tables", "network_page"]

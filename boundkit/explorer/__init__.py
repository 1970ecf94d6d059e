"""The explorer: one page with sliders for every statement, in any browser, without a server."""

"""Certificates as a reader meets them."""

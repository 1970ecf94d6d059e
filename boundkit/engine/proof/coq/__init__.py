"""Certificates in the language of Coq, a proof assistant: a translation, and what it says of it."""

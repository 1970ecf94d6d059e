"""Proofs as data, and the machine that checks them; it knows no statement."""

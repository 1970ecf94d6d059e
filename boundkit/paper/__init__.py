"""The paper, one file for each numbered statement.

Odelia Melamed, Gilad Yehudai, Gal Vardi: Adversarial Examples Exist in Two-Layer ReLU Networks for Low
Dimensional Linear Subspaces.
"""

"""Appendix B of Understanding Machine Learning, a file a section; here are the names, in the book's order."""

FILES = {
    "moments": (
        "uml_b_1",
        "uml_b_1_level",
        "uml_b_2",
    ),
    "chernoff": (
        "uml_b_3",
        "uml_b_4",
        "uml_b_5",
        "uml_b_5_quadratic",
    ),
    "hoeffding": (
        "uml_b_6",
        "uml_b_7",
    ),
    "bernstein": (
        "uml_b_8",
        "uml_b_9",
        "uml_b_10_sample",
        "uml_b_10_risk",
    ),
    "slud": ("uml_b_11",),
    "chi_square": (
        "uml_b_12_below",
        "uml_b_12_above",
        "uml_b_12",
    ),
}
STATEMENTS = tuple(name for names in FILES.values() for name in names)

"""Melamed, Yehudai and Vardi 2023, one file a statement; here are the names, in the paper's order."""

STATEMENTS = (
    "remark_3_1",
    "theorem_4_1",
    "corollary_4_1",
    "theorem_5_1",
    "corollary_5_1",
    "theorem_6_1",
    "corollary_6_1",
    "theorem_6_2",
    "corollary_6_2",
    "theorem_a_1",
    "theorem_a_2",
    "lemma_b_1",
    "lemma_b_2",
    "lemma_c_1",
    "lemma_c_2",
    "lemma_c_3",
    "lemma_d_1",
)
FILES = {name: (name,) for name in STATEMENTS}

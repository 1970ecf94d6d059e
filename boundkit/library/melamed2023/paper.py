"""The paper as a record: what it is called, its statements, and what it has beside them."""

from boundkit.api.papers import Paper, statements_of
from boundkit.library.melamed2023.bibliography import OWN, SOURCES
from boundkit.model.erratum import Erratum

# Numbered items that are no statement, each with the reason.
NOT_ENCODED = (
    (
        "Open Problem 7.1",
        "it asks under what conditions on a manifold, a distribution and a network a small adversarial perturbation "
        "orthogonal to the tangent space exists; it claims nothing, so there is nothing to check. What is known: for "
        "any data with ell >= m a direction orthogonal to their span takes the label of every x0 in R^d "
        "(beyond.universal_flip), for one x0 a step of length |N(x0)| sqrt(m/(k + 1))/(b chi) suffices "
        "(beyond.flip_at), and on a sphere no step orthogonal to the tangent space and shorter than x0 takes it "
        "(beyond.sphere_has_none)",
    ),
)

ERRATA = (
    Erratum(
        "E24",
        "standard Kaiming initialisation; default PyTorch initialisation, in section 3.1 and the experiments",
        "N(0, 1/d) is neither; the experiments lie outside the theorems",
        "typo",
        reason="He's variance is 2/d; PyTorch's is uniform with variance 1/(3d) and not rotation invariant, so "
        "Theorem A.1 does not cover Figures 2, 5 and 6; the points of Figures 3 and 5 lie at z = 1/2, an affine "
        "plane whose span is all of R^3, so ell = 0 there; no experiment meets Theorem 5.1's hypothesis; the "
        "component counts of Figure 1 look zero-based",
    ),
)

paper = Paper(
    name="melamed2023",
    title="Adversarial Examples Exist in Two-Layer ReLU Networks for Low Dimensional Linear Subspaces",
    authors=("Odelia Melamed", "Gilad Yehudai", "Gal Vardi"),
    year=2023,
    bibtex=OWN,
    statements=statements_of("boundkit.library.melamed2023"),
    not_encoded=NOT_ENCODED,
    errata=ERRATA,
    sources=SOURCES,
    main="theorem_5_1",
)

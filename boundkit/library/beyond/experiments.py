"""How our quantities are drawn: which function draws them, once it is asked."""

from dataclasses import replace
from fractions import Fraction

from sympy import sqrt

from boundkit.library.beyond.notation import pixels, points, shrink
from boundkit.library.melamed2023.experiments import (
    ACTIVE,
    BUILT,
    FLIP,
    GRADIENT,
    NETWORK,
    ONE,
    OPPOSING,
    SIZES,
    SMALL,
    experiment,
)
from boundkit.library.melamed2023.notation import d, ell, m
from boundkit.model.experiment import Experiment, Later


def draw(name: str) -> Later:
    """The function of that name in `boundkit.library.beyond.draws`."""
    return Later("boundkit.library.beyond.draws", name)


def at_one_point(name: str) -> Later:
    """The function of that name in `boundkit.library.beyond.draws_pointwise`."""
    return Later("boundkit.library.beyond.draws_pointwise", name)


def of_any_network(name: str) -> Later:
    """The function of that name in `boundkit.library.beyond.draws_anywhere`."""
    return Later("boundkit.library.beyond.draws_anywhere", name)


SQUARE, WHOLE, PATTERNS, PATTERNS_WHOLE, OF_K = map(
    draw, ("square", "whole", "patterns", "patterns_whole", "patterns_of_k")
)
DEVIATION = shrink / sqrt(d)
START = {"training": (("beta", DEVIATION),), "deviation": DEVIATION}
OWN = (("q", "counting"), ("norm_J", "gradient in the pre-activations"), ("shrink", "deviation times sqrt(d)"))

SHARPENED = replace(FLIP, measures=(*OPPOSING, *OWN), **START)
# What a network of one's own says besides.
UNSEEN = ()  # its steps are others
PAST = ("c", Fraction(101, 100))
LONGER = (("norm_z", "universal flip"), ("flipped", "universal flip's output"), PAST)
SPREAD = ("norm_J", "length of active weights")
SIDES = (("U_F", "sum of opposing weights"), ("u_min", "least supporting weight"))
AT_ONE = (("norm_z", "one-point flip"), ("flipped", "one-point flip's output"), PAST, ("h", "movable"))
DEVIATIONS = ("t", 5)
DELTA = ("delta", "distance in the pre-activations")

EVERYWHERE = replace(
    SHARPENED,
    law=draw("worst_flip_law"),
    full=draw("worst_flip_of_vectors"),
    full_weight=WHOLE,
    seen=(("norm_z", "step along all weights"), ("flipped", "step along all weights' output"), ("c", 2)),
)
UNIVERSAL = replace(SHARPENED, law=draw("universal_law"), full=draw("universal_of_networks"), weight=ONE, seen=LONGER)
INTERVAL = replace(GRADIENT, law=draw("gradient_law"), measures=(*ACTIVE, *OWN), **START)
DEEP_GRADIENT = replace(INTERVAL, law=draw("deep_gradient_law"), seen=(SPREAD, *INTERVAL.seen))
RADIUS = replace(
    INTERVAL, law=draw("radius_law"), full=draw("radius_of_vectors"), weight=PATTERNS, full_weight=PATTERNS_WHOLE,
    seen=(("distance", "distance"), DEVIATIONS),
)  # fmt: skip
RADIUS_AT = replace(RADIUS, law=draw("radius_at_law"), full=draw("radius_at_of_vectors"))
GRADIENTS = replace(
    INTERVAL, law=draw("gradients_law"), full=draw("gradients_of_vectors"), weight=SQUARE, full_weight=WHOLE,
    seen=(SPREAD, DEVIATIONS, ("least_gradient", "gradient off P"), ("greatest_gradient", "gradient off P")),
)  # fmt: skip
DISTANCES = replace(
    GRADIENTS, law=draw("distances_law"), full=draw("distances_of_vectors"),
    seen=(DELTA, DEVIATIONS, ("least_distance", "distance"), ("greatest_distance", "distance")),
)  # fmt: skip
GRADIENT_EVERYWHERE = replace(
    INTERVAL,
    law=draw("patterned_gradients_law"),
    full=draw("patterned_gradients_of_networks"),
    weight=OF_K,
    full_weight=NETWORK,
    measures=(*SIZES, *OWN),
    sizes=tuple((*sizes, ("k", 2)) for sizes in SMALL),
    seen=(("k", "active"), DEVIATIONS, ("least_gradient", "gradient off P"), ("greatest_gradient", "gradient off P")),
)
ONE_DIRECTION = replace(
    GRADIENT_EVERYWHERE,
    law=draw("best_direction_law"),
    full=draw("best_direction_of_networks"),
    sizes=tuple((*sizes, ("n_o", 2), ("k", 1)) for sizes in SMALL),
    seen=UNSEEN,
)
SPHERE = experiment(
    draw("sphere_of_networks"), draw("sphere_of_networks"), ONE, ONE, sizes=((("d", 5), ("rho", 2), ("output", -1)),)
)
NORMAL = experiment(draw("absolute_normal"), draw("absolute_normal"), ONE, ONE)


# Any data, any outputs.
SPAN = (("ell", d - points), *BUILT)
ANY_DATA_SIZES = ((("d", 40), ("points", 12), ("D", 3), ("m", 4)), (("d", 30), ("points", 5), ("D", 0), ("m", 6)))
ANY_DATA_GRADIENT = replace(
    INTERVAL,
    law=of_any_network("any_data_gradient_law"),
    seen=UNSEEN,
    full=of_any_network("any_data_gradient_of_networks"),
    network=SPAN,
    sizes=ANY_DATA_SIZES,
)
ANY_DATA_FLIP = replace(
    UNIVERSAL,
    law=of_any_network("any_data_flip_law"),
    seen=UNSEEN,
    full=of_any_network("any_data_flip_of_networks"),
    network=SPAN,
    sizes=ANY_DATA_SIZES,
)
ANY_OUTPUT = replace(
    UNIVERSAL,
    law=of_any_network("any_output_law"),
    seen=(*LONGER, *SIDES),
    full=of_any_network("any_output_of_networks"),
    network=(("d", d), ("ell", ell), ("m", m)),
    measures=(*SIZES, *OWN),
    sizes=(
        (("d", 40), ("ell", 20), ("m", 4), ("pairs", 3), ("off", 1), ("t", 2)),
        (("d", 60), ("ell", 50), ("m", 2), ("pairs", 1), ("off", 0), ("t", 2)),
    ),
)
SWAP = replace(
    ANY_OUTPUT, law=of_any_network("swap_law"), full=of_any_network("swap_of_networks"),
    seen=(("norm_z", "swap"), ("moved", "swap's move")),
)  # fmt: skip
SWAPS = replace(
    ANY_OUTPUT, law=of_any_network("swaps_law"), full=of_any_network("swaps_of_networks"), weight=SQUARE,
    seen=(("greatest_distance", "swap"), ("moved", "swap's move"), DEVIATIONS),
)  # fmt: skip
CLASSES = replace(
    ANY_OUTPUT, law=of_any_network("classes_law"), full=of_any_network("classes_of_networks"), weight=SQUARE,
    seen=(*ANY_OUTPUT.seen, ("pairs", "pairs of classes")),
)  # fmt: skip

# Shortest steps from one point.
AT = (("p", "supporting"), ("delta", "distance in the pre-activations"))
FLIP_AT = replace(
    SHARPENED,
    law=at_one_point("flip_at_law"),
    full=at_one_point("flip_at_of_networks"),
    weight=ONE,
    measures=(*SHARPENED.measures, *AT),
    sizes=tuple((*sizes, ("h", dict(sizes)["m"])) for sizes in SMALL),
    seen=AT_ONE,
)
DISTANCE_AT = replace(
    INTERVAL,
    law=at_one_point("distance_at_law"),
    full=at_one_point("distance_at_of_networks"),
    weight=at_one_point("distance_at_weight"),
    full_weight=at_one_point("distance_at_full_weight"),
    measures=(*INTERVAL.measures, *AT),
    seen=(("distance", "distance"), DEVIATIONS),
)
DISTANCE_LINEAR = replace(
    INTERVAL, law=at_one_point("distance_linear_law"), full=at_one_point("distance_linear_of_networks"),
    seen=(("linear_distance", "linear distance"),),
)  # fmt: skip
FLIP_ANY_OUTPUT_AT = replace(
    ANY_OUTPUT,
    law=of_any_network("flip_any_output_at_law"),
    full=of_any_network("flip_any_output_at_of_networks"),
    sizes=tuple((*sizes, ("h", dict(sizes)["m"])) for sizes in ANY_OUTPUT.sizes),
    seen=(*AT_ONE, ("norm_u_f", "length of both")),
)

# Other norms: pixels that are 0 in all data.


def draw_in_norms(name: str) -> Later:
    """The function of that name in `boundkit.library.beyond.draws_norms`."""
    return Later("boundkit.library.beyond.draws_norms", name)


SPHERE_OF_PIXELS = (("level", Fraction(1, 2)), ("pixels", 80), ("dimension", 80))
PIXELS_AT = (
    (("d", 100), ("ell", 80), ("m", 3), ("c", 2), *SPHERE_OF_PIXELS, ("t", 2)),
    (("d", 120), ("ell", 110), ("m", 3), ("c", 5), ("top", 1000)),
    (("d", 60), ("pixels", 20), ("level", 3), ("t", 2), ("width", 16), ("rho", Fraction(9, 2))),
)
LABELS = (("k", "opposing"), ("output", "output"))
PIXEL_SIZES = (("d", "d"), ("ell", "ell"), ("m", "m"), ("shrink", "deviation times sqrt(d)"))
LINF = replace(
    UNIVERSAL,
    law=draw_in_norms("linf_flip_law"),
    full=draw_in_norms("linf_flip_of_networks"),
    weight=draw_in_norms("pixels"),
    measures=PIXEL_SIZES,
    network=(("d", d), ("ell", ell), ("m", m)),
    seen=(("norm_inf", "sign step"), ("flipped", "sign step's output"), *LABELS),
    sizes=PIXELS_AT,
)
VALID_IMAGE = replace(
    LINF, law=draw_in_norms("valid_image_law"), full=draw_in_norms("valid_image_of_networks"),
    seen=(("norm_inf", "upward step"), ("flipped", "upward step's output"), ("top", "range of pixels"), *LABELS),
)  # fmt: skip
SPARSE = replace(
    LINF,
    law=draw_in_norms("sparse_flip_law"),
    full=draw_in_norms("sparse_flip_of_networks"),
    weight=ONE,
    measures=(*PIXEL_SIZES, *OPPOSING),
    network=(("d", d), ("m", m)),
    sizes=((("d", 40), ("h", 12), ("m", 4)), (("d", 60), ("h", 30), ("m", 2))),
    seen=(("h", "free pixels"), ("norm_z", "sparse step"), ("flipped", "sparse step's output")),
)
UNIVERSAL_IN_NORM = replace(
    LINF,
    law=draw_in_norms("universal_in_norm_law"),
    full=draw_in_norms("universal_in_norm_of_networks"),
    measures=(*PIXEL_SIZES, *OPPOSING),
    network=BUILT,
    seen=(
        *LONGER,
        ("norm_inf", "universal flip's largest change"),
        ("pixels", "d"),
        ("dimension", "ell"),
        ("reach", "reach"),
        ("level", "level of directions"),
    ),
)
GRADIENT_IN_NORM = replace(
    LINF,
    law=draw_in_norms("gradient_in_norm_law"),
    full=draw_in_norms("gradient_in_norm_of_networks"),
    measures=(("d", "d"), ("shrink", "deviation times sqrt(d)")),
    network=(("d", d), ("ell", pixels)),
    seen=(
        SPREAD,
        DEVIATIONS,
        ("pixels", "pixels off P"),
        ("reach", "reach"),
        ("total_reach", "sum of reaches"),
        ("level", "level of normals"),
        ("greatest_slope", "greatest slope"),
        ("total_slope", "sum of slopes"),
    ),
)
RADIUS_IN_NORM = replace(
    LINF,
    law=draw_in_norms("radius_in_norm_law"),
    full=draw_in_norms("radius_in_norm_of_networks"),
    weight=draw_in_norms("radius_weight"),
    measures=(("d", "d"), ("shrink", "deviation times sqrt(d)")),
    seen=(
        ("output", "output"),
        ("u_2", "length of output weights"),
        ("u_1", "sum of output weights"),
        DEVIATIONS,
        ("width", "width of the cube"),
        ("rho", "longest in the cube"),
        ("distance", "smallest change"),
    ),
    network=(("d", d),),
)

# Patches.


def draw_of_patches(name: str) -> Later:
    """The function of that name in `boundkit.library.beyond.draws_patches`."""
    return Later("boundkit.library.beyond.draws_patches", name)


PATCH_GRADIENT = Experiment(
    draw_of_patches("patch_gradient_law"),
    draw_of_patches("patch_gradient_of_networks"),
    draw_of_patches("weights"),
    NETWORK,
    measures=(("shrink", "deviation times sqrt(d)"),),
    deviation=DEVIATION,
    sizes=((("d", 24), ("n", 14)), (("d", 40), ("n", 30))),
    seen=(("norm_gradient", "gradient off P"),),
)
PATCH_SWAP = replace(
    SWAPS,
    full=draw_of_patches("patch_swap_of_networks"),
    law=draw_of_patches("patch_swap_law"),
    sizes=((("d", 30), ("ell", 20), ("m", 3), ("t", 1)), (("d", 60), ("ell", 50), ("m", 2), ("t", 2))),
)

# Affine sets, and data near a subspace.


def draw_near(name: str) -> Later:
    """The function of that name in `boundkit.library.beyond.draws_near`."""
    return Later("boundkit.library.beyond.draws_near", name)


IN_SPACE = draw_near("in_space")
AFFINE_GRADIENT = Experiment(
    draw_near("affine_gradient_law"),
    draw_near("affine_gradient_of_networks"),
    ONE,
    IN_SPACE,
    measures=(("d", "d"), ("m", "m"), ("shrink", "deviation times sqrt(d)")),
    deviation=DEVIATION,
    network=(("d", d), ("ell", ell), ("m", m)),
    sizes=((("d", 24), ("ell", 14), ("m", 4), ("height", 1)), (("d", 12), ("ell", 5), ("m", 2), ("height", 3))),
)
AFFINE_TRAINED_BIAS = replace(
    AFFINE_GRADIENT,
    law=draw_near("affine_trained_bias_law"),
    full=draw_near("affine_trained_bias_of_networks"),
)
MOVED = Experiment(
    draw_near("moved_law"),
    draw_near("moved_of_networks"),
    draw_near("moved_weight"),
    draw_near("moved_full_weight"),
    sizes=(
        (("residue", Fraction(1, 2)), ("eta", Fraction(1, 20)), ("T", 60), ("points", 12)),
        (("residue", 2), ("eta", Fraction(1, 2)), ("T", 20), ("points", 5), ("point_weight", Fraction(1, 5))),
    ),
)
NEARLY_SIZES = (
    (("d", 40), ("ell", 30), ("m", 3), ("t", 2)),
    (("d", 80), ("ell", 70), ("m", 2), ("t", 2)),
)
NEARLY_GRADIENT = replace(
    AFFINE_GRADIENT,
    law=draw_near("nearly_gradient_law"),
    full=draw_near("nearly_gradient_of_networks"),
    weight=SQUARE,
    sizes=NEARLY_SIZES,
)
NEARLY_FLIP = replace(
    NEARLY_GRADIENT,
    law=draw_near("nearly_flip_law"),
    full=draw_near("nearly_flip_of_networks"),
)
NEARLY_RADIUS = replace(
    NEARLY_GRADIENT,
    law=draw_near("nearly_radius_law"),
    full=draw_near("nearly_radius_of_networks"),
    weight=PATTERNS,
)

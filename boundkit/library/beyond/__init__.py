"""Beyond the paper: what the same setting allows besides, with proofs of our own."""

STATEMENTS = (
    "sharpened_5_1",
    "sharpened_5_1_everywhere",
    "improved_5_1",
    "universal_flip",
    "one_direction_limit",
    "off_subspace_radius",
    "off_subspace_radius_at",
    "gradient_interval",
    "gradient_everywhere",
    "deep_gradient",
    "deep_gradient_everywhere",
    "deep_distance",
    "sphere_has_none",
    "any_data_gradient",
    "any_data_flip",
    "normal_tail",
    "lemma_b_1_best",
    "lemma_c_1_best",
    "chi_square_two_sided",
    "chi_square_two_sided_above",
)

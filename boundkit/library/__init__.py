"""The papers that come with boundkit, a folder each; nothing outside this room knows one. The first is the default."""

PAPERS = ("melamed2023", "beyond", "classics", "uml_appendix_b", "gaussian_mechanism")

"""What the same setting allows beyond the paper, one file for each statement, with full proofs in docs/beyond.md."""

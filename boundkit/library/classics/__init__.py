"""Classical inequalities, one file a law; here are the names, in the files' order."""

STATEMENTS: tuple[str, ...] = ()

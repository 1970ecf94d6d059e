"""Audit a paper: at how many sizes does each statement hold, how loose is it, and what is false in print?"""

import boundkit as bk

found = bk.audit(*(bk.catalogue[name] for name in bk.PAPER), points=40, simulated=False)
print(found.to_text() if hasattr(found, "to_text") else [n for n in dir(found) if n[0] != "_"])
print([n for n in dir(found.entries[1]) if n[0] != "_"])

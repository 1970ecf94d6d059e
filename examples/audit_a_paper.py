"""Audit a paper: at how many sizes does each statement hold, and what is false in print?"""

import boundkit as bk
from boundkit.studies.point_check import PointStatus

if __name__ == "__main__":
    found = bk.audit(*(bk.catalogue[name] for name in bk.PAPER), points=40, simulated=False)
    print(f"{'at 40 sizes it':15} holds, measured, false   false in print")
    for entry in found.entries:
        counts = [entry.counts[status] for status in (PointStatus.HOLDS, PointStatus.MEASURED, PointStatus.FALSE)]
        wrong = sorted({f.erratum.id for f in entry.erratum_checks if f.confirmed}, key=lambda e: int(e[1:]))
        print(f"{entry.statement.title:15} {counts[0]:5} {counts[1]:9} {counts[2]:6}   {' '.join(wrong)}".rstrip())
    print("any corrected statement false:", found.is_false)

"""A table for a paper: the tabular, a command for each number, and whom to cite."""

import boundkit as bk

table = bk.table(bk.theorem_4_1, {"ell": "200:600:200"}, {"d": 1000, "m": 10, "k": 5})

if __name__ == "__main__":
    print(table.to_latex())  # into table.tex
    print(table.newcommands())  # into numbers.tex
    print(bk.cite(bk.theorem_4_1), end="")

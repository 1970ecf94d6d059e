"""What does Theorem 5.1 promise for MNIST- and ImageNet-sized inputs, and what is true there?"""

import boundkit as bk

for d, ell, m in [(784, 700, 2), (784, 700, 10), (150528, 150000, 100)]:
    g = bk.theorem_5_1(d=d, ell=ell, m=m)
    print(g)
    print(" ", g.exact(), end="\n\n")

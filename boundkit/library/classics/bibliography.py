"""Where the classics are stated, as BibTeX: the words by which a place begins, and the entry."""

# cited as, kind, authors, title, journal or publisher
WORKS = (
    ("Anderson and Samuels 1967", "incollection", "Anderson, T. W. and Samuels, S. M.",
     "Some inequalities among binomial and {Poisson} probabilities",
     "Proceedings of the Fifth Berkeley Symposium on Mathematical Statistics and Probability"),
    ("Angluin and Valiant 1979", "article", "Angluin, D. and Valiant, L. G.",
     "Fast probabilistic algorithms for {Hamiltonian} circuits and matchings",
     "Journal of Computer and System Sciences"),
    ("Armitage et al. 1969", "article", "Armitage, P. and McPherson, C. K. and Rowe, B. C.",
     "Repeated significance tests on accumulating data", "Journal of the Royal Statistical Society A"),
    ("Ash 1965", "book", "Ash, Robert", "Information Theory", "Interscience"),
    ("Azuma 1967", "article", "Azuma, Kazuoki", "Weighted sums of certain dependent random variables",
     "Tohoku Mathematical Journal"),
    ("Balle et al. 2018", "incollection", "Balle, Borja and Barthe, Gilles and Gaboardi, Marco",
     "Privacy amplification by subsampling: tight analyses via couplings and divergences",
     "Advances in Neural Information Processing Systems"),
    ("Bennett 1962", "article", "Bennett, George", "Probability inequalities for the sum of independent random "
     "variables", "Journal of the American Statistical Association"),
    ("Bentkus and Dzindzalieta 2015", "article", "Bentkus, Vidmantas Kastytis and Dzindzalieta, Dainius",
     "A tight {Gaussian} bound for weighted sums of {Rademacher} random variables", "Bernoulli"),
    ("Bernstein 1946", "book", "Bernstein, S. N.", "The Theory of Probabilities", "Gostekhizdat"),
    ("Birnbaum 1942", "article", "Birnbaum, Z. W.", "An inequality for {Mill's} ratio",
     "The Annals of Mathematical Statistics"),
    ("Blumer et al. 1987", "article", "Blumer, Anselm and Ehrenfeucht, Andrzej and Haussler, David and Warmuth, "
     "Manfred K.", "Occam's razor", "Information Processing Letters"),
    ("Boucheron et al. 2013", "book", "Boucheron, St{\\'e}phane and Lugosi, G{\\'a}bor and Massart, Pascal",
     "Concentration Inequalities: A Nonasymptotic Theory of Independence", "Oxford University Press"),
    ("Bun and Steinke 2016", "incollection", "Bun, Mark and Steinke, Thomas",
     "Concentrated differential privacy: simplifications, extensions, and lower bounds", "Theory of Cryptography"),
    ("Cantelli 1928", "incollection", "Cantelli, Francesco Paolo", "Sui confini della probabilit{\\`a}",
     "Atti del Congresso Internazionale dei Matematici"),
    ("Chebyshev 1867", "article", "Chebyshev, P. L.", "Des valeurs moyennes",
     "Journal de math{\\'e}matiques pures et appliqu{\\'e}es"),
    ("Chen and Rubin 1986", "article", "Chen, Jeesen and Rubin, Herman",
     "Bounds for the difference between median and mean of gamma and {Poisson} distributions",
     "Statistics and Probability Letters"),
    ("Chernoff 1952", "article", "Chernoff, Herman", "A measure of asymptotic efficiency for tests of a hypothesis "
     "based on the sum of observations", "The Annals of Mathematical Statistics"),
    ("Choi 1994", "article", "Choi, K. P.", "On the medians of gamma distributions and an equation of {Ramanujan}",
     "Proceedings of the American Mathematical Society"),
    ("Chu 1955", "article", "Chu, John T.", "On bounds for the normal integral", "Biometrika"),
    ("Clopper and Pearson 1934", "article", "Clopper, C. J. and Pearson, E. S.",
     "The use of confidence or fiducial limits illustrated in the case of the binomial", "Biometrika"),
    ("Dasgupta and Gupta 2003", "article", "Dasgupta, Sanjoy and Gupta, Anupam",
     "An elementary proof of a theorem of {Johnson} and {Lindenstrauss}", "Random Structures and Algorithms"),
    ("Davidson and Szarek 2001", "incollection", "Davidson, Kenneth R. and Szarek, Stanislaw J.",
     "Local operator theory, random matrices and {Banach} spaces", "Handbook of the Geometry of {Banach} Spaces"),
    ("Dwork and Roth 2014", "article", "Dwork, Cynthia and Roth, Aaron",
     "The algorithmic foundations of differential privacy", "Foundations and Trends in Theoretical Computer Science"),
    ("Dwork et al. 2010", "incollection", "Dwork, Cynthia and Rothblum, Guy N. and Vadhan, Salil",
     "Boosting and differential privacy", "51st Annual IEEE Symposium on Foundations of Computer Science"),
    ("Gautschi 1959", "article", "Gautschi, Walter", "Some elementary inequalities relating to the gamma and "
     "incomplete gamma function", "Journal of Mathematics and Physics"),
    ("Glynn 1987", "article", "Glynn, Peter W.", "Upper bounds on {Poisson} tail probabilities",
     "Operations Research Letters"),
    ("Gordon 1941", "article", "Gordon, Robert D.", "Values of {Mills'} ratio of area to bounding ordinate and of the "
     "normal probability integral for large values of the argument", "The Annals of Mathematical Statistics"),
    ("Greenberg and Mohri 2014", "article", "Greenberg, Spencer and Mohri, Mehryar",
     "Tight lower bound on the probability of a binomial exceeding its expectation",
     "Statistics and Probability Letters"),
    ("Hanley and Lippman-Hand 1983", "article", "Hanley, James A. and Lippman-Hand, Abby",
     "If nothing goes wrong, is everything all right? {Interpreting} zero numerators",
     "Journal of the American Medical Association"),
    ("Hoeffding 1963", "article", "Hoeffding, Wassily", "Probability inequalities for sums of bounded random "
     "variables", "Journal of the American Statistical Association"),
    ("Janson 2018", "article", "Janson, Svante", "Tail bounds for sums of geometric and exponential variables",
     "Statistics and Probability Letters"),
    ("Kaas and Buhrman 1980", "article", "Kaas, R. and Buhrman, J. M.",
     "Mean, median and mode in binomial distributions", "Statistica Neerlandica"),
    ("Kearns and Saul 1998", "incollection", "Kearns, Michael and Saul, Lawrence",
     "Large deviation methods for approximate probabilistic inference",
     "Proceedings of the Fourteenth Conference on Uncertainty in Artificial Intelligence"),
    ("Keller and Klein 2022", "article", "Keller, Nathan and Klein, Ohad",
     "Proof of {Tomaszewski's} conjecture on randomly signed sums", "Advances in Mathematics"),
    ("Kolmogorov 1928", "article", "Kolmogoroff, A.", "{\\\"U}ber die {Summen} durch den {Zufall} bestimmter "
     "unabh{\\\"a}ngiger {Gr{\\\"o}{\\ss}en}", "Mathematische Annalen"),
    ("Komatu 1955", "article", "Komatu, Y{\\^u}saku", "Elementary inequalities for {Mills'} ratio",
     "Reports of Statistical Application Research, Union of Japanese Scientists and Engineers"),
    ("Laurent and Massart 2000", "article", "Laurent, B. and Massart, P.",
     "Adaptive estimation of a quadratic functional by model selection", "The Annals of Statistics"),
    ("Levy 1937", "book", "L{\\'e}vy, Paul", "Th{\\'e}orie de l'addition des variables al{\\'e}atoires",
     "Gauthier-Villars"),
    ("Massart 1990", "article", "Massart, P.", "The tight constant in the {Dvoretzky-Kiefer-Wolfowitz} inequality",
     "The Annals of Probability"),
    ("Maurer and Pontil 2009", "incollection", "Maurer, Andreas and Pontil, Massimiliano",
     "Empirical {Bernstein} bounds and sample-variance penalization",
     "Proceedings of the 22nd Annual Conference on Learning Theory"),
    ("McDiarmid 1998", "incollection", "McDiarmid, Colin", "Concentration",
     "Probabilistic Methods for Algorithmic Discrete Mathematics"),
    ("Mitzenmacher and Upfal 2005", "book", "Mitzenmacher, Michael and Upfal, Eli",
     "Probability and Computing: Randomized Algorithms and Probabilistic Analysis", "Cambridge University Press"),
    ("Motwani and Raghavan 1995", "book", "Motwani, Rajeev and Raghavan, Prabhakar", "Randomized Algorithms",
     "Cambridge University Press"),
    ("Nemirovsky and Yudin 1983", "book", "Nemirovsky, A. S. and Yudin, D. B.",
     "Problem Complexity and Method Efficiency in Optimization", "Wiley"),
    ("Okamoto 1958", "article", "Okamoto, Masashi", "Some inequalities relating to the partial sum of binomial "
     "probabilities", "Annals of the Institute of Statistical Mathematics"),
    ("Paley and Zygmund 1932", "article", "Paley, R. E. A. C. and Zygmund, A.",
     "A note on analytic functions in the unit circle", "Mathematical Proceedings of the Cambridge Philosophical "
     "Society"),
    ("Polya 1949", "incollection", "P{\\'o}lya, G.", "Remarks on computing the probability integral in one and two "
     "dimensions", "Proceedings of the {Berkeley} Symposium on Mathematical Statistics and Probability"),
    ("Robbins 1955", "article", "Robbins, Herbert", "A remark on {Stirling's} formula",
     "The American Mathematical Monthly"),
    ("Robbins 1970", "article", "Robbins, Herbert", "Statistical methods related to the law of the iterated logarithm",
     "The Annals of Mathematical Statistics"),
    ("Sampford 1953", "article", "Sampford, M. R.", "Some inequalities on {Mill's} ratio and related functions",
     "The Annals of Mathematical Statistics"),
    ("Serfling 1974", "article", "Serfling, R. J.", "Probability inequalities for the sum in sampling without "
     "replacement", "The Annals of Statistics"),
    ("Shalev-Shwartz and Ben-David 2014", "book", "Shalev-Shwartz, Shai and Ben-David, Shai",
     "Understanding Machine Learning: From Theory to Algorithms", "Cambridge University Press"),
    ("Shevtsova 2011", "article", "Shevtsova, Irina", "On the absolute constants in the {Berry-Esseen} type "
     "inequalities for identically distributed summands", "arXiv preprint 1111.6554"),
    ("Short 2013", "article", "Short, Michael", "Improved inequalities for the {Poisson} and binomial distribution "
     "and upper tail quantile functions", "ISRN Probability and Statistics"),
    ("Sidak 1967", "article", "{\\v{S}}id{\\'a}k, Zbyn{\\v{e}}k",
     "Rectangular confidence regions for the means of multivariate normal distributions",
     "Journal of the American Statistical Association"),
    ("Slepian 1962", "article", "Slepian, David", "The one-sided barrier problem for {Gaussian} noise",
     "Bell System Technical Journal"),
    ("Slud 1977", "article", "Slud, Eric V.", "Distribution inequalities for the binomial law",
     "The Annals of Probability"),
    ("Student 1908", "article", "{Student}", "The probable error of a mean", "Biometrika"),
    ("Tropp 2012", "article", "Tropp, Joel A.", "User-friendly tail bounds for sums of random matrices",
     "Foundations of Computational Mathematics"),
    ("Vershynin 2018", "book", "Vershynin, Roman", "High-Dimensional Probability: An Introduction with Applications "
     "in Data Science", "Cambridge University Press"),
    ("Vinterbo 2022", "article", "Vinterbo, Staal A.", "A closed form scale bound for the $(\\epsilon, "
     "\\delta)$-differentially private {Gaussian} mechanism valid for all privacy regimes",
     "Journal of Privacy and Confidentiality"),
    ("Wainwright 2019", "book", "Wainwright, Martin J.", "High-Dimensional Statistics: A Non-Asymptotic Viewpoint",
     "Cambridge University Press"),
    ("Wilks 1941", "article", "Wilks, S. S.", "Determination of sample sizes for setting tolerance limits",
     "The Annals of Mathematical Statistics"),
    ("Wilson 1927", "article", "Wilson, Edwin B.", "Probable inference, the law of succession, and statistical "
     "inference", "Journal of the American Statistical Association"),
    ("Zubkov and Serov 2013", "article", "Zubkov, A. M. and Serov, A. A.",
     "A complete proof of universal inequalities for the distribution function of the binomial law",
     "Theory of Probability and Its Applications"),
)  # fmt: skip
WHERE = {"article": "journal", "book": "publisher", "incollection": "booktitle"}


def key(cited: str) -> str:
    """The key of a work: its authors and year in one word."""
    return cited.replace(" and ", " ").replace(" et al.", "").replace(" ", "").replace("-", "").lower()


def entry(cited: str, kind: str, author: str, title: str, where: str) -> str:
    """A work as BibTeX."""
    rows = (("author", author), ("title", title), (WHERE[kind], where), ("year", cited[-4:]))
    fields = "".join(f"  {name:9} = {{{value}}},\n" for name, value in rows)
    return f"@{kind}{{{key(cited)},\n{fields}}}"


KEYS = {cited: key(cited) for cited, *_ in WORKS}
SOURCES = tuple((key(cited), entry(cited, *rest)) for cited, *rest in WORKS)

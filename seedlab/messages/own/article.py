"""The words for how a draw compares with the article's."""

from seedlab.evidence.finding import Wording
from seedlab.phrases import noted

SENTENCES: dict[str, Wording] = {
    "article.own-runs-differ": noted("The article's own runs differ here."),
    "article.no-such-draw": noted("The article has no such draw."),
    "article.equal": noted("Equals the article to every printed digit."),
    "article.last-bit": (
        noted("Equals the article but for the last bit of float32, as another machine may round its normal draws.")
    ),
    "article.unknown-seeds": noted("Differs from the article; the seeds on one of the sides are not known."),
    "article.same-seeds": (
        noted("Differs from the article, with the same seeds: this version of the library draws other values.")
    ),
    "article.other-seeds": (
        noted("Differs from the article: {op} got the pair {here} here, and {there} there. Other seeds, other values.")
    ),
    "article.other-numbering": (
        noted(
            "Differs from the article: {op} got the pair {here} here, and {there} there. Up to "
            "TensorFlow 2.1 an op without a seed of its own took the graph's number of operations so "
            "far; from 2.2 on it takes the number of such random ops so far, 0, 1, 2, …, and (0, 0) "
            "becomes (0, 2147483647)."
        )
    ),
}

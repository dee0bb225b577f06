"""Training of the recogniser: annotated articles to weights.

The first pass is trained on all articles; what it would say of articles it has not seen is found by cross-fitting, and
the second pass is trained on that. Needs SciPy, which reading does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from geo.recognition.document import (
    DOCUMENT,
    DOCUMENT_OFFSETS,
    DOCUMENT_PRIOR,
    DOCUMENT_VALUES,
    document_features,
)
from geo.recognition.features import OFFSETS, Sheet
from geo.recognition.lexicon import ROLES, Lexicon
from geo.recognition.namehood import FLAGS
from geo.recognition.segments import Spans
from geo.recognition.semicrf import Floats, lattice_of, marginals
from geo.recognition.weights import PassWeights, Weights

MIN_DOCUMENTS = 3
"""A feature is kept where it occurs in this many articles or more: nothing rarer of a corpus gets into the weights."""

LEAST_WEIGHT = 0.005
FOLDS = 5
PENALTY = 2.0
ROUNDS = 120


@dataclass(frozen=True, slots=True)
class Design:
    """The features of all candidate spans of a corpus as one sparse matrix, and which article each row is of."""

    matrix: sparse.csr_matrix
    document: NDArray[np.int32]
    spans: Spans


def join_spans(sheets: Sequence[Sheet]) -> Spans:
    """Return the spans of several articles as those of one text."""
    tokens = np.cumsum([0, *(len(s.strip.types) for s in sheets)])
    segments = np.cumsum([0, *(len(s.spans.segments) for s in sheets)])
    return Spans(
        np.concatenate([s.spans.start + t for s, t in zip(sheets, tokens, strict=False)]),
        np.concatenate([s.spans.end + t for s, t in zip(sheets, tokens, strict=False)]),
        np.concatenate([s.spans.segment + t for s, t in zip(sheets, segments, strict=False)]),
        np.concatenate([s.spans.segments + t for s, t in zip(sheets, tokens, strict=False)]),
    )


def word_features(lexicon: Lexicon) -> tuple[sparse.csr_matrix, list[str]]:
    """Return word types by features, and the features' names."""
    numbers: dict[str, int] = {}
    columns, starts = [], [0]
    for word in lexicon.ids:
        columns += [numbers.setdefault(name, len(numbers)) for name in lexicon.feature_names(word)]
        starts.append(len(columns))
    matrix = sparse.csr_matrix(
        (np.ones(len(columns), np.float32), columns, starts), shape=(len(starts) - 1, len(numbers))
    )
    return matrix, list(numbers)


def design(sheets: Sequence[Sheet], words: sparse.csr_matrix, more: Sequence[sparse.csr_matrix] = ()) -> Design:
    """Lay out the features of all spans: the words in each role, the categories, the flags, and further columns."""
    spans = join_spans(sheets)
    roles = np.concatenate([s.roles for s in sheets])
    categories = np.concatenate([s.categories for s in sheets])
    types = words[np.concatenate([s.strip.types for s in sheets])]
    blocks = [words[roles[:, r]] for r in range(roles.shape[1])]
    blocks.append(_inside(spans, types.shape[0]) @ types)
    blocks.append(indicators(categories, int(OFFSETS[-1])))
    blocks.append(sparse.csr_matrix(np.concatenate([s.flags for s in sheets])))
    document = np.repeat(np.arange(len(sheets), dtype=np.int32), [len(s.spans.start) for s in sheets])
    return Design(sparse.hstack([*blocks, *more], format="csr", dtype=np.float32), document, spans)


def indicators(values: NDArray[np.int32], width: int) -> sparse.csr_matrix:
    """Return a row of ones and zeros for each row of column numbers."""
    rows, columns = values.shape
    starts = np.arange(rows + 1) * columns
    return sparse.csr_matrix((np.ones(rows * columns, np.float32), values.ravel(), starts), shape=(rows, width))


def _inside(spans: Spans, tokens: int) -> sparse.csr_matrix:
    lengths = spans.end - spans.start
    starts = np.concatenate([[0], np.cumsum(lengths)])
    columns = np.repeat(spans.start - starts[:-1], lengths) + np.arange(starts[-1])
    return sparse.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(len(lengths), tokens))


def pruned(design: Design) -> NDArray[np.bool_]:
    """Tell which columns occur in MIN_DOCUMENTS articles or more."""
    seen = sparse.csr_matrix(
        (np.ones(len(design.document), np.float32), design.document, np.arange(len(design.document) + 1))
    ).T.tocsr()
    counts = ((seen @ (design.matrix != 0)) > 0).sum(axis=0)
    return np.asarray(counts).ravel() >= MIN_DOCUMENTS


def fit(matrix: sparse.csr_matrix, spans: Spans, gold: NDArray[np.bool_], prior: Floats | None = None) -> Floats:
    """Return the weights that maximise the penalised likelihood of the gold segmentations (L-BFGS).

    Parameters
    ----------
    prior
        What the weights are drawn to; zeros by default.
    """
    centre = np.zeros(matrix.shape[1]) if prior is None else prior
    transposed = matrix.T.tocsr()
    lattice, target = lattice_of(spans), gold.astype(np.float64)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = matrix @ weights
        probability, partition = marginals(lattice, scores)
        value = partition.sum() - scores @ target + PENALTY / 2 * ((weights - centre) @ (weights - centre))
        return float(value), transposed @ (probability - target) + PENALTY * (weights - centre)

    found = minimize(loss, centre, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "maxcor": 8})
    weights: Floats = found.x
    return weights


def subset(sheets: Sequence[Sheet], design: Design, wanted: Sequence[int]) -> tuple[NDArray[np.intp], Spans]:
    """Return the rows of some articles, and their spans as those of one text."""
    keep = np.zeros(len(sheets), bool)
    keep[list(wanted)] = True
    return np.flatnonzero(keep[design.document]), join_spans([sheets[i] for i in sorted(wanted)])


def second_matrix(first: Design, sheets: Sequence[Sheet], lexicon: Lexicon, beliefs: Sequence[Floats]) -> Design:
    """Return the features of the second pass: those of the first, and what its beliefs say of the whole article."""
    found = [document_features(sheet, lexicon, belief) for sheet, belief in zip(sheets, beliefs, strict=True)]
    categories = indicators(np.concatenate([f.categories for f in found]), int(DOCUMENT_OFFSETS[-1]))
    values = sparse.csr_matrix(np.concatenate([f.values for f in found]))
    matrix = sparse.hstack([first.matrix, categories, values], format="csr", dtype=np.float32)
    return replace(first, matrix=matrix)


def prior_of(width: int) -> Floats:
    """Return what the weights of the second pass are drawn to: its last columns are those of the document."""
    prior = np.zeros(width)
    names = list(DOCUMENT)
    for name, values in DOCUMENT_PRIOR.items():
        start = width - len(DOCUMENT_VALUES) - int(DOCUMENT_OFFSETS[-1])
        at = start + int(DOCUMENT_OFFSETS[names.index(name)])
        prior[at : at + len(values)] = values
    return prior


def cross_fitted(
    design: Design, sheets: Sequence[Sheet], gold: NDArray[np.bool_], folds: int, prior: Floats | None = None
) -> list[Floats]:
    """Return for each article what a model says of its spans that was trained on other articles.

    Article ``i`` is held out in fold ``i % folds``.
    """
    beliefs: list[Floats] = [np.zeros(0)] * len(sheets)
    for fold in range(folds):
        held = [i for i in range(len(sheets)) if i % folds == fold]
        rows, spans = subset(sheets, design, [i for i in range(len(sheets)) if i % folds != fold])
        weights = fit(design.matrix[rows], spans, gold[rows], prior)
        rows, spans = subset(sheets, design, held)
        probability, _ = marginals(lattice_of(spans), design.matrix[rows] @ weights)
        sizes = np.cumsum([len(sheets[i].spans.start) for i in held])[:-1]
        for i, part in zip(held, np.split(probability, sizes), strict=True):
            beliefs[i] = part
    return beliefs


def kept(design: Design, columns: NDArray[np.bool_]) -> Design:
    """Return the design with only some columns."""
    return replace(design, matrix=design.matrix[:, columns])


def pass_weights(weights: Floats, columns: NDArray[np.bool_], words: int) -> PassWeights:
    """Sort a fitted vector into the tables that reading uses; columns that were pruned weigh nothing."""
    full = np.zeros(len(columns), np.float32)
    full[columns] = np.where(np.abs(weights) < LEAST_WEIGHT, 0, weights)
    width = words * len(ROLES)
    ends = np.cumsum([width, int(OFFSETS[-1]), len(FLAGS)])
    table, categories, flags, document = np.split(full, ends)
    return PassWeights(table.reshape(len(ROLES), words).T, categories, flags, document)


def train(
    sheets: Sequence[Sheet], lexicon: Lexicon, gold: Sequence[NDArray[np.bool_]], folds: int = FOLDS
) -> tuple[Weights, list[Floats]]:
    """Return the weights of both passes, and what both passes say of each article when it is held out.

    Article ``i`` is held out in fold ``i % folds``.
    """
    labels = np.concatenate(list(gold))
    words, names = word_features(lexicon)
    first = design(sheets, words)
    columns = pruned(first)
    one = kept(first, columns)
    beliefs = cross_fitted(one, sheets, labels, folds)
    second = second_matrix(first, sheets, lexicon, beliefs)
    columns2 = pruned(second) | (prior_of(second.matrix.shape[1]) != 0)
    two = kept(second, columns2)
    prior = prior_of(second.matrix.shape[1])[columns2]
    held_out = cross_fitted(two, sheets, labels, folds, prior)
    passes = (
        pass_weights(fit(one.matrix, one.spans, labels), columns, len(names)),
        pass_weights(fit(two.matrix, two.spans, labels, prior), columns2, len(names)),
    )
    return compact(Weights(tuple(names), passes)), held_out


def compact(weights: Weights) -> Weights:
    """Return the weights without the word features that weigh nothing, in alphabetical order."""
    used = [n for n in range(len(weights.features)) if any(np.abs(p.words[n]).max() > 0 for p in weights.passes)]
    order = sorted(used, key=lambda n: weights.features[n])
    return Weights(
        tuple(weights.features[n] for n in order), tuple(replace(p, words=p.words[order]) for p in weights.passes)
    )


def gold_spans(sheet: Sheet, annotated: set[tuple[int, int]]) -> NDArray[np.bool_]:
    """Tell which candidate spans are annotated; of two that overlap the first."""
    tokens, opening = sheet.strip.texts[0], int(sheet.strip.opening[0])
    gold = np.zeros(len(sheet.spans.start), bool)
    free = 0
    bounds = zip((sheet.spans.start - opening).tolist(), (sheet.spans.end - opening).tolist(), strict=True)
    for number, (first, last) in enumerate(bounds):
        if first >= free and (tokens.starts[first], tokens.ends[last - 1]) in annotated:
            gold[number] = True
            free = last
    return gold

"""Training of the recogniser: annotated articles to weights.

The first pass is trained on all articles; what it would say of articles it has not seen is found by cross-fitting and is
what the second pass is trained on. Needs SciPy, which reading does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from geo.recognition.features import OFFSETS, Sheet
from geo.recognition.lexicon import ROLES, Lexicon
from geo.recognition.segments import Spans
from geo.recognition.semicrf import Floats, marginals

MIN_DOCUMENTS = 3
"""A feature is kept where it occurs in this many articles or more: nothing rarer of a corpus gets into the weights."""

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
    tokens = np.cumsum([0, *(len(s.types) for s in sheets)])
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
    types = words[np.concatenate([s.types for s in sheets])]
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


def fit(matrix: sparse.csr_matrix, spans: Spans, gold: NDArray[np.bool_], start: Floats | None = None) -> Floats:
    """Return the weights that maximise the penalised likelihood of the gold segmentations (L-BFGS)."""
    transposed = matrix.T.tocsr()
    target = gold.astype(np.float64)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = matrix @ weights
        probability, partition = marginals(spans, scores)
        value = partition.sum() - scores @ target + PENALTY / 2 * (weights @ weights)
        return float(value), transposed @ (probability - target) + PENALTY * weights

    zero = np.zeros(matrix.shape[1]) if start is None else start
    found = minimize(loss, zero, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "maxcor": 8})
    weights: Floats = found.x
    return weights


def subset(sheets: Sequence[Sheet], design: Design, wanted: Sequence[int]) -> tuple[NDArray[np.intp], Spans]:
    """Return the rows of some articles, and their spans as those of one text."""
    keep = np.zeros(len(sheets), bool)
    keep[list(wanted)] = True
    return np.flatnonzero(keep[design.document]), join_spans([sheets[i] for i in sorted(wanted)])


__all__ = ["ROLES", "Design", "design", "fit", "indicators", "join_spans", "pruned", "subset", "word_features"]

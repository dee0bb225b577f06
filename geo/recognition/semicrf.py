"""A semi-Markov conditional random field over short segments (Sarawagi & Cohen 2004).

A segmentation of a segment is a set of spans that do not overlap; its score is the sum of its spans' scores. The model
gives every span the probability that it is a name, over all segmentations of its segment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.recognition.segments import MAX_LENGTH, Spans

Floats = NDArray[np.float64]

_ANY = 1 << 30
_BANDS = ((1, 2), (2, 4), (4, 8), (8, _ANY))
"""Segments of whole corpora are padded in bands of length; those of one article at once."""
_MANY = 2000


def marginals(spans: Spans, scores: Floats) -> tuple[Floats, Floats]:
    """Return the probability of each span, and the log partition of each segment.

    Parameters
    ----------
    scores
        Log-odds-like score of each span; 0 is the score of a token outside names.
    """
    lengths = spans.segments[:, 1] - spans.segments[:, 0]
    probability = np.zeros(len(scores))
    partition = np.zeros(len(lengths))
    short = lengths == 1
    single = short[spans.segment]
    # A segment of one token holds at most one span: the closed form saves most of the work.
    probability[single] = 1 / (1 + np.exp(-scores[single]))
    np.add.at(partition, spans.segment[single], np.logaddexp(0, scores[single]))
    for longer, longest in _BANDS if len(lengths) > _MANY else ((1, _ANY),):
        band = (lengths > longer) & (lengths <= longest)
        if band.any():
            rows = np.flatnonzero(band[spans.segment])
            row = (np.cumsum(band) - 1)[spans.segment[rows]]
            offset = spans.start[rows] - spans.segments[spans.segment[rows], 0]
            length = spans.end[rows] - spans.start[rows] - 1
            probability[rows], partition[band] = _padded(row, offset, length, scores[rows], lengths[band])
    return probability, partition


def _padded(
    row: NDArray[np.intp], offset: NDArray[np.intp], length: NDArray[np.intp], scores: Floats, lengths: NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """Run forward and backward over all segments at once; positions past a segment's end carry it along unchanged."""
    count, longest = len(lengths), int(lengths.max())
    table = np.full((longest + MAX_LENGTH, count, MAX_LENGTH), -np.inf)
    table[offset, row, length] = scores
    forward = _forward(table, longest)
    backward = _backward(table, longest, lengths)
    partition = forward[lengths, np.arange(count)]
    log_p = forward[offset, row] + scores + backward[offset + length + 1, row] - partition[row]
    return np.exp(log_p), partition


def _forward(table: Floats, longest: int) -> Floats:
    forward = np.full((longest + 1, table.shape[1]), -np.inf)
    forward[0] = 0
    for t in range(1, longest + 1):
        total = forward[t - 1]
        for k in range(min(t, MAX_LENGTH)):
            total = np.logaddexp(total, forward[t - 1 - k] + table[t - 1 - k, :, k])
        forward[t] = total
    return forward


def _backward(table: Floats, longest: int, lengths: NDArray[np.intp]) -> Floats:
    backward = np.full((longest + 1 + MAX_LENGTH, table.shape[1]), -np.inf)
    backward[longest] = 0
    for t in range(longest - 1, -1, -1):
        total = backward[t + 1]
        for k in range(MAX_LENGTH):
            total = np.logaddexp(total, backward[t + 1 + k] + table[t, :, k])
        backward[t] = np.where(t >= lengths, 0.0, total)
    return backward


def choose(spans: Spans, probability: Floats, threshold: float) -> NDArray[np.intp]:
    """Return the indices of spans that do not overlap, the most probable first taken, in text order."""
    chosen: list[int] = []
    taken: set[int] = set()
    candidates = np.flatnonzero(probability > threshold)
    for index in candidates[np.argsort(-probability[candidates], kind="stable")].tolist():
        tokens = range(spans.start[index], spans.end[index])
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            chosen.append(index)
    return np.array(sorted(chosen, key=lambda index: int(spans.start[index])), np.intp)

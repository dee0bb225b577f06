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
"""Segments are padded to the same length within these bands of length."""


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
    for longer, longest in _BANDS:
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
    by_start = np.full((longest, MAX_LENGTH, count), -np.inf)
    by_start[offset, length, row] = scores
    by_end = np.full((longest + 1, MAX_LENGTH, count), -np.inf)
    by_end[offset + length + 1, length, row] = scores
    forward = _forward(by_end)
    backward = _backward(by_start, lengths)
    partition = forward[lengths + MAX_LENGTH, np.arange(count)]
    before, after = forward[offset + MAX_LENGTH, row], backward[offset + length + 1, row]
    return np.exp(before + scores + after - partition[row]), partition


def _forward(by_end: Floats) -> Floats:
    """Return log sums over what lies before each position; the first MAX_LENGTH rows are nowhere."""
    steps, _, count = by_end.shape
    forward = np.full((steps + MAX_LENGTH, count), -np.inf)
    forward[MAX_LENGTH] = 0
    ways = np.empty((MAX_LENGTH + 1, count))
    for t in range(1, steps):
        at = t + MAX_LENGTH
        ways[0] = forward[at - 1]  # a token outside names
        np.add(forward[at - MAX_LENGTH : at][::-1], by_end[t], out=ways[1:])
        forward[at] = np.logaddexp.reduce(ways, axis=0)
    return forward


def _backward(by_start: Floats, lengths: NDArray[np.intp]) -> Floats:
    """Return log sums over what lies after each position."""
    longest, _, count = by_start.shape
    backward = np.full((longest + 1 + MAX_LENGTH, count), -np.inf)
    backward[longest] = 0
    ways = np.empty((MAX_LENGTH + 1, count))
    for t in range(longest - 1, -1, -1):
        ways[0] = backward[t + 1]
        np.add(backward[t + 1 : t + 1 + MAX_LENGTH], by_start[t], out=ways[1:])
        backward[t] = np.where(t >= lengths, 0.0, np.logaddexp.reduce(ways, axis=0))
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

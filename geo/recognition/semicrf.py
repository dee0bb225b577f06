"""A semi-Markov conditional random field over short segments (Sarawagi & Cohen 2004).

A segmentation of a segment is a set of spans that do not overlap; its score is the sum of its spans' scores. The model
gives every span the probability that it is a name, over all segmentations of its segment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.recognition.segments import MAX_LENGTH, Spans

Floats = NDArray[np.float64]

_ANY = 1 << 30
_BANDS = ((1, 2), (2, 4), (4, 8), (8, _ANY))
"""Many segments are padded to the same length in bands of length; few at once."""
_MANY = 300


@dataclass(frozen=True, slots=True)
class Band:
    """Segments of like length with their spans, each also turned round: what lies after a span is before it there.

    Attributes
    ----------
    spans, segments
        Numbers of the spans, and of the segments.
    lengths
        Length of each segment.
    before, after
        Where each span begins, and where it does in its segment turned round: positions and columns.
    until, since
        The same for where it ends.
    size
        Length of each span, less one.
    """

    spans: NDArray[np.intp]
    segments: NDArray[np.intp]
    lengths: NDArray[np.intp]
    before: tuple[NDArray[np.intp], NDArray[np.intp]]
    after: tuple[NDArray[np.intp], NDArray[np.intp]]
    until: tuple[NDArray[np.intp], NDArray[np.intp]]
    since: tuple[NDArray[np.intp], NDArray[np.intp]]
    size: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Lattice:
    """All segmentations of some segments: worked out once, scored several times.

    A segment of one token holds at most one span: its closed form saves most of the work. ``single`` numbers these
    spans, and ``alone`` their segments.
    """

    count: int
    single: NDArray[np.intp]
    alone: NDArray[np.intp]
    bands: tuple[Band, ...]


def lattice_of(spans: Spans) -> Lattice:
    """Return the segmentations that spans allow."""
    lengths = (spans.segments[:, 1] - spans.segments[:, 0]).astype(np.intp)
    own = lengths[spans.segment]
    single = np.flatnonzero(own == 1)
    limits = _BANDS if len(lengths) > _MANY else ((1, _ANY),)
    bands = (_band(spans, lengths, (lengths > longer) & (lengths <= longest)) for longer, longest in limits)
    alone = spans.segment[single].astype(np.intp)
    return Lattice(len(lengths), single, alone, tuple(band for band in bands if len(band.segments)))


def _band(spans: Spans, lengths: NDArray[np.intp], inside: NDArray[np.bool_]) -> Band:
    segments, numbers = np.flatnonzero(inside), np.flatnonzero(inside[spans.segment])
    segment = spans.segment[numbers]
    column = (np.cumsum(inside) - 1)[segment]
    turned = column + len(segments)
    start = spans.start[numbers].astype(np.intp) - spans.segments[segment, 0]
    end = spans.end[numbers].astype(np.intp) - spans.segments[segment, 0]
    left = lengths[segment]
    return Band(
        numbers,
        segments,
        lengths[segments],
        before=(start, column),
        after=(left - end, turned),
        until=(end, column),
        since=(left - start, turned),
        size=end - start - 1,
    )


def marginals(lattice: Lattice, scores: Floats) -> tuple[Floats, Floats]:
    """Return the probability of each span, and the log partition of each segment.

    Parameters
    ----------
    scores
        Log-odds-like score of each span; 0 is the score of a token outside names.
    """
    probability = np.zeros(len(scores))
    partition = np.zeros(lattice.count)
    alone = scores[lattice.single]
    probability[lattice.single] = 1 / (1 + np.exp(-alone))
    partition[lattice.alone] = np.logaddexp(0, alone)
    for band in lattice.bands:
        probability[band.spans], partition[band.segments] = _of_band(band, scores[band.spans])
    return probability, partition


def _of_band(band: Band, scores: Floats) -> tuple[Floats, Floats]:
    count, longest = len(band.lengths), int(band.lengths.max())
    by_end = np.full((longest + 1, MAX_LENGTH, 2 * count), -np.inf)
    for position, column in (band.until, band.since):
        by_end[position, band.size, column] = scores
    sums = _sums_before(by_end)
    partition = sums[band.lengths, np.arange(count)]
    inside = sums[band.before] + scores + sums[band.after]
    return np.exp(inside - partition[band.until[1]]), partition


def _sums_before(by_end: Floats) -> Floats:
    """Return log sums over what lies before each position of each segment.

    Parameters
    ----------
    by_end
        Score of each span by where it ends, its length less one, and its segment; minus infinity for none.
    """
    steps, _, count = by_end.shape
    sums = np.full((steps + MAX_LENGTH, count), -np.inf)  # the first MAX_LENGTH rows are nowhere
    sums[MAX_LENGTH] = 0
    ways = np.empty((MAX_LENGTH + 1, count))
    for at in range(MAX_LENGTH + 1, steps + MAX_LENGTH):
        ways[0] = sums[at - 1]  # a token outside names
        np.add(sums[at - MAX_LENGTH : at][::-1], by_end[at - MAX_LENGTH], out=ways[1:])
        np.logaddexp.reduce(ways, axis=0, out=sums[at])
    return sums[MAX_LENGTH:]


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

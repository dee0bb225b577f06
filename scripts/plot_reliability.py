"""Draw how often claims of each confidence are right, and of the surest claims how many.

usage: plot_reliability.py PREDICTIONS.jsonl CORPUS.jsonl… -o OUT.png

The predictions are those of ``scripts/train.py --held-out``; the corpora those it was trained on. A claim is that a
span names a place and that the place is there (within 161 km). Coverage is the share of claims that are kept when the
least confident ones are left out; it is drawn for all claims, and for those whose span is annotated as a place.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geo.evaluation.corpora import GoldDocument, read_gold
from geo.evaluation.scoring import BINS, COVERAGE, NEAR_KM, Claim, great_circle_km

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKS = (("o", (6, -10)), ("s", (-18, 6)), ("^", (6, 6)), ("D", (-18, -10)))
"""Marker of each corpus, and where its counts stand beside the points."""


def claims(predictions: Path, documents: Sequence[GoldDocument]) -> list[Claim]:
    """Return the claims about some documents that were held out, the surest first."""
    lines = [json.loads(line) for line in predictions.read_text(encoding="utf-8").split("\n") if line]
    by_id = {str(line["id"]): line["mentions"] for line in lines}
    found = []
    for document in documents:
        gold = {(t.start, t.end): t for t in document.toponyms}
        for mention in by_id.get(document.id, []):
            if mention["lat"] is not None:
                true = gold.get((mention["start"], mention["end"]))
                near = (
                    true is not None and great_circle_km(true.lat, true.lon, mention["lat"], mention["lon"]) <= NEAR_KM
                )
                found.append(Claim(mention["confidence"], near, true is not None))
    return sorted(found, key=lambda claim: -claim.confidence)


def right_share(kept: Sequence[Claim]) -> npt.NDArray[np.float64]:
    """Return of the first, the first two, the first three … claims how many are right."""
    right: npt.NDArray[np.float64] = np.cumsum([claim.right for claim in kept]) / np.arange(1, len(kept) + 1)
    return right


def draw_reliability(axes: Axes, found: Sequence[Claim], name: str, mark: tuple[str, tuple[int, int]]) -> None:
    """Draw the share of right claims by confidence, with how many claims each point stands for."""
    points = np.array([(claim.confidence, claim.right) for claim in found], float)
    number = np.minimum((points[:, 0] * BINS).astype(int), BINS - 1)
    bins = [points[number == b] for b in range(BINS) if (number == b).any()]
    error = sum(len(b) * abs(b[:, 0].mean() - b[:, 1].mean()) for b in bins) / len(points)
    x, y = [b[:, 0].mean() for b in bins], [b[:, 1].mean() for b in bins]
    axes.plot(x, y, marker=mark[0], label=f"{name}: calibration error {error:.3f}")
    for at, height, group in zip(x, y, bins, strict=True):
        axes.annotate(str(len(group)), (at, height), textcoords="offset points", xytext=mark[1], fontsize=7)


def draw_coverage(axes: Axes, found: Sequence[Claim], name: str, colour: str) -> None:
    """Draw the share of right claims by coverage, for all claims and for those with an annotated span."""
    annotated = [claim for claim in found if claim.annotated]
    for kept, style, what in ((found, "-", "all claims"), (annotated, "--", "annotated spans")):
        share = right_share(kept)
        at = share[round(COVERAGE * len(kept)) - 1]
        label = f"{name}, {what}: {at:.3f} at {COVERAGE:.0%}"
        axes.plot(np.arange(1, len(share) + 1) / len(share), share, style, color=colour, label=label)


def main() -> None:
    """Draw both pictures, a colour a corpus."""
    parser = argparse.ArgumentParser()
    parser.add_argument("predictions", type=Path)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 5), layout="constrained")
    left.plot([0, 1], [0, 1], color="#888888", linewidth=1, label="as sure as right")
    right.axvline(COVERAGE, color="#888888", linewidth=1)
    for number, (corpus, mark) in enumerate(zip(given.corpora, MARKS, strict=False)):
        found = claims(given.predictions, read_gold(corpus))
        draw_reliability(left, found, corpus.stem, mark)
        draw_coverage(right, found, corpus.stem, f"C{number}")
    left.set(xlabel="confidence", ylabel="share of right claims", xlim=(0, 1), ylim=(0, 1))
    left.set_title("Reliability; figures count claims", fontsize=10)
    right.set(xlabel="coverage: share of claims kept, the surest first", ylabel="share of right claims",
              xlim=(0, 1), ylim=(0.7, 1))  # fmt: skip
    right.set_title("Accuracy and coverage", fontsize=10)
    left.legend(loc="upper left", fontsize=8)
    right.legend(loc="lower left", fontsize=8)
    figure.savefig(given.output, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()

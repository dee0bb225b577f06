"""Draw how often claims of each confidence are right, from predictions for held-out articles.

usage: plot_reliability.py PREDICTIONS.jsonl CORPUS.jsonl… -o OUT.png

The predictions are those of ``scripts/train.py --held-out``; the corpora those it was trained on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from geo.evaluation import NEAR_KM, GoldDocument, distance_km, read_gold

BINS = 10
MARKS = (("o", (6, -10)), ("s", (-18, 6)), ("^", (6, 6)), ("D", (-18, -10)))
"""Marker of each corpus, and where its counts stand beside the points."""


def claims(predictions: Path, documents: Sequence[GoldDocument]) -> list[tuple[float, bool]]:
    """Return the confidence of each placed mention of the documents, and whether span and place are right."""
    lines = [json.loads(line) for line in predictions.read_text(encoding="utf-8").split("\n") if line]
    by_id = {str(line["id"]): line["mentions"] for line in lines}
    found = []
    for document in documents:
        gold = {(t.start, t.end): t for t in document.toponyms}
        for mention in by_id.get(document.id, []):
            if mention["lat"] is not None:
                true = gold.get((mention["start"], mention["end"]))
                near = true is not None and distance_km(true.lat, true.lon, mention["lat"], mention["lon"]) <= NEAR_KM
                found.append((mention["confidence"], near))
    return found


def main() -> None:
    """Draw one line a corpus."""
    parser = argparse.ArgumentParser()
    parser.add_argument("predictions", type=Path)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="#888888", linewidth=1, label="as sure as right")
    for corpus, (marker, offset) in zip(given.corpora, MARKS, strict=False):
        points = np.array(claims(given.predictions, read_gold(corpus)), float)
        number = np.minimum((points[:, 0] * BINS).astype(int), BINS - 1)
        bins = [points[number == b] for b in range(BINS) if (number == b).any()]
        error = sum(len(b) * abs(b[:, 0].mean() - b[:, 1].mean()) for b in bins) / len(points)
        x, y = [b[:, 0].mean() for b in bins], [b[:, 1].mean() for b in bins]
        axes.plot(x, y, marker=marker, label=f"{corpus.stem}: calibration error {error:.3f}")
        for at, height, group in zip(x, y, bins, strict=True):
            axes.annotate(str(len(group)), (at, height), textcoords="offset points", xytext=offset, fontsize=7)
    axes.set(xlabel="confidence", ylabel="share of right claims", xlim=(0, 1), ylim=(0, 1))
    axes.set_title("Held-out articles; figures count claims", fontsize=10)
    axes.legend(loc="upper left", fontsize=8)
    figure.savefig(given.output, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()

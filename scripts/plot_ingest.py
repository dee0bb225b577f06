"""Draw rate and memory of a recorded ingest run over time.

usage: plot_ingest.py RECORD.jsonl -o docs/images/ingest.png     (RECORD is written by benchmarks/ingest.py)
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

_WINDOW = 30.0
"""Seconds that a rate is taken over."""

_ENOUGH, _LIMIT = 250, 500
"""What is asked for: articles a second at least, megabytes a process at most."""

_RATE, _FIRST, _OTHERS, _ASKED = "#1b6ca8", "#b3541e", "#e0a458", "#888888"


def rates(moments: list[dict[str, Any]]) -> list[tuple[float, float]]:
    """Return seconds and articles a second, over the window before each moment."""
    found, start = [], 0
    for moment in moments:
        while moment["seconds"] - moments[start]["seconds"] > _WINDOW:
            start += 1
        passed = moment["seconds"] - moments[start]["seconds"]
        if passed:
            found.append((moment["seconds"], (moment["articles"] - moments[start]["articles"]) / passed))
    return found


def draw(moments: list[dict[str, Any]], about: dict[str, Any]) -> Figure:
    """Return the picture: rate above, memory below, over the articles stored so far."""
    figure = Figure(figsize=(8, 5.2), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    above.plot(*zip(*rates(moments), strict=True), color=_RATE)
    above.axhline(_ENOUGH, color=_ASKED, linestyle=":", linewidth=1)
    above.set_ylabel("articles a second")
    above.set_ylim(bottom=0)
    seconds = [moment["seconds"] for moment in moments]
    below.plot(seconds, [moment["megabytes"][0] for moment in moments], color=_FIRST, label="reads sources, stores")
    others = [max(moment["megabytes"][1:], default=0) for moment in moments]
    below.plot(seconds, others, color=_OTHERS, label="largest worker")
    below.axhline(_LIMIT, color=_ASKED, linestyle=":", linewidth=1)
    below.set_ylabel("MB in memory")
    below.set_xlabel("seconds")
    below.set_ylim(bottom=0)
    below.legend(loc="lower right", frameon=False)
    told = f"{moments[-1]['articles']:,} articles into {about['store']}, {about['workers']} workers"
    above.set_title(f"{told}, {about['articles_per_second']:.0f} a second", loc="left", fontsize=10)
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def main() -> None:
    """Draw a record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    *moments, about = [json.loads(line) for line in given.record.read_text(encoding="utf-8").splitlines()]
    with mpl.rc_context({"svg.hashsalt": "dateline"}):
        draw(moments, about).savefig(given.output, dpi=120, metadata={"Software": None})


if __name__ == "__main__":
    main()

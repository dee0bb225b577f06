"""Train the recogniser and the resolver on annotated corpora, and write ``data/models``.

usage: train.py CORPUS.jsonl… [-o FOLDER] [--held-out OUT.jsonl]

A corpus has one document a line: ``{"id", "text", "toponyms": [{"start", "end", "lat", "lon"}, …]}``. The same corpora
and the same gazetteer give the same files, byte for byte.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geo.articles.reader import Unreadable, read_articles
from geo.evaluation.scoring import NEAR_KM, great_circle_km, prediction
from geo.gazetteer.index import Index, open_index
from geo.model import Article, Candidate, Mention, Resolution
from geo.recognition.features import Sheet, lay_out
from geo.recognition.lexicon import ROLES, Lexicon
from geo.recognition.recognise import mentions_of
from geo.recognition.semicrf import Floats
from geo.recognition.tokens import tokenise
from geo.recognition.training import FOLDS, gold_spans, train
from geo.recognition.weights import save_weights
from geo.resolution.calibration import Calibration, fit_calibration, save_calibration
from geo.resolution.resolve import Learnt, candidates_of, resolve_mentions
from geo.resolution.scene import set_scene
from geo.resolution.training import Lesson, fit_stages, lesson_of, save_stages
from geo.resolution.wellknown import Taught, each_alone, enumerated, together, well_known
from geo.settings import data_dir, load_settings

Toponym = dict[str, Any]
Corpus = Sequence[tuple[Article, list[Toponym]]]


def annotated(corpus: Path) -> Iterator[tuple[Article, list[Toponym]]]:
    """Yield the articles of a corpus with their annotated toponyms, of two that overlap the first."""
    lines = (json.loads(line) for line in corpus.read_text(encoding="utf-8").split("\n") if line.strip())
    articles = (item for item in read_articles([corpus]) if isinstance(item, Article) or not item.is_notice)
    for article, line in zip(articles, lines, strict=True):
        if isinstance(article, Unreadable):
            raise article.error
        yield article, without_overlaps(line["toponyms"])


def importances(corpora: Sequence[Corpus]) -> list[float]:
    """Return how much each article counts for the resolver: corpora count alike, however many toponyms they have.

    Else the largest, news of small American towns, would decide what a Paris is in the news of the world.
    """
    sizes = [sum(len(toponyms) for _, toponyms in corpus) for corpus in corpora]
    return [max(sizes) / max(size, 1) for corpus, size in zip(corpora, sizes, strict=True) for _ in corpus]


def without_overlaps(toponyms: Sequence[Toponym]) -> list[Toponym]:
    """Return toponyms in text order, those left out that overlap an earlier one."""
    kept: list[Toponym] = []
    for toponym in sorted(toponyms, key=lambda t: (t["start"], -t["end"])):
        if not kept or toponym["start"] >= kept[-1]["end"]:
            kept.append(toponym)
    return kept


@dataclass(frozen=True)
class Trained:
    """The recogniser's sheets, with what both passes say of each when it is held out."""

    sheets: list[Sheet]
    lexicon: Lexicon
    held_out: list[Floats]


def train_recogniser(corpus: Corpus, index: Index, folder: Path) -> Trained:
    """Write ``recognition.npz``."""
    lexicon = Lexicon(index, {}, np.zeros((0, 2 * len(ROLES)), np.float32))
    sheets = [lay_out([tokenise(article.text, article.boilerplate)], lexicon) for article, _ in corpus]
    gold = [
        gold_spans(sheet, {(t["start"], t["end"]) for t in toponyms})
        for sheet, (_, toponyms) in zip(sheets, corpus, strict=True)
    ]
    weights, held_out = train(sheets, lexicon, gold)
    save_weights(weights, folder / "recognition.npz")
    return Trained(sheets, lexicon, held_out)


def resolver_lesson(article: Article, toponyms: Sequence[Toponym], index: Index, importance: float) -> Lesson | None:
    """Return what one annotated article teaches the resolver; None where the gazetteer knows none of its names."""
    mentions = [Mention(t["start"], t["end"], article.text[t["start"] : t["end"]], "name", (0, 0)) for t in toponyms]
    scene = set_scene(article, mentions, index)
    if not len(scene.row):
        return None
    points = [(toponyms[e.mentions[0]]["lon"], toponyms[e.mentions[0]]["lat"]) for e in scene.entities]
    return lesson_of(scene, points, index, importance=importance)


ALONE, TOGETHER, LISTED = 2.0, 0.2, 0.2
"""How much a well-known name counts beside a toponym of the largest corpus, where it stands alone and with others."""


def lessons_of(articles: Iterable[Taught], index: Index, importance: float) -> list[Lesson]:
    """Return what articles of well-known names teach."""
    return [
        lesson_of(scene, [points[e.mentions[0]] for e in scene.entities], index, importance=importance)
        for article, mentions, points in articles
        if len((scene := set_scene(article, mentions, index)).row)
    ]


def train_resolver(corpus: Corpus, weights: Sequence[float], index: Index, folder: Path) -> list[tuple[Floats, ...]]:
    """Write ``resolution.json``; return the stages of each fold, trained without its articles."""
    annotated = [
        resolver_lesson(article, toponyms, index, weight)
        for (article, toponyms), weight in zip(corpus, weights, strict=True)
    ]
    known = well_known(index)
    alone = lessons_of(each_alone(known), index, ALONE)
    world = [*lessons_of(together(known), index, TOGETHER), *lessons_of(enumerated(index), index, LISTED)]
    save_stages(fit_stages([*(n for n in annotated if n), *world], alone, index), folder / "resolution.json")
    return [
        fit_stages([*(n for i, n in enumerate(annotated) if n and i % FOLDS != fold), *world], alone, index)
        for fold in range(FOLDS)
    ]


def held_out_resolutions(
    corpus: Corpus, trained: Trained, stages: Sequence[tuple[Floats, ...]], calibration: Calibration, index: Index
) -> Iterator[tuple[tuple[Resolution, ...], list[tuple[Candidate, ...]]]]:
    """Yield the resolutions of each article by what was learnt without it, and the candidates of its mentions."""
    for i, (article, _) in enumerate(corpus):
        sheet, belief = trained.sheets[i], trained.held_out[i]
        (mentions,) = mentions_of([article], sheet, trained.lexicon, belief)
        using = Learnt(stages[i % FOLDS], calibration)
        found = resolve_mentions(article, mentions, index, using)
        yield found, candidates_of([(article, mentions)], index, using.stages)[0]


def calibrate(corpus: Corpus, trained: Trained, stages: Sequence[tuple[Floats, ...]], index: Index) -> Calibration:
    """Return the calibration of claims about held-out articles."""
    claims: list[tuple[float, float, bool]] = []
    right: list[bool] = []
    everything = Calibration(constant=50.0, recognition=0.0, resolution=0.0, derived=0.0)  # leaves nothing unresolved
    for (_, toponyms), (found, candidates) in zip(
        corpus, held_out_resolutions(corpus, trained, stages, everything, index), strict=True
    ):
        gold = {(t["start"], t["end"]): t for t in toponyms}
        for resolution, own in zip(found, candidates, strict=True):
            mention, place = resolution.mention, resolution.place
            if mention is None or place is None:
                continue
            true = gold.get((mention.start, mention.end))
            claims.append((mention.probability, own[0].confidence if own else 0.5, not own))
            right.append(
                true is not None and great_circle_km(true["lat"], true["lon"], place.lat, place.lon) <= NEAR_KM
            )
    return fit_calibration(claims, right)


def write_held_out(corpus: Corpus, found: Iterable[tuple[Resolution, ...]], path: Path) -> None:
    """Write the predictions for held-out articles, as ``dateline evaluate --predictions`` does."""
    lines = [json.dumps(prediction(article.id, r)) for (article, _), r in zip(corpus, found, strict=True)]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def main() -> None:
    """Run the command; see the module's docstring."""
    parser = argparse.ArgumentParser(description="Train the recogniser and the resolver on annotated corpora.")
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=data_dir() / "models")
    parser.add_argument(
        "--held-out", type=Path, help="Write predictions for each article by what was learnt without it."
    )
    given = parser.parse_args()
    index = open_index(load_settings())
    corpora = [list(annotated(path)) for path in given.corpora]
    corpus = [pair for one in corpora for pair in one]
    stages = train_resolver(corpus, importances(corpora), index, given.output)
    trained = train_recogniser(corpus, index, given.output)
    calibration = calibrate(corpus, trained, stages, index)
    save_calibration(calibration, given.output / "calibration.json")
    if given.held_out:
        found = [r for r, _ in held_out_resolutions(corpus, trained, stages, calibration, index)]
        write_held_out(corpus, found, given.held_out)


if __name__ == "__main__":
    main()

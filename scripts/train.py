"""Train the recogniser and the resolver on annotated corpora, and write ``data/models``.

usage: train.py CORPUS.jsonl… [-o FOLDER]

A corpus has one document a line: ``{"id", "text", "toponyms": [{"start", "end", "lat", "lon"}, …]}``. The same corpora
and the same gazetteer give the same files, byte for byte.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from geo.articles.reader import Unreadable, read_articles
from geo.gazetteer.index import Index, open_index
from geo.model import Article, Mention
from geo.recognition.features import lay_out
from geo.recognition.lexicon import ROLES, Lexicon
from geo.recognition.tokens import tokenise
from geo.recognition.training import gold_spans, train
from geo.recognition.weights import save_weights
from geo.resolution.scene import set_scene
from geo.resolution.training import Lesson, fit_stages, lesson_of, save_stages
from geo.settings import data_dir, load_settings

Toponym = dict[str, Any]


def annotated(corpora: Sequence[Path]) -> Iterator[tuple[Article, list[Toponym]]]:
    """Yield the articles of corpora with their annotated toponyms, of two that overlap the first."""
    for corpus in corpora:
        lines = (json.loads(line) for line in corpus.read_text(encoding="utf-8").split("\n") if line.strip())
        for article, line in zip(read_articles([corpus]), lines, strict=True):
            if isinstance(article, Unreadable):
                raise article.error
            yield article, without_overlaps(line["toponyms"])


def without_overlaps(toponyms: Sequence[Toponym]) -> list[Toponym]:
    """Return toponyms in text order, those left out that overlap an earlier one."""
    kept: list[Toponym] = []
    for toponym in sorted(toponyms, key=lambda t: (t["start"], -t["end"])):
        if not kept or toponym["start"] >= kept[-1]["end"]:
            kept.append(toponym)
    return kept


def train_recogniser(corpus: Sequence[tuple[Article, list[Toponym]]], index: Index, folder: Path) -> None:
    """Write ``recognition.npz``."""
    lexicon = Lexicon(index, {}, np.zeros((0, 2 * len(ROLES)), np.float32))
    sheets = [lay_out(tokenise(article.text), lexicon) for article, _ in corpus]
    gold = [
        gold_spans(sheet, {(t["start"], t["end"]) for t in toponyms})
        for sheet, (_, toponyms) in zip(sheets, corpus, strict=True)
    ]
    save_weights(train(sheets, lexicon, gold), folder / "recognition.npz")


def resolver_lesson(article: Article, toponyms: Sequence[Toponym], index: Index) -> Lesson:
    """Return what one annotated article teaches the resolver."""
    mentions = [Mention(t["start"], t["end"], article.text[t["start"] : t["end"]], "name", (0, 0)) for t in toponyms]
    scene = set_scene(article, mentions, index)
    points = [(toponyms[e.mentions[0]]["lon"], toponyms[e.mentions[0]]["lat"]) for e in scene.entities]
    return lesson_of(scene, points, index)


def train_resolver(corpus: Sequence[tuple[Article, list[Toponym]]], index: Index, folder: Path) -> None:
    """Write ``resolution.json``."""
    lessons = [resolver_lesson(article, toponyms, index) for article, toponyms in corpus]
    save_stages(fit_stages(lessons, index), folder / "resolution.json")


def main() -> None:
    """Run the command; see the module's docstring."""
    parser = argparse.ArgumentParser(description="Train the recogniser and the resolver on annotated corpora.")
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=data_dir() / "models")
    given = parser.parse_args()
    index = open_index(load_settings())
    corpus = list(annotated(given.corpora))
    train_resolver(corpus, index, given.output)
    train_recogniser(corpus, index, given.output)


if __name__ == "__main__":
    main()

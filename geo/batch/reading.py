"""The reading step of a run: a pure function over batches of articles, the same wherever it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, TypeVar

from geo.batch.report import Failure
from geo.errors import DatelineError
from geo.model import Article, Reading
from geo.settings import Settings

if TYPE_CHECKING:
    from geo.workspace.packing import PackedReading

_T = TypeVar("_T")

Reader = Callable[[Sequence[Article]], Sequence[Reading]]
"""Reads articles, which it leaves as they are, one reading each in their order; an error in one is an error in all."""


@dataclass(frozen=True)
class PipelineReader:
    """Reads articles by the pipeline; it holds settings alone, so that it can be sent to another process."""

    settings: Settings

    def __call__(self, articles: Sequence[Article]) -> list[Reading]:
        """Read articles; see `Reader`."""
        from geo.pipeline import geoparse_all

        return list(geoparse_all(articles, self.settings))


def version_of_reading(settings: Settings) -> str:
    """Return the version of reader and gazetteer, to be recorded with what they read; they are made where missing."""
    import geo
    from geo.batch.prepare import prepare
    from geo.gazetteer.index import open_index

    prepare(settings)
    return f"dateline {geo.__version__}, gazetteer {open_index(settings).version}"


def each(make: Callable[[Sequence[Article]], Sequence[_T]], articles: Sequence[Article]) -> list[_T | Failure]:
    """Make something of each article; one that it cannot be made of becomes a `Failure` and spoils no other."""
    try:
        return list(make(articles))
    except Exception as error:  # whatever it is: one article must not stop a million, and the report names it
        if len(articles) == 1:
            return [Failure(label(articles[0]), _reason(error))]
    return [result for article in articles for result in each(make, [article])]


@dataclass(frozen=True)
class ReadBatch:
    """Reads articles and makes them ready to be stored: pure, so that it may run anywhere and twice.

    ``made_by`` is the version of the reader, recorded with what it read.
    """

    read: Reader
    made_by: str

    def __call__(self, articles: Sequence[Article]) -> list[PackedReading | Failure]:
        """Return a packed reading or a failure for each article, in their order."""
        return each(self._packed, articles)

    def _packed(self, articles: Sequence[Article]) -> list[PackedReading]:
        from geo.workspace.packing import pack

        return [pack(reading, self.made_by) for reading in self.read(articles)]


def lost(article: Article, how: str) -> Failure:
    """Return the failure of an article that its reader died of."""
    return Failure(label(article), f"reading it fails: {how}")


def label(article: Article) -> str:
    """Return how to call an article so that a person finds it: many ids are made from the text."""
    return f"{article.id} ({shorten(article.title, 60, placeholder='…')})" if article.title else article.id


def _reason(error: Exception) -> str:
    if isinstance(error, DatelineError):
        return str(error)
    return f"reading it failed with {type(error).__name__}: {error}"

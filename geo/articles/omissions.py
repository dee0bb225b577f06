"""Fields of records that could not be understood: the articles are kept without them, and the loss is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from geo.articles.document import Document, Unreadable
from geo.errors import InputError
from geo.model import Article

_SHOWN = 40
"""Characters shown of a value that cannot be understood, and of whose it is."""


@dataclass(frozen=True, slots=True)
class Omission:
    """What an article is kept without.

    Attributes
    ----------
    source
        What was given to be read: a corpus, or a folder with thousands of files.
    what
        The field, and what is wrong with it.
    remedy
        How it should be written.
    example
        Its value, and whose it is.
    """

    source: str
    what: str
    remedy: str
    example: str


def omissions_of(document: Document, article: Article, source: str) -> Iterator[Omission]:
    """Yield the fields of a document that its article is kept without: values that are lists, dates that are none.

    A date is missed only where the text has none either.
    """
    whose = article.id[:_SHOWN]
    for name, value in document.unread:
        example = f"{value[:_SHOWN]} of {whose}"
        yield Omission(source, f'"{name}", which is no plain value', "Write it as a string.", example)
    given = (document.date or "").strip()
    if given and article.date is None:
        example = f'"{given[:_SHOWN]}" of {whose}'
        yield Omission(source, "dates, which are no full dates", "Write a date as 2017-06-23.", example)


def told_together(items: Iterable[Article | Omission | Unreadable]) -> Iterator[Article | Unreadable]:
    """Yield items, and in the end one notice a source and kind of omission: a corpus may have a million of them."""
    counts: dict[tuple[str, str, str], int] = {}
    examples: dict[tuple[str, str, str], str] = {}
    for item in items:
        if isinstance(item, Omission):
            kind = item.source, item.what, item.remedy
            counts[kind] = counts.get(kind, 0) + 1
            examples.setdefault(kind, item.example)
        else:
            yield item
    for kind, count in counts.items():
        source, what, remedy = kind
        message = f"{source}: {count} article(s) kept without their {what}, such as {examples[kind]}."
        yield Unreadable(source, InputError(message, remedy), is_notice=True)

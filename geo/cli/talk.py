"""What commands say to the person at the terminal, and the articles they are given."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.settings import Settings, load_settings

if TYPE_CHECKING:
    from geo.articles.reader import Unreadable as Part
    from geo.model import Article, Reading

DONE, FAILED, WRONG_USAGE = 0, 1, 2


class Unreadable:
    """Reports inputs that cannot be read on stderr, lets the rest go on, and makes the command fail in the end."""

    def __init__(self) -> None:
        self.count = 0

    def readings(self, files: Sequence[str]) -> Iterator[Reading]:
        """Yield what is read in the files' articles."""
        from geo.articles.reader import Access, read_articles
        from geo.pipeline import geoparse_all

        access = Access(fetch=load_settings().fetch)
        yield from geoparse_all(self._readable(read_articles(files, access)))

    def _readable(self, items: Iterable[Article | Part]) -> Iterator[Article]:
        from geo.model import Article

        for item in items:
            if isinstance(item, Article):
                yield item
            else:
                self.count += not item.is_notice
                complain(item.reason)

    def fail_if_any(self) -> None:
        """End the command as failed where something could not be read."""
        if self.count:
            sys.exit(FAILED)


def readings_of(files: Sequence[str], settings: Settings) -> tuple[list[Reading], Unreadable]:
    """Return the readings of files, or those of the workspace where no file is given."""
    unreadable = Unreadable()
    if not files:
        from geo.batch import open_with_samples

        return list(open_with_samples(settings).readings()), unreadable
    readings = list(unreadable.readings(files))
    if not readings:
        unreadable.fail_if_any()
    return readings, unreadable


def wrote(path: Path) -> None:
    """Name a file that was written."""
    click.echo(f"Wrote {path}", err=True)


def complain(message: str) -> None:
    """Print one line on stderr; what it quotes from a file must not steer the terminal."""
    from geo.exports.readings import printable

    click.echo(f"dateline: {printable(' '.join(message.split()))}", err=True)

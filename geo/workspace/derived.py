"""What a store holds that is worked out from its articles, made anew where a revision of the tables says it is due.

Revisions change tables and never call this program's own code, which changes after them. What they cannot make by
themselves they name in ``due``; it is made by today's code, once the tables are today's, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from sqlalchemy import Connection, delete, select, text

from geo.workspace.bulk import chunks
from geo.workspace.carriers import link
from geo.workspace.database import decoding
from geo.workspace.near import bands_of_text
from geo.workspace.outlets import credit
from geo.workspace.tables import appearances, articles, contents, near_bands
from geo.workspace.wordindex import add_words, words_of

_CHUNK = 200
"""Articles made anew at a time."""


def make_anew(connection: Connection, due: Collection[str]) -> None:
    """Make some of it anew, by the names that revisions give it."""
    for name, make in _MAKERS.items():
        if name in due:
            make(connection)


def _credit(connection: Connection) -> None:
    """Let texts that several published be found under each."""
    query = select(appearances.c.article).distinct().order_by(appearances.c.article)
    for numbers in chunks(connection.execute(query).scalars().all(), _CHUNK):
        credit(connection, numbers)


def _sign(connection: Connection) -> None:
    """Make the signatures of near duplicates, in the order that articles came in."""
    connection.execute(delete(near_bands))
    query = select(articles.c.number, contents.c.text, articles.c.boilerplate).join(contents)
    for numbers in _all(connection):
        rows = connection.execute(query.where(articles.c.number.in_(numbers)).order_by(articles.c.number))
        with decoding(connection.engine):
            bands = {number: bands_of_text(said, boilerplate) for number, said, boilerplate in rows}
        link(connection, bands)


def _index(connection: Connection) -> None:
    """Index the words of all articles."""
    clear = "INSERT INTO words (words) VALUES ('delete-all')"
    connection.execute(text(clear if connection.dialect.name == "sqlite" else "DELETE FROM words"))
    for numbers in _all(connection):
        add_words(connection, words_of(connection, numbers))


_MAKERS: dict[str, Callable[[Connection], None]] = {"outlets": _credit, "signatures": _sign, "words": _index}


def _all(connection: Connection) -> Iterator[list[int]]:
    return chunks(connection.execute(select(articles.c.number).order_by(articles.c.number)).scalars().all(), _CHUNK)

"""The index of all articles' words: FTS5 in SQLite, tsvector in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Select, column, literal, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.expression import cast

from geo.workspace import words
from geo.workspace.bulk import insert_rows
from geo.workspace.database import decoding
from geo.workspace.tables import articles, contents, origins


def add_words(connection: Connection, found: Mapping[int, str]) -> None:
    """Index the words of new articles, by number; in the form of `geo.workspace.words.normal_words`."""
    if connection.dialect.name == "postgresql":
        rows = ((number, words.vector(plain)) for number, plain in found.items())
        insert_rows(connection, "words", ["article", "text"], rows)
    else:
        insert_rows(connection, "words", ["rowid", "text"], found.items())


def remove_words(connection: Connection, numbers: Sequence[int]) -> None:
    """Take articles out of the index, before anything of them is changed."""
    if not numbers:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("DELETE FROM words WHERE article = ANY(:numbers)"), {"numbers": list(numbers)})
        return
    # The index keeps no text: it must be told what to take out.
    rows = [{"number": number, "text": found} for number, found in words_of(connection, numbers).items()]
    connection.execute(text("INSERT INTO words (words, rowid, text) VALUES ('delete', :number, :text)"), rows)


def words_of(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return the words by which articles are found, by number: those that `add_words` takes."""
    said = select(articles.c.number, articles.c.title, origins.c.source, contents.c.text)
    said = said.join(contents, contents.c.article == articles.c.number).join(origins)
    with decoding(connection.engine):
        rows = connection.execute(said.where(articles.c.number.in_(numbers)))
        return {number: words.searched(title, source, body) for number, title, source, body in rows}


def holding(terms: tuple[words.Term, ...], dialect: str) -> Select[int]:
    """Return the numbers of the articles that hold all terms."""
    if dialect == "postgresql":
        index = table("words", column("article"), column("text"))
        query = cast(literal(words.for_postgresql(terms)), TSQUERY)
        # "OFFSET 0": else it may read the words of thousands of articles one by one rather than the index once.
        return select(index.c.article).where(index.c.text.bool_op("@@")(query)).offset(0)
    index = table("words", column("rowid"))
    matches: ColumnElement[bool] = column("words").bool_op("MATCH")(words.for_sqlite(terms))
    return select(index.c.rowid).where(matches)

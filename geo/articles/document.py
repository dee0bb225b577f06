"""What a format gives of one report: its text, and what the file itself says about it."""

from __future__ import annotations

from dataclasses import dataclass

from geo.errors import DatelineError


@dataclass(frozen=True, slots=True)
class Document:
    """One report before anything was read out of its text.

    Attributes
    ----------
    text
        The text as given; all offsets count its characters.
    id, title, date, source, language, url
        As the file's own fields say; None where it has no such field. ``date`` is not parsed yet.
    unread
        The fields whose values are no plain ones, such as lists; each with the value, as JSON.
    """

    text: str
    id: str | None = None
    title: str | None = None
    date: str | None = None
    source: str | None = None
    language: str | None = None
    url: str | None = None
    unread: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A source, or one part of it, that could not be read; the others can.

    Attributes
    ----------
    source
        The file, and the line or entry in it.
    error
        What was wrong and what to do next.
    is_notice
        Whether it is to be told and is no failure: files of a kind that is not read at all, such as pictures beside
        reports, or dates of articles that are read without them.
    """

    source: str
    error: DatelineError
    is_notice: bool = False

    @property
    def reason(self) -> str:
        """What was wrong and what to do next, in one plain line."""
        return str(self.error)

"""Every error Dateline raises on purpose.

Each message says what was wrong, where, and what to do next, in one plain line: the command line prints it as it is and
the HTTP API puts it into its one error shape. Children also inherit the builtin that fits, so callers may catch either.
"""

from __future__ import annotations


class DatelineError(Exception):
    """Root of all errors that Dateline raises on purpose.

    Parameters
    ----------
    message
        One plain line: what was wrong and where.
    remedy
        What the user can do next; empty where nothing can be done.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class InputError(DatelineError, ValueError):
    """A value given by the user cannot be used: a date, a bbox, a phrase, a file's content."""


class InputNotFoundError(DatelineError, FileNotFoundError):
    """A file or folder given by the user is not there."""

    # OSError.__str__ would print errno fields instead of the message.
    __str__ = DatelineError.__str__


class UnknownNameError(DatelineError, LookupError):
    """A layer, zone, article, export format or place that does not exist was asked for."""


class DataFileError(DatelineError, ValueError):
    """One of the data files (zones, supplement, shapes) is wrong; the message names file, place in it and remedy."""


class GazetteerError(DatelineError, RuntimeError):
    """The gazetteer's index cannot be built or opened."""


class WorkspaceError(DatelineError, RuntimeError):
    """The workspace cannot be opened, read or written."""


class OutputError(DatelineError, OSError):
    """A file cannot be written; nothing half-written is left behind."""

    __str__ = DatelineError.__str__

"""Logs: lines for people, or one JSON object a line for programs; neither holds an article's text or a secret.

Only messages that Dateline and its server word themselves are logged. Of an error that nobody foresaw, and of a warning
of a library, the kind and the place are logged, never their own words: a driver's may hold the values it was given.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import logging.config
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

from geo.errors import DatelineError

FIELDS = "fields"
"""Key of a log call's ``extra``: a mapping that the JSON lines carry as it is, and the text lines as ``name=value``."""

_OURS = ("geo", "webapp", "gunicorn.error", "alembic.runtime.migration")
"""Loggers whose words are repeated, and which log as much as is asked for; libraries log only what is at fault."""

_ErrorFacts = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def log_config(level: str, style: str) -> dict[str, Any]:
    """Return the logging of a process as `logging.config.dictConfig` takes it: everything to standard error.

    Parameters
    ----------
    level
        The least that is logged: DEBUG, INFO, WARNING or ERROR.
    style
        ``text`` or ``json``.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": _FORMATTERS[style]}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"level": "WARNING" if level in ("DEBUG", "INFO") else level, "handlers": ["stderr"]},
        "loggers": {name: {"level": level, "propagate": True} for name in _OURS},
    }


def set_up_logging(level: str, style: str) -> None:
    """Log this process as `log_config` says."""
    logging.config.dictConfig(log_config(level, style))


class TextLines(logging.Formatter):
    """One line a record: time, level, logger, message and fields; the places of an error below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record's line."""
        told = [_message(record), *(f"{name}={value}" for name, value in _fields(record).items())]
        line = f"{_time(record)} {record.levelname} {record.name}: {_in_one_line(' '.join(told))}"
        return line + "".join(f"\n  {_in_one_line(part)}" for part in _told(record.exc_info))


class JsonLines(logging.Formatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record's line."""
        facts = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **_fields(record),
        }
        if told := _told(record.exc_info):
            facts["error"] = told
        return json.dumps(facts, ensure_ascii=False, default=str)


_FORMATTERS = {"text": TextLines, "json": JsonLines}


def _message(record: logging.LogRecord) -> str:
    if any(f"{record.name}.".startswith(f"{name}.") for name in _OURS):
        return record.getMessage()
    return f"A message of {record.name} from {record.pathname}:{record.lineno}"


def _in_one_line(text: str) -> str:
    """Return a text whose control characters are spelled: what came from outside must not look like another record."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def _fields(record: logging.LogRecord) -> Mapping[str, object]:
    found: Mapping[str, object] = getattr(record, FIELDS, {})
    return found


def _time(record: logging.LogRecord) -> str:
    return dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")


def _told(facts: _ErrorFacts | None) -> list[str]:
    """Return what may be told of an error: each link of its chain, the latest first, and the calls that led there."""
    return [line for error in _chain(facts[1] if facts else None) for line in _lines(error)]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _lines(error: BaseException) -> Iterator[str]:
    words = f": {error}" if isinstance(error, DatelineError) else ""
    yield f"{type(error).__name__}{words}"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"at {frame.filename}:{frame.lineno} {frame.name}"

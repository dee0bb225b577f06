"""Logs: what their lines hold, and what they never do."""

from __future__ import annotations

import json
import logging
import sys
from typing import NoReturn

import pytest

from geo.errors import WorkspaceError
from geo.logs import FIELDS, JsonLines, TextLines, log_config


def record(message: str = "Done", *, failed: bool = False, **fields: object) -> logging.LogRecord:
    error = sys.exc_info() if failed else None
    made = logging.LogRecord("webapp.access", logging.INFO, "here.py", 1, message, (), error)
    setattr(made, FIELDS, fields)
    return made


def written() -> NoReturn:
    raise ValueError("INSERT INTO articles … 'the secret text'")


def failing() -> logging.LogRecord:
    try:
        try:
            written()
        except ValueError as error:
            raise WorkspaceError("The workspace failed.", "Try again.") from error
    except WorkspaceError:
        return record(failed=True)


def test_json_line_is_one_object_with_the_fields() -> None:
    line = JsonLines().format(record("GET /\nforged", status=200, request_id="a1"))
    found = json.loads(line)
    assert "\n" not in line
    assert (found["message"], found["status"], found["request_id"]) == ("GET /\nforged", 200, "a1")
    assert found["time"].endswith("+00:00")


def test_text_line_holds_the_fields() -> None:
    line = TextLines().format(record("GET /", status=200))
    assert line.endswith("INFO webapp.access: GET / status=200")


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
def test_an_error_tells_its_kind_and_place_but_no_values(lines: logging.Formatter) -> None:
    line = lines.format(failing())
    assert "WorkspaceError: The workspace failed. Try again." in line
    assert "ValueError" in line
    assert "test_logs.py" in line
    assert "secret" not in line


@pytest.mark.parametrize("forged", ["/a\n2026 ERROR root: forged", "/a\r\x1b[2K2026 ERROR", "/a\u20282026 ERROR"])
def test_text_line_cannot_be_forged(forged: str) -> None:
    line = TextLines().format(record(f"GET {forged}", path=forged))
    assert line.isprintable()


def test_configuration_names_level_and_style() -> None:
    config = log_config("ERROR", "json")
    assert config["root"]["level"] == "ERROR"
    assert config["formatters"]["lines"]["()"] is JsonLines


def test_libraries_log_only_what_is_at_fault() -> None:
    config = log_config("DEBUG", "text")
    assert config["root"]["level"] == "WARNING"
    assert {logger["level"] for logger in config["loggers"].values()} == {"DEBUG"}


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
def test_a_warning_of_a_library_tells_its_place_but_not_its_words(lines: logging.Formatter) -> None:
    made = logging.LogRecord(
        "fontTools.subset", logging.WARNING, "glyphs.py", 7, "Left out %s", ("the secret text",), None
    )
    line = lines.format(made)
    assert "glyphs.py:7" in line
    assert "secret" not in line

"""Request ids and the access log: one line a request, that says nothing of what was asked in words.

The line names the route and the path, never the query, which may quote an article or a person's question.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING

from flask import g, request

from geo.logs import FIELDS

if TYPE_CHECKING:
    from flask import Flask, Response

HEADER = "X-Request-ID"
"""Carries an id from the proxy in front, and back to whoever asked."""

QUIET = frozenset(
    {"/healthz", "/readyz", "/metrics", "/lists", "/static/<path:filename>", "/static/map/<v>/<path:name>"}
)
"""Routes that are asked all the time; they are logged at DEBUG unless they fail."""

_SANE = re.compile(r"[A-Za-z0-9._=+/-]{1,64}")

log = logging.getLogger("webapp.access")


def install(app: Flask) -> None:
    """Give every request an id and a clock, every answer the id, and the log a line."""
    app.before_request(_begin)
    app.after_request(_end)
    app.context_processor(lambda: {"request_id": g.request_id})


def route() -> str:
    """Return the rule of the address asked for: few, where paths are without number; ``none`` where none fits."""
    return request.url_rule.rule if request.url_rule else "none"


def seconds() -> float:
    """Return how long the request at hand has taken so far."""
    started: float = g.started
    return perf_counter() - started


def _begin() -> None:
    g.started = perf_counter()
    given = request.headers.get(HEADER, "")
    g.request_id = given if _SANE.fullmatch(given) else token_hex(8)


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    fields = {
        "request_id": g.request_id,
        "method": request.method,
        "route": route(),
        "path": request.path,
        "status": response.status_code,
        "bytes": response.content_length,
        "ms": round(1000 * seconds(), 1),
    }
    log.log(_level(response), "%s %s", request.method, request.path, extra={FIELDS: fields})
    return response


def _level(response: Response) -> int:
    # Who is told to come back later has met no failure.
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and "Retry-After" not in response.headers:
        return logging.WARNING
    return logging.DEBUG if route() in QUIET else logging.INFO

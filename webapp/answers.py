"""Answers that a browser may keep, with an ETag from the data's version, and answers page by page."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response, jsonify, request

if TYPE_CHECKING:
    from werkzeug.datastructures import ETags


def tagged(version: str, make: Callable[[], Response]) -> Response:
    """Return what ``make`` makes, or 304 where the client has it already.

    Parameters
    ----------
    version
        Changes whenever the data behind the answer may have changed; the address, query included, is added to it.
    """
    tag = sha256(f"{version}\n{request.full_path}".encode()).hexdigest()[:32]
    known: ETags = request.if_none_match
    response = Response(status=304) if known.contains_weak(tag) else make()
    response.set_etag(tag)
    # Ask each time: the data may change at any moment, and asking costs next to nothing.
    response.headers["Cache-Control"] = "no-cache"
    return response


def page_of(name: str, rows: Sequence[Any], matches: int, span: tuple[int, int]) -> Response:
    """Return a page of a list as JSON, with links to the pages before and after it (RFC 8288).

    Parameters
    ----------
    name
        What the list is of.
    matches
        How long the whole list is.
    span
        How many rows the page passes over, and how many it has at most.
    """
    first, limit = span
    response = jsonify({"matches": matches, "offset": first, name: rows})
    beside = []
    if first:
        beside.append(("prev", max(0, first - limit)))
    if first + limit < matches:
        beside.append(("next", first + limit))
    links = [f'<{_at(offset)}>; rel="{relation}"' for relation, offset in beside]
    if links:
        response.headers["Link"] = ", ".join(links)
    return response


def _at(offset: int) -> str:
    """Return the address at hand with another offset."""
    given = [(name, value) for name, value in request.args.items(multi=True) if name != "offset"]
    return f"{request.script_root}{request.path}?{urlencode([*given, ('offset', offset)])}"


def compact(value: object) -> str:
    """Return a value as JSON without blanks, as pages fetch it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

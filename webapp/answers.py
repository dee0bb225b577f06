"""Answers that a browser may keep: an ETag from the data's version, so that an unchanged answer is not made again."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import Response, request

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


def compact(value: object) -> str:
    """Return a value as JSON without blanks, as pages fetch it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

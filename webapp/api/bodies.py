"""Request bodies: plain text, or a JSON object with the text and what is known of it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from geo.articles.compose import article_of
from geo.articles.document import Document
from geo.errors import InputError
from geo.model import Article

if TYPE_CHECKING:
    from flask import Request

_EXAMPLE = 'Send text/plain, or JSON such as {"text": "Talks were held in Astana."}.'
_KEYS = tuple(field.name for field in fields(Document))


def read_body(request: Request) -> Article:
    """Return the article in a request's body.

    Raises
    ------
    InputError
        The body is empty, is not UTF-8 or not a JSON object with a ``text``.
    UnsupportedMediaType
        It is something else.
    RequestEntityTooLarge
        It is longer than the app takes.
    """
    _refuse_cut(request)
    match request.mimetype:
        case "application/json":
            document = _from_json(request)
        case "text/plain":
            document = Document(_decoded(request.get_data()))
        case _:
            raise UnsupportedMediaType
    if not document.text.strip():
        raise InputError("The text is empty.", _EXAMPLE)
    return article_of(document)


def read_json(request: Request, example: str) -> dict[str, Any]:
    """Return the JSON object in a request's body.

    Raises
    ------
    InputError
        The body is no JSON object; the remedy is the example.
    RequestEntityTooLarge
        It is longer than the app takes.
    """
    _refuse_cut(request)
    try:
        body = request.get_json()
    except (BadRequest, RecursionError) as error:  # deeply nested brackets exhaust the parser's stack
        raise InputError("The body is not JSON that can be read.", example) from error
    if not isinstance(body, dict):
        raise InputError("The JSON is not an object.", example)
    return body


def _refuse_cut(request: Request) -> None:
    """Refuse a body of unknown length that is too long: Werkzeug reads what it may, and says nothing of the rest."""
    if request.content_length is None and len(request.get_data()) == request.max_content_length:
        raise RequestEntityTooLarge


def _from_json(request: Request) -> Document:
    body = read_json(request, _EXAMPLE)
    if not isinstance(body.get("text"), str):
        raise InputError("The JSON has no text under the key `text`.", _EXAMPLE)
    for key in _KEYS:
        if not isinstance(body.get(key), str | None):
            raise InputError(f"The value of {key!r} is not a string.", "Put it in quotation marks, or leave it out.")
    return Document(**{key: body[key] for key in _KEYS if body.get(key)} | {"text": body["text"]})


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"The body is not UTF-8 text (byte {error.start}).", "Send it in UTF-8.") from error

"""Errors as answers: one table from error class to HTTP status, one JSON shape, one HTML page, never a traceback."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import current_app, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from geo import errors as geo_errors
from geo.logs import FIELDS

if TYPE_CHECKING:
    from flask import Flask, Response

STATUS: Mapping[type[Exception], HTTPStatus] = {
    geo_errors.InputError: HTTPStatus.BAD_REQUEST,
    geo_errors.UnknownNameError: HTTPStatus.NOT_FOUND,
    geo_errors.InputNotFoundError: HTTPStatus.NOT_FOUND,
    geo_errors.DataFileError: HTTPStatus.INTERNAL_SERVER_ERROR,
    geo_errors.OutputError: HTTPStatus.INTERNAL_SERVER_ERROR,
    geo_errors.GazetteerError: HTTPStatus.SERVICE_UNAVAILABLE,
    geo_errors.WorkspaceError: HTTPStatus.SERVICE_UNAVAILABLE,
    geo_errors.DatelineError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""HTTP status of each error class; children that are not named here share their parent's."""

REMEDY: Mapping[int, str] = {
    400: "Check the request against /api/v1/openapi.json.",
    403: "Changes are taken from this site's own pages and from programs only, and where DATELINE_REVIEWS is 1.",
    404: "The viewer is at /, the description of the interface at /api/v1/openapi.json.",
    405: "The interface is described at /api/v1/openapi.json.",
    413: "Send at most 2 MB a request; use `dateline ingest` for more.",
    415: "Send text/plain, or application/json with the key `text`.",
}
"""What to do next about an error that HTTP itself raises."""

PAGES = frozenset({"/", "/map", "/trends"})
PAGE_PREFIX = "/articles/"


def install(app: Flask) -> None:
    """Answer every error of the app in its one shape."""
    app.register_error_handler(geo_errors.DatelineError, _dateline_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen_error)


def status_of(error: Exception) -> HTTPStatus:
    """Return the HTTP status of an error, from the table above."""
    return next((STATUS[c] for c in type(error).__mro__ if c in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def _dateline_error(error: geo_errors.DatelineError) -> Response:
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log("%s at %s: %s", type(error).__name__, request.path, error)
    return answer(status, error.message, error.remedy)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    status = HTTPStatus(error.code)
    told = answer(status, f"{status.phrase}: {request.path}", REMEDY.get(status, ""))
    told.headers.extend({k: v for k, v in error.get_headers() if k in {"Allow", "Retry-After"}})
    return told


def _unforeseen_error(error: Exception) -> Response:
    _log("Unforeseen error at %s", request.path, exc_info=error)
    message = "Something went wrong inside Dateline."
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, message, f"The server's log tells more under {g.request_id}.")


def _log(message: str, *values: object, exc_info: BaseException | None = None) -> None:
    current_app.logger.error(message, *values, exc_info=exc_info, extra={FIELDS: {"request_id": g.request_id}})


def answer(status: HTTPStatus, message: str, remedy: str) -> Response:
    """Return an error in the shape that the request at hand is answered in: a page, or JSON."""
    if is_page():
        page = render_template("error.html", status=status, message=message, remedy=remedy)
        return make_response(page, status)
    code = status.phrase.lower().replace(" ", "_")
    error = {"status": int(status), "code": code, "message": message, "remedy": remedy, "request_id": g.request_id}
    return make_response(jsonify(error=error), status)


def is_page() -> bool:
    """Tell whether a page is asked for: by its address, or by a browser at an address that is no route."""
    if request.path in PAGES or request.path.startswith(PAGE_PREFIX):
        return True
    accepted = request.accept_mimetypes.best_match(["application/json", "text/html"])
    return request.url_rule is None and accepted == "text/html"

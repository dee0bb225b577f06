"""``/healthz`` tells that the process answers, ``/readyz`` that it can do its work."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, jsonify

from webapp.service import service
from webapp.starting import WARMING

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """Tell that the process answers: nothing is asked of the workspace, whose failure no restart would mend."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> tuple[Response, HTTPStatus]:
    """Tell whether requests can be answered, and what is in the way: nothing is opened twice, built or changed."""
    checks = service().readiness()
    if WARMING in current_app.extensions:
        checks["pages"] = "The first page is being made."
    ready = not any(checks.values())
    told = {name: reason or "ok" for name, reason in checks.items()}
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ok" if ready else "not ready", checks=told), status

"""``/healthz`` for whoever watches the process, ``/metrics`` in Prometheus' text format."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from flask import Response, current_app, g, request

from webapp.service import service

if TYPE_CHECKING:
    from flask import Flask
    from prometheus_client import CollectorRegistry

_EXTENSION = "dateline-metrics"


def install(app: Flask) -> None:
    """Count and time the app's requests, and add both routes."""
    from prometheus_client import CollectorRegistry, Histogram

    registry = CollectorRegistry()
    seconds = Histogram("dateline_request_seconds", "Time to answer.", ["route", "status"], registry=registry)

    def observe(response: Response) -> Response:
        # The rule, not the path: a label for every article would grow without end.
        route = request.url_rule.rule if request.url_rule else "none"
        seconds.labels(route, response.status_code).observe(perf_counter() - g.started)
        return response

    app.extensions[_EXTENSION] = registry
    app.before_request(_start_clock)
    app.after_request(observe)
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/metrics", view_func=metrics)


def _start_clock() -> None:
    g.started = perf_counter()


def healthz() -> dict[str, str]:
    """Tell that the app answers and can open its workspace and gazetteer."""
    return {"status": "ok", "version": service().version()}


def metrics() -> Response:
    """Return how many requests each route answered, with which status and how fast."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    registry: CollectorRegistry = current_app.extensions[_EXTENSION]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

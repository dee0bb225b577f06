"""``/metrics`` in Prometheus' text format: requests by route, and what the workspace holds.

Several processes that serve together (gunicorn's workers) name the same new folder in ``PROMETHEUS_MULTIPROC_DIR``:
then any of them answers for all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from http import HTTPMethod
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request

from geo.errors import DatelineError, InputError
from webapp.access import route, seconds
from webapp.parameters import Query
from webapp.service import service

if TYPE_CHECKING:
    from flask import Flask
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

blueprint = Blueprint("metrics", __name__)

_EXTENSION = "dateline-metrics"
_SHARED = "PROMETHEUS_MULTIPROC_DIR"


def install(app: Flask) -> None:
    """Count and time the app's requests.

    Raises
    ------
    InputError
        The folder that processes are to share cannot be made.
    """
    from prometheus_client import CollectorRegistry, Histogram

    _make_shared_folder()
    registry = CollectorRegistry()
    labels = ["method", "route", "status"]
    taken = Histogram("dateline_request_seconds", "Time to answer.", labels, registry=registry)

    def observe(response: Response) -> Response:
        # Whatever is asked, only so many kinds of it are counted.
        method = request.method if request.method in HTTPMethod.__members__ else "other"
        taken.labels(method, route(), response.status_code).observe(seconds())
        return response

    app.extensions[_EXTENSION] = registry
    app.after_request(observe)
    app.register_blueprint(blueprint)


def _make_shared_folder() -> None:
    if not (folder := os.environ.get(_SHARED)):
        return
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {folder} that {_SHARED} names cannot be made.", "Unset it.") from error


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return how many requests each route answered, with which status and how fast, and the workspace's size."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    text = b"".join(generate_latest(registry) for registry in (_requests(), _workspace()))
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _requests() -> CollectorRegistry:
    """Return this process's requests, or those of all that share a folder."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    if not os.environ.get(_SHARED):
        own: CollectorRegistry = current_app.extensions[_EXTENSION]
        return own
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _workspace() -> CollectorRegistry:
    from prometheus_client import CollectorRegistry

    registry = CollectorRegistry()
    registry.register(_Workspace())
    return registry


class _Workspace:
    """What the workspace holds, asked when the metrics are."""

    def collect(self) -> Iterator[Metric]:
        """Yield the workspace's figures; of one that cannot be reached only that."""
        from prometheus_client.core import GaugeMetricFamily

        import geo

        info = GaugeMetricFamily("dateline_info", "Version of Dateline.", labels=["version"])
        info.add_metric([geo.__version__], 1)
        yield info
        try:
            figures = service().totals(Query())._asdict()
        except DatelineError:
            figures = {}
        yield GaugeMetricFamily("dateline_workspace_up", "Whether the workspace answers.", float(bool(figures)))
        for name, value in figures.items():
            yield GaugeMetricFamily(f"dateline_{name}", f"{name.capitalize()} in the workspace.", value)

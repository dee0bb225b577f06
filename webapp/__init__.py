"""The Flask app: `create_app(settings)`; pages, API, layers, exports, briefing. No logic of its own.

A view reads the query, asks the `Service` and renders. Nothing is read or opened at import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from geo.settings import Settings
    from webapp.service import Service

MAX_POST_BYTES = 2_000_000
"""Datasette's limit for a POST: more text than any report has, and read in a moment."""


def create_app(settings: Settings, service: Service | None = None) -> Flask:
    """Return the web app for these settings.

    Parameters
    ----------
    service
        What answers the views' questions; by default one that opens the settings' workspace at the first request.
    """
    from flask import Flask

    from webapp import api, briefing, errors, exports, health, pages, security
    from webapp.service import EXTENSION, Service

    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_POST_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = service or Service(settings)
    security.install(app, settings)
    errors.install(app)
    health.install(app)
    for blueprint in (pages.blueprint, pages.assets_blueprint, exports.blueprint, briefing.blueprint, api.blueprint):
        app.register_blueprint(blueprint)
    return app

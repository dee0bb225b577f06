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


def create_app(settings: Settings | None = None, service: Service | None = None) -> Flask:
    """Return the web app.

    Parameters
    ----------
    settings
        None reads them from the environment and sets up logging as they say: what a WSGI server wants, with
        ``webapp:create_app()``.
    service
        What answers the views' questions; by default one that opens the settings' workspace at the first request.
    """
    from flask import Flask

    from webapp import access, api, assets, briefing, errors, exports, health, metrics, pages, security
    from webapp.parameters import IdConverter
    from webapp.service import EXTENSION, Service

    settings = settings or _settings_of_process()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_POST_BYTES
    app.url_map.converters["id"] = IdConverter
    app.url_map.merge_slashes = False  # an id may hold two of them
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = service or Service(settings)
    # What is installed first sees a request first and its answer last.
    access.install(app)
    metrics.install(app)
    security.install(app, settings)
    assets.install(app)
    errors.install(app)
    for blueprint in (*pages.blueprints, exports.blueprint, briefing.blueprint, *api.blueprints, health.blueprint):
        app.register_blueprint(blueprint)
    return app


def _settings_of_process() -> Settings:
    from geo.logs import set_up_logging
    from geo.settings import load_settings

    settings = load_settings()
    set_up_logging(settings.log_level, settings.log)
    return settings

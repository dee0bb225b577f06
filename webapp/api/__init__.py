"""``/api/v1``: reading, resolving and looking up, for programs; described by ``/api/v1/openapi.json``."""

from __future__ import annotations

from webapp.api import counts, reviews, views

blueprints = (views.blueprint, counts.blueprint, reviews.blueprint)

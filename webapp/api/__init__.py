"""``/api/v1``: reading, resolving and looking up, for programs; described by ``/api/v1/openapi.json``."""

from __future__ import annotations

from webapp.api.views import blueprint

__all__ = ["blueprint"]

"""The pages: the viewer, the bare map for frames, an article beside its map."""

from __future__ import annotations

from webapp.pages.maps import assets_blueprint
from webapp.pages.views import blueprint

__all__ = ["assets_blueprint", "blueprint"]

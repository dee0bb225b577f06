"""The pages: the viewer, the bare map for frames, an article beside its map."""

from __future__ import annotations

from webapp.pages import maps, views

blueprints = (views.blueprint, maps.assets_blueprint)

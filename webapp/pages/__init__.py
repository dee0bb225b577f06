"""The pages: the viewer, the bare map for frames, an article beside its map."""

from __future__ import annotations

from webapp.pages import views

blueprints = (views.blueprint,)

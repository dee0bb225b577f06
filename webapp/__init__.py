"""The Flask app: `create_app(settings)`; pages, API, exports. No logic of its own."""

"""Toponym recognition: an article's text to mentions."""

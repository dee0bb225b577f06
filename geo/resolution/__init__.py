"""Toponym resolution: mentions and bare names to places."""

"""Layers to files, one module a format."""

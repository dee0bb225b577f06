"""Layers to a sheet: PNG, SVG, PDF, PPTX."""

"""Layers to a Folium map."""

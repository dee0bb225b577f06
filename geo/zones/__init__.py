"""Zone definitions and evidence to polygons, as of a date."""

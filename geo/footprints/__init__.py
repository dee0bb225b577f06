"""Locative expressions ("north of", "between") to polygons."""

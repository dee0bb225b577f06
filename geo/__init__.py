"""Dateline turns news reports into layered maps."""

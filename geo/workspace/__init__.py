"""Articles and readings, kept in SQLite or PostgreSQL."""

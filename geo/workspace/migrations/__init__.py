"""How the workspace's tables came to be what they are, one revision a file; run by Alembic."""

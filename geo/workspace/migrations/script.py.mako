"""${message}."""

from alembic import op

revision = "${up_revision}"
down_revision = ${repr(down_revision)}
reads_from = "${up_revision}"  # the oldest revision whose program can work with these tables
# due = ("words",): what of geo.workspace.derived is to be made anew, where it is


def upgrade() -> None:
    """Change the tables."""

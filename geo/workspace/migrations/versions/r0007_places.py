"""PostgreSQL answers what lies in a unit or a box from indexes alone, without reading the places.

Only indexes change: programs of the revision before work on beside it, and what they write is found by them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
reads_from = "0006"

_STATEMENTS = (
    "DROP INDEX ix_places_country_admin1_admin2",
    "CREATE INDEX ix_places_country_admin1_admin2 ON places (country, admin1, admin2) INCLUDE (number, square)",
    # By number they are found in the table as soon; a box is a stretch of this one.
    "DROP INDEX ix_places_located",
    "CREATE INDEX ix_places_located ON places (lon, lat) INCLUDE (number, square, south)",
)


def upgrade() -> None:
    """Make the indexes; SQLite's hold a row's number anyway, and it has an R*Tree for boxes."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in _STATEMENTS:
            op.execute(sa.text(statement))

"""Zones, with their shapes over time; in PostgreSQL also as geometries that GIS programs open."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
reads_from = "0001"

_JSON = sa.JSON().with_variant(JSONB, "postgresql")

# One row an extent, the widest first, as they are drawn; GIS programs want a whole number as a key.
_EXTENTS = """
CREATE VIEW zone_extents AS
SELECT row_number() OVER (ORDER BY zone, since, rank) AS number, zone, names ->> 'en' AS name, status, since, until,
       accuracy_km, extent, ST_Multi(ST_GeomFromWKB(outline, 4326))::geometry(MultiPolygon, 4326) AS geometry
FROM zones CROSS JOIN LATERAL (VALUES (1, 'possible', possible), (2, 'zone', best), (3, 'core', core))
     AS extents (rank, extent, outline)
"""


def upgrade() -> None:
    """Make their table, and PostgreSQL's view of it."""
    op.create_table(
        "zones",
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("names", _JSON, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("accuracy_km", sa.Double, nullable=False),
        sa.Column("core", sa.LargeBinary, nullable=False),
        sa.Column("best", sa.LargeBinary, nullable=False),
        sa.Column("possible", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("zone", "since", name="pk_zones"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_EXTENTS)

"""What people say of readings, and near-duplicates."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
reads_from = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "reviews",
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("place", _NUMBER),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("time", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("content_hash", "start", "end", name="pk_reviews"),
        sa.ForeignKeyConstraint(["place"], ["places.number"], name="fk_reviews_place_places"),
        sqlite_with_rowid=False,
    )
    op.add_column("articles", sa.Column("carried_with", _NUMBER))
    op.create_index("ix_articles_carried_with", "articles", ["carried_with"])
    op.create_table(
        "near_bands",
        sa.Column("article", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("band", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("article", "band", name="pk_near_bands"),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name="fk_near_bands_article_articles", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_near_bands_band_value", "near_bands", ["band", "value"])

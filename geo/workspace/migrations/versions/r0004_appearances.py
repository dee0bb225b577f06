"""Where texts that are kept once appeared besides."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
reads_from = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "appearances",
        sa.Column("article", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("source_role", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("date", sa.Date),
        sa.Column("url", sa.Text),
        sa.PrimaryKeyConstraint("article", "key", name="pk_appearances"),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name="fk_appearances_article_articles", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )

"""PostgreSQL reads lists by state, pair and post off one index, as SQLite does off the table."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE INDEX facet_list ON facet (key, day, incident) "
            "INCLUDE (type, grp, status, standing, review, sources, open)"
        )

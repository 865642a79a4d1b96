"""Articles of an outlet found newest first; PostgreSQL knows enough words to tell rare ones from common ones.

Of a word that is in no statistics it takes every two-hundredth row to hold it, and then reads on by day until it has a page of
them: all of the table for a word that is nowhere.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("DROP INDEX article_outlet")
    op.execute("CREATE INDEX article_outlet ON article (outlet, pk)")
    if op.get_bind().dialect.name != "sqlite":
        for table in ("incident_text", "article_text"):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN words SET STATISTICS 1000")

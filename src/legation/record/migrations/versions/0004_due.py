"""Terms that ran out, found by their day."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("CREATE INDEX IF NOT EXISTS item_due ON item (state, due)")

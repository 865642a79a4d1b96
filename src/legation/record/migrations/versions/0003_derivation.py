"""By which rules a record was derived; the index of vague mentions by series first."""

from alembic import op

from legation.record.tables import metadata

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    metadata.create_all(op.get_bind())  # those that are missing
    op.execute("DROP INDEX IF EXISTS event_vague")
    op.execute("CREATE INDEX event_vague ON event (series, core, lo, hi)")

"""Accounts, sessions, watches and their outbox."""

from alembic import op
from sqlalchemy import Text

from legation.record.desk_tables import metadata

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    bind = op.get_bind()
    metadata.create_all(bind)
    if bind.dialect.name != "sqlite":
        for table in metadata.tables.values():
            for column in table.columns:
                if isinstance(column.type, Text):
                    op.execute(f'ALTER TABLE "{table.name}" ALTER COLUMN "{column.name}" TYPE text COLLATE "C"')

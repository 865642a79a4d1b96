"""The first tables of a record."""

from alembic import op
from sqlalchemy import Text

from legation.record.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    bind = op.get_bind()
    metadata.create_all(bind)
    if bind.dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE incident_text USING fts5(words, facets, tokenize='porter unicode61 remove_diacritics 2')"
        )
        op.execute(
            "CREATE VIRTUAL TABLE article_text USING fts5(title, text, content='article', content_rowid='pk', "
            "tokenize='porter unicode61 remove_diacritics 2')"
        )
    else:
        for table in metadata.tables.values():
            for column in table.columns:
                if isinstance(column.type, Text):
                    op.execute(f'ALTER TABLE "{table.name}" ALTER COLUMN "{column.name}" TYPE text COLLATE "C"')
        op.execute("CREATE TABLE incident_text (pk bigint PRIMARY KEY, day integer NOT NULL, words tsvector NOT NULL)")
        op.execute("CREATE INDEX incident_text_words ON incident_text USING gin (words)")
        op.execute("CREATE INDEX incident_text_day ON incident_text (day, pk)")
        op.execute(
            "CREATE INDEX article_text ON article USING gin (to_tsvector('english', coalesce(title, '') || ' ' || text))"
        )

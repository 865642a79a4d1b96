"""Answers found by incident without a look at each mention; vague mentions indexed without the others; PostgreSQL keeps the words of
articles, as SQLite does, instead of making them again from the text of each article that it looks at."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP INDEX event_incident")
    op.execute("CREATE INDEX event_incident ON event (incident, answers)")
    op.execute("DROP INDEX event_vague")
    op.execute(f"CREATE INDEX event_vague ON event (series, lo, hi) WHERE core IS {0 if sqlite else False}")
    if not sqlite:
        op.execute("DROP INDEX article_text")
        op.execute("CREATE TABLE article_text (pk bigint PRIMARY KEY, words tsvector NOT NULL)")
        op.execute(
            "INSERT INTO article_text(pk, words) "
            "SELECT pk, to_tsvector('english', coalesce(title, '') || ' ' || text) FROM article"
        )
        op.execute("CREATE INDEX article_text_words ON article_text USING gin (words)")

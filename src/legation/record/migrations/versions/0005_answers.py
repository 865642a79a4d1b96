"""Answers found by incident without a look at each mention; the index of vague mentions without the others."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    core = "core IS 0" if op.get_bind().dialect.name == "sqlite" else "core IS false"
    op.execute("DROP INDEX event_incident")
    op.execute("CREATE INDEX event_incident ON event (incident, answers)")
    op.execute("DROP INDEX event_vague")
    op.execute(f"CREATE INDEX event_vague ON event (series, lo, hi) WHERE {core}")

"""What facets count of an incident in a narrow row of its own; links between incidents read off indexes alone."""

from alembic import op

from legation.record.tables import metadata

revision = "0008"
down_revision = "0007"

_TARGET = "(SELECT substr(key, 8) FROM facet WHERE facet.incident = incident.pk AND key BETWEEN 'target AAA' AND 'target ZZZ')"
_STATES = (
    f"CASE WHEN {one} BETWEEN 'AAA' AND 'ZZZ' THEN replace({one}, '|', ' ') ELSE '' END"
    for one in ("receiving", "sending", _TARGET)
)
_FIELDS = " || '|' || ".join(("type", "grp", "status", "standing", *_STATES))


def upgrade() -> None:
    bind = op.get_bind()
    metadata.tables["counted"].create(bind, checkfirst=True)
    op.execute(f"INSERT INTO counted(incident, fields) SELECT pk, {_FIELDS} FROM incident ORDER BY pk")
    op.execute("DROP INDEX event_incident")
    op.execute("DROP INDEX event_answers")
    wide, stated = "", ""
    if bind.dialect.name != "sqlite":
        op.execute('ALTER TABLE counted ALTER COLUMN fields TYPE text COLLATE "C"')
        op.execute("ALTER TABLE event DROP CONSTRAINT event_pkey")
        op.execute("ALTER TABLE event ADD PRIMARY KEY (pk) INCLUDE (incident)")
        wide, stated = "INCLUDE (pk, id)", "INCLUDE (incident, id)"
    op.execute(f"CREATE INDEX event_incident ON event (incident, answers) {wide}")
    op.execute(f"CREATE INDEX event_answers ON event (answers) {stated} WHERE answers IS NOT NULL")

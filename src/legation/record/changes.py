"""The log of changes, read: what appeared, changed or went."""

import msgspec
from sqlalchemy import Connection, select

from legation.record import queries
from legation.record.nouns import Change
from legation.record.tables import change, event, incident


def after(tx: Connection, since: int, limit: int) -> tuple[Change, ...]:
    """Changes after one (its number), in order."""
    rows = tx.execute(select(change).where(change.c.seq > since).order_by(change.c.seq).limit(limit)).all()
    pks = queries.pks_of(tx, (row.id for row in rows))
    now = queries.load(tx, list(pks.values()))
    gone = [row.id for row in rows if row.id not in pks]
    home = (
        select(event.c.id, incident.c.id)
        .join_from(event, incident, event.c.incident == incident.c.pk)
        .where(event.c.id.in_(gone))
    )
    into = dict(tx.execute(home).all()) if gone else {}
    return tuple(
        Change(
            seq=row.seq,
            at=row.at,
            id=row.id,
            kind=row.kind,
            fields=msgspec.json.decode(row.body),
            into=(into[row.id],) if row.id in into else (),
            incident=now[pks[row.id]] if row.id in pks else None,
        )
        for row in rows
    )

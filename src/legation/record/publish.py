"""Incidents of touched clusters built anew and written: the row, what lists find it by, the search, the log of changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, text

from legation.record import audit, days
from legation.record.build import MEASURES, Standings, build, keys, words
from legation.record.derive import chunks
from legation.record.nouns import Incident
from legation.record.rows import Row
from legation.record.tables import article, change, event, facet, incident

decode_incident = msgspec.json.Decoder(Incident).decode

_ROW = [event.c[n] for n in ("pk", "id", "body", "n", "answers", "relay", "words", "reasons", "core", "article")] + [
    article.c.id.label("article_id"),
    *(article.c[n] for n in ("outlet", "title", "published", "day", "credit", "copies")),
]


def rows_of(tx: Connection, incidents: Iterable[int]) -> dict[int, list[Row]]:
    """The mentions of incidents (pk)."""
    found: dict[int, list[Row]] = defaultdict(list)
    for some in chunks(sorted(incidents), 500):
        query = select(event.c.incident, *_ROW).join_from(event, article, event.c.article == article.c.pk)
        for pk, *row in tx.execute(query.where(event.c.incident.in_(some))):
            found[pk].append(Row(*row))
    return found


def publish(tx: Connection, pks: set[int], decided: Mapping[int, Standings]) -> int:
    """Write incidents (pk) anew; `decided` has the decisions on each, where there are any. Gives how many differ."""
    mentions = rows_of(tx, pks)
    before: dict[int, Incident] = {}
    for some in chunks(sorted(pks), 500):
        found = select(incident.c.pk, incident.c.body).where(incident.c.pk.in_(some))
        before |= {pk: decode_incident(body) for pk, body in tx.execute(found)}
    after = {pk: build(rows, decided.get(pk, Standings())) for pk, rows in mentions.items()}
    changed = sorted(pk for pk in pks if before.get(pk) != after.get(pk))
    if not changed:
        return 0
    _remove(tx, [pk for pk in changed if pk in before], before)
    seqs = _log(tx, [(before.get(pk), after.get(pk)) for pk in changed])
    kept = [(pk, after[pk], seq) for pk, seq in zip(changed, seqs, strict=True) if pk in after]
    if kept:
        _write(tx, kept, mentions)
    return len(changed)


def ordinal(one: Incident) -> int:
    """The day it stands at in lists; 0 when nothing is known of its time."""
    stretch = days.span(one.day)
    return stretch[0] if stretch else 0


def text_row(day: int, pk: int) -> int:
    """Row of the search index: rows in order of days, so that the newest hits come first without sorting."""
    return day << 32 | pk


def _write(tx: Connection, kept: Sequence[tuple[int, Incident, int]], mentions: Mapping[int, Sequence[Row]]) -> None:
    columns = ("id", "type", "severity", "status", "standing", "review", "sources", "open", "receiving", "sending", "count")
    small = ("type", "status", "standing", "review", "sources", "open")
    rows, facets, texts = [], [], []
    for pk, one, seq in kept:
        day = ordinal(one)
        rows.append(
            {name: getattr(one, name) for name in columns}
            | {"pk": pk, "grp": one.group, "day": day, "changed": seq, "answers": None}
            | {"side": one.actor.state if one.actor else None, "measure": one.group in MEASURES}
            | {"body": msgspec.json.encode(one).decode()}
        )
        found_by = keys(one)
        facets += [
            {"key": key, "day": day, "incident": pk, "grp": one.group} | {name: getattr(one, name) for name in small}
            for key in found_by
        ]
        terms = [one.type, one.group, one.status, one.standing, one.review, *found_by]
        texts.append({"row": text_row(day, pk), "words": words(mentions[pk]), "facets": " ".join(map(term, terms))})
    tx.execute(insert(incident), rows)
    if facets:
        tx.execute(insert(facet), facets)
    if tx.dialect.name == "sqlite":
        tx.execute(text("INSERT INTO incident_text(rowid, words, facets) VALUES (:row, :words, :facets)"), texts)
    else:
        tx.execute(
            text(
                "INSERT INTO incident_text(pk, day, words) VALUES "
                "(:row & 4294967295, :row >> 32, to_tsvector('english', :words) || to_tsvector('simple', :facets))"
            ),
            texts,
        )


def term(value: str) -> str:
    """A filter's value as one word of the search index."""
    return f"f{value.encode().hex()}0"


def _remove(tx: Connection, pks: Sequence[int], before: Mapping[int, Incident]) -> None:
    for some in chunks(pks, 500):
        tx.execute(delete(incident).where(incident.c.pk.in_(some)))
        tx.execute(delete(facet).where(facet.c.incident.in_(some)))
        if tx.dialect.name == "sqlite":
            rows = [{"row": text_row(ordinal(before[pk]), pk)} for pk in some]
            tx.execute(text("DELETE FROM incident_text WHERE rowid = :row"), rows)
        else:
            tx.execute(text("DELETE FROM incident_text WHERE pk = ANY(:pks)"), {"pks": list(some)})


def _log(tx: Connection, pairs: Sequence[tuple[Incident | None, Incident | None]]) -> list[int]:
    """An entry of the log of changes for each incident that is new, changed or gone; gives their numbers."""
    seq = tx.execute(select(func.max(change.c.seq))).scalar() or 0
    at = audit.now()
    rows = []
    for seq, (old, new) in enumerate(pairs, seq + 1):
        kind = "changed" if old and new else "new" if new else "gone"
        one = new or old
        assert one is not None
        rows.append({"seq": seq, "at": at, "id": one.id, "kind": kind, "body": msgspec.json.encode(_fields(old, new)).decode()})
    tx.execute(insert(change), rows)
    return [row["seq"] for row in rows]


def _fields(old: Incident | None, new: Incident | None) -> dict[str, tuple[Any, Any]]:
    """What differs: field → before and after."""
    if old is None or new is None:
        return {}
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in Incident.__struct_fields__)
    return {name: (before, after) for name, before, after in pairs if before != after}

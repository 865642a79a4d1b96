"""Incidents of touched clusters built anew and written: the row, what lists find it by, the search, the log of changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, text

from legation.record import audit, days
from legation.record.batch import chunks, update_rows
from legation.record.build import MEASURES, Standings, build, keys, side, words
from legation.record.identity import party_key
from legation.record.items import Changed, refresh
from legation.record.links import infer
from legation.record.nouns import Incident
from legation.record.rows import Row
from legation.record.tables import article, change, counted, event, facet, incident, outlet

OUTLET = "outlet "
"""Keys of the table `facet` that begin so name an outlet."""

_SUMS = ("articles", "incidents", "alone", "contested")

_CHANGED = select(incident.c.pk, incident.c.changed)

decode_incident = msgspec.json.Decoder(Incident).decode

_ROW = [event.c[n] for n in ("pk", "id", "body", "n", "answers", "relay", "words", "reasons", "core", "article")] + [
    article.c.id.label("article_id"),
    *(article.c[n] for n in ("outlet", "title", "published", "day", "credit", "copies")),
]
_answered = event.alias()


def rows_of(tx: Connection, incidents: Iterable[int]) -> dict[int, list[Row]]:
    """The mentions of incidents (pk)."""
    found: dict[int, list[Row]] = defaultdict(list)
    for some in chunks(sorted(incidents), 500):
        query = select(event.c.incident, *_ROW, _answered.c.body.label("answered_body"))
        query = query.join_from(event, article, event.c.article == article.c.pk)
        query = query.join(_answered, event.c.answers == _answered.c.pk, isouter=True)
        for pk, *row in tx.execute(query.where(event.c.incident.in_(some))):
            found[pk].append(Row(*row))
    return found


def publish(tx: Connection, pks: set[int], decided: Mapping[int, Standings], *, anew: bool = False) -> int:
    """Write incidents (pk) that differ, or with `anew` all; `decided` has the decisions on each, where there are any. Gives how
    many differ."""
    mentions = rows_of(tx, pks)
    before = load(tx, pks)
    after = {pk: build(rows, decided.get(pk, Standings())) for pk, rows in mentions.items()}
    changed = sorted(pk for pk in pks if before.get(pk) != after.get(pk))
    same = [pk for pk in after.keys() - changed if anew]
    stays = {pk: n for some in chunks(same, 500) for pk, n in tx.execute(_CHANGED.where(incident.c.pk.in_(some)))}
    _remove(tx, [pk for pk in (*changed, *same) if pk in before], before)
    numbers = _log(tx, [before[pk] for pk in changed if pk in before], [after[pk] for pk in changed if pk in after])
    kept = [(pk, after[pk], numbers[after[pk].id]) for pk in changed if pk in after]
    _write(tx, [*kept, *((pk, after[pk], stays[pk]) for pk in same)], mentions)
    touched = {pk: Changed(before.get(pk), after.get(pk), [r.words for r in mentions.get(pk, ())]) for pk in pks}
    infer(tx, [one for pk in pks for one in touched[pk][:2] if one])
    reopened = refresh(tx, touched)
    _log_open(tx, reopened)
    return len(changed)


def load(tx: Connection, pks: Iterable[int]) -> dict[int, Incident]:
    """Incidents by pk, as they are on the record, apart from their open items."""
    found: dict[int, Incident] = {}
    for some in chunks(sorted(pks), 500):
        rows = tx.execute(select(incident.c.pk, incident.c.body).where(incident.c.pk.in_(some)))
        found |= {pk: decode_incident(body) for pk, body in rows}
    return found


def ordinal(one: Incident) -> int:
    """The day it stands at in lists; 0 when nothing is known of its time."""
    stretch = days.span(one.day)
    return stretch[0] if stretch else 0


def text_row(day: int, pk: int) -> int:
    """Row of the search index: rows in order of days, so that the newest hits come first without sorting."""
    return day << 32 | pk


def _write(tx: Connection, kept: Sequence[tuple[int, Incident, int]], mentions: Mapping[int, Sequence[Row]]) -> None:
    if not kept:
        return
    same = ("id", "type", "severity", "status", "standing", "review", "sources", "receiving", "sending", "aggregate")
    counts = ("count", "count_low", "count_high")
    small = ("type", "status", "standing", "review", "sources")
    rows, facets, fields, texts = [], [], [], []
    for pk, one, seq in kept:
        day = ordinal(one)
        rows.append(
            {name: getattr(one, name) for name in (*same, *counts)}
            | {"pk": pk, "grp": one.group, "day": day, "changed": seq, "answers": None, "open": 0}
            | {"side": side(one)}
            | {"measure": one.group in MEASURES, "body": msgspec.json.encode(one).decode()}
        )
        found_by = (*keys(one), *sorted({f"{OUTLET}{row.outlet}" for row in mentions[pk] if row.outlet}))
        facets += [
            {"key": key, "day": day, "incident": pk, "grp": one.group, "open": 0} | {n: getattr(one, n) for n in small}
            for key in found_by
        ]
        fields.append({"incident": pk, "fields": counted_fields(one)})
        terms = [one.type, one.group, one.status, one.standing, one.review, *found_by]
        texts.append({"row": text_row(day, pk), "words": words(mentions[pk]), "facets": " ".join(map(term, terms))})
    tx.execute(insert(incident), rows)
    tx.execute(insert(counted), fields)
    if facets:
        tx.execute(insert(facet), facets)
        _count_outlets(tx, facets, 1)
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


def counted_fields(one: Incident) -> str:
    """What facets count, in the order of `Facets`, joined by "|"; of parties only states can be chosen, the others are left empty."""
    states = ((state or "").replace("|", " ") for state in (one.receiving, one.sending, party_key(one.target)))
    known = (state if "AAA" <= state <= "ZZZ" else "" for state in states)
    return "|".join((one.type, one.group, one.status, one.standing, *known))


def count_articles(tx: Connection, outlets: Iterable[str | None]) -> None:
    """Add articles to the sums of their outlets."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_SUMS, 0))
    for name in outlets:
        if name:
            sums[name]["articles"] += 1
    _add(tx, sums)


def _count_outlets(tx: Connection, facets: Iterable[Mapping[str, Any]], sign: int) -> None:
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_SUMS, 0))
    for row in facets:
        if row["key"].startswith(OUTLET):
            one = sums[str(row["key"]).removeprefix(OUTLET)]
            one["incidents"] += sign
            one["alone"] += sign * (row["sources"] == 1)
            one["contested"] += sign * (row["standing"] == "contested")
    _add(tx, sums)


def _add(tx: Connection, sums: Mapping[str, Mapping[str, int]]) -> None:
    if not sums:
        return
    there: set[str] = set()
    for some in chunks(sorted(sums), 500):
        there |= set(tx.execute(select(outlet.c.name).where(outlet.c.name.in_(some))).scalars())
    if new := [{"name": name} | dict.fromkeys(_SUMS, 0) for name in sorted(sums.keys() - there)]:
        tx.execute(insert(outlet), new)
    now = {
        row.name: row
        for some in chunks(sorted(sums), 500)
        for row in tx.execute(select(outlet).where(outlet.c.name.in_(some)))
    }
    rows = [
        {"name": name} | {column: getattr(now[name], column) + more for column, more in one.items()}
        for name, one in sorted(sums.items())
    ]
    update_rows(tx, outlet, ["name"], rows)


def _remove(tx: Connection, pks: Sequence[int], before: Mapping[int, Incident]) -> None:
    for some in chunks(pks, 500):
        tx.execute(delete(incident).where(incident.c.pk.in_(some)))
        gone = (facet.c.incident.in_(some)) & facet.c.key.between(OUTLET, OUTLET + "\U0010ffff")
        columns = (facet.c.key, facet.c.sources, facet.c.standing)
        _count_outlets(tx, [row._asdict() for row in tx.execute(select(*columns).where(gone))], -1)
        tx.execute(delete(facet).where(facet.c.incident.in_(some)))
        tx.execute(delete(counted).where(counted.c.incident.in_(some)))
        if tx.dialect.name == "sqlite":
            rows = [{"row": text_row(ordinal(before[pk]), pk)} for pk in some]
            tx.execute(text("DELETE FROM incident_text WHERE rowid = :row"), rows)
        else:
            tx.execute(text("DELETE FROM incident_text WHERE pk = ANY(:pks)"), {"pks": list(some)})


def _log(tx: Connection, before: Iterable[Incident], after: Iterable[Incident]) -> dict[str, int]:
    """An entry of the log of changes for each incident (by id) that is new, changed or gone; gives their numbers."""
    old, new = ({one.id: one for one in some} for some in (before, after))
    start = (tx.execute(select(func.max(change.c.seq))).scalar() or 0) + 1
    at = audit.now()
    rows: list[dict[str, Any]] = []
    for seq, id in enumerate(sorted(old.keys() | new.keys()), start):
        was, now = old.get(id), new.get(id)
        rejected = now is not None and now.review == "rejected"
        kind = "gone" if now is None or rejected else "changed" if was else "new"
        rows.append({"seq": seq, "at": at, "id": id, "kind": kind, "body": _json(_fields(was, now))})
    if rows:
        tx.execute(insert(change), rows)
    return {row["id"]: row["seq"] for row in rows}


def _log_open(tx: Connection, pks: Iterable[int]) -> None:
    """An entry for each incident (pk) of which only the open items changed."""
    start = (tx.execute(select(func.max(change.c.seq))).scalar() or 0) + 1
    at = audit.now()
    found = [row for some in chunks(sorted(pks), 500) for row in _ids_open(tx, some)]
    rows = [
        {"seq": seq, "at": at, "id": id, "kind": "changed", "body": _json({"open": [None, count]})}
        for seq, (id, count) in enumerate(sorted(found), start)
    ]
    if rows:
        tx.execute(insert(change), rows)
    update_rows(tx, incident, ["id"], [{"id": row["id"], "changed": row["seq"]} for row in rows])


def _ids_open(tx: Connection, pks: Sequence[int]) -> list[tuple[str, int]]:
    found = tx.execute(select(incident.c.id, incident.c.open).where(incident.c.pk.in_(pks)))
    return [(id, count) for id, count in found]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _fields(old: Incident | None, new: Incident | None) -> dict[str, tuple[Any, Any]]:
    """What differs: field → before and after; nothing for what is new, for what is gone all that it was."""
    if old is None:
        return {}
    if new is None:
        return {name: (getattr(old, name), None) for name in Incident.__struct_fields__}
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in Incident.__struct_fields__)
    return {name: (before, after) for name, before, after in pairs if before != after}

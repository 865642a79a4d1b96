"""What people decided, laid over what was read: the latest word wins, and each decision is undone by one entry.

A decision names mentions (`mentions.present` finds them again after a re-reading).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from legation.ontology import types
from legation.record import audit, days, keep
from legation.record.batch import chunks, update_rows
from legation.record.build import Decided, Standings
from legation.record.clusters import Cuts
from legation.record.derive import Touched, fetch_in
from legation.record.mentions import Anchor, present
from legation.record.nouns import Decision
from legation.record.store import RecordError
from legation.record.tables import anchor, decision, event

ACTIONS = ("confirm", "correct", "reject", "merge", "split", "annotate")

FIELDS = (
    *("type", "status", "host", "city", "date", "count", "claimant.state", "claimant.name"),
    *(f"{role}.{part}" for role in ("actor", "target") for part in ("state", "kind", "name")),
)
"""What `correct` can set; None where a value is to be unknown."""


def check(field: str, value: Any) -> Any:
    """A value as the field takes it ("5" → 5 for a count), or RecordError."""
    if field not in FIELDS:
        raise RecordError(f"field {field!r}: cannot be corrected; there are {', '.join(FIELDS)}")
    if field == "count" and isinstance(value, str) and value.isdigit():
        value = int(value)
    if field == "date" and value and not days.span(value) and not days.month_day(value):
        raise RecordError(f"date {value!r}: is no EDTF date; write 2018-03-14, 2018-03, 2018 or XXXX-03-14")
    if field == "type" and value not in types():
        raise RecordError(f"type {value!r}: there is none; there are {', '.join(types())}")
    if field.endswith(".state") or field == "host":
        value = value.upper() if value else None
    return value


def anchors_of(tx: Connection, articles: Iterable[int]) -> dict[int, list[Anchor]]:
    """The decisions in force on the mentions of articles (pk)."""
    found: dict[int, list[Anchor]] = defaultdict(list)
    columns = (anchor.c.article, anchor.c.decision, decision.c.action, decision.c.detail, anchor.c.event, anchor.c.body)
    for some in chunks(sorted(set(articles)), 500):
        query = (
            select(*columns).join_from(anchor, decision).where(anchor.c.article.in_(some), decision.c.undone.is_(None))
        )
        for pk, seq, action, detail, id, body in tx.execute(query):
            found[pk].append(Anchor(seq, action, msgspec.json.decode(detail), id, body))
    return found


def apply(tx: Connection, articles: Iterable[int], *, anew: bool = False) -> Touched:
    """Bring the mentions of articles (pk) in line with their readings and the decisions in force; `anew`: also those that are."""
    wanted = sorted(set(articles))
    touched = Touched()
    anchored = anchors_of(tx, wanted)
    for some in chunks(wanted, 200):
        rows: dict[int, dict[str, Any]] = defaultdict(dict)
        bodies = {}
        columns = [event.c[name] for name in ("article", "id", "pk", "body", "n", "answers")]
        for pk, id, *row in tx.execute(select(*columns).where(event.c.article.in_(some))):
            rows[pk][id] = row
        for pk, id, one in keep.readings(tx, some):
            bodies[pk] = (one, *present(id, one, anchored[pk]))
        changes, gone, fresh = [], [], []
        for pk, (one, mentions, now) in bodies.items():
            for (seq, old), name in now.items():
                which = (anchor.c.decision == seq) & (anchor.c.event == old)
                tx.execute(update(anchor).where(which, anchor.c.now != name).values(now=name))
            pks = {m.n: rows[pk][m.id][0] for m in mentions if m.id in rows[pk]}
            for m in mentions:
                if m.id in rows[pk]:
                    new = keep.columns(m.event, one, pks, m.n) | {"n": m.n}
                    _, body, n, answers = rows[pk][m.id]
                    if anew or (body, n, answers) != (new["body"], m.n, new["answers"]):
                        changes.append(new | {"pk": pks[m.n]})
            gone += [row[0] for name, row in rows[pk].items() if name not in {m.id for m in mentions}]
            if absent := [m for m in mentions if m.id not in rows[pk]]:
                fresh.append(keep.Mentions(pk, one, absent, pks))
        differ = [*gone, *(change["pk"] for change in changes)]
        before = fetch_in(tx, event.c.pk, differ)
        touched.gone += before
        touched.incidents |= {m.incident for m in fetch_in(tx, event.c.answers, differ)}
        update_rows(tx, event, ["pk"], changes)
        keep.remove(tx, gone)
        touched.new |= {change["pk"] for change in changes} | keep.add_events(tx, fresh)
        touched.incidents |= {m.incident for m in before}
    return touched


def constraints(tx: Connection) -> tuple[Cuts, list[list[int]]]:
    """What people parted (by id) and joined (pk): a later decision wins over an earlier one."""
    parts: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    actions: dict[int, str] = {}
    query = select(decision.c.seq, decision.c.action, anchor.c.part, anchor.c.now).join_from(anchor, decision)
    query = query.where(decision.c.action.in_(("merge", "split")), decision.c.undone.is_(None)).order_by(decision.c.seq)
    for seq, action, part, id in tx.execute(query):
        parts[seq][part].add(id)
        actions[seq] = action
    links: list[set[str]] = []
    cuts: Cuts = defaultdict(set)
    for seq, sides in parts.items():
        if actions[seq] == "merge":
            joined = set().union(*sides.values())
            links.append(joined)
            for one in joined & cuts.keys():
                cuts[one] -= joined
        else:
            out, rest = sides[1], sides[0]
            links = [
                part for link in links for part in ([link - out, link & out] if link & out and link & rest else [link])
            ]
            links.append(out)
            for one in out:
                cuts[one] |= rest
            for one in rest:
                cuts[one] |= out
    pks: dict[str, int] = {}
    for some in chunks(sorted(set().union(*links)), 500):
        pks |= dict(tx.execute(select(event.c.id, event.c.pk).where(event.c.id.in_(some))).all())
    return {one: apart for one, apart in cuts.items() if apart}, [
        [pks[i] for i in sorted(link) if i in pks] for link in links
    ]


def standings(tx: Connection, mentions: Mapping[int, Iterable[str]]) -> dict[int, Standings]:
    """The decisions on incidents (pk), by the ids of their mentions."""
    home = {id: pk for pk, ids in mentions.items() for id in ids}
    corrections: dict[int, list[Decided]] = defaultdict(list)
    latest: dict[str, tuple[int, str]] = {}
    query = select(decision.c.seq, decision.c.action, decision.c.detail, anchor.c.now).join_from(anchor, decision)
    query = query.where(decision.c.undone.is_(None))
    for some in chunks(sorted(home), 500):
        for seq, action, detail, id in tx.execute(query.where(anchor.c.now.in_(some))):
            if action == "correct":
                what = msgspec.json.decode(detail)
                corrections[home[id]].append(Decided(id, what["field"], what["value"], seq))
            elif action in ("confirm", "reject") and seq > latest.get(id, (0, ""))[0]:
                latest[id] = (seq, action)
    judged: dict[int, dict[str, set[str]]] = defaultdict(lambda: {"confirm": set(), "reject": set()})
    for id, (_, action) in latest.items():
        judged[home[id]][action].add(id)
    return {
        pk: Standings(tuple(corrections.get(pk, ())), frozenset(judged[pk]["confirm"]), frozenset(judged[pk]["reject"]))
        for pk in corrections.keys() | judged.keys()
    }


def any_decision(tx: Connection) -> bool:
    """Whether there is any; without one nothing needs to be looked up."""
    return tx.execute(select(decision.c.seq).limit(1)).first() is not None


def decide(
    tx: Connection, action: str, sides: Mapping[int, Iterable[str]], detail: Mapping[str, Any], author: str, reason: str
) -> int:
    """Write a decision on mentions (ids, by part), with its audit entry; gives its number."""
    ids = {id: part for part, some in sides.items() for id in some}
    found: dict[str, tuple[int, str]] = {}
    for some in chunks(sorted(ids), 500):
        columns = (event.c.id, event.c.article, event.c.body)
        found |= {id: (pk, body) for id, pk, body in tx.execute(select(*columns).where(event.c.id.in_(some)))}
    if missing := ids.keys() - found.keys():
        raise RecordError(
            f"mention {sorted(missing)[0]}: is not on the record; `legation show` lists an incident's mentions"
        )
    told = dict(detail) | {"mentions": {str(part): sorted(some) for part, some in sides.items()}}
    entry = audit.append(tx, author=author, action=action, detail=told | {"reason": reason})
    head = {"seq": entry.seq, "at": entry.at, "author": author, "action": action, "reason": reason}
    tx.execute(insert(decision), head | {"detail": msgspec.json.encode(dict(detail), order="sorted").decode()})
    rows = [
        {"decision": entry.seq, "event": id, "now": id, "part": part, "article": found[id][0], "body": found[id][1]}
        for id, part in sorted(ids.items())
    ]
    tx.execute(insert(anchor), rows)
    return entry.seq


def undo(tx: Connection, seq: int, author: str, reason: str) -> list[int]:
    """Take back a decision; gives the articles (pk) it was about."""
    found = tx.execute(select(decision.c.undone, decision.c.action).where(decision.c.seq == seq)).first()
    if found is None:
        raise RecordError(f"decision {seq}: there is none; `legation show INCIDENT` lists those on an incident")
    if found.undone is not None:
        raise RecordError(f"decision {seq}: was undone already, by entry {found.undone}")
    entry = audit.append(tx, author=author, action="undo", detail={"decision": seq, "reason": reason})
    tx.execute(update(decision).where(decision.c.seq == seq).values(undone=entry.seq))
    return list(tx.execute(select(anchor.c.article).distinct().where(anchor.c.decision == seq)).scalars())


def on_mentions(tx: Connection, mentions: Mapping[int, Sequence[str]]) -> dict[int, tuple[Decision, ...]]:
    """All decisions on incidents (pk), by the ids of their mentions, undone ones too, in order."""
    home = {id: pk for pk, ids in mentions.items() for id in ids}
    about: dict[int, set[int]] = defaultdict(set)
    for some in chunks(sorted(home), 500):
        for seq, id in tx.execute(select(anchor.c.decision, anchor.c.now).where(anchor.c.now.in_(some))):
            about[home[id]].add(seq)
    found = {one.seq: one for one in decisions(tx, sorted(set().union(*about.values())))}
    return {pk: tuple(found[seq] for seq in sorted(seqs)) for pk, seqs in about.items()}


def decisions(tx: Connection, seqs: Sequence[int] | None = None) -> list[Decision]:
    """Decisions by number, all when none is given, in order."""
    query = select(decision).order_by(decision.c.seq)
    which = select(anchor.c.decision, anchor.c.event).order_by(anchor.c.event)
    if seqs is not None:
        query, which = query.where(decision.c.seq.in_(seqs)), which.where(anchor.c.decision.in_(seqs))
    about: dict[int, list[str]] = defaultdict(list)
    for seq, id in tx.execute(which):
        about[seq].append(id)
    return [
        Decision(
            seq=row.seq,
            at=row.at,
            author=row.author,
            action=row.action,
            reason=row.reason,
            detail=msgspec.json.decode(row.detail),
            mentions=tuple(about[row.seq]),
            undone=row.undone,
        )
        for row in tx.execute(query)
    ]

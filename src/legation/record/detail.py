"""All about one incident: mentions, values, claims, the tree of sources, duties, links, what waits, what people decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select, union_all

from legation.ontology import types
from legation.record import days, decisions
from legation.record.batch import among, chunks
from legation.record.build import FIELDS, Standings, values
from legation.record.identity import party_key
from legation.record.items import rules
from legation.record.keep import readings
from legation.record.links import stated_answers, stated_links
from legation.record.mentions import present, same_words
from legation.record.nouns import (
    Claim,
    Copy,
    Detail,
    DutyAtStake,
    Incident,
    Item,
    Link,
    Mention,
    Reason,
    Source,
)
from legation.record.publish import rows_of
from legation.record.queries import load
from legation.record.rows import Row, decode_event
from legation.record.sources import by_source, origins, owner
from legation.record.store import RecordError
from legation.record.tables import article, event, former, incident, item
from legation.schema import Event, Statement

_reasons = msgspec.json.Decoder(tuple[Reason, ...]).decode


class Said(Statement, frozen=True, kw_only=True):
    """A statement as stored with the mention it tells of."""

    quote: str = ""


_said = msgspec.json.Decoder(Said).decode


def find(tx: Connection, id: str) -> int:
    """The incident (pk) of the id of any of its mentions, past ones too; the start of an id will do if only one begins so."""
    low, high = id, id + "\U0010ffff"
    c = event.c
    found = tx.execute(select(c.incident).distinct().where(c.id.between(low, high)).limit(2)).scalars().all()
    if not found and (past := tx.execute(select(former).where(former.c.id == id)).first()):
        rows = tx.execute(select(c.body, c.incident).where(c.article == past.article).order_by(c.n)).all()
        now = same_words(decode_event(past.body), [decode_event(row.body) for row in rows])
        found = [rows[now].incident] if now is not None else []
    if len(found) != 1:
        problem = (
            "several begin so; give more of it" if found else "is not on the record; `legation list` shows what is"
        )
        raise RecordError(f"incident {id}: {problem}")
    return int(found[0])


def detail(tx: Connection, id: str) -> Detail:
    """All about the incident of a mention."""
    return details(tx, [find(tx, id)])[0]


def details(tx: Connection, pks: Sequence[int]) -> list[Detail]:
    """All about some incidents (pk), in their order."""
    rows = {pk: sorted(found, key=lambda row: row.order) for pk, found in rows_of(tx, pks).items()}
    ones = load(tx, list(pks))
    ids = {pk: [row.id for row in found] for pk, found in rows.items()}
    decided = decisions.standings(tx, ids) if decisions.any_decision(tx) else {}
    made = decisions.on_mentions(tx, ids) if decisions.any_decision(tx) else {}
    everything = [row for found in rows.values() for row in found]
    read, said, texts = _read(tx, everything, decided), _statements(tx, everything), _fingerprints(tx, everything)
    answers, answered_by = links_of(tx, ones)
    waits: dict[str, list[Item]] = defaultdict(list)
    for some in chunks(sorted(pks), 500):
        for waiting in items_of(tx, item.c.incident.in_(some)):
            waits[waiting.incident].append(waiting)
    by_answer, by_answered = defaultdict(list), defaultdict(list)
    for one_link in answers:
        by_answer[one_link.answer.id].append(one_link)
    for one_link in answered_by:
        by_answered[one_link.answered.id].append(one_link)
    result = []
    for pk in pks:
        one = ones[pk]
        given = values(rows[pk], decided.get(pk, Standings()), origins(rows[pk]))
        result.append(
            Detail(
                incident=one,
                mentions=tuple(_mention(row, read.get(row.id)) for row in rows[pk]),
                values=given,
                unknown=tuple(field for field in FIELDS if field not in given),
                ladder=_ladder(rows[pk]),
                claims=tuple(_claim(row, said.get(row.pk)) for row in rows[pk]),
                sources=_sources(rows[pk], texts),
                duties=_duties(one, rows[pk]),
                answers=tuple(by_answer[one.id]),
                answered_by=tuple(by_answered[one.id]),
                items=tuple(waits[one.id]),
                decisions=made.get(pk, ()),
            )
        )
    return result


def _read(tx: Connection, rows: Sequence[Row], decided: Mapping[int, Standings]) -> dict[str, Event]:
    """What the reader gave for mentions that people corrected, and for all others of their articles."""
    corrected = {d.mention for one in decided.values() for d in one.corrections}
    articles = {row.article for row in rows if row.id in corrected}
    return {m.id: m.event for _, id, one in readings(tx, articles) for m in present(id, one)[0]}


def _mention(row: Row, read: Event | None) -> Mention:
    return Mention(
        id=row.id,
        article=row.article_id,
        outlet=row.outlet,
        title=row.title,
        published=row.published,
        event=row.event,
        read=read if read != row.event else None,
        kept=row.n < 0,
        reasons=_reasons(row.reasons),
    )


def _ladder(rows: Sequence[Row]) -> tuple[tuple[Any, str | None], ...]:
    first: dict[Any, str | None] = {}
    for row in rows:
        first.setdefault(row.event.status, row.published)
    return tuple(first.items())


def _statements(tx: Connection, rows: Sequence[Row]) -> dict[int, Said]:
    """The statement that tells of each mention (pk), where one does."""
    found: dict[int, Said] = {}
    for some in chunks([row.pk for row in rows], 500):
        query = select(event.c.pk, event.c.said).where(event.c.pk.in_(some), event.c.said.is_not(None))
        found |= {pk: _said(text) for pk, text in tx.execute(query)}
    return found


def _claim(row: Row, statement: Said | None) -> Claim:
    now = row.event
    speaker, claimant = statement.speaker if statement else None, now.claimant
    said_by = [who for who in (claimant, speaker) if who]
    name = next((who.name for who in said_by if who.name), None)
    state = next((who.state for who in said_by if who.state), None)
    by_outlet = now.status not in ("claimed", "denied") and speaker is None
    return Claim(
        mention=row.id,
        article=row.article_id,
        outlet=row.outlet,
        side=None if by_outlet else state or name,
        name=name,
        role=speaker.role if speaker else None,
        stance="denies" if now.status == "denied" else statement.stance if statement else "asserts",
        relayed_by=statement.relayed_by if statement else row.credit,
        day=row.published,
        span=statement.content if statement else (now.evidence.start, now.evidence.end),
        quote=statement.quote if statement else now.evidence.text,
    )


def _fingerprints(tx: Connection, rows: Sequence[Row]) -> dict[int, set[str]]:
    """The sentences of each article (pk), as hashes."""
    found: dict[int, set[str]] = {}
    for some in chunks(sorted({row.article for row in rows}), 500):
        query = select(article.c.pk, article.c.sentences).where(article.c.pk.in_(some))
        found |= {pk: set(text.split()) for pk, text in tx.execute(query)}
    return found


def _sources(rows: Sequence[Row], fingerprints: Mapping[int, set[str]]) -> tuple[Source, ...]:
    """The tree behind the count of independent sources."""
    result = []
    for group in by_source(rows):
        articles = list({row.article: row for row in reversed(group)}.values())[::-1]
        first: dict[int, Row] = {}
        copies = []
        for row in articles:
            original = first.setdefault(row.copies, row)
            mine, theirs = fingerprints[row.article], fingerprints[original.article]
            copies.append(
                Copy(
                    article=row.article_id,
                    outlet=row.outlet,
                    title=row.title,
                    published=row.published,
                    of=original.article_id if original is not row else None,
                    adds=len(mine - theirs),
                    drops=len(theirs - mine),
                )
            )
        agencies = sorted({agency for row in group if (agency := row.relay or row.credit)})
        because = [f"credits {agency}" for agency in agencies] if len(articles) > 1 else []
        if len(first) < len(articles):
            because.append("near-duplicate text")
        owners = {owner(row.outlet) for row in articles if row.outlet}
        if len(owners) == 1 and len({row.outlet for row in articles}) > 1:
            because.append(f"one owner: {owners.pop()}")
        label = agencies[0] if agencies else articles[0].outlet or articles[0].article_id
        result.append(Source(label=label, because=tuple(because), articles=tuple(copies)))
    return tuple(result)


def _duties(one: Incident, rows: Sequence[Row]) -> tuple[DutyAtStake, ...]:
    from legation.law import basis

    found: dict[tuple[str, Any, str | None], list[str]] = defaultdict(list)
    for row in rows:
        for duty in row.event.duties:
            if duty.relation != "none":
                found[duty.duty, duty.relation, duty.holder].append(row.id)
    result = []
    for (id, relation, holder), mentions in found.items():
        toward = next((side for side in (one.sending, one.receiving) if side and side != holder), None)
        rests = basis(id, (holder, toward), one.date or one.day)
        law = {"treaty": "treaty", "custom": "customary law", "none": "none", None: "unknown"}[rests]
        because = {
            "treaty": f"{holder} and {toward} were both bound on {one.date or one.day}",
            "customary law": f"{holder} or {toward} was not bound by the treaty on {one.date or one.day}",
            "none": "the treaty is not in force and does not state customary law",
            "unknown": "it is not known which states are concerned, or whether both were bound on the date",
        }[law]
        result.append(
            DutyAtStake(
                duty=id,
                relation=relation,
                holder=holder,
                toward=toward,
                law=law,  # type: ignore[arg-type]
                because=because,
                mentions=tuple(mentions),
            )
        )
    return tuple(sorted(result, key=lambda d: (-len(d.mentions), d.duty, d.relation, d.holder or "")))


def links_of(tx: Connection, some: Mapping[int, Incident]) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """What incidents (pk) answer, and what answers them: stated links and inferred ones."""
    stated = stated_links(tx, some) | stated_answers(tx, some)
    pairs: dict[tuple[int, int], list[str]] = dict(stated)
    for part in chunks(sorted(some), 500):
        # each by its own index: "or", "is not null" would read all answers
        query = select(incident.c.pk, incident.c.answers)
        both = union_all(*(query.where(among(tx, column, part)) for column in (incident.c.pk, incident.c.answers)))
        for pk, answered in tx.execute(both).all():
            if answered is not None:
                pairs.setdefault((pk, answered), [])
    ends = {**some, **load(tx, sorted({pk for pair in pairs for pk in pair} - some.keys()))}
    links = {
        pair: link(ends[pair[0]], ends[pair[1]], mentions)
        for pair, mentions in pairs.items()
        if ends.keys() >= set(pair)
    }
    ordered = sorted(links.items(), key=lambda each: (each[1].answer.day or "", each[1].answer.id, each[1].answered.id))
    return (
        tuple(one for (answer, _), one in ordered if answer in some),
        tuple(one for (_, answered), one in ordered if answered in some),
    )


def link(answer: Incident, answered: Incident, mentions: Iterable[str]) -> Link:
    """A link with its delay, in kind or not. In kind: the same type with the two states exchanged."""
    ids = tuple(mentions)
    one, two = days.span(answer.date), days.span(answered.date)
    delay = (max(0, one[0] - two[1]), max(0, one[1] - two[0])) if one and two else None
    by, to = party_key(answer.actor), party_key(answered.actor)
    label = types()[answered.type].label.casefold()
    exchanged = (answer.receiving, answer.sending) == (answered.sending, answered.receiving) != (None, None)
    return Link(
        answer=answer,
        answered=answered,
        explicit=bool(ids),
        in_kind=answer.type == answered.type and exchanged,
        delay=delay,
        mentions=ids,
        because=(f"{len(ids)} accounts say so" if len(ids) > 1 else "an account says so")
        if ids
        else f"the next measure of {by} after the {label} by {to}",
    )


def items_of(tx: Connection, *where: Any, limit: int | None = None) -> tuple[Item, ...]:
    """Items by a condition, the oldest first."""
    query = select(item).where(*where).order_by(item.c.opened, item.c.incident, item.c.rule)
    rows = tx.execute(query.limit(limit) if limit else query).all()
    ends = load(tx, sorted({pk for row in rows for pk in (row.incident, row.closer) if pk}))
    result = []
    for row in rows:
        one, closer = ends[row.incident], ends.get(row.closer) if row.closer else None
        result.append(
            Item(
                incident=one.id,
                kind=rules()[row.rule].kind,
                holder=row.holder,
                toward=row.toward,
                what=one.headline,
                opened=days.iso(row.opened),
                due=days.iso(row.due),
                state=row.state,
                closer=closer.id if closer else None,
                because=f"{closer.headline}, {closer.date or 'undated'}" if closer else None,
            )
        )
    return tuple(result)

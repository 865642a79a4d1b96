"""Readings into the tables: articles once, every reading kept, mentions placed, copies found. No clustering here."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, text, update

from legation.record import audit, copies, days
from legation.record.batch import chunks, update_rows
from legation.record.derive import Touched
from legation.record.identity import article_id, place
from legation.record.mentions import Present, present
from legation.record.publish import count_articles
from legation.record.score import account
from legation.record.sources import Groups
from legation.record.tables import article, band, event, former, origin, reading
from legation.schema import Event, Reading, Statement

Versions = Mapping[str, str]
"""Of reader, ontology and model."""

_WORDS_AROUND = 300
"""Code points of the sentence around the evidence that are kept to each side for the search."""


_QUOTE = 300

decode_reading = msgspec.json.Decoder(Reading).decode


class Kept(NamedTuple):
    """What `keep` did: articles that are new, events of theirs, and what they touch."""

    new: int
    events: int
    touched: Touched


def keep(tx: Connection, readings: Sequence[Reading], versions: Versions, author: str) -> Kept:
    """Add readings; those of articles already there leave only a further place where they were found."""
    wanted: dict[str, list[Reading]] = defaultdict(list)
    for one in readings:
        wanted[article_id(one.id, one.outlet, one.published, one.title)].append(_storable(one))
    known = known_articles(tx, wanted)
    fresh = {id: same[0] for id, same in wanted.items() if id not in known}
    at = audit.now()
    touched = Touched()
    events = 0
    if fresh:
        texts = {
            id: msgspec.json.encode(msgspec.structs.replace(one, text="", source="")).decode()
            for id, one in fresh.items()
        }
        seal = digest((id, audit.sha(one.text), audit.sha(texts[id])) for id, one in fresh.items())
        entry = audit.append(tx, author=author, action="read", detail={"articles": len(fresh), "digest": seal})
        start = (tx.execute(select(func.max(article.c.pk))).scalar() or 0) + 1
        pks = {id: start + i for i, id in enumerate(fresh)}
        sketches = {
            pks[id]: copies.sketch(one.text, one.boilerplate) for id, one in fresh.items() if one.relevant or one.events
        }
        groups, bridged = _find_copies(tx, sketches)
        rows = [
            _article(one, id, pks[id], sketches.get(pks[id]), groups, versions, at, entry.seq)
            for id, one in fresh.items()
        ]
        tx.execute(insert(article), rows)
        stored = {"entry": entry.seq, "versions": encode(versions)}
        tx.execute(
            insert(reading),
            [{"article": pks[id], "digest": audit.sha(texts[id]), "body": texts[id], **stored} for id in fresh],
        )
        known |= pks
        mentions = add_events(tx, [Mentions(pks[id], one, present(id, one)[0], {}) for id, one in fresh.items()])
        touched.new |= mentions
        events = len(mentions)
        touched.incidents |= _regroup(tx, groups, bridged)
        index_text(tx, start)
        count_articles(tx, [one.outlet for one in fresh.values()])
    _add_origins(tx, {known[id]: [one.source for one in same] for id, same in wanted.items()}, at)
    return Kept(len(fresh), events, touched)


def replace(tx: Connection, again: Sequence[Reading], versions: Versions, author: str) -> set[int]:
    """Put new readings in place of those of articles on the record; gives the articles (pk) read differently."""
    wanted = {article_id(one.id, one.outlet, one.published, one.title): _storable(one) for one in again}
    known = known_articles(tx, wanted)
    now = dict(
        tx.execute(
            select(article.c.pk, reading.c.digest)
            .join_from(article, reading, (reading.c.article == article.c.pk) & (reading.c.entry == article.c.entry))
            .where(article.c.pk.in_(list(known.values())))
        ).all()
    )
    bodies = {known[id]: (id, wanted[id], _body(wanted[id])) for id in known}
    if not bodies:
        return set()
    seal = digest((id, audit.sha(one.text), audit.sha(body)) for id, one, body in bodies.values())
    entry = audit.append(tx, author=author, action="reread", detail={"articles": len(bodies), "digest": seal})
    same = {"entry": entry.seq, "versions": encode(versions)}
    rows = [{"article": pk, "digest": audit.sha(body), "body": body, **same} for pk, (_, _, body) in bodies.items()]
    tx.execute(insert(reading), rows)
    stamp = same | {"read_at": entry.at}
    update_rows(
        tx, article, ["pk"], [{"pk": pk, "relevant": one.relevant, **stamp} for pk, (_, one, _) in bodies.items()]
    )
    return {pk for pk, (_, _, body) in bodies.items() if audit.sha(body) != now[pk]}


def known_articles(tx: Connection, ids: Iterable[str]) -> dict[str, int]:
    """The pk of each article that is on the record."""
    found: dict[str, int] = {}
    for some in chunks(list(ids), 500):
        found |= dict(tx.execute(select(article.c.id, article.c.pk).where(article.c.id.in_(some))).all())
    return found


class Mentions(NamedTuple):
    """Mentions of an article (pk) to be added; `others` are those it has already: index → pk."""

    article: int
    reading: Reading
    mentions: Sequence[Present]
    others: Mapping[int, int]


def add_events(tx: Connection, articles: Iterable[Mentions]) -> set[int]:
    """Insert mentions, not yet clustered; gives their pks."""
    pk = tx.execute(select(func.max(event.c.pk))).scalar() or 0
    rows: list[dict[str, Any]] = []
    for article_pk, one, mentions, others in articles:
        pks = dict(others) | {m.n: pk + 1 + i for i, m in enumerate(mentions)}
        pk += len(mentions)
        for m in mentions:
            own = {"pk": pks[m.n], "id": m.id, "article": article_pk, "n": m.n}
            start = {"cluster": own["pk"], "incident": own["pk"], "attached": False, "reasons": "[]"}
            rows.append(columns(m.event, one, pks, m.n) | own | start)
    if rows:
        tx.execute(insert(event), rows)
    return {row["pk"] for row in rows}


def remove(tx: Connection, pks: Sequence[int]) -> None:
    """Delete mentions; their ids are remembered."""
    for some in chunks(sorted(pks), 500):
        rows = tx.execute(select(event.c.id, event.c.article, event.c.body).where(event.c.pk.in_(some))).all()
        tx.execute(delete(former).where(former.c.id.in_([row.id for row in rows])))
        tx.execute(insert(former), [row._asdict() for row in rows])
        tx.execute(update(event).where(event.c.answers.in_(some)).values(answers=None))
        tx.execute(delete(event).where(event.c.pk.in_(some)))


def columns(now: Event, one: Reading, pks: Mapping[int, int], n: int) -> dict[str, Any]:
    """The columns of a mention that follow from what it says."""
    published = published_day(one.published)
    where = place(now, published)._asdict()
    statement = one.statements[now.statement] if now.statement is not None else None
    answered = now.in_response_to
    return where | {
        "body": msgspec.json.encode(now).decode(),
        "account": msgspec.json.encode(account(now, where["series"], published)).decode(),
        "published": published,
        "answers": pks.get(answered) if answered is not None and answered != n else None,
        "relay": statement.relayed_by if statement else None,
        "said": encode(_said(statement, one.text)) if statement else None,
        "words": _sentence(one.text, now.evidence.start, now.evidence.end),
    }


def readings(tx: Connection, articles: Iterable[int]) -> Iterator[tuple[int, str, Reading]]:
    """The present reading of articles: pk, id, reading with its text."""
    c = article.c
    query = select(c.pk, c.id, c.text, c.source, reading.c.body).join_from(
        article, reading, (reading.c.article == c.pk) & (reading.c.entry == c.entry)
    )
    for some in chunks(sorted(set(articles)), 200):
        for pk, id, words, source, body in tx.execute(query.where(c.pk.in_(some))):
            yield pk, id, msgspec.structs.replace(decode_reading(body), text=words, source=source)


def digest(parts: Iterable[tuple[str, ...]]) -> str:
    """What an audit entry seals: article, hash of its text, hash of its reading, in order of the articles."""
    return audit.sha("\n".join(" ".join(part) for part in sorted(parts)))


def published_day(edtf: str | None) -> int | None:
    """The first day a date of publication can mean, if it is known to the month."""
    stretch = days.span(edtf)
    return stretch[0] if stretch and stretch[1] - stretch[0] <= 31 else None


def index_text(tx: Connection, start: int) -> None:
    """Articles from a pk on into the index of their words."""
    into = (
        "article_text(rowid, title, text) SELECT pk, title, text"
        if tx.dialect.name == "sqlite"
        else "article_text(pk, words) SELECT pk, to_tsvector('english', coalesce(title, '') || ' ' || text)"
    )
    tx.execute(text(f"INSERT INTO {into} FROM article WHERE pk >= :start"), {"start": start})


def _article(
    one: Reading,
    id: str,
    pk: int,
    sketch: copies.Sketch | None,
    groups: Groups[int],
    versions: Versions,
    at: str,
    entry: int,
) -> dict[str, Any]:
    return {
        "pk": pk,
        "id": id,
        "digest": audit.sha(one.text),
        "text": one.text,
        "source": one.source,
        "outlet": one.outlet,
        "title": one.title,
        "published": one.published,
        "day": published_day(one.published),
        "language": one.language,
        "credit": copies.credit(one.text, one.boilerplate),
        "relevant": one.relevant,
        "boilerplate": encode(one.boilerplate),
        "read_at": at,
        "versions": encode(versions),
        "entry": entry,
        "copies": groups.root(pk),
        "sentences": " ".join(sketch.sentences) if sketch else "",
        "sketch": sketch.signature if sketch else b"",
    }


def _find_copies(tx: Connection, new: Mapping[int, copies.Sketch]) -> tuple[Groups[int], set[int]]:
    """Groups of copies with the new articles (pk) in them, and the old groups that they bridge or rename."""
    bands = [(hash, pk) for pk, sketch in new.items() for hash in set(sketch.bands)]
    by_band: dict[int, list[int]] = defaultdict(list)
    for some in chunks(sorted({hash for hash, _ in bands}), 500):
        for hash, pk in tx.execute(select(band.c.hash, band.c.article).where(band.c.hash.in_(some))):
            by_band[hash].append(pk)
    pairs: set[tuple[int, int]] = set()
    for hash, pk in bands:
        pairs |= {(other, pk) for other in by_band[hash]}
        by_band[hash].append(pk)
    sketches = dict(new)
    old: dict[int, int] = {}
    c = article.c
    for some in chunks(sorted({pk for pair in pairs for pk in pair} - new.keys()), 500):
        found = select(c.pk, c.copies, c.sentences, c.sketch).where(c.pk.in_(some))
        for pk, group, sentences, signature in tx.execute(found):
            old[pk] = group
            sketches[pk] = copies.Sketch(signature, (), tuple(sentences.split()))
    groups = Groups[int]()
    for pk, group in old.items():
        groups.unite(pk, group)
    for one, two in sorted(pairs):
        if groups.root(one) != groups.root(two) and copies.copies(sketches[one], sketches[two]):
            groups.unite(one, two)
    if bands:
        tx.execute(insert(band), [{"hash": hash, "article": pk} for hash, pk in bands])
    return groups, {group for group in old.values() if groups.root(group) != group}


def _regroup(tx: Connection, groups: Groups[int], bridged: set[int]) -> set[int]:
    """Rename groups of copies that new articles bridge; gives the incidents whose count of sources that may change."""
    incidents: set[int] = set()
    for group in bridged:
        inside = select(article.c.pk).where(article.c.copies == group)
        incidents |= set(tx.execute(select(event.c.incident).where(event.c.article.in_(inside))).scalars())
        tx.execute(update(article).where(article.c.copies == group).values(copies=groups.root(group)))
    return incidents


def _add_origins(tx: Connection, found: Mapping[int, list[str]], at: str) -> None:
    there: set[tuple[int, str]] = set()
    for some in chunks(list(found), 500):
        there |= set(tx.execute(select(origin.c.article, origin.c.source).where(origin.c.article.in_(some))).all())
    new = {(pk, source): None for pk, sources in found.items() for source in sources if (pk, source) not in there}
    if new:
        tx.execute(insert(origin), [{"article": pk, "source": source, "read_at": at} for pk, source in new])


def _body(one: Reading) -> str:
    """A reading as stored: its text is the article's, its source one of the article's origins."""
    return msgspec.json.encode(msgspec.structs.replace(one, text="", source="")).decode()


def _storable(one: Reading) -> Reading:
    """PostgreSQL has no NUL in texts: it is kept as its picture ␀, so that every offset stays true."""
    if "\0" not in one.text:
        return one
    return msgspec.json.decode(msgspec.json.encode(one).replace(b"\\u0000", "␀".encode()), type=Reading)


def _said(statement: Statement, text: str) -> dict[str, Any]:
    """A statement with its words, at most `_QUOTE` code points of them."""
    start, end = statement.content
    said: dict[str, Any] = msgspec.to_builtins(statement)
    return said | {"quote": text[start : min(end, start + _QUOTE)]}


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence (or what of it is near) around a stretch."""
    before = text[max(0, start - _WORDS_AROUND) : start]
    after = text[end : end + _WORDS_AROUND]
    head = max((m.end() for m in re.finditer(r"[.!?][\"'”’)]*\s+|\n", before)), default=0)
    tail = re.search(r"[.!?](?=\s|$)|\n", after)
    return (before[head:] + text[start:end] + after[: tail.end() if tail else len(after)]).strip()


def encode(value: Any) -> str:
    """JSON with its keys in order."""
    return msgspec.json.encode(value, order="sorted").decode()

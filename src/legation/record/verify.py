"""Whether a record is what it says: every text against its hash, every span against its text, the audit chain, and what it seals."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from legation.record import audit
from legation.record.keep import decode_reading, digest
from legation.record.tables import anchor, article, decision, event, reading
from legation.schema import Evidence, Noun, Reading


def problems(tx: Connection) -> Iterator[str]:
    """What is not so, a line each; nothing for a sound record."""
    yield from audit.broken(tx)
    yield from _articles(tx)
    yield from _seals(tx)
    yield from _mentions(tx)
    yield from _decisions(tx)


def spans(one: Reading) -> Iterator[tuple[str, int, int]]:
    """All spans of a reading, with what they are of."""
    for index, said in enumerate(one.statements):
        yield f"statement {index} content", *said.content
        if said.cue:
            yield f"statement {index} cue", *said.cue
        if said.speaker and said.speaker.span:
            yield f"statement {index} speaker", *said.speaker.span
    for index, event_ in enumerate(one.events):
        yield f"event {index} evidence", event_.evidence.start, event_.evidence.end
        for mention in event_.mentions:
            yield f"event {index} mention", *mention
    for stretch in one.boilerplate:
        yield "boilerplate", *stretch


def _articles(tx: Connection) -> Iterator[str]:
    c = article.c
    query = select(c.id, c.text, c.digest, reading.c.body, reading.c.digest.label("sealed")).join_from(
        article, reading, (reading.c.article == c.pk) & (reading.c.entry == c.entry), isouter=True
    )
    for row in tx.execute(query.order_by(c.pk).execution_options(yield_per=500)):
        if audit.sha(row.text) != row.digest:
            yield f"article {row.id}: its text was altered (SHA-256 differs)"
        if row.body is None:
            yield f"article {row.id}: its reading is missing"
            continue
        if audit.sha(row.body) != row.sealed:
            yield f"article {row.id}: its reading was altered (SHA-256 differs)"
        try:
            one = decode_reading(row.body)
        except msgspec.DecodeError as error:
            yield f"article {row.id}: its reading cannot be read: {error}"
            continue
        for what, start, end in spans(one):
            if not 0 <= start <= end <= len(row.text):
                yield f"article {row.id}: {what} [{start}, {end}) lies outside the text"
        for index, event_ in enumerate(one.events):
            if not _true(event_.evidence, row.text):
                yield f"article {row.id}: event {index} evidence is not what stands at its place"


def _seals(tx: Connection) -> Iterator[str]:
    """Every audit entry about readings against the readings it vouches for, and the other way round."""
    sealed = {}
    for entry in audit.entries(tx):
        if entry.action in ("read", "reread"):
            sealed[entry.seq] = msgspec.json.decode(entry.detail)["digest"]
    parts: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    query = select(reading.c.entry, article.c.id, article.c.digest, reading.c.digest.label("sealed")).join_from(
        reading, article, reading.c.article == article.c.pk
    )
    for row in tx.execute(query.execution_options(yield_per=1000)):
        parts[row.entry].append((row.id, row.digest, row.sealed))
    for seq in sorted(sealed.keys() | parts.keys()):
        if seq not in sealed:
            yield f"audit log: no entry {seq} vouches for {len(parts[seq])} readings"
        elif digest(parts[seq]) != sealed[seq]:
            yield f"audit log: entry {seq} does not vouch for its readings; some were added, taken out or altered"


def _mentions(tx: Connection) -> Iterator[str]:
    columns = (event.c.id, event.c.body, article.c.text)
    query = select(*columns).join_from(event, article, event.c.article == article.c.pk)
    for id, body, text in tx.execute(query.execution_options(yield_per=1000)):
        evidence = msgspec.json.decode(body, type=_Evidenced).evidence
        if not _true(evidence, text):
            yield f"mention {id}: evidence is not what stands at its place in the text"


def _decisions(tx: Connection) -> Iterator[str]:
    entries = {entry.seq: entry for entry in audit.entries(tx)}
    undone = {msgspec.json.decode(e.detail)["decision"]: e.seq for e in entries.values() if e.action == "undo"}
    mentions: dict[int, list[str]] = defaultdict(list)
    for seq, id in tx.execute(select(anchor.c.decision, anchor.c.event).order_by(anchor.c.event)):
        mentions[seq].append(id)
    found = tx.execute(select(decision).order_by(decision.c.seq)).all()
    for row in found:
        entry = entries.get(row.seq)
        if entry is None:
            yield f"decision {row.seq}: is not in the audit log"
            continue
        told = msgspec.json.decode(entry.detail)
        sealed = sorted(id for some in told.pop("mentions").values() for id in some)
        reason = told.pop("reason")
        same = (entry.action, entry.author, reason, told, sealed) == (
            *(row.action, row.author, row.reason, msgspec.json.decode(row.detail), mentions[row.seq]),
        )
        if not same:
            yield f"decision {row.seq}: differs from its entry in the audit log"
        if row.undone != undone.get(row.seq):
            yield f"decision {row.seq}: the audit log says {'it was undone' if row.seq in undone else 'it stands'}"
    there = {row.seq for row in found}
    for entry in entries.values():
        if entry.action not in ("read", "reread", "undo") and entry.seq not in there:
            yield f"audit log: the decision of entry {entry.seq} ({entry.action} by {entry.author}) is missing"


class _Evidenced(Noun, frozen=True, kw_only=True):
    evidence: Evidence


def _true(evidence: Evidence, text: str) -> bool:
    return text[evidence.start : evidence.end] == evidence.text

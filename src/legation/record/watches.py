"""Watches: a filter that tells what changed and who says so, by feed, e-mail and webhook, each thing once.

`collect` compares the log of changes with the filter and writes notices; what goes out by mail or webhook stands in an outbox with
a key of its own, is claimed before it is sent, and tried again later and later when it fails. A delivery whose sender died between
sending and noting it is unsure: a webhook gets it again under the same key, by which it can drop it; a mail is not sent again.
"""

import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from legation.record import changes, queries
from legation.record.batch import chunks
from legation.record.desk_tables import account, notice, outbox, watch
from legation.record.detail import details
from legation.record.nouns import Change, Claim, Filter, Incident, Review
from legation.record.store import RecordError, Store
from legation.record.tables import change as change_
from legation.schema import Noun

Channel: TypeAlias = Literal["mail", "webhook"]
CHANNELS: tuple[Channel, ...] = ("mail", "webhook")
QUIET = {"articles", "mentions", "headline"}
"""Fields whose change alone is not told: another copy of the same, other words for it."""
MOST, BATCH, SAYS = 100, 500, 5
"""Watches of one owner; changes looked at in one step; accounts told with a notice."""
LEASE, FIRST, LATEST, TRIES = 600, 60, 6 * 3600, 12
"""Seconds a sender has; until the second try; between tries at most; and how often it is tried."""


class Watch(Noun, frozen=True, kw_only=True):
    """A saved filter. `feed`: the secret part of the feed's address; `key` signs what the webhook gets; `since`: the last change looked at."""

    id: str
    owner: str | None
    name: str
    wanted: Filter
    feed: str
    mail: str | None
    webhook: str | None
    key: str
    since: int
    paused: bool
    made: int


class Notice(Noun, frozen=True, kw_only=True):
    """What a watch has to tell of one incident: `new` to it, `changed`, `gone` from the record (into others), or no longer within the filter (`left`).

    `fields`: before and after; `incident`: as it is, or was when it is no longer there; `says`: who says what of it now.
    """

    seq: int
    at: str
    kind: Literal["new", "changed", "gone", "left"]
    id: str
    fields: dict[str, tuple[Any, Any]]
    into: tuple[str, ...] = ()
    incident: Incident | None = None
    says: tuple[Claim, ...] = ()


class Delivery(Noun, frozen=True, kw_only=True):
    """Notices for one receiver. `key` is the same however often it is tried."""

    key: str
    watch: Watch
    channel: Channel
    tries: int
    notices: tuple[Notice, ...]


class Sending(Noun, frozen=True, kw_only=True):
    """How a delivery stands: waiting, sending, sent, failed, unsure; `due`: when it is tried next."""

    key: str
    channel: Channel
    state: str
    notices: int
    tries: int
    due: int
    sent: int | None
    error: str | None


class Watches:
    """The watches of one record. Errors are `RecordError`, with remedy."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        name: str,
        wanted: Filter,
        *,
        owner: str | None = None,
        mail: str | None = None,
        webhook: str | None = None,
    ) -> Watch:
        """Watch a filter from now on."""
        name = name.strip()
        if not name or len(name) > 200 or not name.isprintable():
            raise RecordError(f"watch {name!r}: give a name of 1 to 200 printable characters")
        _check(mail, webhook)
        with self._store.write() as tx:
            queries.page(tx, wanted, None, 1)  # refuses what is no filter
            own = watch.c.owner == owner if owner else watch.c.owner.is_(None)
            if tx.execute(select(func.count()).select_from(watch).where(own)).scalar_one() >= MOST:
                raise RecordError(f"watch {name}: there are {MOST} already; remove one first")
            row: dict[str, Any] = {
                "id": secrets.token_hex(6),
                "owner": owner,
                "name": name,
                "wanted": msgspec.json.encode(wanted).decode(),
            }
            row |= {
                "feed": secrets.token_urlsafe(32),
                "key": secrets.token_urlsafe(32),
                "mail": mail,
                "webhook": webhook,
            }
            row |= {"since": _last(tx), "paused": False, "made": _now()}
            tx.execute(insert(watch), row)
            return _watch(_row(tx, row["id"]))

    def every(self, owner: str | None = None) -> tuple[Watch, ...]:
        """Watches by name: all, or those of an owner."""
        query = select(watch).order_by(watch.c.name, watch.c.id)
        with self._store.read() as tx:
            return tuple(map(_watch, tx.execute(query.where(watch.c.owner == owner) if owner else query)))

    def get(self, id: str) -> Watch:
        """One watch."""
        with self._store.read() as tx:
            return _watch(_row(tx, id))

    def of_feed(self, secret: str) -> Watch | None:
        """The watch whose feed a secret opens, unless its owner may no longer sign in."""
        query = select(watch).outerjoin(account, account.c.name == watch.c.owner)
        allowed = or_(watch.c.owner.is_(None), ~account.c.disabled)
        with self._store.read() as tx:
            row = tx.execute(query.where(watch.c.feed == secret, allowed)).first()
            return _watch(row) if row else None

    def pause(self, id: str, paused: bool) -> Watch:
        """Tell nothing for a while; what happens meanwhile is not told afterwards."""
        with self._store.write() as tx:
            _row(tx, id)
            tx.execute(update(watch).where(watch.c.id == id).values(paused=paused, since=_last(tx)))
            return _watch(_row(tx, id))

    def renew(self, id: str) -> Watch:
        """Give it another feed address and another key; the old ones end."""
        with self._store.write() as tx:
            _row(tx, id)
            fresh = {"feed": secrets.token_urlsafe(32), "key": secrets.token_urlsafe(32)}
            tx.execute(update(watch).where(watch.c.id == id).values(fresh))
            return _watch(_row(tx, id))

    def remove(self, id: str) -> None:
        """Remove a watch with all it told."""
        with self._store.write() as tx:
            _row(tx, id)
            for table in (outbox, notice):
                tx.execute(delete(table).where(table.c.watch == id))
            tx.execute(delete(watch).where(watch.c.id == id))

    def notices(self, id: str, limit: int = 100) -> tuple[Notice, ...]:
        """What a watch told, the last first."""
        with self._store.read() as tx:
            rows = tx.execute(
                select(notice.c.body).where(notice.c.watch == id).order_by(notice.c.seq.desc()).limit(limit)
            )
            return tuple(msgspec.json.decode(row.body, type=Notice) for row in rows)

    def sendings(self, id: str, limit: int = 50) -> tuple[Sending, ...]:
        """How the deliveries of a watch stand, the last first."""
        counted = (
            select(func.count())
            .where(notice.c.watch == outbox.c.watch, notice.c.seq.between(outbox.c.first, outbox.c.last))
            .scalar_subquery()
        )
        query = select(outbox, counted.label("notices")).where(outbox.c.watch == id)
        with self._store.read() as tx:
            rows = tx.execute(query.order_by(outbox.c.last.desc(), outbox.c.channel).limit(limit))
            return tuple(
                Sending(key=r.key, channel=r.channel, state=r.state, notices=r.notices, tries=r.tries, due=r.due, sent=r.sent, error=r.error)
                for r in rows
            )  # fmt: skip

    def collect(self, id: str) -> int:
        """Look at all changes since the last look: write what is to be told, and put it in the outbox. Gives how many notices."""
        made = 0
        while True:
            with self._store.read() as tx:
                one = _watch(_row(tx, id))
                some = () if one.paused else changes.after(tx, one.since, BATCH)
                found = _notices(tx, one, some)
            if not some:
                break
            with self._store.write() as tx:
                moved = update(watch).where(watch.c.id == id, watch.c.since == one.since).values(since=some[-1].seq)
                if tx.execute(moved).rowcount == 0:  # somebody else looked at these
                    continue
                if found:
                    rows = [
                        {
                            "watch": id,
                            "seq": n.seq,
                            "incident": n.id,
                            "kind": n.kind,
                            "body": msgspec.json.encode(n).decode(),
                        }
                        for n in found
                    ]
                    tx.execute(insert(notice), rows)
                made += len(found)
        if made:
            with self._store.write() as tx:
                _post(tx, one)
        return made

    def next(self) -> Delivery | None:
        """A delivery that is due, claimed for the caller alone, who then says `sent` or `failed`."""
        now = _now()
        with self._store.write() as tx:
            died = (outbox.c.state == "sending") & (outbox.c.due <= now)
            tx.execute(update(outbox).where(died, outbox.c.channel == "webhook").values(state="waiting"))
            tx.execute(
                update(outbox).where(died).values(state="unsure", error="its sender ended before it noted the outcome")
            )
            due = select(outbox).join(watch, watch.c.id == outbox.c.watch)
            due = due.where(outbox.c.state == "waiting", outbox.c.due <= now, ~watch.c.paused)
            row = tx.execute(due.order_by(outbox.c.due, outbox.c.key).limit(1)).first()
            if row is None:
                return None
            claimed = {"state": "sending", "tries": row.tries + 1, "due": now + LEASE}
            tx.execute(update(outbox).where(outbox.c.key == row.key).values(claimed))
            told = select(notice.c.body).where(notice.c.watch == row.watch, notice.c.seq.between(row.first, row.last))
            bodies = tx.execute(told.order_by(notice.c.seq)).scalars()
            return Delivery(
                key=row.key, watch=_watch(_row(tx, row.watch)), channel=row.channel, tries=row.tries + 1,
                notices=tuple(msgspec.json.decode(body, type=Notice) for body in bodies),
            )  # fmt: skip

    def sent(self, key: str) -> None:
        """It arrived."""
        with self._store.write() as tx:
            tx.execute(update(outbox).where(outbox.c.key == key).values(state="sent", sent=_now(), error=None))

    def failed(self, key: str, error: str) -> None:
        """It did not arrive: try again later, each time after twice as long; after `TRIES` no more."""
        with self._store.write() as tx:
            tries = tx.execute(select(outbox.c.tries).where(outbox.c.key == key)).scalar_one()
            due = _now() + min(FIRST * 2 ** (tries - 1), LATEST)
            state = "failed" if tries >= TRIES else "waiting"
            tx.execute(update(outbox).where(outbox.c.key == key).values(state=state, due=due, error=error[:1000]))


def _notices(tx: Connection, one: Watch, some: Iterable[Change]) -> list[Notice]:
    """What some changes mean to a watch, in order."""
    by_id: dict[str, list[Change]] = defaultdict(list)
    for each in some:
        by_id[each.id].append(each)
    pks = queries.pks_of(tx, by_id)
    passing = queries.passing(tx, one.wanted, pks.values())
    were = {id: was for id, every in by_id.items() if (was := _was(every))}
    stood = _told(tx, one.id, by_id) | _stood(tx, one.wanted, were, pks)
    became = {into: id for id in stood - pks.keys() for into in by_id[id][-1].into}
    found = []
    for id, every in by_id.items():
        last, fields, now = every[-1], _merged(every), every[-1].incident
        if pks.get(id) in passing:
            known = id in stood or id in became
            if known and id not in became and fields.keys() <= QUIET:
                continue
            kind: Literal["new", "changed", "gone", "left"] = "changed" if known else "new"
        elif id in stood and not (id not in pks and any(pks.get(into) in passing for into in last.into)):
            kind = "gone" if last.kind == "gone" else "left"
        else:
            continue
        if now is None:
            now, fields = were.get(id), {}
        found.append(Notice(seq=last.seq, at=last.at, kind=kind, id=id, fields=fields, into=last.into, incident=now))
    wanted = [pks[n.id] for n in found if n.id in pks]
    says = {d.incident.id: d.claims[:SAYS] for d in details(tx, wanted)} if wanted else {}
    return [msgspec.structs.replace(n, says=says.get(n.id, ())) for n in sorted(found, key=lambda n: n.seq)]


def _was(every: Sequence[Change]) -> Incident | None:
    """An incident as it was before some changes of it, None where they begin with it."""
    if every[0].kind == "new":
        return None
    now, before = every[-1].incident, {name: pair[0] for one in reversed(every) for name, pair in one.fields.items()}
    if before.get("open", 0) is None:  # the log only has how many are open now
        before["open"] = int(now is None or not now.open)
    whole = (msgspec.to_builtins(now) if now else {}) | before
    return msgspec.convert(whole, Incident) if whole.keys() >= {*Incident.__struct_fields__} else None


def _stood(tx: Connection, wanted: Filter, were: Mapping[str, Incident], pks: Mapping[str, int]) -> set[str]:
    """Which incidents, given as they were, passed a filter then. The words are those that tell of it now; of what is gone, its headline."""
    found = {id for id, was in were.items() if queries.would_pass(was, wanted)}
    if wanted.text is None:
        return found
    any_review = Filter(text=wanted.text, review=get_args(Review))
    said = queries.passing(tx, any_review, [pks[id] for id in found if id in pks])
    words = [words.casefold() for words in queries.phrases(wanted.text)]
    return {
        id
        for id in found
        if (pks[id] in said if id in pks else all(one in were[id].headline.casefold() for one in words))
    }


def _told(tx: Connection, id: str, incidents: Iterable[str]) -> set[str]:
    """Which incidents a watch told of last as within its filter."""
    last: dict[str, str] = {}
    for some in chunks(sorted(incidents), 500):
        query = select(notice.c.incident, notice.c.kind).where(notice.c.watch == id, notice.c.incident.in_(some))
        last |= dict(tx.execute(query.order_by(notice.c.seq)).all())
    return {incident for incident, kind in last.items() if kind in ("new", "changed")}


def _merged(some: Iterable[Change]) -> dict[str, tuple[Any, Any]]:
    """What several changes of one incident come to: before the first, after the last."""
    fields: dict[str, tuple[Any, Any]] = {}
    for one in some:
        for name, (before, after) in one.fields.items():
            fields[name] = (fields[name][0] if name in fields else before, after)
    return {name: pair for name, pair in fields.items() if pair[0] != pair[1]}


def _post(tx: Connection, one: Watch) -> None:
    """Put what was not yet put there into the outbox."""
    for channel in CHANNELS:
        if getattr(one, channel) is None:
            continue
        own = (outbox.c.watch == one.id) & (outbox.c.channel == channel)
        after = tx.execute(select(func.max(outbox.c.last)).where(own)).scalar() or 0
        fresh = select(func.min(notice.c.seq), func.max(notice.c.seq)).where(
            notice.c.watch == one.id, notice.c.seq > after
        )
        first, last = tx.execute(fresh).one()
        if first is None:
            continue
        row = {"key": f"{one.id}.{last}.{channel}", "watch": one.id, "channel": channel, "first": first, "last": last}
        tx.execute(insert(outbox), row | {"state": "waiting", "due": _now(), "tries": 0, "sent": None, "error": None})


def _row(tx: Connection, id: str) -> Row[Any]:
    row = tx.execute(select(watch).where(watch.c.id == id)).first()
    if row is None:
        raise RecordError(f"watch {id}: is not on the record; `legation watch list` names them")
    return row


def _watch(row: Row[Any]) -> Watch:
    return Watch(
        id=row.id, owner=row.owner, name=row.name, wanted=msgspec.json.decode(row.wanted, type=Filter), feed=row.feed,
        mail=row.mail, webhook=row.webhook, key=row.key, since=row.since, paused=row.paused, made=row.made,
    )  # fmt: skip


def _check(mail: str | None, webhook: str | None) -> None:
    """Addresses that can be none are refused at once. Raises RecordError."""
    if mail is not None and not (
        mail.isprintable() and mail.count("@") == 1 and 3 <= len(mail) <= 254 and " " not in mail
    ):
        raise RecordError(f"mail {mail!r}: is no address; give one like desk@ministry.example")
    if webhook is not None and not (
        webhook.isprintable()
        and webhook.startswith(("https://", "http://"))
        and len(webhook) <= 2000
        and " " not in webhook
    ):
        raise RecordError(f"webhook {webhook!r}: is no address; give one that begins with https://")


def _last(tx: Connection) -> int:
    return tx.execute(select(func.max(change_.c.seq))).scalar() or 0


def _now() -> int:
    return int(time.time())

"""`Record`: the whole interface to what is known."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from sqlalchemy import Connection, delete, func, insert, select

from legation import __version__
from legation.record import articles, audit, changes, decisions, detail, ledger, publish, queries, verify
from legation.record import inputs as inputs_
from legation.record.batch import chunks
from legation.record.derive import Touched, settle
from legation.record.nouns import (
    ArticleDetail,
    ArticleRow,
    Change,
    Decision,
    Detail,
    Facets,
    Filter,
    Incident,
    Ingested,
    Item,
    Ledger,
    Outlet,
    Page,
    PostHistory,
)
from legation.record.store import RecordError, Store
from legation.record.tables import article, change, derivation, event, item
from legation.record.versions import rules
from legation.schema import Article, Reading

if TYPE_CHECKING:
    from legation.record.accounts import Accounts
    from legation.record.watches import Watches

_LOG = logging.getLogger("legation")

BATCH = 500
"""Readings a transaction: what a killed ingest has to read again at most."""


class Record:
    """A record: an SQLite file or a PostgreSQL database.

    Every method is one transaction; several threads and processes may use one record. Errors are `RecordError`, with remedy.

    >>> with Record.open(":memory:") as record:
    ...     record.incidents().items
    ()
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, where: str | Path = "legation.db", *, create: bool = True) -> Self:
        """The record in a file or at a ``postgresql://`` address, made if there is none (unless `create` is false)."""
        store = Store(where)
        store.prepare(create=create)
        record = cls(store)
        record._renew()
        return record

    @property
    def accounts(self) -> "Accounts":
        """Who may sign in at a desk over this record."""
        from legation.record.accounts import Accounts

        return Accounts(self._store)

    @property
    def watches(self) -> "Watches":
        """Saved filters that tell what changed."""
        from legation.record.watches import Watches

        return Watches(self._store)

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # what comes in

    def known(self, ids: Iterable[str]) -> set[str]:
        """Which articles, by the id of their reading (a hash of the text), are on the record under any outlet and date."""
        with self._store.read() as tx:
            return articles.known_texts(tx, ids)

    def unread(self, inputs: Iterable[tuple[str, str]]) -> list[bool]:
        """Which inputs (digest of the bytes and of how they are read, source) have not been read into this record yet."""
        with self._store.read() as tx:
            return [not inputs_.known(tx, digest, source) for digest, source in inputs]

    def note(self, inputs: Iterable[tuple[str, str]]) -> None:
        """Remember inputs as read, after their readings were ingested."""
        with self._store.write() as tx:
            inputs_.note(tx, inputs)

    def stamps(self) -> dict[str, tuple[str | None, str | None]]:
        """What servers said of the state of pages fetched before: URL → ETag, Last-Modified."""
        with self._store.read() as tx:
            return inputs_.stamps(tx)

    def keep_stamps(self, now: Mapping[str, tuple[str | None, str | None]]) -> None:
        """Remember those of pages fetched since."""
        with self._store.write() as tx:
            inputs_.keep_stamps(tx, now)

    def ingest(
        self, readings: Iterable[Reading], *, versions: Mapping[str, str] | None = None, author: str = "legation"
    ) -> Ingested:
        """Add readings, `BATCH` at a time; articles already on the record are left as they are. `versions`: of what read them."""
        from legation.record import keep

        read = new = events = touched = 0
        iterator = iter(readings)
        while batch := list(islice(iterator, BATCH)):
            with self._store.write() as tx:
                kept = keep.keep(tx, batch, versions or {"legation": __version__}, author)
                touched += _derive(tx, kept.touched)
            read, new, events = read + len(batch), new + kept.new, events + kept.events
        return Ingested(read=read, new=new, known=read - new, events=events, incidents_touched=touched)

    def reread(
        self, readings: Iterable[Reading], *, versions: Mapping[str, str] | None = None, author: str = "legation"
    ) -> int:
        """Put new readings of articles on the record in place of the old ones, which are kept too; decisions are laid over them
        again. Gives how many incidents changed. Articles that are not on the record are left out."""
        from legation.record import keep

        touched = 0
        iterator = iter(readings)
        while batch := list(islice(iterator, BATCH)):
            with self._store.write() as tx:
                changed = keep.replace(tx, batch, versions or {"legation": __version__}, author)
                touched += _derive(tx, decisions.apply(tx, changed))
        return touched

    def stale(self, versions: Mapping[str, str]) -> Iterator[Article]:
        """The articles whose reading is of other versions than these, as they were read; the empty mapping: all."""
        after = -1
        while True:
            with self._store.read() as tx:
                some = articles.stale(tx, versions, after, 50)
            if not some:
                return
            yield from (one for _, one in some)
            after = some[-1][0]

    def _renew(self) -> None:
        """Derive all anew if it was derived by other rules than today's; decisions stay. Killed half-way, it begins again."""
        with self._store.read() as tx:
            by = tx.execute(select(derivation.c.rules)).scalar()
            pks = list(tx.execute(select(article.c.pk).order_by(article.c.pk)).scalars()) if by != rules() else []
        if by == rules():
            return
        if pks:
            _LOG.warning("%s: derived by older rules; deriving %d articles anew", self._store.name, len(pks))
        for some in chunks(pks, BATCH):
            with self._store.write() as tx:
                _derive(tx, decisions.apply(tx, some, anew=True), anew=True)
        with self._store.write() as tx:
            tx.execute(delete(derivation))
            tx.execute(insert(derivation), [{"rules": rules()}])

    # what is known

    def incidents(self, filter: Filter | None = None, cursor: str | None = None, limit: int = 50) -> Page[Incident]:
        """A page of the incidents that pass a filter, newest first."""
        with self._store.read() as tx:
            return queries.page(tx, filter or Filter(), cursor, limit)

    def every(self, filter: Filter | None = None) -> Iterator[Incident]:
        """All incidents that pass a filter, newest first, page by page."""
        cursor = None
        while True:
            page = self.incidents(filter, cursor, 500)
            yield from page.items
            if (cursor := page.next) is None:
                return

    def named(self, ids: Iterable[str]) -> dict[str, Incident]:
        """Incidents by id; ids of none are left out."""
        with self._store.read() as tx:
            return queries.named(tx, ids)

    def per_day(self, since: str, until: str) -> dict[str, dict[str, int]]:
        """How many incidents each group has on each day (ISO) from one day to another: ``{"harm": {"2024-04-05": 2}}``."""
        with self._store.read() as tx:
            return queries.per_day(tx, since, until)

    def count(self, filter: Filter | None = None) -> int:
        """How many incidents pass a filter; 10,001 stands for more than 10,000."""
        with self._store.read() as tx:
            return queries.count(tx, filter or Filter())

    def facets(self, filter: Filter | None = None) -> Facets:
        """How many that pass a filter are of which type, group, status, standing and state."""
        with self._store.read() as tx:
            return queries.facets(tx, filter or Filter())

    def incident(self, id: str) -> Detail:
        """All about the incident that a mention (id, or its start) belongs to."""
        with self._store.read() as tx:
            return detail.detail(tx, id)

    def details(self, filter: Filter | None = None) -> Iterator[Detail]:
        """All about every incident that passes a filter, the oldest first, in an order that depends on nothing but them."""
        with self._store.read() as tx:
            for some in chunks(queries.every(tx, filter or Filter()), 100):
                yield from detail.details(tx, some)

    def pair(
        self, first: str, second: str, *, before: tuple[str | None, str | None] = (None, None), limit: int = 50
    ) -> Ledger:
        """Two states (ISO 3166 alpha-3) side by side; `before` holds the cursors of the two columns."""
        with self._store.read() as tx:
            return ledger.ledger(tx, first, second, limit=limit, before=before)

    def post(self, spec: str, cursor: str | None = None, limit: int = 50) -> PostHistory:
        """One mission through time, named like "embassy RUS ANKARA" or "consulate USA TUR"."""
        with self._store.read() as tx:
            return ledger.post(tx, spec, cursor, limit)

    def open_items(
        self, *, holder: str | None = None, toward: str | None = None, state: str = "open", limit: int = 100
    ) -> tuple[Item, ...]:
        """What waits (or was answered, overtaken), the oldest first: owed by a state, to a state."""
        where = [item.c.state == state]
        where += [item.c.holder == holder] if holder else []
        where += [item.c.toward == toward] if toward else []
        with self._store.read() as tx:
            return detail.items_of(tx, *where, limit=limit)

    def articles(
        self, *, outlet: str | None = None, text: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[ArticleRow]:
        """Articles, the last added first: of an outlet, with all of some words or "phrases"."""
        with self._store.read() as tx:
            return articles.page(tx, outlet=outlet, words=text, cursor=cursor, limit=limit)

    def article(self, id: str) -> ArticleDetail:
        """One article with its reading, mentions, origins and copies."""
        with self._store.read() as tx:
            return articles.detail(tx, id)

    def every_article(self, ids: Collection[str] | None = None) -> Iterator[ArticleDetail]:
        """All articles, or those of some ids, in order of their ids."""
        with self._store.read() as tx:
            for some in chunks(articles.ids(tx) if ids is None else sorted(ids), 100):
                yield from articles.details(tx, some)

    def sources(self, limit: int = 100, offset: int = 0) -> tuple[Outlet, ...]:
        """Outlets: how many incidents they tell of, how many alone, how many contested."""
        with self._store.read() as tx:
            return articles.outlets(tx, limit, offset)

    def last_change(self) -> int:
        """The number of the last change; 0 when there was none."""
        with self._store.read() as tx:
            return tx.execute(select(func.max(change.c.seq))).scalar() or 0

    def changes(self, since: int = 0, limit: int = 100) -> tuple[Change, ...]:
        """What appeared, changed or went after a change (its number), in order."""
        with self._store.read() as tx:
            return changes.after(tx, since, limit)

    def last_changed(self, filter: Filter | None = None, limit: int = 100) -> tuple[tuple[Change, Detail], ...]:
        """The incidents that pass a filter and changed last, with that change, the last first."""
        with self._store.read() as tx:
            pks = queries.last_changed(tx, filter or Filter(), limit)
            return tuple(
                (changes.after(tx, seq - 1, 1)[0], one)
                for (seq, _), one in zip(pks, detail.details(tx, [pk for _, pk in pks]), strict=True)
            )

    # what people decide

    def review(
        self,
        action: Literal["confirm", "correct", "reject", "merge", "split", "annotate"],
        incident: str,
        *,
        author: str,
        reason: str,
        field: str | None = None,
        value: Any = None,
        other: str | None = None,
        mentions: Sequence[str] = (),
        note: str | None = None,
    ) -> Decision:
        """Decide on an incident (the id of any of its mentions); gives the decision, whose number `undo` takes.

        `correct` sets a `field` of `decisions.FIELDS` to a `value` (None: unknown) in all its mentions, or in `mentions` alone;
        `merge` joins it with the incident `other`; `split` parts `mentions` from it; `annotate` adds a `note`.
        """
        with self._store.write() as tx:
            sides, told = _about(tx, action, incident, field, value, other, mentions, note)
            if not author.strip() or not reason.strip():
                raise RecordError(f"{action} {incident}: say who decides and why (author, reason)")
            seq = decisions.decide(tx, action, sides, told, author, reason)
            _redo(tx, [id for some in sides.values() for id in some])
            return decisions.decisions(tx, [seq])[0]

    def undo(self, decision: int, *, author: str, reason: str) -> Decision:
        """Take back a decision (its number); it stays in the log."""
        with self._store.write() as tx:
            decisions.undo(tx, decision, author, reason)
            taken = decisions.decisions(tx, [decision])[0]
            _redo(tx, taken.mentions)
            return taken

    def decisions(self) -> tuple[Decision, ...]:
        """All decisions, undone ones too, in order."""
        with self._store.read() as tx:
            return tuple(decisions.decisions(tx))

    def audit(self) -> tuple[audit.Entry, ...]:
        """The audit log."""
        with self._store.read() as tx:
            return tuple(audit.entries(tx))

    def verify(self) -> tuple[str, ...]:
        """What is not so: texts and readings against their hashes, spans against texts, the audit chain. Empty for a sound record."""
        with self._store.read() as tx:
            return tuple(verify.problems(tx))


def _derive(tx: Connection, touched: Touched, *, anew: bool = False) -> int:
    """Cluster and publish what was touched, with the decisions in force."""
    if not decisions.any_decision(tx):
        return publish.publish(tx, settle(tx, touched, {}), {}, anew=anew)
    cuts, links = decisions.constraints(tx)
    pks = settle(tx, touched, cuts, links)
    mentions = {pk: [row.id for row in rows] for pk, rows in publish.rows_of(tx, pks).items()}
    return publish.publish(tx, pks, decisions.standings(tx, mentions), anew=anew)


def _redo(tx: Connection, mentions: Iterable[str]) -> None:
    """Bring all that some mentions touch in line with the decisions in force."""
    ids = sorted(mentions)
    now: dict[int, tuple[int, int]] = {}
    for some in chunks(ids, 500):
        query = select(event.c.pk, event.c.article, event.c.incident).where(event.c.id.in_(some))
        now |= {pk: (article, home) for pk, article, home in tx.execute(query)}
    touched = decisions.apply(tx, {article for article, _ in now.values()})
    touched.new |= now.keys() - {m.pk for m in touched.gone}
    touched.incidents |= {home for _, home in now.values()}
    _derive(tx, touched)


def _about(
    tx: Connection,
    action: str,
    id: str,
    field: str | None,
    value: Any,
    other: str | None,
    mentions: Sequence[str],
    note: str | None,
) -> tuple[dict[int, list[str]], dict[str, Any]]:
    """The mentions a decision is about, by part, and what else it says."""
    own = _mentions(tx, id)
    if strange := [one for one in mentions if one not in own]:
        raise RecordError(f"mention {strange[0]}: is not one of incident {id}; `legation show {id}` lists them")
    match action:
        case "confirm" | "reject":
            return {0: list(mentions) or own}, {}
        case "correct":
            if field is None:
                raise RecordError(f"correct {id}: say which field; there are {', '.join(decisions.FIELDS)}")
            return {0: list(mentions) or own}, {"field": field, "value": decisions.check(field, value)}
        case "merge":
            theirs = _mentions(tx, other) if other else []
            if not theirs or theirs == own:
                raise RecordError(f"merge {id}: say with which other incident")
            return {0: own, 1: theirs}, {}
        case "split":
            if not mentions or len(set(mentions)) == len(own):
                raise RecordError(f"split {id}: say which of its mentions are another incident, and leave it some")
            return {0: [one for one in own if one not in mentions], 1: list(mentions)}, {}
        case "annotate":
            if not note:
                raise RecordError(f"annotate {id}: say what")
            return {0: own}, {"note": note}
    raise RecordError(f"action {action!r}: there is none; there are {', '.join(decisions.ACTIONS)}")


def _mentions(tx: Connection, id: str) -> list[str]:
    home = detail.find(tx, id)
    return list(tx.execute(select(event.c.id).where(event.c.incident == home).order_by(event.c.id)).scalars())

"""Articles and outlets as the record has them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, column, func, select, table, text

from legation import atlas
from legation.record.keep import encode, readings
from legation.record.nouns import ArticleDetail, ArticleRow, Copy, Outlet, Page
from legation.record.queries import decode_cursor, encode_cursor, phrases
from legation.record.sources import owner
from legation.record.store import RecordError
from legation.record.tables import article, event, incident, origin, outlet
from legation.schema import Article

_c = article.c
_ROW = [
    _c[n] for n in ("pk", "id", "source", "outlet", "title", "published", "language", "relevant", "read_at", "versions")
]
_SEARCH = table("article_text", column("rowid"), column("article_text"), column("pk"))
_day = func.coalesce(_c.day, 0)


def page(tx: Connection, *, outlet: str | None, words: str | None, cursor: str | None, limit: int) -> Page[ArticleRow]:
    """Articles, the last added first, of an outlet, with all of some words."""
    query = select(*_ROW).order_by(_c.pk.desc()).limit(limit + 1)
    after = decode_cursor(cursor)
    if outlet:
        query = query.where(_c.outlet == outlet)
    if words:
        query = _matching(tx, query, words, after[1] if after else None)
    if after:
        query = query.where(_c.pk < after[1])
    found = tx.execute(query).all()
    counts = _counts(tx, [row.pk for row in found])
    return Page(
        items=tuple(_row(row, counts) for row in found[:limit]),
        next=encode_cursor(0, found[limit - 1].pk) if len(found) > limit else None,
    )


def detail(tx: Connection, id: str) -> ArticleDetail:
    """An article by its id, or the start of it if only one begins so."""
    found = list(
        tx.execute(select(_c.id).where(_c.id.between(id, id + "\U0010ffff")).order_by(_c.id).limit(2)).scalars()
    )
    if found[:1] != [id] and len(found) != 1:
        problem = "several begin so; give more of it" if found else "is not on the record"
        raise RecordError(f"article {id}: {problem}")
    return details(tx, found[:1])[0]


def details(tx: Connection, ids: Sequence[str]) -> list[ArticleDetail]:
    """Articles by their ids, in the order of these."""
    rows = {row.id: row for row in tx.execute(select(*_ROW, _c.digest, _c.copies).where(_c.id.in_(ids)))}
    pks = [row.pk for row in rows.values()]
    counts, read = _counts(tx, pks), {pk: one for pk, _, one in readings(tx, pks)}
    mentions: dict[int, list[tuple[str, str]]] = defaultdict(list)
    query = select(event.c.article, event.c.id, incident.c.id).join_from(
        event, incident, event.c.incident == incident.c.pk
    )
    for pk, mention, home in tx.execute(query.where(event.c.article.in_(pks)).order_by(event.c.article, event.c.n)):
        mentions[pk].append((mention, home))
    origins: dict[int, list[str]] = defaultdict(list)
    for pk, source in tx.execute(select(origin.c.article, origin.c.source).where(origin.c.article.in_(pks))):
        origins[pk].append(source)
    return [
        ArticleDetail(
            row=_row(row, counts),
            digest=row.digest,
            reading=read[row.pk],
            origins=tuple(sorted(origins[row.pk])),
            mentions=tuple(mentions[row.pk]),
            copies=_copies(tx, row.pk, row.copies),
        )
        for row in (rows[id] for id in ids)
    ]


def ids(tx: Connection) -> list[str]:
    """The ids of all articles, in order."""
    return list(tx.execute(select(_c.id).order_by(_c.id)).scalars())


def outlets(tx: Connection, limit: int, offset: int) -> tuple[Outlet, ...]:
    """Outlets with their sums, those with most incidents first."""
    query = select(outlet).order_by(outlet.c.incidents.desc(), outlet.c.name).limit(limit).offset(offset)
    return tuple(
        Outlet(
            name=row.name,
            owner=owner(row.name),
            state=known.state if (known := atlas.load().outlet(row.name)) else None,
            articles=row.articles,
            incidents=row.incidents,
            alone=row.alone,
            contested=row.contested,
        )
        for row in tx.execute(query)
    )


def known_texts(tx: Connection, ids: Iterable[str]) -> set[str]:
    """Which ids of readings (hashes of texts) are those of articles on the record."""
    found: set[str] = set()
    for id in ids:
        if tx.execute(select(_c.pk).where(_c.id.between(id, f"{id}-~")).limit(1)).first():
            found.add(id)
    return found


def stale(tx: Connection, versions: Mapping[str, str], after: int, limit: int) -> list[tuple[int, Article]]:
    """Articles (with their pk) after a pk whose reading has other versions than these."""
    query = select(_c.pk).where(_c.pk > after, _c.versions != encode(versions)).order_by(_c.pk).limit(limit)
    return [
        (
            pk,
            Article(
                **{name: getattr(one, name) for name in ("id", "source", "text", "outlet", "title", "published")},
                language=one.language,
                boilerplate=one.boilerplate,
            ),
        )
        for pk, _, one in sorted(readings(tx, tx.execute(query).scalars()), key=lambda found: found[0])
    ]


def _matching(tx: Connection, query: Select[Any], words: str, before: int | None) -> Select[Any]:
    """The question for articles (before a pk) that hold all of some words or phrases."""
    said = phrases(words)
    if tx.dialect.name == "sqlite":
        match = " AND ".join(f'"{one}"' for one in said)
        rows = select(_SEARCH.c.rowid).where(_SEARCH.c.article_text.op("MATCH")(match))
        if before:
            rows = rows.where(_SEARCH.c.rowid < before)
        found = rows.order_by(_SEARCH.c.rowid.desc()).subquery()  # read off newest first, no more than are shown
        return query.join_from(found, article, _c.pk == found.c.rowid).order_by(None).order_by(found.c.rowid.desc())
    parts = " && ".join(f"phraseto_tsquery('english', :said{i})" for i in range(len(said)))
    bound = {f"said{i}": one for i, one in enumerate(said)}
    query = query.join_from(_SEARCH, article, _c.pk == _SEARCH.c.pk)
    query = query.where(text(f"article_text.words @@ ({parts})").bindparams(**bound))
    if before:
        query = query.where(_SEARCH.c.pk < before)
    return query.order_by(None).order_by(_SEARCH.c.pk.desc())


def _row(row: "object", counts: dict[int, int]) -> ArticleRow:
    values = row._mapping  # type: ignore[attr-defined]
    same = {name: values[name] for name in ("id", "source", "outlet", "title", "published", "language", "read_at")}
    versions = msgspec.json.decode(values["versions"])
    return ArticleRow(**same, relevant=values["relevant"], versions=versions, incidents=counts.get(values["pk"], 0))


def _counts(tx: Connection, pks: list[int]) -> dict[int, int]:
    query = select(event.c.article, func.count(event.c.incident.distinct())).where(event.c.article.in_(pks))
    return dict(tx.execute(query.group_by(event.c.article)).all())


def _copies(tx: Connection, pk: int, group: int) -> tuple[Copy, ...]:
    """The other articles with nearly the same text; sentences counted against this one."""
    columns = (_c.pk, _c.id, _c.outlet, _c.title, _c.published, _c.sentences)
    rows = tx.execute(select(*columns).where(_c.copies == group).order_by(_day, _c.id).limit(500)).all()
    mine = next((set(row.sentences.split()) for row in rows if row.pk == pk), set[str]())
    this = next((row.id for row in rows if row.pk == pk), None)
    return tuple(
        Copy(
            article=row.id,
            outlet=row.outlet,
            title=row.title,
            published=row.published,
            of=this,
            adds=len(set(row.sentences.split()) - mine),
            drops=len(mine - set(row.sentences.split())),
        )
        for row in rows
        if row.pk != pk
    )

"""Lists of incidents by filters, a page at a time, newest first; built so that a page costs the same on a large record.

One filter drives: words (their index is in order of days), else a post, pair or state (table `facet`), else the table of
incidents. The others are columns of the same index row, so that what does not pass is never fetched.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, Table, func, select, table, text, tuple_
from sqlalchemy import column as column_

from legation.ontology import GROUPS, types
from legation.record import days
from legation.record.batch import among, chunks
from legation.record.build import keys, pair_key, post_key, role_key
from legation.record.nouns import Facets, Filter, Incident, Page
from legation.record.publish import decode_incident, ordinal, term, text_row
from legation.record.score import city_name
from legation.record.store import WrongUsage
from legation.record.tables import counted, facet, incident

COUNTED = 10_000
"""`count` and `facets` stop here: beyond, a list is "more than 10,000"."""
ROLES = ("receiving", "sending", "target")
"""As what a state can be asked for."""

_SEARCH = table(
    "incident_text", column_("rowid"), column_("incident_text"), column_("pk"), column_("day"), column_("words")
)


class Spec(NamedTuple):
    """A post as asked for: of which state, in which state or city, of which kind."""

    of: str
    place: str
    kind: str | None


def page(tx: Connection, wanted: Filter, cursor: str | None = None, limit: int = 50) -> Page[Incident]:
    """The incidents that pass a filter, newest first, from a cursor on."""
    found = _ordered(tx, wanted, decode_cursor(cursor), limit + 1)
    more = len(found) > limit
    found = found[:limit]
    items = load(tx, [pk for _, pk in found])
    return Page(items=tuple(items[pk] for _, pk in found), next=encode_cursor(*found[-1]) if more else None)


def count(tx: Connection, wanted: Filter) -> int:
    """How many pass a filter, at most `COUNTED` + 1."""
    some = _query(tx, wanted, None).limit(COUNTED + 1).subquery()
    return tx.execute(select(func.count()).select_from(some)).scalar_one()


def facets(tx: Connection, wanted: Filter) -> Facets:
    """How many of the newest `COUNTED` that pass have which value; each narrowed field as if it were not."""
    narrowed = [name for name in Facets.__struct_fields__ if getattr(wanted, name)]
    found = _facets(tx, wanted)
    for name in narrowed:
        empty = None if name in ROLES else ()
        found[name] = _facets(tx, msgspec.structs.replace(wanted, **{name: empty}))[name]
    return Facets(
        **{name: dict(sorted(of.items(), key=lambda each: (-each[1], each[0]))) for name, of in found.items()}
    )


def _facets(tx: Connection, wanted: Filter) -> dict[str, Counter[str]]:
    some = _query(tx, wanted, None).limit(COUNTED).subquery()
    query = select(counted.c.fields).join_from(some, counted, counted.c.incident == some.c[1])
    values = "|".join(tx.execute(query).scalars().all()).split("|")  # counted here, which is faster than sorting there
    names = Facets.__struct_fields__
    found = {name: Counter(values[i :: len(names)]) for i, name in enumerate(names)}
    for of in found.values():
        del of[""]  # not known
    return found


def named(tx: Connection, ids: Iterable[str]) -> dict[str, Incident]:
    """Incidents by id; ids of none are left out."""
    pks = pks_of(tx, ids)
    found = load(tx, list(pks.values()))
    return {id: found[pk] for id, pk in pks.items()}


def pks_of(tx: Connection, ids: Iterable[str]) -> dict[str, int]:
    """The pk of each incident by its id; ids of none are left out."""
    found: dict[str, int] = {}
    for some in chunks(sorted(set(ids)), 500):
        found |= dict(tx.execute(select(incident.c.id, incident.c.pk).where(incident.c.id.in_(some))).all())
    return found


def per_day(tx: Connection, since: str, until: str) -> dict[str, dict[str, int]]:
    """How many incidents each group has on each day (ISO) of a stretch; read off one index."""
    wanted = Filter(since=since, until=until)
    found: dict[str, dict[str, int]] = {}
    query = select(incident.c.grp, incident.c.day, func.count()).where(
        *_columns(wanted, incident), *_days(wanted, incident.c.day)
    )
    for group, day, number in tx.execute(query.group_by(incident.c.grp, incident.c.day)):
        found.setdefault(group, {})[str(days.iso(day))] = number
    return found


def passing(tx: Connection, wanted: Filter, pks: Iterable[int]) -> set[int]:
    """Which of some incidents (pk) pass a filter."""
    query = _query(tx, wanted, None)
    _, pk = query.selected_columns
    found: set[int] = set()
    for some in chunks(sorted(pks), 500):
        found |= {row[1] for row in tx.execute(query.where(pk.in_(some)))}
    return found


def would_pass(one: Incident, wanted: Filter) -> bool:
    """Whether an incident passes a filter, its words apart: for one as it was, which the tables no longer hold."""
    values = (
        (one.type, wanted.type),
        (one.group, wanted.group),
        (one.status, wanted.status),
        (one.standing, wanted.standing),
        (one.review, wanted.review),
    )
    day = ordinal(one)
    return (
        all(value in some for value, some in values if some)
        and (bool(wanted.review) or one.review != "rejected")
        and set(_keys(wanted)) <= set(keys(one))
        and one.sources >= wanted.sources
        and (not wanted.open or one.open > 0)
        and (wanted.since is None or day >= _bound(wanted.since, 0))
        and (wanted.until is None or 0 < day <= _bound(wanted.until, 1))
    )


def every(tx: Connection, wanted: Filter) -> list[int]:
    """All that pass a filter (pk), oldest first, by id on one day: the same order in every record of the same articles."""
    found = {pk: day for day, pk in _ordered(tx, wanted, None, None)}
    ids: dict[int, str] = {}
    for some in chunks(list(found), 500):
        ids |= dict(tx.execute(select(incident.c.pk, incident.c.id).where(incident.c.pk.in_(some))).all())
    return sorted(found, key=lambda pk: (found[pk], ids[pk]))


def last_changed(tx: Connection, wanted: Filter, limit: int) -> list[tuple[int, int]]:
    """Number of the last change and pk of what passes a filter and changed last, the last first."""
    if wanted == Filter():
        latest = select(incident.c.changed, incident.c.pk).where(incident.c.review != "rejected")
        return [(seq, pk) for seq, pk in tx.execute(latest.order_by(incident.c.changed.desc()).limit(limit))]
    found: list[tuple[int, int]] = []
    for some in chunks([pk for _, pk in _ordered(tx, wanted, None, None)], 500):
        found += [
            (seq, pk)
            for seq, pk in tx.execute(select(incident.c.changed, incident.c.pk).where(incident.c.pk.in_(some)))
        ]
    return sorted(found, reverse=True)[:limit]


def load(tx: Connection, pks: list[int]) -> dict[int, Incident]:
    """Incidents by pk."""
    query = select(incident.c.pk, incident.c.body, incident.c.open).where(among(tx, incident.c.pk, pks))
    found = {}
    for pk, body, count in tx.execute(query).all():
        one = decode_incident(body)  # stored with no open items
        found[pk] = msgspec.structs.replace(one, open=count) if count else one
    return found


def post_spec(words: str) -> Spec:
    """ "embassy RUS ANKARA", "RUS TUR": of which state, in which state or city, of which kind. Else WrongUsage."""
    parts = words.split()
    states = [i for i, part in enumerate(parts) if re.fullmatch(r"[A-Z]{3}", part)]
    if not states or states[0] == len(parts) - 1:
        raise WrongUsage(f'post "{words}": say kind, sending state and place, like "embassy RUS ANKARA" or "RUS TUR"')
    at = states[0]
    kind = "_".join(parts[:at]).casefold() or None
    place = " ".join(parts[at + 1 :])
    return Spec(parts[at], place if re.fullmatch(r"[A-Z]{3}", place) else str(city_name(place, None)), kind)


def _ordered(tx: Connection, wanted: Filter, after: tuple[int, int] | None, limit: int | None) -> list[tuple[int, int]]:
    """Day and pk of what passes a filter, newest first."""
    query = _query(tx, wanted, after)
    return [(row[0], row[1]) for row in tx.execute(query.limit(limit) if limit else query)]


def _query(tx: Connection, wanted: Filter, after: tuple[int, int] | None) -> Select[Any]:
    """The question for day and pk of what passes a filter, newest first. Raises WrongUsage for a filter that is none."""
    _check(wanted)
    return _by_words(wanted, after, tx.dialect.name) if wanted.text else _by_columns(wanted, after)


def _by_columns(wanted: Filter, after: tuple[int, int] | None) -> Select[Any]:
    keys = _keys(wanted)
    source: Table = facet if keys else incident
    day, pk = source.c.day, (facet.c.incident if keys else incident.c.pk)
    query = select(day, pk).where(*_columns(wanted, source), *_days(wanted, day)).order_by(day.desc(), pk.desc())
    if keys:
        query = query.where(facet.c.key == keys[0])
    for key in keys[1:]:
        other = facet.alias()
        query = query.where(
            select(other.c.key).where(other.c.key == key, other.c.day == day, other.c.incident == pk).exists()
        )
    return query.where(tuple_(day, pk) < tuple_(*after)) if after else query


def _by_words(wanted: Filter, after: tuple[int, int] | None, dialect: str) -> Select[Any]:
    """The search index holds filters as words too; only numbers are looked up in the table of incidents."""
    said = phrases(wanted.text or "")
    terms = [[term(key)] for key in _keys(wanted)]
    for values in (wanted.type, wanted.group, wanted.status, wanted.standing, wanted.review):
        if values:
            terms.append([term(value) for value in values])
    not_wanted = [] if wanted.review else [term("rejected")]
    day: ColumnElement[Any]
    pk: ColumnElement[Any]
    if dialect == "sqlite":
        match = " AND ".join(
            [f'words : "{words}"' for words in said] + [f"facets : ({' OR '.join(some)})" for some in terms]
        )
        match = " NOT ".join([f"({match})", *(f"facets : {one}" for one in not_wanted)])
        row = _SEARCH.c.rowid
        rows = select(row).where(_SEARCH.c.incident_text.op("MATCH")(match)).order_by(row.desc())
        if after:
            rows = rows.where(row < text_row(*after))
        if wanted.until and (last := _bound(wanted.until, 1)):
            rows = rows.where(row < text_row(last + 1, 0), row >= text_row(1, 0))
        if wanted.since and (first := _bound(wanted.since, 0)):
            rows = rows.where(row >= text_row(first, 0))
        found = rows.subquery()
        newest = found.c.rowid
        day, pk = newest.op(">>")(32), newest.op("&")(0xFFFFFFFF)
        query, order = select(day.label("day"), pk.label("pk")).select_from(found), [newest.desc()]
    else:
        parts = [f"phraseto_tsquery('english', :said{i})" for i in range(len(said))]
        parts += [f"to_tsquery('simple', :term{i})" for i in range(len(terms))]
        parts += [f"!!to_tsquery('simple', :not{i})" for i in range(len(not_wanted))]
        params = {f"said{i}": words for i, words in enumerate(said)}
        params |= {f"term{i}": " | ".join(some) for i, some in enumerate(terms)}
        params |= {f"not{i}": one for i, one in enumerate(not_wanted)}
        matches = text(f"incident_text.words @@ ({' && '.join(parts)})").bindparams(**params)
        day, pk = _SEARCH.c.day, _SEARCH.c.pk
        query, order = select(day, pk).where(matches, *_days(wanted, day)), [day.desc(), pk.desc()]
        if after:
            query = query.where(tuple_(day, pk) < tuple_(*after))
    if wanted.sources or wanted.open:
        query = query.join(incident, incident.c.pk == pk).where(incident.c.sources >= wanted.sources)
        if wanted.open:
            query = query.where(incident.c.open > 0)
    return query.order_by(*order)


def phrases(text: str) -> list[str]:
    """The words and "phrases in quotation marks" of a search, without signs. Raises WrongUsage where there is none."""
    parts = re.findall(r'"([^"]+)"|(\S+)', text)
    found = [words for quoted, word in parts if (words := " ".join(re.findall(r"\w+", quoted or word)))]
    if not found:
        raise WrongUsage(f"text {text!r}: holds no word to look for")
    return found


def _keys(wanted: Filter) -> list[str]:
    """Keys of the table `facet`, the most selective first."""
    keys = []
    if wanted.post:
        spec = post_spec(wanted.post)
        keys.append(post_key(*spec))
    if wanted.pair:
        keys.append(pair_key(*wanted.pair))
    keys += [role_key(role, state) for role in ROLES if (state := getattr(wanted, role))]
    if wanted.state:
        keys.append(wanted.state)
    return keys


def _columns(wanted: Filter, source: Table) -> Iterator[ColumnElement[bool]]:
    for column, values in (
        (source.c.type, wanted.type),
        (source.c.grp, wanted.group),
        (source.c.status, wanted.status),
        (source.c.standing, wanted.standing),
        (source.c.review, wanted.review),
    ):
        if len(values) == 1:
            yield column == values[0]
        elif values:
            yield column.in_(values)
    if not wanted.review:
        yield source.c.review != "rejected"
    if wanted.sources > 1:
        yield source.c.sources >= wanted.sources
    if wanted.open:
        yield source.c.open > 0


def _days(wanted: Filter, day: ColumnElement[int]) -> Iterator[ColumnElement[bool]]:
    if wanted.since:
        yield day >= _bound(wanted.since, 0)
    if wanted.until:
        yield day <= _bound(wanted.until, 1)
        yield day > 0


def _bound(date: str, end: int) -> int:
    """First (0) or last (1) day of an ISO day, month or year."""
    stretch = days.span(date)
    if stretch is None:
        raise WrongUsage(f"date {date!r}: is none; give a day, month or year, like 2018-03-14, 2018-03 or 2018")
    return stretch[end]


def _check(wanted: Filter) -> None:
    """Unknown types and groups are mistakes, not empty lists."""
    for name, values, known in (("type", wanted.type, types()), ("group", wanted.group, GROUPS)):
        for value in values:
            if value not in known:
                raise WrongUsage(f"{name} {value!r}: there is none; there are {', '.join(known)}")


def encode_cursor(day: int, pk: int) -> str:
    return urlsafe_b64encode(msgspec.json.encode([day, pk])).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> tuple[int, int] | None:
    if cursor is None:
        return None
    try:
        return msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=tuple[int, int])
    except ValueError:
        raise WrongUsage(f"cursor {cursor!r}: is none; take it from `next` of a page") from None

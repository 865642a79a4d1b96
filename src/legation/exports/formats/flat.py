"""An incident as one row of plain values: the columns of `csv` and `parquet`, and of rows in Python.

The first columns are ACLED's by name and meaning where there is one. `actor1` is whoever acts and is empty when nobody knows; it
is never called a perpetrator.
"""

from collections.abc import Iterator

from legation import atlas
from legation.exports.formats.words import told
from legation.record import Record, days
from legation.record.nouns import Detail, Filter
from legation.schema import Noun, Party

COLUMNS = {
    "event_id": "The incident: the id of its first-published mention.",
    "event_date": "The first day it can have been on, ISO 8601; empty when not known.",
    "year": "The year of event_date.",
    "time_precision": "1 a day, 2 within a week, 3 within a month, 4 within a year, 5 undated: see published_first.",
    "date_edtf": "The date as the accounts give it, EDTF.",
    "event_type": "Group of types: harm, premises, restriction, sending, relations, communication, protection.",
    "sub_event_type": "Event type (docs/ontology.md).",
    "actor1": "Who acts: name, else state; empty when nobody knows or says.",
    "actor1_state": "The actor's state, ISO 3166-1 alpha-3.",
    "actor1_kind": "government, mission, diplomat, crowd, …",
    "actor2": "Whom or what it is done to.",
    "actor2_state": "Their state.",
    "actor2_kind": "Their kind.",
    "iso3": "The receiving state, where it happens.",
    "country": "Its name.",
    "admin1": "Always empty: not coded.",
    "location": "The city, when told.",
    "latitude": "Of the city, WGS 84 degrees.",
    "longitude": "Of the city.",
    "geo_precision": "1 the city is known, 3 only the country; empty: neither.",
    "source": "Outlets, ; between them.",
    "notes": "What happened, in one sentence that says who says so.",
    "count": "People, missions or objects affected: what most independent sources say.",
    "count_low": "The lowest number told.",
    "count_high": "The highest number told.",
    "status": "The furthest by any account: reported, claimed, announced, demanded, threatened, denied.",
    "standing": "corroborated, contested, denied, one-sided, single-source (docs/record.md).",
    "review": "unreviewed, confirmed, corrected, rejected: what people decided.",
    "claimant": "On whose word it stands, when claimed or denied.",
    "claimant_state": "Their state.",
    "sending_state": "The state whose people or mission are concerned.",
    "aggregate": "A total over several states: never add it to its parts.",
    "n_articles": "Articles that tell of it.",
    "n_independent": "Independent sources among them.",
    "published_first": "Day of the first article.",
    "duties": "Articles of the Vienna Conventions engaged, ; between them.",
    "answers": "Incidents it answers, ; between them.",
    "open_items": "Things that still wait for an answer.",
    "severity": "1 words to 5 lives.",
}


class Flat(Noun, frozen=True, kw_only=True):
    """A row; `COLUMNS` says what each column is."""

    event_id: str
    event_date: str | None
    year: int | None
    time_precision: int
    date_edtf: str | None
    event_type: str
    sub_event_type: str
    actor1: str | None
    actor1_state: str | None
    actor1_kind: str | None
    actor2: str | None
    actor2_state: str | None
    actor2_kind: str | None
    iso3: str | None
    country: str | None
    admin1: str | None
    location: str | None
    latitude: float | None
    longitude: float | None
    geo_precision: int | None
    source: str | None
    notes: str
    count: int | None
    count_low: int | None
    count_high: int | None
    status: str
    standing: str
    review: str
    claimant: str | None
    claimant_state: str | None
    sending_state: str | None
    aggregate: bool
    n_articles: int
    n_independent: int
    published_first: str | None
    duties: str | None
    answers: str | None
    open_items: int
    severity: int


def rows(record: Record, wanted: Filter) -> Iterator[Flat]:
    """The incidents that pass a filter, the oldest first."""
    return (flat(detail) for detail in record.details(wanted))


def flat(detail: Detail) -> Flat:
    """One incident."""
    one = detail.incident
    stretch = days.span(one.date)
    place = point(one.city, one.host)
    published = sorted(mention.published for mention in detail.mentions if mention.published)
    return Flat(
        event_id=one.id,
        event_date=days.iso(stretch[0]) if stretch else None,
        year=int(str(days.iso(stretch[0]))[:4]) if stretch else None,
        time_precision=precision(one.date),
        date_edtf=one.date,
        event_type=one.group,
        sub_event_type=one.type,
        actor1=_named(one.actor),
        actor1_state=one.actor.state if one.actor else None,
        actor1_kind=one.actor.kind if one.actor else None,
        actor2=_named(one.target),
        actor2_state=one.target.state if one.target else None,
        actor2_kind=one.target.kind if one.target else None,
        iso3=one.host,
        country=state_name(one.host),
        admin1=None,
        location=one.city,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        geo_precision=1 if place else 3 if one.host else None,
        source="; ".join(sorted({mention.outlet for mention in detail.mentions if mention.outlet})) or None,
        notes=told(one),
        count=one.count,
        count_low=one.count_low,
        count_high=one.count_high,
        status=one.status,
        standing=one.standing,
        review=one.review,
        claimant=one.claimant.name if one.claimant else None,
        claimant_state=one.claimant.state if one.claimant else None,
        sending_state=one.sending,
        aggregate=one.aggregate,
        n_articles=one.articles,
        n_independent=one.sources,
        published_first=published[0] if published else None,
        duties="; ".join(one.duties) or None,
        answers="; ".join(sorted({link.answered.id for link in detail.answers})) or None,
        open_items=one.open,
        severity=one.severity,
    )


def precision(edtf: str | None) -> int:
    """1 a day, 2 within a week, 3 within a month, 4 longer, 5 no date."""
    stretch = days.span(edtf)
    if stretch is None:
        return 5
    width = stretch[1] - stretch[0]
    return 1 if width == 0 else 2 if width < 7 else 3 if width <= 31 else 4


def point(city: str | None, state: str | None) -> tuple[float, float] | None:
    """Latitude and longitude of a city that the atlas knows in that state; None for a country: no point is made up for it."""
    known = atlas.load().city(city, state) if city else None
    return (known.latitude, known.longitude) if known else None


def state_name(code: str | None) -> str | None:
    """The English name of a state."""
    state = atlas.load().state(code) if code else None
    return state.name if state else code


def _named(party: Party | None) -> str | None:
    return (party.name or state_name(party.state)) if party else None

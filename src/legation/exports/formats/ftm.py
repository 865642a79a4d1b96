"""FollowTheMoney entities, one a line: an Event an incident, the Articles that prove it, the Person or PublicBody involved.

Type, status, standing and duties have no property there; they go into summary and keywords. Ids are hashes with the prefix
``legation-``; the same state or person is one entity.
"""

from collections.abc import Iterator
from hashlib import sha1
from typing import IO, Any

import msgspec

from legation import atlas
from legation.exports.formats.flat import state_name
from legation.exports.formats.words import told
from legation.ontology import event_type
from legation.record import Record, days
from legation.record.nouns import ArticleDetail, Detail, Filter
from legation.schema import Party


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    articles: set[str] = set()
    parties: set[str] = set()
    for detail in record.details(wanted):
        articles |= {mention.article for mention in detail.mentions}
        for entity in _entities(detail, parties):
            out.write(msgspec.json.encode(entity) + b"\n")
    for article in record.every_article(articles):
        out.write(msgspec.json.encode(_article(article)) + b"\n")


def _entities(detail: Detail, known: set[str]) -> Iterator[dict[str, Any]]:
    one = detail.incident
    involved = [party for party in (one.actor, one.target) if party]
    for party in involved:
        entity = _party(party)
        if entity and entity["id"] not in known:
            known.add(entity["id"])
            yield entity
    actor = _party(one.actor) if one.actor else None
    stretch = days.span(one.date)
    properties = {
        "name": [one.headline],
        "summary": [told(one)],
        "description": [
            f"{one.status}, {one.standing}; {one.sources} independent sources among {one.articles} articles"
        ],
        "keywords": sorted({one.type, one.group, one.status, one.standing, *one.duties, event_type(one.type).label}),
        "date": [one.date]
        if stretch and one.date and len(one.date) <= 10 and one.date.replace("-", "").isdigit()
        else [],
        "location": [", ".join(part for part in (one.city, state_name(one.host)) if part)]
        if one.city or one.host
        else [],
        "country": _country(one.host),
        "organizer": [actor["id"]] if actor and one.status == "reported" else [],
        "involved": sorted({entity["id"] for party in involved if (entity := _party(party))}),
        "proof": sorted({_id("article", mention.article) for mention in detail.mentions}),
    }
    yield _entity(_id("event", one.id), "Event", properties)


def _article(one: ArticleDetail) -> dict[str, Any]:
    row = one.row
    properties = {
        "title": [row.title or row.outlet or row.id],
        "bodyText": [one.reading.text],
        "publisher": [row.outlet] if row.outlet else [],
        "publishedAt": [row.published]
        if row.published and days.span(row.published) and len(row.published) <= 10
        else [],
        "contentHash": [sha1(one.reading.text.encode("utf-8", "surrogatepass")).hexdigest()],
        "language": ["eng"] if row.language == "en" else [],
        "sourceUrl": [origin for origin in one.origins if origin.startswith(("http://", "https://"))],
    }
    return _entity(_id("article", row.id), "Article", properties)


def _party(party: Party) -> dict[str, Any] | None:
    """A named person or organisation, else the state's body."""
    if party.name:
        person = party.kind in ("diplomat", "staff", "individual") or (party.kind == "government" and " " in party.name)
        schema = "Person" if person else "Organization"
        properties = {"name": [party.name], "country": _country(party.state)}
        return _entity(_id(schema, party.name, party.state), schema, properties)
    if party.state:
        kind = (party.kind or "government").replace("_", " ")
        properties = {"name": [f"{state_name(party.state)}: {kind}"], "country": _country(party.state)}
        body = party.kind in (
            "government",
            "mission",
            "premises",
            "property",
            "police",
            "military",
            "security_service",
            "diplomat",
            "staff",
            None,
        )
        return _entity(_id("party", kind, party.state), "PublicBody" if body else "LegalEntity", properties)
    return None


def _entity(id: str, schema: str, properties: dict[str, list[str]]) -> dict[str, Any]:
    return {"id": id, "schema": schema, "properties": {name: given for name, given in properties.items() if given}}


def _country(code: str | None) -> list[str]:
    """ISO alpha-2, as FollowTheMoney has it; historic and disputed states by its own codes where it has them."""
    if code is None:
        return []
    historic = {"SUN": "suhh", "YUG": "yucs", "CSK": "cshh", "DDR": "dd", "SCG": "cs", "XKX": "xk"}
    if code in historic:
        return [historic[code]]
    import pycountry

    found = pycountry.countries.get(alpha_3=code)
    return [found.alpha_2.lower()] if found and atlas.load().state(code) else []


def _id(*parts: str | None) -> str:
    return f"legation-{sha1('|'.join(part or '' for part in parts).encode()).hexdigest()}"

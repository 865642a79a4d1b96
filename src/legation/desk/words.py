"""What templates call things by: incidents as sentences, states, dates, shapes beside words."""

import re
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

from legation import atlas
from legation.exports.briefing.dates import in_words
from legation.exports.briefing.terminal import SHAPES
from legation.exports.briefing.wording import capital, claimant_words, sentence, state_name
from legation.law import articles
from legation.ontology import types
from legation.record.nouns import Incident
from legation.schema import Event, Evidence, Post

STANDINGS = {"corroborated": "◆", "contested": "⇄", "denied": "○", "one-sided": "◑", "single-source": "◇"}
REVIEWS = {"unreviewed": "◌", "confirmed": "✓", "corrected": "✎", "rejected": "✕"}
KINDS = {"new": "＋", "changed": "△", "gone": "✕"}
_MONTHS = re.compile("January|February|March|April|June|July|August|September|October|November|December")
_TYPE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_CODE, _DATE = re.compile(r"\b[A-Z]{3}\b"), re.compile(r"\b\d{4}-\d\d-\d\d\b")
RELATIONS = {
    "right_exercised": "a right is exercised",
    "duty_engaged": "a duty is at stake",
    "breach_alleged": "a breach is alleged",
    "breach_admitted": "a breach is admitted",
    "breach_found": "a court found a breach",
    "duty_performed": "a duty is performed",
    "none": "no duty",
}
FIELDS = {
    "actor.state": "state that acted", "actor.kind": "kind of actor", "actor.name": "name of the actor",
    "target.state": "state affected", "target.kind": "kind of target", "target.name": "name of the target",
    "claimant.state": "on whose word (state)", "claimant.name": "on whose word (name)", "count": "number",
    "host": "receiving state", "city": "city", "date": "date", "type": "type", "status": "status", "post": "post",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def told(incident: Incident, about: Incident | None = None) -> str:
    """The incident in one sentence, in the voice its status allows."""
    return sentence(
        event_of(incident),
        incident.status,
        claimant_words(incident.claimant),
        event_of(about) if about and about.id != incident.id else None,
    )


def event_of(incident: Incident) -> Event:
    """The incident as an event without evidence: what `wording` puts into words."""
    return Event(
        type=incident.type,
        status=incident.status,
        actor=incident.actor,
        target=incident.target,
        host=incident.host,
        city=incident.city,
        date=incident.date,
        count=incident.count,
        claimant=incident.claimant,
        evidence=Evidence(start=0, end=0, text=""),
    )


def state(code: str | None) -> str:
    """The state's English name, capitalised; a code nobody knows stands for itself."""
    return capital((state_name(code) or "not known").removeprefix("the "))


def the(code: str) -> str:
    """The state's name as it stands in a sentence: "the United Kingdom"."""
    return state_name(code) or code


def is_state(code: str | None) -> bool:
    """Whether a side is a state, by its code, and no organisation."""
    return atlas.load().state(code) is not None if code else False


def label(type: str) -> str:
    known = types().get(type)
    return known.label if known else type


def when(edtf: str | None) -> str:
    return in_words(edtf)


def short(edtf: str | None) -> str:
    """A date for a narrow column: "5 Apr 2024"."""
    return _MONTHS.sub(lambda month: month[0][:3], in_words(edtf))


def spelled(text: str) -> str:
    """A sentence of the record for a person: states by name for their codes, dates in words."""
    text = _CODE.sub(lambda code: state_name(code[0]) or code[0], text)
    return _DATE.sub(lambda day: in_words(day[0]), text)


def shape(word: str) -> str:
    """The sign beside a word of status, standing, review or change, so that nobody needs colours."""
    return ({str(status): sign for status, sign in SHAPES.items()} | STANDINGS | REVIEWS | KINDS).get(word, "·")


def post_spec(post: Post | None) -> str | None:
    """ "embassy RUS TUR", "consulate RUS ISTANBUL", as `Record.post` takes it; None for a post too vague to have a page.

    A state has one embassy in another, so that is named by the state; others by their city where it is known.
    """
    if post is None or post.of is None or not (post.city or post.in_):
        return None
    place = post.in_ if post.in_ and (post.kind == "embassy" or not post.city) else (post.city or "").upper()
    return f"{post.kind} {post.of} {place}"


def post_words(post: Post) -> str:
    """ "Embassy of Russia in Ankara"."""
    kind = post.kind.replace("_", " ").capitalize()
    city = post.city.title() if post.city and post.city.isupper() else post.city
    place = city if city else the(post.in_) if post.in_ else "a place not known"
    return f"{kind} of {the(post.of) if post.of else 'a state not known'} in {place}"


def labelled(text: str) -> str:
    """A text of the ontology for a person: types by their labels."""
    return _TYPE.sub(lambda name: label(name[0]).lower() if name[0] in types() else name[0], text)


def plain(value: Any) -> str:
    """A value of a field for a person: posts and codes in words."""
    if isinstance(value, Post):
        return post_words(value)
    if isinstance(value, str) and len(value) == 3 and value.isupper():
        return f"{state(value)} ({value})"
    if isinstance(value, str) and value in types():
        return label(value)
    return "not known" if value is None else str(value)


def article_says(id: str) -> str:
    """A treaty article in our own words; empty for one the law data does not hold."""
    found = articles().get(id)
    return f"{found.about}: {found.says}" if found else ""


@cache
def states() -> list[tuple[str, str]]:
    """Code and name of every state of the atlas, by name."""
    known = {s.code for s in atlas.load().states if s.code}
    return sorted(((code, state(code)) for code in known), key=lambda pair: pair[1])


def moment(seconds: int) -> str:
    """Seconds since 1970 as "2026-11-22 03:05" (UTC)."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def path(text: str) -> str:
    """Text as one segment of an address."""
    return quote(text, safe="")

"""The nouns of Legation, and nothing else.

Every noun is immutable. A reading in JSON (see ``docs/reading.md``) is the JSON form of `Reading`; its
JSON Schema is `json_schema()`. All offsets are code points into `Reading.text`; a span is ``[start, end)``.
Unknown is ``None``: an invented value is worse than a missing one.
"""

from typing import Any, Literal, TypeAlias

import msgspec

Offsets: TypeAlias = tuple[int, int]
"""Start and end of a stretch of text, in code points, end exclusive."""

Status: TypeAlias = Literal["reported", "claimed", "denied", "announced", "threatened", "demanded"]
PartyKind: TypeAlias = Literal[
    "government", "mission", "diplomat", "staff", "premises", "property", "security_service",
    "police", "military", "crowd", "armed_group", "individual", "organisation", "media",
]  # fmt: skip
ORGANS: frozenset[PartyKind] = frozenset({"government", "police", "military", "security_service"})
"""Kinds of party that are a state's government or its organs."""
Stance: TypeAlias = Literal[
    "asserts", "alleges", "accuses", "denies", "confirms", "demands", "promises", "threatens",
    "condemns", "apologises", "announces", "asks",
]  # fmt: skip
Relation: TypeAlias = Literal[
    "right_exercised", "duty_engaged", "breach_alleged", "breach_admitted", "breach_found", "duty_performed", "none",
]  # fmt: skip


class Noun(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all nouns: frozen, keyword-only, comparable by value."""


class Post(Noun, frozen=True, kw_only=True):
    """A mission: what kind (embassy, consulate, ...), of which state, in which state and city."""

    kind: str
    of: str | None = None
    in_: str | None = msgspec.field(name="in", default=None)
    city: str | None = None


class Party(Noun, frozen=True, kw_only=True):
    """Who acts or is acted on. `state`: ISO 3166 alpha-3 of the state whose government, official, mission or national it is."""

    state: str | None = None
    kind: PartyKind | None = None
    name: str | None = None
    post: Post | None = None


class Speaker(Noun, frozen=True, kw_only=True):
    """A person or body whose words the article reports; `role` as the text gives it."""

    name: str | None = None
    role: str | None = None
    state: str | None = None
    kind: PartyKind | None = None
    span: Offsets | None = None


class Statement(Noun, frozen=True, kw_only=True):
    """Words of somebody. `content` is where they stand; `quoted` when between quotation marks."""

    speaker: Speaker | None = None
    relayed_by: str | None = None
    stance: Stance = "asserts"
    cue: Offsets | None = None
    content: Offsets
    quoted: bool = False


class Claimant(Noun, frozen=True, kw_only=True):
    """On whose word an event stands."""

    name: str | None = None
    state: str | None = None


class Evidence(Noun, frozen=True, kw_only=True):
    """The exact words an event was read from: ``text[start:end]`` of the reading."""

    start: int
    end: int
    text: str


class Duty(Noun, frozen=True, kw_only=True):
    """A duty of the Vienna Conventions (id as in `legation.law`), how the event relates to it, and who holds it."""

    duty: str
    relation: Relation
    holder: str | None = None


class Event(Noun, frozen=True, kw_only=True):
    """One act as one article tells it. `date` is EDTF; `in_response_to` and `statement` index the reading's lists."""

    type: str
    status: Status
    actor: Party | None = None
    target: Party | None = None
    host: str | None = None
    city: str | None = None
    date: str | None = None
    count: int | None = None
    claimant: Claimant | None = None
    in_response_to: int | None = None
    statement: int | None = None
    evidence: Evidence
    mentions: tuple[Offsets, ...] = ()
    duties: tuple[Duty, ...] = ()
    plover: dict[str, str | None] | None = None
    cameo: str | None = None
    why: str = ""


class Article(Noun, frozen=True, kw_only=True):
    """A text as it came in, decoded, with what the input says about itself. `text` is never altered."""

    id: str
    source: str
    text: str
    outlet: str | None = None
    title: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    boilerplate: tuple[Offsets, ...] = ()


class Reading(Noun, frozen=True, kw_only=True):
    """What one article says: the contract of ``legation read --format jsonl``."""

    id: str
    source: str
    outlet: str | None = None
    title: str | None = None
    published: str | None = None
    language: str | None = None
    text: str
    boilerplate: tuple[Offsets, ...] = ()
    relevant: bool = False
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a reading."""
    return msgspec.json.schema(Reading)

"""What a record returns. Immutable, typed, JSON through msgspec; `legation.schema` has the nouns of one reading.

Dates are EDTF, days of filters and orders ISO ``YYYY-MM-DD``. Unknown is None. An id of an incident is the id of its
first-published mention, so any id of a mention finds its incident.
"""

from typing import Any, Generic, Literal, TypeAlias, TypeVar

from legation.schema import Claimant, Event, Noun, Offsets, Party, Post, Reading, Relation, Stance, Status

T = TypeVar("T")

Standing: TypeAlias = Literal["corroborated", "contested", "denied", "one-sided", "single-source"]
"""What the accounts add up to; `docs/record.md` defines each."""
Review: TypeAlias = Literal["unreviewed", "confirmed", "corrected", "rejected"]


class Filter(Noun, frozen=True, kw_only=True):
    """What `Record.incidents` lists; every field narrows. Tuples mean any of.

    `state`: one of the two states concerned or the actor's; `receiving`, `sending`, `target`: as that alone. `pair`: both. `post`: "embassy RUS ANKARA", "embassy RUS TUR" or
    shorter. `text`: words and "phrases in quotation marks", all of which stand in headlines or sentences about the
    incident. `since`, `until`: ISO days, or a year or month. `open`: with open items. `sources`: at least so many independent
    ones. `review`: without it, rejected incidents are left out.
    """

    state: str | None = None
    receiving: str | None = None
    sending: str | None = None
    target: str | None = None
    pair: tuple[str, str] | None = None
    post: str | None = None
    type: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    status: tuple[Status, ...] = ()
    standing: tuple[Standing, ...] = ()
    review: tuple[Review, ...] = ()
    since: str | None = None
    until: str | None = None
    open: bool = False
    sources: int = 0
    text: str | None = None


class Facets(Noun, frozen=True, kw_only=True):
    """How many incidents have which value, the commonest first: of the newest 10,000 that pass a filter. A field that the filter
    narrows is counted as if it did not, so that its other values can be chosen."""

    type: dict[str, int]
    group: dict[str, int]
    status: dict[str, int]
    standing: dict[str, int]
    receiving: dict[str, int]
    sending: dict[str, int]
    target: dict[str, int]


class Page(Noun, Generic[T], frozen=True, kw_only=True):
    """Some of a list; `next` is the cursor of the rest, None at its end."""

    items: tuple[T, ...]
    next: str | None = None


class Value(Noun, frozen=True, kw_only=True):
    """One value of a field, the mentions that give it, how many independent sources they are, and who in words."""

    value: Any
    mentions: tuple[str, ...]
    sources: int
    says: tuple[str, ...]
    decided: int | None = None  # the decision (audit entry) that set it


class Reason(Noun, frozen=True, kw_only=True):
    """Why a mention was joined to its incident: what was compared, the points it gave, in words."""

    feature: str
    points: float
    because: str


class Mention(Noun, frozen=True, kw_only=True):
    """One article's account of an incident. `event` is as corrected; `read`, where it differs, as the reader gave it."""

    id: str
    article: str
    outlet: str | None
    title: str | None
    published: str | None
    event: Event
    read: Event | None = None
    kept: bool = False  # by a decision, though the reader no longer finds it
    reasons: tuple[Reason, ...] = ()


class Claim(Noun, frozen=True, kw_only=True):
    """A stance of somebody on the incident, in one article. `side`: state or name; None when the outlet speaks for itself."""

    mention: str
    article: str
    outlet: str | None
    side: str | None
    name: str | None
    role: str | None
    stance: Stance
    relayed_by: str | None
    day: str | None  # of publication
    span: Offsets
    quote: str


class Copy(Noun, frozen=True, kw_only=True):
    """An article of a source. `of`: the article it copies; `adds`, `drops`: how many sentences of its own, how many left out."""

    article: str
    outlet: str | None
    title: str | None
    published: str | None
    of: str | None = None
    adds: int = 0
    drops: int = 0


class Source(Noun, frozen=True, kw_only=True):
    """Articles that count once, and why: copies, one agency credited, one owner."""

    label: str
    because: tuple[str, ...]
    articles: tuple[Copy, ...]


class Incident(Noun, frozen=True, kw_only=True):
    """What many articles tell of one act: a row of a list. `count_low`, `count`, `count_high`: lowest, best supported, highest."""

    id: str
    type: str
    group: str
    severity: int
    headline: str
    status: Status
    standing: Standing
    review: Review
    actor: Party | None
    target: Party | None
    host: str | None
    city: str | None
    post: Post | None
    receiving: str | None
    sending: str | None
    date: str | None
    day: str | None  # where it stands in time order
    count: int | None
    count_low: int | None
    count_high: int | None
    claimant: Claimant | None
    aggregate: bool  # a total over several states, never summed with its parts
    mentions: int
    articles: int
    sources: int
    duties: tuple[str, ...]
    open: int


class DutyAtStake(Noun, frozen=True, kw_only=True):
    """A duty the incident engages. `law`: "treaty" when both states were bound on its date, else "customary law"; "none" where neither speaks, "unknown" where that is not known."""

    duty: str
    relation: Relation
    holder: str | None
    toward: str | None
    law: Literal["treaty", "customary law", "none", "unknown"]
    because: str
    mentions: tuple[str, ...]


class Link(Noun, frozen=True, kw_only=True):
    """An incident and what it answers. `delay`: days between, least and most, where both dates are known."""

    answer: Incident
    answered: Incident
    explicit: bool
    in_kind: bool
    delay: tuple[int, int] | None
    mentions: tuple[str, ...]
    because: str


class Item(Noun, frozen=True, kw_only=True):
    """Something that waits: a demand, a promised inquiry, an assurance, an alleged breach, a deadline to leave."""

    incident: str
    kind: Literal["demand", "inquiry", "assurance", "breach", "deadline", "threat"]
    holder: str | None  # who owes the answer
    toward: str | None
    what: str
    opened: str | None
    due: str | None
    state: Literal["open", "answered", "overtaken"]
    closer: str | None  # the incident that closed it
    because: str | None


class Decision(Noun, frozen=True, kw_only=True):
    """What a person decided. `seq` is its entry in the audit log, `undone` that of its undoing."""

    seq: int
    at: str
    author: str
    action: Literal["confirm", "correct", "reject", "merge", "split", "annotate"]
    reason: str
    detail: dict[str, Any]
    mentions: tuple[str, ...]
    undone: int | None = None


class Detail(Noun, frozen=True, kw_only=True):
    """All about one incident. `values`: of each field, best first; more than one is a disagreement. `unknown`: fields nobody gives."""

    incident: Incident
    mentions: tuple[Mention, ...]
    values: dict[str, tuple[Value, ...]]
    unknown: tuple[str, ...]
    ladder: tuple[tuple[Status, str | None], ...]  # each status with the day it was first published
    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    duties: tuple[DutyAtStake, ...]
    answers: tuple[Link, ...]
    answered_by: tuple[Link, ...]
    items: tuple[Item, ...]
    decisions: tuple[Decision, ...]


class Tally(Noun, frozen=True, kw_only=True):
    """What one state did to the other, by type: incidents, and people or posts where counted (low, best, high)."""

    type: str
    incidents: int
    count: int
    count_low: int
    count_high: int


class Ledger(Noun, frozen=True, kw_only=True):
    """Two states: `by_first` is what the first did or what happened on its soil to the second's people, and the reverse."""

    first: str
    second: str
    by_first: Page[Incident]
    by_second: Page[Incident]
    tally_first: tuple[Tally, ...]
    tally_second: tuple[Tally, ...]
    links: tuple[Link, ...]
    unanswered: tuple[Incident, ...]
    items: tuple[Item, ...]


class PostHistory(Noun, frozen=True, kw_only=True):
    """One mission through time."""

    post: Post
    incidents: Page[Incident]
    by_group: dict[str, int]
    last_closed: str | None
    last_opened: str | None
    items: tuple[Item, ...]


class ArticleRow(Noun, frozen=True, kw_only=True):
    """An article of the record without its text."""

    id: str
    source: str
    outlet: str | None
    title: str | None
    published: str | None
    language: str | None
    relevant: bool
    read_at: str
    versions: dict[str, str]
    incidents: int


class ArticleDetail(Noun, frozen=True, kw_only=True):
    """An article with its reading, its mentions on the record, where it was found, and its copies."""

    row: ArticleRow
    digest: str
    reading: Reading
    origins: tuple[str, ...]
    mentions: tuple[tuple[str, str], ...]  # mention, incident
    copies: tuple[Copy, ...]


class Outlet(Noun, frozen=True, kw_only=True):
    """An outlet on the record: articles, incidents told by it, by it alone, and contested ones among them."""

    name: str
    owner: str | None
    state: str | None
    articles: int
    incidents: int
    alone: int
    contested: int


class Change(Noun, frozen=True, kw_only=True):
    """An incident appeared, changed, or is gone (rejected, joined to `into`, or no longer read). `fields`: before and after; of one that
    is gone without being rejected, all that it was.
    """

    seq: int
    at: str
    id: str
    kind: Literal["new", "changed", "gone"]
    fields: dict[str, tuple[Any, Any]]
    into: tuple[str, ...] = ()
    incident: Incident | None = None


class Ingested(Noun, frozen=True, kw_only=True):
    """What one ingest did."""

    read: int
    new: int
    known: int
    events: int
    incidents_touched: int

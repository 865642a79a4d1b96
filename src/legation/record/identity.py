"""Where an event stands among others: its series (type, mode, parties), its days, and the unit it is clustered in."""

from hashlib import blake2b
from typing import NamedTuple

from legation.record import days
from legation.record.knowledge import Role, group, knowledge, parties, slack
from legation.schema import Event, Party

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32."""

DATED = 8
"""An act is dated when its date leaves at most so many days open: a week and a day."""


class Place(NamedTuple):
    """Keys of an event, as columns of the table `event`. `core`: both parties and the date are known.

    `lo`, `hi`: days it can have been on (undated: around publication; None: no time at all). Events of one `unit` and near
    each other on `anchor` are clustered together.
    """

    series: str
    left: str | None
    right: str | None
    lo: int | None
    hi: int | None
    core: bool
    unit: str
    anchor: int


def place(event: Event, published: int | None) -> Place:
    """Keys of an event in an article published on a day."""
    roles = parties(event.type)
    first, second = _first(event, roles.first), _first(event, roles.second)
    if roles.unordered and first and second and second < first:
        first, second = second, first
    mode = event.status if event.status in ("threatened", "demanded") else "done"
    series = _series(event.type, mode, first, second)
    stretch = days.span(event.date)
    dated = stretch is not None and stretch[1] - stretch[0] < DATED
    both = first is not None and second is not None
    undated = knowledge().undated
    reach: tuple[int, int] | None
    match stretch:
        case (lo, hi) if dated:
            grain, anchor = "day", lo
            reach = (lo, hi) if both else (lo - slack(event.type), hi + slack(event.type))
        case (lo, hi):
            grain, anchor, reach = str(event.date), lo, (lo, hi)
        case _ if published is not None:
            before = undated.known if _distinct(event) else undated.before
            grain, anchor, reach = "undated", published, (published - before, published + undated.after)
        case _:
            grain, anchor, reach = f"nowhen {event.date}", 0, None
    if second is None and group(event.type) in ("restriction", "sending"):
        reach = None  # a total over several states, never told apart from its parts by dates
    core = both and dated
    return Place(
        series=series,
        left=_series(event.type, mode, first, None) if both else None,
        right=_series(event.type, mode, None, second) if both else None,
        lo=reach[0] if reach else None,
        hi=reach[1] if reach else None,
        core=core,
        unit=f"{series}|{'core' if core else grain}",
        anchor=anchor,
    )


def _distinct(event: Event) -> bool:
    """Whether an event has a number or a name by which it can be known long after."""
    return (event.count or 0) > 2 or bool(event.target and event.target.name and event.target.state)


def gap(unit: str) -> int:
    """Days without an event that part two stretches of a unit: no account of one act can lie on both sides."""
    grain = unit.rsplit("|", 1)[1]
    if grain in ("core", "day"):
        return slack(unit.split("|", 1)[0]) + DATED
    return knowledge().undated.story


def event_id(article: str, event: Event, twin: int = 0) -> str:
    """A name for a mention that depends on its article, type and words only; `twin` numbers equal ones."""
    return short(f"{article}|{event.type}|{event.evidence.start}|{event.evidence.end}|{twin}")


def article_id(text_id: str, outlet: str | None, published: str | None, title: str | None) -> str:
    """The same text of another outlet or day or under another headline is another article: a copy."""
    known = (outlet, published, title)
    return text_id if not any(known) else f"{text_id}-{short(repr(known))[:4]}"


def short(name: str) -> str:
    """Sixty bits of a hash, as twelve characters that are hard to misread."""
    number = int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 4
    return "".join(_DIGITS[number >> shift & 31] for shift in range(55, -1, -5))


def party_key(party: Party | None) -> str | None:
    """What tells a party apart: its state, else the proper name of a body without one."""
    if party is None:
        return None
    if party.state is None and party.kind == "organisation" and party.name:
        return party.name.casefold().removeprefix("the ").replace("|", " ")
    return party.state


def _first(event: Event, roles: tuple[Role, ...]) -> str | None:
    for role in roles:
        known = event.host if role == "host" else party_key(event.actor if role == "actor" else event.target)
        if known:
            return known
    return None


def _series(type: str, mode: str, first: str | None, second: str | None) -> str:
    return f"{type}|{mode}|{first or '*'}|{second or '*'}"

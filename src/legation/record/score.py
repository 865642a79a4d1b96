"""How well two accounts agree that they tell of one act: points with reasons. The points are in `incidents.yaml`."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from unicodedata import combining, normalize

import msgspec

from legation import atlas
from legation.record import days
from legation.record.identity import DATED
from legation.record.knowledge import group, knowledge, slack
from legation.record.nouns import Reason
from legation.schema import Event, Noun

_PERSONS = ("killing", "assault", "abduction", "detention", "threat", "harassment", "recruitment_approach", "expulsion")
"""Types whose target is a person: two names are two acts."""


class Account(Noun, frozen=True, kw_only=True):
    """What is compared of a mention: equal accounts of different articles are one to the score."""

    type: str
    first: str
    second: str
    date: str | None
    published: int | None
    city: str | None
    actor: str | None
    actor_name: str | None
    target_name: str | None
    post: str | None
    count: int | None


def account(event: Event, series: str, published: int | None) -> Account:
    """The account of an event of a series in an article published on a day (kept only where the event itself has no day)."""
    type, _, first, second = series.split("|")
    stretch = days.span(event.date)
    dated = stretch is not None and stretch[1] - stretch[0] < DATED
    post = next((party.post for party in (event.target, event.actor) if party and party.post), None)
    return Account(
        type=type,
        first=first,
        second=second,
        date=event.date,
        published=None if dated else published,
        city=city_name(event.city, event.host),
        actor=event.actor.state if event.actor else None,
        actor_name=plain(event.actor.name) if event.actor else None,
        target_name=plain(event.target.name) if event.target else None,
        post=post.kind if post else None,
        count=event.count,
    )


@lru_cache(maxsize=16384)
def decode_account(text: str) -> Account:
    """As stored."""
    return msgspec.json.decode(text, type=Account)


def compare(one: Account, two: Account) -> list[Reason]:
    """The reasons for (positive) and against (negative) two accounts of one type being of one act."""
    return [reason for look in _LOOKS for reason in look(one, two)]


def total(reasons: list[Reason]) -> float:
    """Their sum."""
    return round(sum(reason.points for reason in reasons), 3)


@lru_cache(maxsize=16384)
def plain(name: str | None) -> str | None:
    """A name without accents and case."""
    if not name:
        return None
    return "".join(c for c in normalize("NFKD", name.casefold()) if not combining(c)).strip() or None


@lru_cache(maxsize=16384)
def city_name(name: str | None, state: str | None) -> str | None:
    """A city by the name that the atlas has for it (Kiev is Kyiv), else as written, without accents and case."""
    known = atlas.load().city(name, state) if name else None
    return plain(known.name if known else name)


def _parties(one: Account, two: Account) -> Iterator[Reason]:
    same = sum(a == b != "*" for a, b in ((one.first, two.first), (one.second, two.second)))
    named = " and ".join(p for p in (one.first, one.second) if p != "*")
    yield _reason("parties" if same == 2 else "party_unknown", "parties", f"both are about {named or 'nobody named'}")


def _time(one: Account, two: Account) -> Iterator[Reason]:
    first, second = days.span(one.date), days.span(two.date)
    if first and second:
        apart = max(second[0] - first[1], first[0] - second[1])
        coarse = max(first[1] - first[0], second[1] - second[0]) >= DATED
        if apart <= 0:
            name = "overlap" if coarse else "same_day"
            yield _reason(name, "date", f"{one.date} and {two.date} can be the same day")
        elif apart == 1 and not coarse:
            yield _reason("next_day", "date", f"{one.date} and {two.date} are a day apart")
        elif apart <= slack(one.type) and not coarse:
            yield _reason("near", "date", f"{one.date} and {two.date} are {apart} days apart")
        else:
            yield Reason(feature="date", points=-9.0, because=f"{one.date} and {two.date} are different days")
        return
    if days.month_day(one.date) and days.month_day(one.date) == days.month_day(two.date):
        yield _reason("same_day", "date", f"{one.date} and {two.date} can be the same day")
        return
    reach = knowledge().undated
    anchors = [span[0] if span else day for span, day in ((first, one.published), (second, two.published))]
    if anchors[0] is None or anchors[1] is None:
        return
    apart = abs(anchors[0] - anchors[1])
    if apart <= reach.story:
        yield _reason("undated_story", "date", f"undated, told within {reach.story} days")
    elif apart <= reach.before:
        yield _reason("undated", "date", f"undated, told within {reach.before} days")
    elif apart <= reach.known:
        yield _reason("undated_known", "date", f"undated, told {apart} days later")
    else:
        yield Reason(feature="date", points=-9.0, because="told at different times")


def _city(one: Account, two: Account) -> Iterator[Reason]:
    if one.city and two.city:
        same = one.city == two.city
        name = "same_city" if same else "other_city"
        yield _reason(name, "city", f"both in {one.city}" if same else f"one in {one.city}, one in {two.city}")


def _names(one: Account, two: Account) -> Iterator[Reason]:
    for mine, other, victim in (
        (one.target_name, two.target_name, one.type in _PERSONS and group(one.type) == "harm"),
        (one.actor_name, two.actor_name, False),
    ):
        if mine and other:
            if _same_name(mine, other):
                yield _reason("same_name", "name", f"{mine} and {other}")
            else:
                yield _reason("other_victim" if victim else "other_name", "name", f"{mine}, not {other}")


def _same_name(one: str, two: str) -> bool:
    mine, other = set(one.replace("-", " ").split()), set(two.replace("-", " ").split())
    return one.split()[-1] == two.split()[-1] or mine <= other or other <= mine


def _count(one: Account, two: Account) -> Iterator[Reason]:
    if one.count is None or two.count is None:
        return
    low, high = sorted((one.count, two.count))
    if low == high:
        yield _reason("same_count", "count", f"both say {low}")
    elif high - low <= 2 or high - low <= high / 4:
        yield _reason("near_count", "count", f"{low} and {high}")
    else:
        yield _reason("far_count" if high > 3 * low else "other_count", "count", f"{low}, not {high}")


def _actor(one: Account, two: Account) -> Iterator[Reason]:
    if one.actor and two.actor and group(one.type) in ("harm", "premises", "protection"):
        same = one.actor == two.actor
        yield _reason(
            "same_actor" if same else "other_actor", "actor", one.actor if same else f"{one.actor}, not {two.actor}"
        )


def _post(one: Account, two: Account) -> Iterator[Reason]:
    if one.post and two.post:
        same = one.post == two.post
        yield _reason(
            "same_post" if same else "other_post", "post", one.post if same else f"{one.post}, not {two.post}"
        )


_LOOKS: tuple[Callable[[Account, Account], Iterator[Reason]], ...] = (
    _parties,
    _time,
    _city,
    _names,
    _count,
    _actor,
    _post,
)


def _reason(point: str, feature: str, because: str) -> Reason:
    return Reason(feature=feature, points=getattr(knowledge().points, point), because=because)


def encode(reasons: list[Reason]) -> str:
    """As stored."""
    return msgspec.json.encode(reasons).decode()

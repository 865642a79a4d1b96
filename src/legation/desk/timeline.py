"""Incidents on an axis of days, as coordinates of an SVG drawing; the templates draw them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from legation.desk.words import label, shape, told, when
from legation.ontology import GROUPS
from legation.record.nouns import Incident, Ledger

WIDTH, LEFT, RIGHT, LANE = 960, 118, 36, 30
"""Of a drawing in its own units: whole width, room for the names of lanes, margin, height of a lane."""


class Dot(NamedTuple):
    """An incident: where, how large (severity), and its words."""

    x: float
    y: float
    size: float
    id: str
    title: str
    sign: str
    status: str
    group: str
    day: str
    lane: float


class Tick(NamedTuple):
    x: float
    label: str


class Lane(NamedTuple):
    y: float
    label: str


class Line(NamedTuple):
    """From a measure to its answer; `stated`: an article says so."""

    x1: float
    y1: float
    x2: float
    y2: float
    stated: bool
    title: str


class Chart(NamedTuple):
    """A drawing; `first` and `last` are its days (ISO)."""

    width: int
    height: float
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    first: str
    last: str
    lane: float  # height of a lane
    left: int = LEFT
    right: int = RIGHT


def chart(incidents: Iterable[Incident], height: int = LANE) -> Chart | None:
    """A lane for each group that has incidents; None when none has a day."""
    dated = [one for one in incidents if one.day]
    groups = [group for group in GROUPS if any(one.group == group for one in dated)]
    lanes = {group: Lane(n * height + height / 2 + 6, group) for n, group in enumerate(groups)}
    return _drawn([(one, lanes[one.group]) for one in dated], tuple(lanes.values()), (), height)


def ledger(found: Ledger) -> Chart | None:
    """Two lanes, one a state, with a line from each measure to its answer."""
    from legation.desk.words import state

    lanes = (Lane(28, state(found.first)), Lane(112, state(found.second)))
    sides = [
        (one, lane)
        for lane, page in zip(lanes, (found.by_first, found.by_second), strict=True)
        for one in page.items
        if one.day
    ]
    links = [(link.answered.id, link.answer.id, link.explicit) for link in found.links]
    return _drawn(sides, lanes, links, 70)


def _drawn(
    placed: list[tuple[Incident, Lane]], lanes: tuple[Lane, ...], links: Iterable[tuple[str, str, bool]], height: int
) -> Chart | None:
    if not placed:
        return None
    days = [date.fromisoformat(one.day or "") for one, _ in placed]
    first, last = min(days), max(days)
    if (last - first).days < 14:
        first, last = first - timedelta(days=7), last + timedelta(days=7)
    span = (last - first).days

    def across(day: date) -> float:
        return round(LEFT + (day - first).days / span * (WIDTH - LEFT - RIGHT), 1)

    dots: list[Dot] = []
    taken: dict[tuple[int, float], int] = {}
    for (one, lane), day in zip(placed, days, strict=True):
        x = across(day)
        stack = taken[round(x / 9), lane.y] = taken.get((round(x / 9), lane.y), -1) + 1
        nudge = (0, 9, -9, 18, -18)[stack % 5] if height >= LANE else 0
        y = lane.y + max(-height / 2 + 4, min(height / 2 - 4, nudge))
        on = when(one.date) if one.date else f"told {when(one.day)}"
        title = f"{on}: {told(one)} ({label(one.type)}, {one.status})"
        dots.append(
            Dot(
                x,
                y,
                2.5 + one.severity * 0.9,
                one.id,
                title,
                shape(one.status),
                one.status,
                one.group,
                one.day or "",
                lane.y,
            )
        )
    at = {dot.id: dot for dot in dots}
    lines = tuple(
        Line(at[one].x, at[one].y, at[other].x, at[other].y, stated, "answered" if stated else "seems answered")
        for one, other, stated in links
        if one in at and other in at
    )
    bottom = max(lane.y for lane in lanes) + height / 2
    return Chart(
        WIDTH,
        bottom + 26,
        lanes,
        tuple(Tick(across(day), words) for day, words in _ticks(first, last)),
        tuple(dots),
        lines,
        first.isoformat(),
        last.isoformat(),
        height,
    )


def _ticks(first: date, last: date) -> list[tuple[date, str]]:
    """Round days between two, at most some ten: years, months or days."""
    span = (last - first).days
    if span > 700:
        step = max(1, round(span / 365 / 9))
        years = range(first.year + 1, last.year + 1)
        return [(date(year, 1, 1), str(year)) for year in years if year % step == 0]
    if span > 60:
        step = max(1, span // 300)
        months = [(first.year + (first.month + n) // 12, (first.month + n) % 12 + 1) for n in range(span // 28 + 1)]
        found = [date(year, month, 1) for year, month in months]
        return [(day, f"{day:%b %Y}") for day in found[::step] if day <= last]
    step = max(1, span // 8)
    found = [first + timedelta(days=n) for n in range(0, span + 1, step)]
    return [(day, f"{day.day} {day:%b}" + (f" {day.year}" if n == 0 else "")) for n, day in enumerate(found)]

"""Facets beside a list: each value with its number, as a link that adds it to the filter or leaves it out."""

from typing import NamedTuple

from legation.desk.filters import MANY, query_of
from legation.desk.words import label, shape, state
from legation.record.nouns import Facets, Filter

TITLES = {
    "type": "Type", "status": "Status", "receiving": "Receiving state", "sending": "Sending state", "target": "State of the target",
    "standing": "Standing", "group": "Group",
}  # fmt: skip
"""In the order of the page."""
SHOWN = 7
"""Values of a facet before the others fold away."""


class Value(NamedTuple):
    """A value in words with its sign, its number of incidents, the query that follows, and whether it is in force."""

    words: str
    sign: str | None
    number: int
    query: str
    on: bool


class Facet(NamedTuple):
    """A field and its values, the commonest first; `rest`: those that fold away."""

    title: str
    shown: tuple[Value, ...]
    rest: tuple[Value, ...]


def facets(counted: Facets, wanted: Filter) -> list[Facet]:
    """The facets that tell anything: those with values, what is in force always among those shown."""
    made = []
    for name, title in TITLES.items():
        values = [_value(name, value, number, wanted) for value, number in _with_chosen(name, counted, wanted).items()]
        values.sort(key=lambda value: not value.on)
        most = max(SHOWN, sum(value.on for value in values))
        most = len(values) if len(values) <= most + 1 else most
        if values:
            made.append(Facet(title, tuple(values[:most]), tuple(values[most:])))
    return made


def _with_chosen(name: str, counted: Facets, wanted: Filter) -> dict[str, int]:
    found: dict[str, int] = getattr(counted, name)
    return found | {value: 0 for value in _chosen(name, wanted) if value not in found}


def _chosen(name: str, wanted: Filter) -> tuple[str, ...]:
    given = getattr(wanted, name)
    return given if isinstance(given, tuple) else (given,) if given else ()


def _value(name: str, value: str, number: int, wanted: Filter) -> Value:
    chosen = _chosen(name, wanted)
    on = value in chosen
    if name in MANY:
        query = query_of(wanted, **{name: tuple(one for one in chosen if one != value) if on else (*chosen, value)})
    else:
        query = query_of(wanted, **{name: None if on else value})
    words = label(value) if name == "type" else value if name in MANY else state(value)
    return Value(words, shape(value) if name in ("status", "standing") else None, number, query, on)

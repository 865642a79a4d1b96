"""Filters in addresses: the query string of a list, its `Filter`, and links that change one part of it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from fastapi import Query

from legation.desk.problems import Problem
from legation.record.nouns import Filter, Review, Standing
from legation.schema import Status

MANY = ("type", "group", "status", "standing", "review")
STATES = ("state", "receiving", "sending", "target")
ONE = (*STATES, "post", "since", "until", "text")


def filter_of(given: Mapping[str, Any]) -> Filter:
    """The filter that query parameters ask for; empty ones are as good as none. Raises Problem 422."""
    values: dict[str, Any] = {}
    for name in MANY:
        values[name] = tuple(dict.fromkeys(filter(None, _many(given.get(name)))))
    for name in (*ONE, "pair", "open", "sources"):
        last = (_many(given.get(name)) or [""])[-1].strip()
        if last:
            values[name] = last
    values |= {name: values[name].upper() for name in STATES if name in values}
    if "pair" in values:
        codes = values["pair"].upper().replace(",", " ").replace("-", " ").split()
        if len(codes) != 2:
            raise Problem(422, f"pair {values['pair']!r}: give two ISO 3166 alpha-3 codes, like GBR-RUS")
        values["pair"] = tuple(codes)
    if "sources" in values:
        values["sources"] = _number(values["sources"])
    values["open"] = str(values.get("open", "")).casefold() in ("1", "true", "on", "yes")
    try:
        return msgspec.convert(values, Filter)
    except msgspec.ValidationError as error:
        raise Problem(422, f"filter: {error}") from None


def query_of(wanted: Filter, **more: Any) -> str:
    """The query string of a filter, `more` laid over it; None leaves a part out."""
    pairs: dict[str, Any] = {name: getattr(wanted, name) for name in (*ONE, *MANY)}
    pairs["pair"] = "-".join(wanted.pair) if wanted.pair else None
    pairs["open"] = "1" if wanted.open else None
    pairs["sources"] = wanted.sources or None
    return urlencode({name: value for name, value in (pairs | more).items() if value}, doseq=True)


def parts_of(wanted: Filter) -> list[tuple[str, str]]:
    """Each condition of a filter in words, with the query string of the filter without it."""
    found: list[tuple[str, str]] = []
    for name in ONE:
        if value := getattr(wanted, name):
            found.append((f"{name}: {value}", query_of(wanted, **{name: None})))
    if wanted.pair:
        found.append((f"pair: {'-'.join(wanted.pair)}", query_of(wanted, pair=None)))
    for name in MANY:
        values = getattr(wanted, name)
        for value in values:
            rest = tuple(one for one in values if one != value)
            found.append((f"{name}: {value.replace('_', ' ')}", query_of(wanted, **{name: rest})))
    if wanted.sources:
        found.append((f"at least {wanted.sources} sources", query_of(wanted, sources=None)))
    if wanted.open:
        found.append(("with something open", query_of(wanted, open=None)))
    return found


def parameters(
    state: Annotated[str | None, Query(description="ISO 3166 alpha-3: one of the two states, or the actor's.")] = None,
    receiving: Annotated[str | None, Query(description="ISO 3166 alpha-3: the receiving state.")] = None,
    sending: Annotated[str | None, Query(description="ISO 3166 alpha-3: the sending state.")] = None,
    target: Annotated[
        str | None, Query(description="ISO 3166 alpha-3: the state of whoever was hit or addressed.")
    ] = None,
    pair: Annotated[str | None, Query(description="Two states, like GBR-RUS.")] = None,
    post: Annotated[str | None, Query(description='A mission, like "embassy RUS ANKARA".')] = None,
    type: Annotated[list[str] | None, Query(description="Event types; any of them.")] = None,
    group: Annotated[list[str] | None, Query(description="Groups of types; any of them.")] = None,
    status: Annotated[list[Status] | None, Query(description="Any of them.")] = None,
    standing: Annotated[list[Standing] | None, Query(description="Any of them.")] = None,
    review: Annotated[list[Review] | None, Query(description="Any of them; else all but rejected.")] = None,
    since: Annotated[str | None, Query(description="From this day, month or year on.")] = None,
    until: Annotated[str | None, Query(description="Up to this day, month or year.")] = None,
    open: Annotated[bool, Query(description="With something that still waits for an answer.")] = False,
    sources: Annotated[int, Query(ge=0, le=1000, description="Independent ones at least.")] = 0,
    text: Annotated[str | None, Query(description='Words and "phrases" of headlines and sentences.')] = None,
) -> Filter:
    """The filters of `legation list`, as an API route takes them."""
    return filter_of(
        {
            "state": state,
            "receiving": receiving,
            "sending": sending,
            "target": target,
            "pair": pair,
            "post": post,
            "type": type,
            "group": group,
            "status": status,
            "standing": standing,
            "review": review,
            "since": since,
            "until": until,
            "open": "1" if open else None,
            "sources": str(sources) if sources else None,
            "text": text,
        }
    )


def _many(value: Sequence[str] | str | int | None) -> list[str]:
    """The words of a parameter, however it came: none, one, several, a number, yes or no (a number to Python)."""
    if value is None:
        return []
    return [str(value)] if isinstance(value, str | int) else list(value)


def _number(word: str) -> int:
    if not word.isdigit() or len(word) > 4:
        raise Problem(422, f"sources {word!r}: give a number of independent sources, like 2")
    return int(word)

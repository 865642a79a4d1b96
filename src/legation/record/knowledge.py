"""`incidents.yaml`, checked and looked up by type."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from legation.ontology import event_type
from legation.schema import Noun

Role = Literal["actor", "target", "host"]


class Parties(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The roles whose states identify an incident: of each list the first known."""

    first: tuple[Role, ...]
    second: tuple[Role, ...]
    unordered: bool = False


class Undated(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days around publication: `before` (`known`: with a number or a name), `after`: where an undated act may lie; `story`: how
    long a story runs."""

    before: int
    known: int
    after: int
    story: int


class Points(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points of `legation.record.score`."""

    parties: float
    party_unknown: float
    same_day: float
    next_day: float
    near: float
    overlap: float
    undated_story: float
    undated: float
    undated_known: float
    same_city: float
    other_city: float
    same_name: float
    other_name: float
    other_victim: float
    same_count: float
    near_count: float
    other_count: float
    far_count: float
    other_actor: float
    same_actor: float
    other_post: float
    same_post: float


class Knowledge(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    parties: dict[str, Parties]
    slack: dict[str, int]
    undated: Undated
    threshold: float
    points: Points


@cache
def knowledge() -> Knowledge:
    """The file, once. A malformed one raises `msgspec.ValidationError` naming the field."""
    data = (Path(__file__).parent / "incidents.yaml").read_bytes()
    return msgspec.convert(yaml.safe_load(data), Knowledge)


@cache
def group(type: str) -> str:
    """The group of a type."""
    return event_type(type).group


@cache
def parties(type: str) -> Parties:
    """The identifying roles of a type: its own, else its group's."""
    known = knowledge().parties
    return known.get(type) or known[group(type)]


@cache
def slack(type: str) -> int:
    """Days that accounts of a type may differ by."""
    known = knowledge().slack
    return known.get(type, known.get(group(type), known["default"]))

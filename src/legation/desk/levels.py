"""How exposed a post is: the first rule of ``levels.yaml`` that the record meets, with the incidents that meet it."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import yaml

from legation.record.nouns import Incident, PostHistory
from legation.schema import Noun


class Rule(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A level and what it takes; `within`: days before the newest day on the record."""

    level: str
    shape: str
    says: str
    reason: str
    closed: bool = False
    groups: tuple[str, ...] = ()
    severity: int = 0
    within: int = 0


class Level(NamedTuple):
    """The rule that holds, and the incidents that make it hold."""

    rule: Rule
    incidents: tuple[Incident, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """The rules in order; the last one always holds."""
    return msgspec.convert(yaml.safe_load(Path(__file__).with_name("levels.yaml").read_bytes()), tuple[Rule, ...])


def level(history: PostHistory, recent: Iterable[Incident], newest: str | None) -> Level:
    """The level of a post whose incidents of the last year are `recent`; `newest`: the newest day on the record (ISO)."""
    counted = [one for one in recent if one.day and one.standing != "denied" and one.status in ("reported", "claimed")]
    for rule in rules():
        if rule.closed:
            if history.last_closed and history.last_closed > (history.last_opened or ""):
                return Level(rule, tuple(one for one in counted if one.type == "post_closed")[:1])
        elif not rule.groups:
            return Level(rule, ())
        elif newest:
            since = (date.fromisoformat(newest) - timedelta(days=rule.within)).isoformat()
            found = tuple(
                one
                for one in counted
                if one.group in rule.groups and one.severity >= rule.severity and (one.day or "") >= since
            )
            if found:
                return Level(rule, found)
    raise ValueError("levels.yaml: the last rule must always hold")

"""Readings made from annotations, for tests that need readings and no reader."""

import json
from pathlib import Path

from legation.law import duties_of
from legation.schema import Article, Claimant, Event, Evidence, Party, Reading
from legation.sources import articles

EXAMPLES = Path(__file__).parents[2] / "examples"


def from_annotation(article: Article, annotation: dict) -> Reading:
    """The reading that says what an annotation (gold form) says; speakers are left out, they have no spans there."""
    events = []
    for gold in annotation["events"]:
        start = article.text.index(gold["evidence"])
        events.append(
            Event(
                type=gold["type"], status=gold["status"],
                actor=Party(**gold["actor"]) if gold["actor"] else None,
                target=Party(**gold["target"]) if gold["target"] else None,
                host=gold["host"], city=gold["city"], date=gold["date"], count=gold["count"],
                claimant=Claimant(**gold["claimant"]) if gold["claimant"] else None,
                in_response_to=gold["in_response_to"],
                evidence=Evidence(start=start, end=start + len(gold["evidence"]), text=gold["evidence"]),
            )
        )  # fmt: skip
    lines, at = [], 0
    for line in article.text.split("\n"):
        if line in annotation["boilerplate"]:
            lines.append((at, at + len(line)))
        at += len(line) + 1
    return Reading(
        id=article.id, source=article.source, outlet=annotation["outlet"], title=article.title,
        published=annotation["published"], language="en", text=article.text, boilerplate=tuple(lines),
        relevant=bool(events), events=tuple(_with_duties(events)),
    )  # fmt: skip


def _with_duties(events: list[Event]) -> list[Event]:
    from msgspec.structs import replace

    return [replace(event, duties=duties_of(event, events)) for event in events]


def examples() -> list[Reading]:
    """The twelve examples as their annotations read them."""
    found = []
    for article in articles([str(EXAMPLES)]):
        assert isinstance(article, Article)
        stem = Path(article.source).stem if "://" not in article.source else "11-ottawa-2024"
        annotation = json.loads((EXAMPLES / "annotations" / f"{stem}.json").read_text(encoding="utf-8"))
        found.append(from_annotation(article, annotation))
    return found

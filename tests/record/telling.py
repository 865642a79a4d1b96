"""Readings for tests: short invented articles from a few words, and the gold annotations as readings."""

import json
import random
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from legation.law import duties_of
from legation.schema import Event, Reading


def article(
    *events: dict[str, Any],
    outlet: str | None = "The Daily",
    published: str | None = "2018-03-15",
    text: str = "",
    **more: Any,
) -> Reading:
    """A reading whose text is one sentence an event (``words``), with evidence in its place."""
    sentences = [event.get("words") or f"{event['type']} {number}" for number, event in enumerate(events)]
    told = ". ".join(f"{outlet} says in {published} that {sentence}" for sentence in sentences)
    text = text or f"{told}. {chatter(f'{outlet} {published} {sentences}')}"
    made = []
    for event, sentence in zip(events, sentences, strict=True):
        start = text.index(sentence)
        evidence = {"start": start, "end": start + len(sentence), "text": sentence}
        made.append({"status": "reported"} | {k: v for k, v in event.items() if k != "words"} | {"evidence": evidence})
    return reading(
        {"text": text, "outlet": outlet, "published": published, "events": made, "relevant": bool(events)} | more
    )


def chatter(seed: str, size: int = 40) -> str:
    """Words that no two articles share."""
    rng = random.Random(seed)
    return " ".join(f"w{rng.randrange(10**6)}" for _ in range(size)) + "."


def expulsion(by: str = "GBR", of: str = "RUS", **more: Any) -> dict[str, Any]:
    """An expulsion by a state of another's diplomats."""
    event = {
        "type": "expulsion",
        "actor": {"state": by, "kind": "government"},
        "target": {"state": of, "kind": "diplomat"},
        "host": by,
        "date": "2018-03-14",
    }
    return event | more


def attack(on: str = "USA", host: str = "IRQ", **more: Any) -> dict[str, Any]:
    """An attack on a state's mission."""
    return {
        "type": "attack_on_premises",
        "target": {"state": on, "kind": "premises"},
        "host": host,
        "date": "2019-12-31",
    } | more


def gold(path: Path) -> Reading:
    """A gold annotation (JSON beside its text) as the reading a perfect reader would give."""
    data, text = json.loads(path.read_text()), path.with_suffix(".txt").read_text()
    for event in data["events"]:
        start = text.index(event["evidence"])
        event["evidence"] = {"start": start, "end": start + len(event["evidence"]), "text": event["evidence"]}
    known = {name: data[name] for name in ("outlet", "published", "relevant", "events")}
    return reading({"text": text, "source": path.name} | known)


def reading(data: dict[str, Any]) -> Reading:
    """A reading of plain data, its duties filled in as the reader does."""
    digest = blake2b(data["text"].encode(), digest_size=12).hexdigest()
    one = msgspec.convert({"id": digest, "source": f"{digest}.txt", "language": "en"} | data, Reading)
    events: list[Event] = [msgspec.structs.replace(e, duties=duties_of(e, one.events)) for e in one.events]
    return msgspec.structs.replace(one, events=tuple(events))

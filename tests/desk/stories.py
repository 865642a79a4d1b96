"""Readings for a small record: two states that expel each other's people, a denied attack, and a hostile article."""

from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import replace

from legation.law import duties_of
from legation.schema import Reading

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)"> {{ 7 * 7 }} \u202eevil\u202c'
WORDS = "correct horse battery"
"""The password of everybody who has one."""
EXPULSION = {"type": "expulsion", "status": "reported", "count": 3, "date": "2018-03-14", "host": "GBR"}


def party(state: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"state": state, "kind": kind, **more}


def told(outlet: str, day: str, *events: tuple[str, dict[str, Any]], title: str = "", **more: Any) -> Reading:
    """An article that tells of events, each in a sentence of its own."""
    text = "\n".join([f"{outlet} of {day}.", *(words for words, _ in events)])
    made = []
    for words, event in events:
        at = text.index(words)
        made.append(event | {"evidence": {"start": at, "end": at + len(words), "text": words}})
    id = blake2b(text.encode(), digest_size=12).hexdigest()
    body = {"id": id, "source": f"{outlet}.txt", "outlet": outlet, "published": day, "language": "en", "text": text}
    read = msgspec.convert(body | {"title": title or None, "relevant": True, "events": made} | more, Reading)
    events = tuple(replace(event, duties=duties_of(event, read.events)) for event in read.events)
    return replace(read, events=events)


def readings() -> list[Reading]:
    out = EXPULSION | {"actor": party("GBR", "government"), "target": party("RUS", "diplomat")}
    back = EXPULSION | {"actor": party("RUS", "government"), "target": party("GBR", "diplomat"), "host": "RUS",
                        "date": "2018-03-17", "in_response_to": 0}  # fmt: skip
    embassy = {"kind": "embassy", "of": "USA", "in": "IRQ", "city": "Baghdad"}
    attack = {"type": "attack_on_premises", "status": "reported", "actor": party("IRQ", "crowd"), "host": "IRQ",
              "target": party("USA", "premises", post=embassy), "city": "Baghdad", "date": "2019-12-31"}  # fmt: skip
    named = out | {"actor": party("GBR", "government", name=HOSTILE), "date": "2018-05-01", "count": 1}
    return [
        told("The Daily", "2018-03-15", ("London expelled three envoys.", out)),
        told("The Evening", "2018-03-16", ("Britain sent home four Russian diplomats.", out | {"count": 4})),
        told("The Weekly", "2018-03-18", ("London expelled three.", out), ("Moscow expelled three in return.", back)),
        told("The Courier", "2020-01-01", ("A crowd stormed the embassy.", attack)),
        told(HOSTILE, "2018-05-02", (f"One was expelled {HOSTILE} today.", named), title=HOSTILE, source=HOSTILE),
    ]

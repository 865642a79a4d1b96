"""A mention as the tables hold it, with what of its article matters to its incident."""

import re
from dataclasses import dataclass
from functools import cached_property

import msgspec

from legation.record.identity import short
from legation.schema import Event

_WORD = re.compile(r"\w+")

decode_event = msgspec.json.Decoder(Event).decode


@dataclass
class Row:
    """A row of `event` joined to its `article`."""

    pk: int
    id: str
    body: str
    n: int
    answers: int | None
    relay: str | None
    words: str
    reasons: str
    core: bool
    article: int
    article_id: str
    outlet: str | None
    title: str | None
    published: str | None
    day: int | None
    credit: str | None
    copies: int
    answered_body: str | None = None

    @cached_property
    def event(self) -> Event:
        return decode_event(self.body)

    @cached_property
    def answered(self) -> Event | None:
        """The event of its article that it says it answers."""
        return decode_event(self.answered_body) if self.answered_body else None

    @property
    def order(self) -> tuple[int, str]:
        """First published first, then by name; the same in every record with these mentions."""
        return (self.day if self.day is not None else 9_999_999, self.id)


def fingerprint(sentence: str) -> str:
    """A short hash of a sentence's words, punctuation and case aside."""
    return short(" ".join(_WORD.findall(sentence.casefold())))[:8]

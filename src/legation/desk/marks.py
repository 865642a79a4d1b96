"""A text with some of its words marked, as stretches that a template prints (and escapes) one after the other."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from legation.schema import Offsets, Reading


class Mark(NamedTuple):
    """Words to mark: where, as what (a CSS class), what to call it, and an anchor."""

    span: Offsets
    kind: str
    label: str = ""
    anchor: str | None = None


class Stretch(NamedTuple):
    """A piece of text under the same marks; `anchors` are those that begin here."""

    text: str
    kinds: tuple[str, ...]
    label: str
    anchors: tuple[str, ...]


def stretches(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> list[Stretch]:
    """``text[start:end]`` cut where a mark begins or ends; marks may overlap, and reach beyond the part."""
    end = len(text) if end is None else end
    inside = [m for m in marks if m.span[0] < end and m.span[1] > start and m.span[0] < m.span[1]]
    cuts = sorted({start, end, *(min(max(edge, start), end) for m in inside for edge in m.span)})
    opened, found = sorted(inside, key=lambda m: m.span), []
    for left, right in pairwise(cuts):
        here = [m for m in opened if m.span[0] <= left and m.span[1] >= right]
        found.append(
            Stretch(
                text[left:right],
                tuple(dict.fromkeys(m.kind for m in here)),
                "; ".join(dict.fromkeys(m.label for m in here if m.label)),
                tuple(m.anchor for m in here if m.anchor and max(m.span[0], start) == left),
            )
        )
    return found


def marks_of(reading: Reading, labels: dict[str, str]) -> list[Mark]:
    """What a reading found in its text: events (their evidence, and other words that tell of them), statements, speakers, and lines
    that are not the article."""
    found = []
    for n, event in enumerate(reading.events):
        words, name = event.evidence, labels.get(event.type, event.type)
        found.append(Mark((words.start, words.end), "event", name, f"event-{n}"))
        again = (span for span in event.mentions if span[1] <= words.start or span[0] >= words.end)
        found += [Mark(span, "again", f"{name}, told again") for span in again]
    for statement in reading.statements:
        found.append(Mark(statement.content, "statement", f"statement: {statement.stance}"))
        if statement.speaker and statement.speaker.span:
            found.append(Mark(statement.speaker.span, "speaker", "speaker"))
    found += [Mark(span, "boilerplate", "not part of the article") for span in reading.boilerplate]
    return found

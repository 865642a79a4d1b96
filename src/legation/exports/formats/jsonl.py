"""Everything on a record, one JSON object a line: what it is, articles with their readings, incidents, decisions.

Versioned: `VERSION` is in the first line and in the schema's ``$id``; a field is only added within a major version. Nothing that
depends on the clock, on batches or on the order of ingest is in it, except the time of a decision.
"""

from typing import IO, Any, Literal

import msgspec

from legation.record import Record
from legation.record.nouns import Decision, Detail, Filter
from legation.schema import Noun, Reading

VERSION: Literal["1.0"] = "1.0"
SCHEMA_ID = f"urn:legation:record:{VERSION}"


class Head(Noun, frozen=True, kw_only=True, tag_field="kind", tag="record"):
    """The first line."""

    version: Literal["1.0"] = VERSION
    filtered: bool = False


class ArticleLine(Noun, frozen=True, kw_only=True, tag_field="kind", tag="article"):
    """An article with its reading, the places it was found at, and what read it."""

    id: str
    sha256: str
    sources: tuple[str, ...]
    versions: dict[str, str]
    reading: Reading


class IncidentLine(Noun, frozen=True, kw_only=True, tag_field="kind", tag="incident"):
    """An incident; numbers of decisions are those of the decision lines."""

    detail: Detail


class DecisionLine(Noun, frozen=True, kw_only=True, tag_field="kind", tag="decision"):
    """A decision; `seq` counts from 1."""

    decision: Decision


Line = Head | ArticleLine | IncidentLine | DecisionLine


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    """A filter limits incidents, and articles to those that tell of them; decisions are all there."""
    encoder = msgspec.json.Encoder()

    def line(thing: Line) -> None:
        out.write(encoder.encode(thing) + b"\n")

    filtered = wanted != Filter()
    line(Head(filtered=filtered))
    told = {mention.article for detail in record.details(wanted) for mention in detail.mentions} if filtered else None
    for one in record.every_article(told):
        line(
            ArticleLine(
                id=one.row.id,
                sha256=one.digest,
                sources=one.origins,
                versions=one.row.versions,
                reading=msgspec.structs.replace(one.reading, source=one.origins[0] if one.origins else one.row.source),
            )
        )
    decisions = record.decisions()
    number = {decision.seq: n for n, decision in enumerate(decisions, 1)}
    undone = {decision.undone: n for n, decision in enumerate(decisions, 1) if decision.undone}
    number |= {seq: len(decisions) + n for n, seq in enumerate(sorted(undone), 1)}
    everything = msgspec.structs.replace(
        wanted, review=wanted.review or ("unreviewed", "confirmed", "corrected", "rejected")
    )
    for detail in record.details(everything):
        line(IncidentLine(detail=_numbered(detail, number)))
    for decision in decisions:
        line(DecisionLine(decision=_decision(decision, number)))


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a line."""
    found = msgspec.json.schema(Line)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "A line of `legation export --to jsonl`",
        **found,
    }


def _numbered(detail: Detail, number: dict[int, int]) -> Detail:
    values = {
        field: tuple(
            msgspec.structs.replace(value, decided=number[value.decided]) if value.decided else value for value in given
        )
        for field, given in detail.values.items()
    }
    decisions = tuple(_decision(decision, number) for decision in detail.decisions)
    return msgspec.structs.replace(detail, values=values, decisions=decisions)


def _decision(decision: Decision, number: dict[int, int]) -> Decision:
    undone = number[decision.undone] if decision.undone else None
    return msgspec.structs.replace(decision, seq=number[decision.seq], undone=undone)


if __name__ == "__main__":  # python -m legation.exports.formats.jsonl docs
    import sys
    from pathlib import Path

    text = msgspec.json.format(msgspec.json.encode(schema(), order="sorted"), indent=1)
    (Path(sys.argv[1]) / f"record-{VERSION}.schema.json").write_bytes(text + b"\n")

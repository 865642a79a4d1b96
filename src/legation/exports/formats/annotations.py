"""W3C web annotations (JSON-LD), a collection with one a mention: its words in the article, by quote and by position."""

from typing import IO, Any

import msgspec

from legation.exports.formats.words import told
from legation.record import Record
from legation.record.nouns import ArticleDetail, Detail, Filter

_AROUND = 32
"""Code points before and after a quote that help to find it in another copy of the page."""


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    by_article: dict[str, list[tuple[str, Detail]]] = {}
    for detail in record.details(wanted):
        for one in detail.mentions:
            by_article.setdefault(one.article, []).append((one.id, detail))
    total = sum(map(len, by_article.values()))
    head = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "urn:legation:annotations",
        "type": "AnnotationCollection",
        "label": "The words that the record's mentions were read from",
        "total": total,
    }
    out.write(
        msgspec.json.encode(head)[:-1]
        + b',"first":{"id":"urn:legation:annotations:1","type":"AnnotationPage","startIndex":0,"items":['
    )
    number = 0
    for article in record.every_article(set(by_article)):
        for mention, detail in sorted(by_article[article.row.id], key=lambda told_: told_[0]):
            out.write((b",\n" if number else b"\n") + msgspec.json.encode(_annotation(article, mention, detail)))
            number += 1
    out.write(b"\n]}}\n")


def _annotation(article: ArticleDetail, mention: str, detail: Detail) -> dict[str, Any]:
    text = article.reading.text
    evidence = next(one.event.evidence for one in detail.mentions if one.id == mention)
    start, end = evidence.start, evidence.end
    pages = [origin for origin in article.origins if origin.startswith(("http://", "https://"))]
    one = detail.incident
    return {
        "id": f"urn:legation:mention:{mention}",
        "type": "Annotation",
        "motivation": "classifying",
        "body": [
            {"type": "TextualBody", "purpose": "classifying", "format": "text/plain", "value": one.type},
            {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": told(one)},
            {"type": "SpecificResource", "purpose": "linking", "source": f"urn:legation:incident:{one.id}"},
        ],
        "target": {
            "type": "SpecificResource",
            "source": pages[0] if pages else f"urn:legation:article:{article.row.id}",
            "state": {"type": "State", "value": f"sha256:{article.digest}"},
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": evidence.text,
                    "prefix": text[max(0, start - _AROUND) : start],
                    "suffix": text[end : end + _AROUND],
                },
                {"type": "TextPositionSelector", "start": start, "end": end},
            ],
        },
    }

"""How often date, city and count are read right from the words of a gold event, its type, status and host given.

    python bench/details.py [train real dev]

Reads ../shared (or $LEGATION_SHARED). Every event stands alone here: what another mention of it in the article says is not
used, so the figure "derivable" for dates counts only events whose own sentence says the date, or that have none.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path

from legation import ontology
from legation.atlas import load
from legation.reading.events.counts import event_count
from legation.reading.events.when import event_date, page_dates
from legation.reading.events.where import city_of, places
from legation.reading.page import parse
from legation.reading.parties import find_parties
from legation.schema import Article

SHARED = Path(os.environ.get("LEGATION_SHARED", Path(__file__).parents[2] / "shared"))


def main(sets: list[str]) -> None:
    if not SHARED.exists():
        print(f"{SHARED} is absent: nothing to measure")
        return
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    paths = sorted(
        p for name in sets for p in (SHARED / "gold" / name).glob("*.json") if p.with_suffix(".txt").exists()
    )
    golds = [json.loads(p.read_text(encoding="utf-8")) for p in paths]
    texts = [p.with_suffix(".txt").read_text(encoding="utf-8") for p in paths]
    articles = (
        Article(id=p.stem, source=str(p), text=t, outlet=g["outlet"], published=g["published"])
        for p, g, t in zip(paths, golds, texts, strict=True)
    )
    for page, gold, text in zip(parse(articles), golds, texts, strict=True):
        dates, cities = page_dates(page, gold["published"]), places(page, load(), find_parties(page, load()))
        for event in gold["events"]:
            at = text.find(event["evidence"])
            if at < 0:
                continue
            start, end = page.token_at(at), page.token_at(at + len(event["evidence"]) - 1) + 1
            group = ontology.event_type(event["type"]).group
            dated = event_date(page, start, end, gold["published"], group=group, status=event["status"], found=dates)
            kind, city = ontology.event_type(event["type"]), None
            if event["host"] is not None:
                of = frozenset(
                    s for k in ("actor", "target") if (s := (event[k] or {}).get("state")) and s != event["host"]
                )
                city = city_of(page, (start, end), event["host"], kind, cities, of).state
            sentence = page.doc[start:end].root.sent
            named = {d.edtf for d in dates if sentence.start <= d.start < sentence.end} | {None}
            found = {
                "date": (dated.edtf if dated else None) == event["date"],
                "city": (city or "").casefold() == (event["city"] or "").casefold(),
                "count": event_count(page, start, end, type=event["type"]) == event["count"],
            }
            if event["date"] in named:
                found["date, derivable"] = found["date"]
            right.update(name for name, hit in found.items() if hit)
            total.update(list(found))
    for name in sorted(total):
        print(f"{name:16} {right[name] / total[name]:.4f} of {total[name]}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["train", "real"])

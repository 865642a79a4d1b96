"""How often a frame of the right type is met where gold has an event, and how often a met frame is right.

usage: python bench/frame_recall.py [--keep FILE] [--type TYPE ...] [--misses] [--frames] GOLD_DIR [GOLD_DIR ...]

Per event type: gold events, the share whose evidence sentence has a hit of the type (recall), hits, and the share of hits
whose trigger stands in a sentence that a gold event of the type quotes (precision). With `--frames`, fired and right per
frame; with `--misses`, the sentences of gold events without a hit. `--keep` stores the parsed pages in FILE and reuses them,
so that changed frames are matched again without parsing (a change to the parties stage needs a new FILE).
"""

import argparse
import json
import pickle
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from legation.reading.events.frames import Matcher
from legation.reading.page import Page, Parties, parse
from legation.reading.parties import find_parties
from legation.schema import Article
from parties_recall import _boilerplate, _text

Gold = dict[str, object]


def pages(folders: list[Path], keep: Path | None) -> list[tuple[str, Gold, Page, Parties]]:
    """Every gold article of the folders, parsed, with its parties."""
    if keep and keep.exists():
        stored: list[tuple[str, Gold, Page, Parties]] = pickle.loads(keep.read_bytes())
        return stored
    from legation.atlas import load

    atlas = load()
    golds = [(p, json.loads(p.read_text(encoding="utf-8"))) for f in folders for p in sorted(f.glob("*.json"))]
    articles = []
    for path, gold in golds:
        text = _text(path)
        articles.append(
            Article(
                id=path.stem,
                source=path.stem,
                text=text,
                outlet=gold.get("outlet"),
                boilerplate=_boilerplate(text, gold),
            )
        )
    found = [
        (f"{path.parent.name}/{path.stem}", gold, page, find_parties(page, atlas))
        for (path, gold), page in zip(golds, parse(articles), strict=True)
    ]
    if keep:
        keep.write_bytes(pickle.dumps(found))
    return found


def quoted(page: Page, gold: Gold) -> Iterator[tuple[str, frozenset[int]]]:
    """Type and starts of the evidence sentences of each gold event."""
    for event in gold["events"]:  # type: ignore[attr-defined]
        at = page.article.text.find(event["evidence"])
        if at < 0:
            continue
        first, last = page.token_at(at), page.token_at(at + len(event["evidence"]) - 1)
        yield event["type"], frozenset(page.doc[i].sent.start for i in range(first, last + 1))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--type", nargs="*", default=())
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--frames", action="store_true")
    args = parser.parse_args()
    events: Counter[str] = Counter()
    met: Counter[str] = Counter()
    fired: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    misses: list[tuple[str, str, str]] = []
    for name, gold, page, parties in pages(args.gold, args.keep):
        hits = {(h.type, page.doc[h.trigger].sent.start, h.frame.key) for h in Matcher(page, parties).hits()}
        gold_events = list(quoted(page, gold))
        for kind, starts in gold_events:
            found = any(h[0] == kind and h[1] in starts for h in hits)
            events[kind] += 1
            met[kind] += found
            if not found:
                misses.append((kind, name, " ".join(page.doc[s].sent.text for s in sorted(starts))))
        for kind, start, key in hits:
            fired[kind, key] += 1
            right[kind, key] += any(k == kind and start in starts for k, starts in gold_events)
    print(f"{'type':26} gold  recall   hits  precision")
    for kind, number in events.most_common():
        if args.type and kind not in args.type:
            continue
        hit = sum(n for (k, _), n in fired.items() if k == kind)
        good = sum(n for (k, _), n in right.items() if k == kind)
        print(f"{kind:26} {number:4}   {met[kind] / number:.3f}  {hit:5}   {good / max(hit, 1):.3f}")
        if args.frames:
            for (_, key), n in sorted(((f, n) for f, n in fired.items() if f[0] == kind), key=lambda x: -x[1]):
                print(f"    {right[kind, key]:4} of {n:4}  {key}")
    total, hit, good = sum(events.values()), sum(fired.values()), sum(right.values())
    print(f"{'all':26} {total:4}   {sum(met.values()) / max(total, 1):.3f}  {hit:5}   {good / max(hit, 1):.3f}")
    if args.misses:
        for kind, name, text in sorted(misses):
            if not args.type or kind in args.type:
                print(f"{kind} {name}: {text}")


if __name__ == "__main__":
    main()

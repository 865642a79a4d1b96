"""How often the parties of gold events and speakers are among the mentions that `find_parties` gives.

usage: python bench/parties_recall.py [--misses] GOLD_DIR [GOLD_DIR ...]

For each gold event with an actor or target state: is there a mention with that state in the sentence of the evidence
("sentence"), or within one sentence of it ("near")? For each gold speaker: is there a mention with the same surname, or
role, and the same state, as the scorer compares them? Prints counts and shares, and milliseconds a page of `find_parties`.
"""

import argparse
import json
import re
import time
from collections import Counter
from pathlib import Path

from legation.reading.page import Mention, Page, parse
from legation.reading.parties import find_parties
from legation.schema import Article


def speaker_key(name: str | None, role: str | None, state: str | None) -> tuple[str, str | None]:
    """A speaker as the scorer compares it: surname, or role without its article, and state."""
    words = re.sub(r"[^\w ]", "", name or "").casefold().split()
    return (words[-1] if words else re.sub(r"^(an?|the) ", "", (role or "").casefold())), state


def states(mention: Mention) -> set[str]:
    return {mention.state, *mention.states} - {None}  # type: ignore[return-value]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    from legation.atlas import load

    atlas = load()
    counts: Counter[str] = Counter()
    misses: list[str] = []
    golds = [
        (path, json.loads(path.read_text(encoding="utf-8")))
        for folder in args.gold
        for path in sorted(folder.glob("*.json"))
    ]
    texts = [_text(path) for path, _ in golds]
    articles = [
        Article(
            id=path.stem, source=path.stem, text=text, outlet=gold.get("outlet"), boilerplate=_boilerplate(text, gold)
        )
        for (path, gold), text in zip(golds, texts, strict=True)
    ]
    seconds, tokens = 0.0, 0
    for (path, gold), page in zip(golds, parse(articles), strict=True):
        started = time.perf_counter()
        parties = find_parties(page, atlas)
        seconds += time.perf_counter() - started
        tokens += len(page.doc)
        sentences = list(page.doc.sents)
        for event in gold["events"]:
            at = page.article.text.find(event["evidence"])
            if at < 0:
                continue
            first, last = page.token_at(at), page.token_at(at + len(event["evidence"]) - 1)
            hit = [i for i, s in enumerate(sentences) if s.start <= last and first < s.end]
            here, near = (_between(page, sentences, hit, margin, parties.mentions) for margin in (0, 1))
            for role in ("actor", "target"):
                state = (event.get(role) or {}).get("state")
                if state is None:
                    continue
                counts[f"{role}"] += 1
                counts[f"{role} in the sentence"] += state in here
                counts[f"{role} near"] += state in near
                if state not in near:
                    misses.append(f"{path.stem} {role} {state} {event['type']}: {event['evidence']}")
        keys = {key for m in parties.mentions for key in _keys(page, m)}
        names = {key for key, _ in keys}
        for who in gold["speakers"]:
            key = speaker_key(who["name"], who["role"], who["state"])
            counts["speaker"] += 1
            counts["speaker found"] += key[0] in names
            counts["speaker found with state"] += key in keys
            if key not in keys:
                misses.append(
                    f"{path.stem} speaker {key} role={who['role']}: has {sorted(str(s) for n, s in keys if n == key[0])}"
                )
    for role in ("actor", "target"):
        for measure in ("in the sentence", "near"):
            print(f"{role} state {measure:16} {counts[f'{role} {measure}'] / counts[role]:.3f}  of {counts[role]}")
    for measure in ("found", "found with state"):
        print(f"speaker {measure:22} {counts[f'speaker {measure}'] / counts['speaker']:.3f}  of {counts['speaker']}")
    print(
        f"{1000 * seconds / len(articles):.2f} ms a page of {tokens / len(articles):.0f} tokens ({500e3 * seconds / tokens:.2f} ms per 500)"
    )
    if args.misses:
        print(*misses, sep="\n")


def _text(path: Path) -> str:
    here = path.with_suffix(".txt")
    if not here.exists():
        here = path.parents[2] / path.parent.name / f"{path.stem}.txt"  # gold/seeds keeps its texts in seeds/
    return here.read_text(encoding="utf-8")


def _boilerplate(text: str, gold: dict) -> tuple[tuple[int, int], ...]:  # type: ignore[type-arg]
    lines, spans, position = set(gold["boilerplate"]), [], 0
    for number, line in enumerate(text.split("\n"), 1):
        if line in lines or number in gold.get("boilerplate_lines", []):
            spans.append((position, position + len(line)))
        position += len(line) + 1
    return tuple(spans)


def _between(page: Page, sentences: list, hit: list[int], margin: int, mentions: tuple[Mention, ...]) -> set[str]:  # type: ignore[type-arg]
    if not hit:
        return set()
    start = sentences[max(0, hit[0] - margin)].start
    end = sentences[min(len(sentences) - 1, hit[-1] + margin)].end
    return {s for m in mentions if start <= m.head < end for s in states(m)}


def _keys(page: Page, mention: Mention) -> set[tuple[str, str | None]]:
    found = {speaker_key(mention.name, mention.role, mention.state)} if mention.name or mention.role else set()
    if (mention.role is None and mention.name is None) or mention.kind not in {"individual", "diplomat"}:
        found.add(speaker_key(page.text(mention.start, mention.end), None, mention.state))
        found.add(speaker_key(None, page.text(mention.start, mention.end), mention.state))
    return found


if __name__ == "__main__":
    main()

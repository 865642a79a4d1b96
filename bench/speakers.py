"""How well the reading knows who speaks: speaker F1 by the scorer of the gold sets, claimants, and time.

usage: python bench/speakers.py [--misses SET] [--seconds]

Reads the gold sets in ../shared (or $LEGATION_SHARED) with parties and statements only, writes readings without events, and asks
``gold/score.py`` for `speaker F1`. "key" leaves states out: surname or role alone. For gold events that are `claimed` it also
counts how often the claimant's state is that of the innermost statement over the evidence, or of the outermost (`claimant_over`). Boilerplate
is taken from gold, so that only this stage is measured.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from legation import atlas
from legation.reading.page import Page, parse
from legation.reading.parties import find_parties
from legation.reading.statements import Voiced, claimant_over, claimants_over, find_statements, told
from legation.schema import Article, Reading

SHARED = Path(os.environ.get("LEGATION_SHARED") or Path(__file__).parents[1].parent / "shared")
SETS = ("seeds", "real", "train", "dev")


def texts(name: str) -> Path:
    return SHARED / "seeds" if name == "seeds" else SHARED / "gold" / name


def articles(name: str) -> Iterator[tuple[Article, dict]]:
    """Articles of a gold set with their annotation, boilerplate as annotated."""
    for path in sorted((SHARED / "gold" / name).glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        text = (texts(name) / f"{path.stem}.txt").read_text("utf-8")
        spans, at = [], 0
        for number, line in enumerate(text.split("\n")):
            if line.strip() and (
                line in gold.get("boilerplate", []) or number + 1 in gold.get("boilerplate_lines", [])
            ):
                spans.append((at, at + len(line.rstrip())))
            at += len(line) + 1
        yield (
            Article(id=path.stem, source=path.stem, text=text, outlet=gold.get("outlet"), published=gold.get("published"), boilerplate=tuple(spans)),
            gold,
        )  # fmt: skip


def key(name: str | None, role: str | None) -> str:
    """A speaker as the scorer compares it, its state left out."""
    words = re.sub(r"[^\w ]", "", name or "").casefold().split()
    return words[-1] if words else re.sub(r"^(an?|the) ", "", (role or "").casefold())


def claims(page: Page, voiced: tuple[Voiced, ...], gold: dict, count: Counter[str]) -> None:
    """Of gold events that are claimed: is the claimant's state that of the innermost, of the outermost statement over the evidence?"""
    for event in gold["events"]:
        at = page.article.text.find(event["evidence"])
        if event["status"] != "claimed" or at < 0:
            continue
        middle = (page.token_at(at) + page.token_at(at + len(event["evidence"]) - 1)) // 2
        chain = [v for v in claimants_over(voiced, middle) if v.statement.speaker]
        count["claimed"] += 1
        count["covered"] += bool(chain)
        want = (event["claimant"] or {}).get("state")
        picked = {"innermost": chain[0] if chain else None, "outermost": claimant_over(voiced, middle)}
        for rule, voice in picked.items():
            count[rule] += voice is not None and voice.speaker is not None and voice.speaker.state == want


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", choices=["seeds", "real", "train"], help="list what a set misses and invents")
    args = parser.parse_args()
    if not SHARED.is_dir():
        sys.exit(f"no gold sets at {SHARED}: set LEGATION_SHARED to the folder that holds gold/")
    places = atlas.load()
    print(f"{'':6} {'F1':>6} {'key F1':>7}  claimed covered innermost outermost  ms/article")
    for name in [args.misses] if args.misses else SETS:
        count: Counter[str] = Counter()
        readings, seconds, hit, gold_total, found_total = [], 0.0, 0, 0, 0
        golds = list(articles(name))
        for (article, gold), page in zip(golds, parse(a for a, _ in golds), strict=True):
            parties = find_parties(page, places)
            started = time.process_time()
            voiced = find_statements(page, parties)
            seconds += time.process_time() - started
            statements = tuple(v.statement for v in told(voiced))
            readings.append(Reading(id=article.id, source=article.source, text=article.text, statements=statements))
            claims(page, voiced, gold, count)
            want = {(key(s["name"], s["role"]), s["state"]) for s in gold["speakers"]}
            have = {(key(s.speaker.name, s.speaker.role), s.speaker.state) for s in statements if s.speaker}
            if args.misses and want != have:
                print(article.id, "missed", sorted(want - have, key=str), "invented", sorted(have - want, key=str))
            keys, found = {k for k, _ in want}, {k for k, _ in have}
            hit, gold_total, found_total = hit + len(keys & found), gold_total + len(keys), found_total + len(found)
        with tempfile.NamedTemporaryFile("wb", suffix=".jsonl") as out:
            out.write(b"\n".join(map(msgspec.json.encode, readings)))
            out.flush()
            command = [
                sys.executable,
                SHARED / "gold" / "score.py",
                out.name,
                SHARED / "gold" / name,
                "--texts",
                texts(name),
                "--json",
            ]
            figures = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        shares = [
            count[rule] / count["claimed"] if count["claimed"] else float("nan")
            for rule in ("covered", "innermost", "outermost")
        ]
        print(
            f"{name:6} {figures['speaker F1']:6.3f} {2 * hit / (gold_total + found_total):7.3f}  {count['claimed']:7} "
            f"{shares[0]:7.2f} {shares[1]:9.2f} {shares[2]:9.2f}  {1000 * seconds / len(golds):10.2f}"
        )


if __name__ == "__main__":
    main()

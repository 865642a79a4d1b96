"""How often each frame, statement cue, status rule and date rule fires on annotated articles, and how often it is right; writes docs/rules.md.

python bench/rules.py GOLD_DIR [GOLD_DIR ...]     measure, and replace the tables at the end of docs/rules.md
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from legation import atlas, ontology
from legation.ontology import Frame
from legation.reading.events import Reader
from legation.reading.events.roles import weights
from legation.reading.events.verdict import standing
from legation.reading.events.when import Dated, event_date, page_dates
from legation.reading.page import Page, parse
from legation.reading.parties import find_parties
from legation.reading.statements import Voiced, find_statements
from legation.schema import Article
from parties_recall import _boilerplate, _text, speaker_key

REPORT = Path(__file__).parents[1] / "docs" / "rules.md"
MARK = "<!-- written by bench/rules.py from here on -->\n"
FEW = 5
EXPLAINED = """\
A frame fires where it makes a draft of an event. It is right where gold has an event of that type whose evidence is quoted from the
sentence, or one between the same states: an event is annotated once, and told of again further on. *Stood* counts the drafts that
the verdict of the rules alone let stand: a frame proposes, the verdict decides, and by what stood a frame is
judged. A cue fires where a statement has a speaker, and is right where annotators name that speaker
(name or role, and state, as the scorer compares them). Status and date rules are counted on drafts in the sentence of a gold event of
the type, and are right where they give its status, or its date; the whole article is weighed afterwards, which these figures
leave out. A rule that fired only a few times says little."""


class Told(NamedTuple):
    """A gold event: its type, the states of actor and target, the starts of the sentences of its evidence, status and date."""

    type: str
    states: tuple[str | None, str | None]
    sentences: frozenset[int]
    status: str
    date: str | None


class Tally:
    """How often each rule of a table fired and was right; for frames also what stood of either."""

    def __init__(self) -> None:
        self.fired: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.right: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def count(self, table: str, rule: str, right: bool) -> None:
        self.fired[table][rule] += 1
        self.right[table][rule] += right


def named(kind: str, frame: Frame) -> str:
    """A frame as the tables name it: its type, its place in the type's file, its words."""
    number = next(n for n, one in enumerate(ontology.event_type(kind).frames, 1) if one is frame)
    return f"`{kind}` {number}: {frame.key}"


def told(page: Page, gold: dict[str, object]) -> Iterator[Told]:
    for event in gold["events"]:  # type: ignore[attr-defined]
        at = page.article.text.find(event["evidence"])
        if at < 0:
            continue
        first, last = page.token_at(at), page.token_at(at + len(event["evidence"]) - 1)
        sentences = frozenset(page.doc[i].sent.start for i in range(first, last + 1))
        between = ((event["actor"] or {}).get("state"), (event["target"] or {}).get("state"))
        yield Told(event["type"], between, sentences, event["status"], event["date"])


def tally(page: Page, gold: dict[str, object], into: Tally) -> None:
    """Counts the rules that fire on one article."""
    parties = find_parties(page, atlas.load())
    voiced = find_statements(page, parties)
    drafts = Reader(page, parties, voiced, roles=weights()).drafts()
    events = list(told(page, gold))
    dates = page_dates(page, page.article.published)
    stood = {id(d) for d in standing(drafts, page, parties, "rules")}
    for draft in drafts:
        if draft.hit is None:
            continue
        start = page.doc[draft.trigger].sent.start
        here = [e for e in events if e.type == draft.type and start in e.sentences]
        again = any(e.type == draft.type and any(e.states) and e.states == draft.states for e in events)
        frame, right = named(draft.type, draft.hit.frame), bool(here) or again
        into.count("frames", frame, right)
        if id(draft) in stood:
            into.count("stood", frame, right)
        if here:
            best = max(here, key=lambda e: (e.states == draft.states, e.status == draft.mood))
            into.count("status", f"{draft.mood}: {draft.mood_why.lower()}", best.status == draft.mood)
            dated = event_date(
                page, *draft.span, page.article.published, group=draft.group, status=best.status, found=dates
            )
            into.count("dates", date_rule(dated), (dated.edtf if dated else None) == best.date)
    speakers = {speaker_key(s["name"], s["role"], s["state"]) for s in gold["speakers"]}  # type: ignore[attr-defined]
    for voice in voiced:
        who = voice.statement.speaker
        if voice.own and who is not None:
            into.count("cues", cue(page, voice), speaker_key(who.name, who.role, who.state) in speakers)


def date_rule(dated: Dated | None) -> str:
    return dated.why if dated else "none: the sentence gives no date"


def cue(page: Page, voice: Voiced) -> str:
    """The stance and the lemma of what announces a statement."""
    from legation.reading.statements.cues import load_cues

    word = page.doc[voice.cue].lower_ if voice.cue is not None else None
    return f"{voice.stance}: {load_cues().lemmas.get(word, word) if word else 'quotation marks, or a label'}"


def articles(folders: list[Path]) -> Iterator[tuple[Article, dict[str, object]]]:
    for path in (p for folder in folders for p in sorted(folder.glob("*.json"))):
        gold, text = json.loads(path.read_text("utf-8")), _text(path)
        yield (
            Article(id=path.stem, source=path.stem, text=text, outlet=gold["outlet"], published=gold["published"], boilerplate=_boilerplate(text, gold)),
            gold,
        )  # fmt: skip


def wrong(counted: Tally) -> list[str]:
    """The frames that are more wrong than right in what stood, of those that stood often enough to tell: a frame only proposes."""
    stood, kept = counted.fired["stood"], counted.right["stood"]
    return sorted(name for name, n in stood.items() if n >= FEW and 2 * kept[name] < n)


def tables(counted: Tally, number: int) -> str:
    """The measured half of docs/rules.md."""
    fired, right, stood, kept = (
        which[table] for table in ("frames", "stood") for which in (counted.fired, counted.right)
    )
    lines = [
        "## What each rule is worth",
        "",
        f"Measured on {number} annotated articles that those who wrote the rules have read (`make rules`).",
        EXPLAINED,
        "",
        "### Frames",
        "",
        "| frame | fired | right | share | stood | right of those |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for kind in ontology.types().values():
        for frame in kind.frames:
            name = named(kind.id, frame)
            share = f"{right[name] / fired[name]:.2f}" if fired[name] else "–"
            cells = name.replace("|", "/"), fired[name], right[name], share, stood[name], kept[name]
            lines.append(f"| {' | '.join(map(str, cells))} |")
    silent = sum(1 for kind in ontology.types().values() for frame in kind.frames if not fired[named(kind.id, frame)])
    lines += ["", f"{silent} frames met nothing here; the examples in their files hold for them."]
    lines += [
        "",
        f"More wrong than right, of those that stood {FEW} times or more: {', '.join(wrong(counted)) or 'none'}.",
    ]
    for table, title in (("cues", "Statement cues"), ("status", "Status rules"), ("dates", "Date rules")):
        lines += ["", f"### {title}", "", "| rule | fired | right | share |", "| --- | --- | --- | --- |"]
        for rule, n in sorted(counted.fired[table].items(), key=lambda item: (-item[1], item[0])):
            good = counted.right[table][rule]
            lines.append(f"| {rule.replace('|', '/')} | {n} | {good} | {good / n:.2f} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    args = parser.parse_args()
    every = list(articles(args.gold))
    counted = Tally()
    for (_, gold), page in zip(every, parse(a for a, _ in every), strict=True):
        tally(page, gold, counted)
    said = REPORT.read_text("utf-8").partition(MARK)[0].rstrip("\n")
    REPORT.write_text(f"{said}\n\n{MARK}\n{tables(counted, len(every))}", "utf-8")
    print(f"{len(every)} articles; {sum(counted.fired['frames'].values())} drafts of frames")
    print("more wrong than right:", *(wrong(counted) or ["none"]), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())

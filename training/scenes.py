"""Annotated articles as training cases: for each gold event the scene around its trigger and the evidence for each state."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from legation import ontology
from legation.reading.events.dating import Chronicle, date_evidence
from legation.reading.events.frames import Matcher
from legation.reading.events.roles import Scene, World, deed_evidence, evidence
from legation.reading.page import Page, Parties
from legation.reading.statements import Voiced
from legation.reading.weighing import Evidence
from legation.schema import Article


@dataclass(frozen=True)
class Case:
    """A gold event of an article with its scene and evidence."""

    article: str
    event: dict[str, Any]
    scene: Scene
    evidence: Evidence
    dates: Evidence


SINCE = "la-7164", "la-7349"
"""First article of `corpus/articles` that was kept back whole, with those after it, to tell how an encoder reads hands it has not heard; and
the first after them."""


def kept_back(name: str) -> bool:
    """Whether the article of this name is kept from the encoder, so that what weighs its voice is fitted on articles it has not heard:
    every tenth by checksum, those of two hands, and all clusters of incidents, whose articles resemble each other."""
    return name.startswith("lc-") or SINCE[0] <= name < SINCE[1] or crc32(name.encode()) % 10 == 0


def by_corpus_hands(name: str) -> bool:
    """Whether the article of this name is one of corpus/articles, whose many hands do some things otherwise than those of the other sets (the
    state of a crowd, a date that is only implied)."""
    return name.startswith("la-")


def weight(name: str) -> float:
    """What a case of the article of this name counts for in fitting states, dates and status: those of corpus/articles are nineteen in twenty
    of all, and many tell obliquely, which news does not."""
    return 0.3 if by_corpus_hands(name) else 1.0


def gold_articles(folders: Iterable[Path]) -> Iterator[tuple[dict[str, Any], Article]]:
    """(annotation, article with the annotated boilerplate and date) of each annotated text."""
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            gold = json.loads(path.read_text(encoding="utf-8"))
            if "events" not in gold:
                continue
            text_path = path.with_suffix(".txt")
            if not text_path.exists():
                text_path = folder.parents[1] / "seeds" / text_path.name
            text = text_path.read_text(encoding="utf-8")
            junk, position = [], 0
            for line in text.split("\n"):
                if line.strip() and line in gold.get("boilerplate", ()):
                    junk.append((position, position + len(line)))
                position += len(line) + 1
            yield (
                gold,
                Article(
                    id=path.stem,
                    source=str(text_path),
                    text=text,
                    language="en",
                    outlet=gold.get("outlet"),
                    published=gold["published"],
                    boilerplate=tuple(junk),
                ),
            )


def gold_roles(event: dict[str, Any], type_id: str) -> dict[str, str | None]:
    """The four roles of an annotated event; the sending state is read from the side its type gives it."""
    actor, target = ((event.get(k) or {}).get("state") for k in ("actor", "target"))
    side = ontology.event_type(type_id).sending_side
    sending = {"actor": actor, "target": target, None: None}[side]
    return {"sending": sending, "host": event["host"], "actor": actor, "target": target}


def cases_on(gold: dict[str, Any], page: Page, parties: Parties, voiced: tuple[Voiced, ...]) -> Iterator[Case]:
    """One case a gold event whose evidence stands in the text; the trigger is a frame hit there, else the evidence's verb."""
    matcher, world = Matcher(page, parties), World(page, parties)
    hits = list(matcher.hits())
    times = Chronicle(page, voiced, hits)
    for event in gold["events"]:
        at = page.article.text.find(event["evidence"])
        if at < 0:
            continue
        first, last = page.token_at(at), page.token_at(at + len(event["evidence"]) - 1)
        inside = [h for h in hits if h.type == event["type"] and first <= h.trigger <= last]
        if inside:
            h = min(inside, key=lambda h: h.actor is None)
            scene = Scene(h.type, h.trigger, h.slots, h.actor, h.actor_slot, h.target, h.target_slot)
        else:
            verbs = [t for t in page.doc[first : last + 1] if t.tag_[:2] == "VB" and t.dep_ not in {"aux", "auxpass"}]
            token = verbs[0] if verbs else page.doc[first : last + 1].root
            scene = Scene(event["type"], token.i, matcher.slots(token))
        found = evidence(scene, matcher, world, voiced)
        if (inside and inside[0].frame.deed) or ontology.event_type(event["type"]).group in {
            "communication",
            "protection",
        }:
            index = event.get("in_response_to")
            if index is not None:
                act = gold["events"][index]
                parties_of = [(act.get(k) or {}).get("state") for k in ("actor", "target")]
                deed_evidence(found, ontology.event_type(act["type"]).group, *parties_of, act["host"])
        span = (first, last + 1) if not inside else (scene.trigger, scene.trigger + 1)
        kind = ontology.event_type(event["type"])
        yield Case(
            page.article.id,
            event,
            scene,
            found,
            date_evidence(times, span, scene.trigger, kind, event["status"]),
        )

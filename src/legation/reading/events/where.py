"""The city where a thing happened, or where the post concerned stands, if the article names it.

A capital that acts ("Ankara expelled") is its government; a city counts where the text puts something in it ("the embassy
in Ankara", "ANKARA, May 3 --"). Which of the cities of the receiving state is meant, or none, is weighed: whether the act's own
sentence names it and how, whose post stands there, how the article's other sentences keep to it, and what sort of act it is
(a measure seldom has a city, an attack nearly always). Weights: ``data/where.json``, made by ``training/where.py``.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from legation.atlas import Atlas
from legation.ontology import EventType
from legation.reading.data_files import load
from legation.reading.events.roles import choose
from legation.reading.lexicon import words
from legation.reading.page import Page, Parties
from legation.reading.weighing import NOBODY, Choice, Evidence, Model, fitted


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in load("where").items()}


@dataclass(frozen=True, slots=True)
class Place:
    """A city on the page: tokens [start, end), its name as the text writes it (Title Case for capitals), its possible states.

    `how` the text names it: dateline (at the head of a line, for where the reporter is), at, of, way (after "from" or "to"), bare
    (a subject, a word before a noun), post (inside a mission's or envoy's description). `of`: whose post stands there.
    """

    start: int
    end: int
    name: str
    states: tuple[str, ...]
    how: str
    capital: bool = False
    of: str | None = None


def has_city(kind: EventType) -> bool:
    """Relations and words, summonses apart, are in no city."""
    return kind.group != "relations" and (kind.group != "communication" or kind.id == "summons")


def places(page: Page, atlas: Atlas, parties: Parties | None = None) -> tuple[Place, ...]:
    """The cities of a page, in order; with `parties` also towns that only the description of a mission names."""
    text, doc, lists = page.article.text, page.doc, _lists()
    found: list[Place] = []
    for hit in atlas.scan(text, page.article.published, lower=text.islower()):
        states = tuple(c.code for c in hit.candidates if c.kind in ("city", "capital") and c.code)
        if not states or not len(doc):
            continue
        start, end = page.token_at(hit.start), page.token_at(hit.end - 1) + 1
        if not page.starts[start] <= hit.start < page.ends[start]:
            continue
        first = page.lines[page.line_of(start)][0]
        name = hit.surface.replace("\\n", " ")
        name = name.title() if name.isupper() and len(name) > 3 else name
        after = doc[end].text if end < len(doc) else ""
        dateline = start - first <= 1 and (after in lists["after_dateline"]) and (hit.surface.isupper() or after != ",")
        before = start - 1
        while before >= first and before > start - 5 and doc[before].lower_ in lists["between"]:
            if doc[before].lower_ == "of" and doc[before - 1].lower_ not in lists["between"]:
                break
            before -= 1
        word = doc[before].lower_ if before >= first else ""
        linked = word in ("and", "or", ",") and bool(found) and found[-1].end >= before - 1
        if dateline:
            how = "dateline"
        elif word in lists["at"]:
            how = "way" if word in lists["way"] else "of" if word == "of" else "at"
        else:
            how = found[-1].how if linked and found[-1].how != "dateline" else "bare"
        found.append(Place(start, end, name, tuple(dict.fromkeys(states)), how, hit.kind == "capital"))
    for m in parties.mentions if parties is not None else ():
        if m.protected and m.post is not None and m.post.city is not None:
            if not words("person_place_head").isdisjoint(m.post.city.casefold().split()[-1:]):
                continue  # "the embassies in the Middle East"
            known = next((p for p in found if p.name.casefold() == m.post.city.casefold()), None)
            states = known.states if known is not None else (m.post.in_,) if m.post.in_ else ()
            found.append(
                Place(
                    m.start,
                    m.end,
                    known.name if known else m.post.city,
                    states,
                    "post",
                    bool(known and known.capital),
                    m.state,
                )
            )
    return tuple(sorted(found, key=lambda p: (p.start, p.end)))


def city_evidence(
    page: Page, span: tuple[int, int], host: str, found: tuple[Place, ...], of: frozenset[str]
) -> Evidence:
    """City → what speaks for it, for an act on the soil of `host` whose words are the tokens `span`; `of`: the states concerned."""
    start, end = span
    there = [p for p in found if host in p.states or not p.states]
    evidence: Evidence = {}
    if not there:
        return evidence
    sentence, line = page.sentence(start), page.line_of(start)
    before = page.sentence(sentence.start - 1) if sentence.start else None
    title = page.lines[0][1]
    named = [p for p in there if p.how != "post"]
    often = Counter(p.name for p in named) or Counter(p.name for p in there)
    placed = Counter(p.name for p in there if p.how in {"at", "dateline", "post"})
    here = [p for p in there if sentence.start <= p.start < sentence.end]
    settled = {p.name for p in here if p.how != "bare"}
    for place in there:
        names = evidence.setdefault(place.name, set())
        if place.how == "bare" and place in here and settled - {place.name}:
            names.add("acts where another is placed")
            continue
        if sentence.start <= place.start < sentence.end and place.how != "dateline":
            names |= {"here", f"here: {place.how}", "here, before" if place.start < start else "here, behind"}
            if start <= place.start < end:
                names |= {"in the words", f"in the words: {place.how}"}
        elif before is not None and before.start <= place.start < before.end and place.how != "dateline":
            names |= {"sentence before", f"sentence before: {place.how}"}
        elif page.line_of(place.start) == line and place.how != "dateline":
            names |= {"same paragraph", f"same paragraph: {place.how}"}
        elif place.start < title:
            names |= {"title", f"title: {place.how}"}
        names.add(f"told: {place.how}")
        if place.capital:
            names.add("capital")
        if place.of is not None and place.of in of:
            names.add("post of a state concerned")
    top, settled_top = max(often.values()), max(placed.values(), default=0)
    for name, names in evidence.items():
        if often[name] == top:
            names.add("most often")
        if settled_top and placed[name] == settled_top:
            names.add("most often placed")
        if placed[name] > 2:
            names.add("placed often")
        if len(evidence) == 1:
            names.add("only city")
        if settled == {name}:
            names.add("only one here")
        elif len(settled) > 1:
            names.add("one of several here")
        elif settled:
            names.add("another one here")
    if here:
        nearest = min(
            here, key=lambda p: (p.how == "bare", p.how == "post", not start <= p.start < end, abs(p.start - start))
        )
        evidence[nearest.name].add("nearest here")
        joined = [p for p in here if 0 < p.start - nearest.end <= 2 or 0 < nearest.start - p.end <= 2]
        if any(p.name != nearest.name and p.how == nearest.how for p in joined):
            evidence[NOBODY] = {"several named together"}
    earlier = [p for p in there if p.start < sentence.start and p.how not in {"dateline", "bare"}]
    if earlier:
        evidence[earlier[-1].name].add("named last")
    if len({p.name for p in there if p.how == "dateline"}) == 1:
        evidence[next(p.name for p in there if p.how == "dateline")].add("dateline")
    return evidence


def city_of(
    page: Page, span: tuple[int, int], host: str, kind: EventType, found: tuple[Place, ...], of: frozenset[str]
) -> Choice:
    """The city of an act of a kind, or none, and what spoke for it; arguments as of `city_evidence`."""
    if not has_city(kind):
        return Choice(None, 1.0, "acts of this kind are in no city")
    return choose(kind.id, city_evidence(page, span, host, found, of), weights())


@cache
def weights() -> Mapping[str, float]:
    """Feature → weight, of the model that weighs `city_evidence` like a role (`legation.reading.events.roles.choose`)."""
    return Model(fitted("where"))

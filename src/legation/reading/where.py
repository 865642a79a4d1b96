"""The city where a thing happened, or where the post concerned stands, if the article names it.

A capital that acts ("Ankara expelled") is its government; a city counts where the text puts something in it ("the embassy
in Ankara", "ANKARA, May 3 --"). Which of the cities of the receiving state is meant: the one the sentence places the act
in, else the one the article stays in.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache

from legation.atlas import Atlas
from legation.reading.data_files import load
from legation.reading.page import Page


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in load("where").items()}


@dataclass(frozen=True, slots=True)
class Place:
    """A city on the page: tokens [start, end), its name as the text writes it (Title Case for capitals), its possible states.

    `dateline`: it stands at the head of a line, for where the reporter is. `weak`: after "from" or "to", a way and no place.
    """

    start: int
    end: int
    name: str
    states: tuple[str, ...]
    dateline: bool = False
    weak: bool = False
    capital: bool = False


def places(page: Page, atlas: Atlas) -> tuple[Place, ...]:
    """The cities of a page that something is put in, in order."""
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
        linked = word in ("and", "or", ",") and bool(found) and found[-1].end >= before - 1 and not found[-1].dateline
        if dateline or word in lists["at"] or linked:
            weak = word in lists["way"] or (linked and found[-1].weak)
            found.append(Place(start, end, name, tuple(dict.fromkeys(states)), dateline, weak, hit.kind == "capital"))
    return tuple(found)


def place_of(
    page: Page, start: int, end: int, host: str | None, found: tuple[Place, ...], group: str = ""
) -> str | None:
    """The city of an act whose trigger is the tokens [start, end) and whose receiving state is `host`; ``None`` when unnamed.

    `found`: the page's `places`; `group`: of the event's type: a measure has a city only if its own sentence names it,
    other acts stay in the city the article is about. For types that have no city by rule (relations, words other than a summons) do not ask.
    """
    if host is None:
        return None
    there = [p for p in found if host in p.states]
    sentence = page.doc[start].sent
    here = [p for p in there if sentence.start <= p.start < sentence.end and not p.dateline]
    strong = [p for p in here if not p.weak] or here
    if len({p.name for p in strong}) > 1:
        inside = [p for p in strong if start <= p.start < end]
        near = inside or strong
        together = [p for p in near if any(q is not p and max(q.start - p.end, p.start - q.end) <= 2 for q in strong)]
        if len({p.name for p in together}) > 1:
            return None
        return min(near, key=lambda p: (p.start < end, abs(p.start - end))).name
    if strong:
        return strong[0].name
    if not there:
        return None
    if group == "restriction":
        return None
    line = page.line_of(start)
    same = [p for p in there if p.start < start and page.line_of(p.start) == line and not (p.weak or p.dateline)]
    if same:
        return same[-1].name
    often = Counter(p.name for p in there if not p.weak) or Counter(p.name for p in there)
    first = {p.name: -p.start for p in reversed(there)}
    capitals = {p.name for p in there if p.capital}
    return max(often, key=lambda name: (name in capitals, often[name], first[name]))

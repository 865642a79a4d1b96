"""Which words stand for which state, mission, envoy, official, person, group or place.

Three steps, each in a file of its own: `phrases` (units and noun phrases from tags and the atlas), `mentions` (what a
phrase and its complements say by themselves), `links` (possessors, surnames, pronouns and short forms in the article).
"""

from bisect import bisect_right

from legation.atlas import Atlas, Hit
from legation.reading.lexicon import fold, words
from legation.reading.page import Mention, Page, Parties
from legation.reading.parties.forming import Draft
from legation.reading.parties.links import Linker
from legation.reading.parties.mentions import Sketcher
from legation.reading.parties.phrases import Phraser
from legation.reading.parties.units import Named, UnitReader, Words
from legation.schema import Post


def find_parties(page: Page, atlas: Atlas) -> Parties:
    """All mentions of a page, with state, post and name where the article gives them."""
    if not len(page.doc):
        return Parties.of(())
    return Parties.of(mention(page, draft) for draft in linker(page, atlas).link())


def linker(page: Page, atlas: Atlas) -> Linker:
    """What resolves the drafts of a page."""
    text = Words.of(page)
    named = gazetteer(page, text, atlas)
    found = Phraser(text, UnitReader(text, named).units()).phrases()
    drafts = Sketcher(page, text, found).sketch()
    return Linker(page, text, drafts, home(page.article.outlet, atlas))


def home(outlet: str | None, atlas: Atlas) -> str | None:
    """The state of an outlet that the atlas knows, else the one state that its name tells ("The Kathmandu Herald")."""
    if outlet is None:
        return None
    if known := atlas.outlet(outlet):
        return known.state
    named = {hit.code for hit in atlas.scan(outlet) if hit.kind not in {"agency", "outlet", "body", "org"}}
    return named.pop() if len(named) == 1 else None


def gazetteer(page: Page, text: Words, atlas: Atlas) -> dict[int, Named]:
    """The atlas's names on the page, by first token; a name never crosses a line."""
    flat, starts = text.flat, text.offset
    found: dict[int, Named] = {}
    for hit in atlas.scan(flat, page.article.published, lower=flat.islower()):
        first = bisect_right(starts, hit.start) - 1
        end = bisect_right(starts, hit.end - 1)
        if starts[first] != hit.start or text.line[first] != text.line[end - 1]:
            continue
        if hit.end < len(flat) and flat[hit.end - 1].isalnum() and flat[hit.end].isalnum():
            continue
        found[first] = _named(hit, first, end, atlas)
    return found


_SORTS = {"state": "state", "capital": "city", "city": "city", "region": "city", "metonym": "body", "body": "body", "org": "body", "armed_group": "group",
          "agency": "outlet", "outlet": "outlet"}  # fmt: skip


def _named(hit: Hit, start: int, end: int, atlas: Atlas) -> Named:
    kinds = {c.kind for c in hit.candidates}
    if hit.kind in {"demonym_adj", "demonym_person"}:
        sort = "demonym" if "demonym_adj" in kinds else "people"
    else:
        sort = _SORTS[hit.kind]
    states: tuple[str, ...] = (hit.code,) if hit.code else ()
    codes = {c.code for c in hit.candidates if c.kind == hit.kind}
    if hit.kind == "region" and len(codes) > 1:
        states = tuple(c.code for c in hit.candidates if c.code)
    if sort == "outlet":
        outlet = atlas.outlet(hit.name)
        voice = outlet is not None and outlet.owned_by_state and fold(hit.name) not in words("independent_outlets")
        states = states if voice else ()
    name = hit.surface.title() if hit.surface.isupper() and sort == "city" else hit.surface
    return Named(
        start, end, sort, states, kind=hit.party_kind, name=name, capital=hit.kind == "capital",
        region=hit.kind == "region", doubtful=len(codes) > 1 and sort == "body",
    )  # fmt: skip


def mention(page: Page, draft: Draft) -> Mention:
    """The mention that a draft has become."""
    post = None
    if draft.post_kind is not None or draft.post_in is not None or draft.post_city is not None:
        post = Post(kind=draft.post_kind or "mission", of=draft.state, in_=draft.post_in, city=draft.post_city)
    role = page.text(*draft.role).strip(" ,") if draft.role else None
    return Mention(
        draft.start, draft.end, draft.head, draft.kind or "individual", draft.state,
        states=draft.states, name=draft.name, role=role, post=post, place=draft.place, protected=draft.protected,
        plural=draft.plural, entity=draft.entity, why="; ".join(draft.why),
    )  # fmt: skip

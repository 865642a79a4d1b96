"""Phrases to drafts of mentions: what the words of one phrase and its complements say by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from legation.reading.nouns import Group, lexicon, words
from legation.reading.page import Page, lemma_of
from legation.reading.phrases import Phrase
from legation.reading.units import GEO, Named, Unit, Words

_PLACE_PREPOSITIONS = {
    "post": {"of": "of", "in": "in", "at": "in", "to": "in", "near": "in", "for": "of", "from": "from"},
    "envoy": {"of": "of", "to": "in", "in": "in", "at": "in", "from": "from", "for": "of"},
    "person": {"of": "of", "from": "of", "in": "where", "at": "where", "for": "of"},
    "body": {"of": "of", "in": "where"},
    "thing": {"in": "in", "at": "in"},
}
_MEMBER_PREPOSITIONS = frozenset({"of", "for", "at", "from", "in", "with", "to", "inside", "within"})
_MERE_MODIFIERS = frozenset({"weak_mission", "organisation", "media", "individual"})
_ADVISES = frozenset({"adviser", "advisor", "aide", "ambassador", "envoy", "representative", "counsellor", "assistant"})
_BEHIND = frozenset(
    {
        "with",
        "by",
        "against",
        "between",
        "on",
        "toward",
        "towards",
        "than",
        "upon",
        "among",
        "versus",
        "about",
        "as",
        "without",
        "including",
    }
)


@dataclass(slots=True, eq=False)
class Draft:
    """A mention in the making; `owner`, `part_of` and `pronoun` say on whom its state waits."""

    start: int
    end: int
    head: int
    kind: str | None
    form: str  # post, person, body, thing, geo, name, pronoun
    noun: str = ""
    states: tuple[str, ...] = ()
    name: str | None = None
    name_span: tuple[int, int] | None = None
    role: tuple[int, int] | None = None
    post_kind: str | None = None
    post_in: str | None = None
    post_city: str | None = None
    place: str | None = None
    protected: bool = False
    plural: bool = False
    definite: bool = False
    former: bool = False
    owned: bool = False  # has a possessor
    open_of: bool = False  # "of" something that names no state follows: no default state
    needs_state: bool = False
    weak: bool = False
    group: Group | None = None
    fallback: Group | None = None
    owner: "Draft | None" = None
    pronoun: int | None = None  # token of "its", "their", "our" before the head
    part_of: "Draft | None" = None
    same_as: "Draft | None" = None
    entity: int | None = None
    why: list[str] = field(default_factory=list)
    core: tuple[int, int] = (0, 0)
    site: str | None = None  # state of a place that the words name ("officials in Tokyo")
    dead: bool = False
    hint: str | None = None  # the state whose body of this name is meant most often ("Foreign Office")
    shared: "Draft | None" = None  # the noun before "and" whose state it has
    company: "list[Draft] | None" = None  # the states of "Spain, Mali and Chad", in order

    @property
    def state(self) -> str | None:
        return self.states[0] if len(self.states) == 1 else None


@dataclass(slots=True)
class Place:
    """A state, or a city with its state, as the words give them."""

    state: str | None
    city: str | None
    start: int
    end: int
    unit: Unit
    states: tuple[str, ...] = ()


class Sketcher:
    """Reads the phrases of one page, right to left, so that complements are known before their heads."""

    def __init__(self, page: Page, text: Words, found: list[Phrase]) -> None:
        self.page, self.text, self.phrases = page, text, found
        self.starts = {phrase.first: i for i, phrase in enumerate(found)}
        self.drafts: list[Draft] = []
        self.main: dict[int, Draft] = {}  # phrase index → its main draft
        self.own_start = {phrase.start: i for i, phrase in enumerate(found)}
        self.used: set[int] = set()  # phrases taken as part of another
        self.sharing: list[tuple[Draft, int]] = []
        self.line_start = {start for start, _ in page.lines}
        self.has_mission = any(
            u.term is not None and u.term.groups[0].id in {"mission", "envoy"} for p in found for u in p.units if u.term
        )

    def sketch(self) -> list[Draft]:
        index = {id(phrase): i for i, phrase in enumerate(self.phrases)}
        for at in range(len(self.phrases) - 1, -1, -1):
            self._phrase(at)
        for phrase in self.phrases:
            if phrase.owner is None:
                continue
            owned, owner = self.main.get(index[id(phrase)]), self.main.get(index[id(phrase.owner)])
            if owned is not None and owner is not None:
                owned.owner = owner
        for draft, k in self.sharing:
            draft.shared = self.main.get(k)
        self._appositions()
        self._join()
        return [draft for draft in self.drafts if not draft.dead]

    def _join(self) -> None:
        """ "Spain and Mali", "Spain, Mali and Chad": each knows the one before."""
        ends = {d.end: d for d in self.drafts if d.form == "geo" and d.kind == "government"}
        low = self.text.low
        for draft in sorted(ends.values(), key=lambda d: d.start):
            if draft.start and low[draft.start - 1] in {"and", ","}:
                left = ends.get(draft.start - 1) or (ends.get(draft.start - 2) if low[draft.start - 2] == "," else None)
                if left is not None:
                    left.company = draft.company = [*(left.company or [left]), draft]
                    for member in draft.company:
                        member.company = draft.company

    # -- one phrase

    def _phrase(self, at: int) -> None:
        phrase = self.phrases[at]
        if at in self.used:
            return
        us = [u for u in phrase.units if u.sort not in {"-"}]
        core, name = _core(us)
        if core is not None:
            self._core(at, phrase, us, core, name)
        elif all(u.sort in GEO or u.sort in {"det", "adj", "num", "part", "adv"} for u in us) and any(
            u.sort in GEO for u in us
        ):
            self._geo(at, phrase, us)
        elif us[-1].sort in {"body", "group", "outlet"}:
            self._named(at, phrase, us, us[-1])
        elif us[-1].sort == "name":
            self._name(at, phrase, us)
        else:
            self._nested(phrase, us)
            self._through(at, phrase, us)
            if phrase.owner is None and len(us) == 1 and us[0].sort == "own":
                return

    def _core(self, at: int, phrase: Phrase, us: list[Unit], core: int, name: Unit | None) -> None:
        text = self.text
        unit = us[core]
        term = unit.term
        assert term is not None
        before = us[:core]
        group = term.groups[0]
        draft = Draft(
            phrase.first, (name or unit).end, unit.end - 1, group.kind, group.form,
            noun=" ".join(text.low[unit.start : unit.end]), core=(unit.start, unit.end), plural=term.plural, group=group,
        )  # fmt: skip
        draft.hint = _hint(unit)
        if group.form == "post":
            draft.post_kind = term.post or "mission"
        if name is not None:
            draft.name_span = (name.start, name.end)
            draft.head = name.end - 1
        if group.form == "post" and phrase.owner is None and (text.titled[unit.start] or text.shouted[unit.start]):
            while before and before[0].sort in {"noun", "name"}:
                before = before[1:]
            draft.start = (before[0] if before else unit).start
        self._determiner(draft, us)
        adjectives = {text.low[u.start] for u in before if u.sort in {"adj", "noun", "part"}}
        adjectives |= {w for u in before if u.sort == "adj" for w in text.low[u.start : u.end]}
        draft.former = bool(adjectives & words("not_protected"))
        nested = next((u for u in reversed(before) if u.term is not None and u.term.groups[0].form == "post"), None)
        diplomatic = nested is not None or not words("diplomatic").isdisjoint([*adjectives, *draft.noun.split()])
        self._modifiers(draft, phrase, before, at)
        if group.id == "weak_mission" or (group.form == "post" and term.post == "institute"):
            self._weak(draft, before, adjectives, phrase)
            if draft.dead:
                self._nested(phrase, us[:-1])
                return
        self._by_name(draft, before)
        if draft.form == "post" and not draft.states and core == 0 and phrase.owner is None:
            self._shares(draft, phrase, at)
        end = self._complements(draft, draft.end, unit)
        if name is None and draft.form == "person" and not draft.plural and end > draft.end:
            name = self._trailing_name(end)
            if name is not None:
                draft.name_span, draft.end, draft.head = (name.start, name.end), name.end, name.end - 1
                end = name.end
        elif name is not None:
            end = max(end, draft.end)
        draft.end = max(draft.end, end)
        self._choose(draft, term.groups, diplomatic, nested)
        if draft.dead:
            self._nested(phrase, us)
            return
        if draft.form == "person":
            draft.role = self._role(draft, phrase)
        if draft.noun == "capital" or (draft.group and draft.group.id == "country" and self._locative(draft.start)):
            draft.kind = "place"
        if draft.group and draft.group.form in {"thing"}:
            self._nested(phrase, before)
        self._quantity(draft)
        self.drafts.append(draft)
        self.main[at] = draft

    def _by_name(self, draft: Draft, before: list[Unit]) -> None:
        """ "the Obama administration", "Putin spokesman": the person before the noun tells the state."""
        person = next((u for u in reversed(before) if u.sort == "name"), None)
        if person is None or draft.states or draft.owner is not None or draft.form not in {"body", "person"}:
            return
        draft.owner = Draft(
            person.start, person.end, person.end - 1, None, "name", name_span=(person.start, person.end),
            core=(person.start, person.end), why=["before another noun"],
        )  # fmt: skip
        self.drafts.append(draft.owner)

    def _determiner(self, draft: Draft, us: list[Unit]) -> None:
        low = self.text.low
        for u in us:
            if u.sort == "det":
                draft.definite |= low[u.start] in {"the", "this", "that", "these", "those", "both"}
                draft.plural |= low[u.start] in {"both", "these", "those"}
            elif u.sort == "num":
                draft.plural |= low[u.start] not in {"one", "1"} and self.text.tag[u.start] == "CD"
            elif u.sort == "own":
                draft.pronoun = u.start
                draft.definite = True

    def _modifiers(self, draft: Draft, phrase: Phrase, before: list[Unit], at: int) -> None:
        """States and cities before the noun, and the possessor's."""
        owned = draft.owned = phrase.owner is not None
        geos = [u for u in before if u.sort in GEO or u.sort == "based"]
        others = [u for u in before if u.sort in {"body", "group", "outlet"}]
        for u in reversed(geos):
            assert u.named is not None
            named = u.named
            if u.sort == "based":
                self._stand(draft, named)
            elif named.sort == "city":
                if draft.form == "post" or (
                    draft.group and draft.group.id == "envoy" and (owned or draft.states or draft.pronoun is not None)
                ):
                    self._stand(draft, named)
                elif named.capital and draft.form != "thing" and not draft.states and not owned:
                    draft.states = named.states
                    draft.why.append("capital before noun")
                else:
                    draft.place = draft.place or named.city
                    draft.site = draft.site or _one(named.states)
            elif (
                owned
                and draft.form in {"post", "person"}
                and (draft.group is None or draft.group.id in {"mission", "weak_mission", "envoy"})
                and named.sort == "state"
            ):
                draft.post_in = _one(named.states)
            elif not draft.states:
                draft.states = named.states
                draft.why.append(f"{named.sort} before noun")
        if (
            len(geos) > 1
            and all(g.named and g.sort in {"demonym", "state"} for g in geos)
            and draft.plural
            and not owned
        ):
            draft.states = tuple(dict.fromkeys(s for g in geos if g.named for s in g.named.states))
        if geos and geos[0].sort in {"demonym", "state"} and not owned and phrase.units.index(geos[0]) == 0:
            self._conjoined(draft, phrase, at)
        for u in reversed(others):
            assert u.named is not None
            if not draft.states and draft.pronoun is None and not owned:
                draft.states = u.named.states
                draft.why.append(f"{u.named.sort} before noun")
            if draft.form == "person" and draft.part_of is None:
                draft.part_of = Draft(
                    u.start,
                    u.end,
                    u.end - 1,
                    u.named.kind,
                    "body",
                    states=u.named.states,
                    name=u.named.name,
                    noun="",
                    core=(u.start, u.end),
                )
        body = next((u for u in reversed(before) if u.term is not None and u.term.groups[0].form == "body"), None)
        if body is not None and draft.form == "person" and draft.part_of is None and body.term is not None:
            inner = Draft(
                body.start, body.end, body.end - 1, body.term.groups[0].kind, "body", states=draft.states, definite=True, group=body.term.groups[0],
                noun=" ".join(self.text.low[body.start : body.end]), core=(body.start, body.end),
                plural=body.term.plural,
            )  # fmt: skip
            inner.name = self.page.text(body.start, body.end)
            inner.hint = _hint(body)
            draft.part_of = inner

    def _conjoined(self, draft: Draft, phrase: Phrase, at: int) -> None:
        """ "the Danish and Norwegian embassies", "US and British consulates": states of the phrases before "and"."""
        low = self.text.low
        here, states = phrase.start, list(draft.states)
        k = at - 1
        taken = []
        while k >= 0 and low[here - 1] in {"and", ",", "or", "&"}:
            previous = self.phrases[k]
            if previous.end != here - 1 and not (previous.end == here - 2 and low[here - 2] == ","):
                break
            us = [u for u in previous.units if u.sort not in {"det", "own"}]
            if previous.owner or previous.owns or not us or not all(u.sort in {"demonym", "state"} for u in us):
                break
            named = us[-1].named
            assert named is not None
            if (
                us[-1].sort == "state"
                and not draft.plural
                and self.text.text[us[-1].start].upper() != self.text.text[us[-1].start]
            ):
                break
            states = [*named.states, *states]
            taken.append(k)
            here, k = previous.start, k - 1
        if taken and (draft.plural or len(taken) == 1):
            if not draft.plural and draft.form == "person":
                return
            draft.states = tuple(dict.fromkeys(states))
            draft.start = here
            draft.plural = True
            draft.pronoun = next(
                (u.start for p in taken for u in self.phrases[p].units if u.sort == "own"), draft.pronoun
            )
            self.used.update(taken)
            if any(u.sort == "det" for p in taken for u in self.phrases[p].units):
                draft.definite = True
            draft.why.append("joined states")

    def _shares(self, draft: Draft, phrase: Phrase, at: int) -> None:
        """ "Latvia's embassy and consulate": a bare second noun has the first one's state."""
        if at and self.text.low[phrase.start - 1] in {"and", "or", "&"}:
            previous = self.phrases[at - 1]
            last = previous.units[-1]
            if previous.end == phrase.start - 1 and last.term is not None and last.term.groups[0].form == "post":
                self.sharing.append((draft, at - 1))

    def _stand(self, draft: Draft, named: Named) -> None:
        """The post stands in a city or state."""
        if named.sort == "city":
            draft.post_city = draft.place = named.city
        if draft.post_in is None:
            draft.post_in = _one(named.states)

    def _weak(self, draft: Draft, before: list[Unit], adjectives: set[str], phrase: Phrase) -> None:
        """Keep "mission", "delegation", "representation" only where they are diplomatic."""
        strange = adjectives - words("mission_adjectives") - words("former")
        known = bool(
            draft.states or draft.post_city or draft.post_in or adjectives & {"diplomatic", "permanent", "consular"}
        )
        if self.text.low[draft.core[0]].startswith(("delegation", "representation")):
            to_body = draft.core[1] < len(self.text.low) and self.text.low[draft.core[1]] == "to"
            if not to_body and not adjectives & {"permanent", "diplomatic"} and draft.post_kind != "institute":
                draft.weak = True
        if (
            strange
            or any(u.sort == "noun" for u in before)
            or not (known or phrase.owner or (self.has_mission and (draft.definite or draft.plural)))
        ):
            draft.dead = True

    def _complements(self, draft: Draft, pos: int, unit: Unit) -> int:
        """Reads "of X", "to Y", "in Z" after a noun; gives the end of the phrase."""
        low, size = self.text.low, len(self.text.low)
        sort = "envoy" if draft.group and draft.group.id == "envoy" else draft.form
        table = _PLACE_PREPOSITIONS[sort]
        rounds = 0
        while pos + 1 < size and rounds < 4:
            rounds += 1
            prep = low[pos]
            if draft.name_span and draft.name_span[1] == pos and prep not in {"of"}:
                break
            if prep == "extraordinary":
                pos += 1
                continue
            if prep == "out" and low[pos + 1] == "of" and sort in {"post", "envoy"}:
                pos += 1
                prep = "from"
            if prep in {
                "based",
                "located",
                "stationed",
                "accredited",
                "situated",
                "posted",
                "resident",
                "serving",
            } and low[pos + 1] in {"in", "at", "to"}:
                pos += 1
                prep = low[pos]
            if prep == "belonging" and low[pos + 1] == "to":
                pos += 1
                prep = "of"
            if prep not in table and prep not in _MEMBER_PREPOSITIONS:
                break
            if self.text.dep[pos] == "aux":
                break
            k = self.starts.get(pos + 1)
            if k is None:
                break
            places, end = self.places(k)
            if not places and prep == "in" and (sort == "envoy" or draft.form == "post"):
                places, end = self._unknown_places(k)
            if places:
                if prep not in table or not self._take(draft, table[prep], places, prep):
                    break
                pos = end
                continue
            other = self._right(k)
            if other is None or not self._member(draft, other, prep):
                draft.open_of = prep == "of"
                break
            pos = other.end
        return pos

    def _right(self, k: int) -> Draft | None:
        """The draft that the phrase k stands for, also through "the press department of"."""
        draft = self.main.get(k)
        if draft is not None:
            return draft
        phrase = self.phrases[k]
        if (
            self.text.low[phrase.end - 1] in words("pass_through")
            and phrase.end + 1 < len(self.text.low)
            and self.text.low[phrase.end] in {"of", "at"}
        ):
            deeper = self.starts.get(phrase.end + 1)
            return self.main.get(deeper) if deeper is not None else None
        return None

    def _take(self, draft: Draft, role: str, places: list[Place], prep: str) -> bool:
        if role == "from":
            # "recalled its ambassador from Ankara" says where, "diplomats from Iran" says whose
            owned = draft.states or draft.pronoun is not None or draft.owned
            role = "in" if owned or draft.form == "post" or places[0].city else "of"
        if role == "of":
            if prep == "for" and draft.form == "post":
                return False
            if draft.states or draft.pronoun is not None:
                return False
            if draft.form == "post" and all(p.city and not (p.unit.named and p.unit.named.capital) for p in places):
                return False
            found = tuple(
                dict.fromkeys(
                    s
                    for p in places
                    if p.city is None or p.unit.named is None or p.unit.named.capital
                    for s in (p.states or (p.state,))
                    if s
                )
            )
            if not found or (draft.form == "person" and draft.group and draft.group.kind in {"crowd"} and prep == "of"):
                if places[0].city:
                    draft.place = places[0].city
                    draft.site = places[0].state
                    return True
                return False
            if len(found) > 1 and not (draft.plural or len(places) > 1):
                return False
            draft.states = found
            draft.why.append(f"{prep} state")
            return True
        states = tuple(dict.fromkeys(p.state for p in places if p.state))
        if role == "in":
            if draft.post_in is not None and draft.post_city is not None:
                return False
            if draft.post_in is None and len(states) == 1:
                draft.post_in = states[0]
            if len(places) == 1 and places[0].city:
                draft.post_city = draft.place = places[0].city
            draft.why.append(f"{prep} place")
            return True
        draft.site = states[0] if len(states) == 1 else None
        if len(places) == 1 and places[0].city:
            draft.place = places[0].city
        return True

    def _member(self, draft: Draft, other: Draft, prep: str) -> bool:
        if draft.part_of is not None and draft.part_of.form != "body":
            return False
        envoy = draft.group is not None and draft.group.id == "envoy"
        if (
            prep == "to"
            and not (
                (envoy or draft.form == "post")
                and other.kind in {"organisation", "government"}
                and other.form == "body"
            )
            and self.text.low[draft.core[1] - 1] not in _ADVISES
        ):
            return False
        if prep in {"in", "with", "inside", "within"} and not (
            other.form in {"post", "body"} and draft.form == "person"
        ):
            return False
        if prep == "from" and other.form not in {"post", "body"}:
            return False
        if draft.form == "post":
            if prep != "of" and not (prep == "to" and other.form == "body"):
                return False
            if (
                prep == "of"
                and draft.owner is None
                and not draft.states
                and other.form in {"geo", "body", "person"}
                and other.kind == "government"
            ):
                draft.owner = other
            return True
        if draft.form == "body" and prep != "of":
            return False
        if envoy and other.form == "body" and other.kind == "organisation":
            return True
        if other.form == "name" and (
            draft.form != "person" or not draft.group or draft.group.id not in {"staff", "individual", "premises"}
        ):
            return prep in {"of", "to"} and draft.form != "body"
        if draft.form == "person" and other.form == "person" and prep not in {"of", "to", "for"}:
            return False
        draft.part_of = other
        return True

    def _trailing_name(self, pos: int) -> Unit | None:
        """ "ambassador to Ankara Andrei Karlov": the name right after the complements."""
        k = self.own_start.get(pos)
        if k is None:
            return None
        us = self.phrases[k].units
        names = [u for u in us if u.sort != "title"]
        if (
            len(names) == 1
            and names[0].sort == "name"
            and names[0].end - names[0].start <= 5
            and self.phrases[k].owner is None
        ):
            self.used.add(k)
            self.main.pop(k, None)
            self.drafts = [
                d for d in self.drafts if not (d.form == "name" and d.name_span == (names[0].start, names[0].end))
            ]
            return names[0]
        return None

    def _choose(self, draft: Draft, groups: tuple[Group, ...], diplomatic: bool, nested: Unit | None) -> None:
        """Which of the noun's groups is meant: one of a mission's people or things, or something on its own."""
        of_mission = diplomatic or _is_mission(draft.part_of) or _is_mission(draft.owner)
        draft.why.append(f"noun {draft.noun}")
        if nested is not None and draft.form != "post" and nested.term is not None:
            draft.post_kind = nested.term.post
        chosen = None
        if of_mission:
            chosen = next((g for g in groups if g.protected or g.member), None)
        alone = next((g for g in groups if g.kind is not None), None)
        draft.fallback = alone
        if chosen is not None:
            draft.group, draft.kind, draft.form = chosen, chosen.member or chosen.kind, chosen.form
            draft.protected = True
        elif alone is not None:
            draft.group, draft.kind, draft.form, draft.protected = alone, alone.kind, alone.form, alone.protected
            draft.needs_state = alone.needs_state
            if draft.weak:
                draft.kind, draft.protected = "government", False
                draft.needs_state = True
            part = draft.part_of
            if (
                part is not None
                and draft.form == "person"
                and (draft.kind in {"government", "individual"} or draft.noun.startswith("officer"))
                and part.form == "body"
                and part.kind
            ):
                draft.kind = part.kind
        elif draft.part_of is not None and draft.part_of.form == "body" and groups[0].form == "person":
            draft.group, draft.kind, draft.form = groups[0], draft.part_of.kind, "person"
        else:
            draft.group = groups[0]
            draft.kind = None  # waits for an owner
            if groups[0].form == "person" and draft.name_span:
                draft.kind = "individual"
        if draft.former and draft.kind in {"diplomat", "government", "staff", "military", "police", "security_service"}:
            draft.kind, draft.protected = "individual", False

    def _role(self, draft: Draft, phrase: Phrase) -> tuple[int, int] | None:
        """The words that describe a person: all but the name."""
        start = draft.start
        if draft.name_span is None:
            return start, draft.end
        if draft.name_span[1] == draft.end:
            return (start, draft.name_span[0]) if draft.name_span[0] > start else None
        return start, draft.name_span[0]

    def _quantity(self, draft: Draft) -> None:
        """ "one of the diplomats", "a dozen members of the mission": the counting word belongs to the mention."""
        low = self.text.low
        start = draft.start
        if start >= 2 and low[start - 1] == "of" and low[start - 2] in words("quantity") and draft.plural:
            k = next(
                (
                    i
                    for i in (
                        self.own_start.get(start - 2),
                        self.own_start.get(start - 3),
                        self.own_start.get(start - 4),
                    )
                    if i is not None and self.phrases[i].end == start - 1
                ),
                None,
            )
            if low[start - 2] == "members" and k is not None:
                return
            first = self.phrases[k].first if k is not None else start - 2
            draft.start = first
            if draft.role:
                draft.role = (first, draft.role[1])
            if low[start - 2] in {"one", "each", "either", "neither"}:
                draft.plural = False
            draft.head = start - 2
            if k is not None:
                self.used.add(k)

    # -- other phrases

    def _named(self, at: int, phrase: Phrase, us: list[Unit], unit: Unit) -> None:
        named = unit.named
        assert named is not None
        draft = Draft(
            phrase.first,
            unit.end,
            unit.end - 1,
            named.kind,
            "body",
            noun="",
            states=named.states,
            name=self.page.text(unit.start, unit.end),
            definite=True,
        )
        draft.why.append(f"atlas {named.sort}")
        if named.kind == "mission":
            match = lexicon().match(self.text.low, unit.start) or lexicon().match(self.text.low, unit.end - 1)
            draft.form, draft.post_kind, draft.protected = "post", (match and match[1].post) or "institute", True
            draft.noun = self.text.low[unit.end - 1]
        draft.core = (unit.start, unit.end)
        own, draft.states = draft.states, ()
        self._modifiers(draft, phrase, us[:-1], at)
        if not draft.states and draft.kind != "media" and phrase.owner is None:
            draft.states = own
        if not draft.states or draft.form == "post":
            draft.end = max(draft.end, self._complements(draft, draft.end, unit))
        draft.states = draft.states or own
        self.drafts.append(draft)
        self.main[at] = draft

    def _name(self, at: int, phrase: Phrase, us: list[Unit]) -> None:
        unit = us[-1]
        draft = Draft(phrase.first, unit.end, unit.end - 1, None, "name", noun="", name_span=(unit.start, unit.end))
        draft.why.append("name")
        draft.core = (unit.start, unit.end)
        if any(u.sort == "title" for u in us):
            draft.kind = "individual"
            draft.why.append("title")
        rest = us[:-1]
        if any(u.sort in {"term", "body"} for u in rest):
            self._nested(phrase, rest)
        elif any(u.sort in {"noun"} for u in rest):
            last = [u for u in rest if u.sort != "title"][-1]
            if last.sort == "noun" and unit.end - unit.start >= 2 and self.text.text[last.start][0].islower():
                draft.role = (phrase.first, unit.start)
                draft.kind = "individual"
        if any(u.sort in {"state", "city"} for u in rest):
            self._nested(phrase, us)
        else:
            self._modifiers(draft, phrase, rest, at)
        self.drafts.append(draft)
        self.main[at] = draft

    def _geo(self, at: int, phrase: Phrase, us: list[Unit]) -> None:
        geos = [u for u in us if u.sort in GEO]
        unit = geos[-1]
        named = unit.named
        assert named is not None
        draft = Draft(
            phrase.first,
            unit.end,
            unit.end - 1,
            "place",
            "geo",
            states=named.states,
            noun="",
            core=(unit.start, unit.end),
            definite=True,
        )
        low = self.text.low
        if unit.sort in {"demonym", "people"}:
            counted = any(u.sort == "num" or (u.sort == "det" and low[u.start] in {"a", "an"}) for u in us)
            draft.kind = "individual" if counted else "government"
            draft.plural = not (any(u.sort == "det" and low[u.start] in {"a", "an"} for u in us))
            crowd = unit.sort == "people" and draft.plural and not counted and not any(u.sort == "det" for u in us)
            counted = counted or crowd
            draft.kind = "crowd" if crowd else draft.kind
            draft.form = "person" if counted else "geo"
            draft.role = (phrase.first, unit.end) if counted else None
            draft.why.append("people")
            if not counted:
                draft.name = self.page.text(unit.start, unit.end)
        else:
            acting, why = self._acting(at, phrase, unit)
            draft.kind = "government" if acting else "place"
            draft.why.append(why)
            if acting:
                draft.name = self.page.text(unit.start, unit.end)
            if named.sort == "city":
                draft.place = named.city
        self.drafts.append(draft)
        self.main[at] = draft

    def _nested(self, phrase: Phrase, us: list[Unit]) -> None:
        """Parties that only describe another noun: "the US embassy bombing", "Turkish retaliation"."""
        low = self.text.low
        spent: set[int] = set()
        for i in range(len(us) - 1, -1, -1):
            u = us[i]
            if u.term is not None:
                group = u.term.groups[0]
                if group.kind is None or group.needs_state or group.form == "thing" or group.id in _MERE_MODIFIERS:
                    continue
                if low[u.start : u.end] == ["intelligence"]:
                    continue
                inner = Draft(
                    u.start, u.end, u.end - 1, group.kind, group.form, noun=" ".join(low[u.start : u.end]), core=(u.start, u.end),
                    plural=u.term.plural, protected=group.protected, group=group, definite=True,
                )  # fmt: skip
                inner.why.append("before another noun")
                if group.form == "post":
                    inner.post_kind = u.term.post
                before = us[:i]
                if any(x.sort in GEO or x.sort == "based" for x in before):
                    self._modifiers(inner, Phrase([*before, u], phrase.owner), before, -1)
                    geo = [k for k, x in enumerate(before) if x.sort in GEO]
                    spent.update(id(before[k]) for k in geo)
                    inner.start = min([inner.start, *(before[k].start for k in geo)])
                elif phrase.owner is not None:
                    owner = self.own_start.get(phrase.owner.start)
                    inner.owner = self.main.get(owner) if owner is not None else None
                    inner.pronoun = None
                for x in before:
                    if x.sort == "own":
                        inner.pronoun = x.start
                if group.form == "person":
                    inner.role = (inner.start, inner.end)
                self.drafts.append(inner)
            elif u.named is not None and id(u) not in spent and u.sort != "adj":
                named = u.named
                if u.sort in GEO or u.sort == "based":
                    kind = "government" if u.sort in {"demonym", "state"} or named.capital else "place"
                    if u.sort in {"based", "people"}:
                        kind = "place"
                    if self._locative(phrase.first):
                        kind = "place"
                    geo_draft = Draft(
                        u.start,
                        u.end,
                        u.end - 1,
                        kind,
                        "geo",
                        states=named.states,
                        core=(u.start, u.end),
                        definite=True,
                    )
                    if named.sort == "city":
                        geo_draft.place = named.city
                    geo_draft.why.append("before another noun")
                    if kind == "government":
                        geo_draft.name = self.page.text(u.start, u.end)
                    self.drafts.append(geo_draft)
                else:
                    body = Draft(
                        u.start,
                        u.end,
                        u.end - 1,
                        named.kind,
                        "body",
                        states=named.states,
                        name=self.page.text(u.start, u.end),
                        core=(u.start, u.end),
                        definite=True,
                    )
                    body.why.append("before another noun")
                    self.drafts.append(body)
            elif u.sort == "name" and i < len(us) - 1:
                self.drafts.append(
                    Draft(
                        u.start,
                        u.end,
                        u.end - 1,
                        None,
                        "name",
                        name_span=(u.start, u.end),
                        core=(u.start, u.end),
                        why=["before another noun"],
                    )
                )

    def _through(self, at: int, phrase: Phrase, us: list[Unit]) -> None:
        """ "the press department of the embassy" stands for nothing of its own."""

    # -- states as governments or places

    def _locative(self, first: int) -> bool:
        return first > 0 and self.text.low[first - 1] in words("locative")

    def _acting(self, at: int, phrase: Phrase, unit: Unit) -> tuple[bool, str]:
        """Whether a bare state or city name acts (its government) or is a place, and why."""
        text, low = self.text, self.text.low
        named = unit.named
        assert named is not None
        state_name = unit.sort == "state"
        first, head = phrase.first, unit.end - 1
        if unit.sort == "city" and not named.capital:
            return False, "city"
        if self._dateline(unit):
            return False, "dateline"
        if phrase.owns and at + 1 < len(self.phrases):
            owned = self.phrases[at + 1]
            last = owned.units[-1]
            if any(low[u.start] in words("place_nouns") for u in owned.units if u.sort in {"noun", "adj", "term"}) or (
                last.sort in GEO and last.sort != "demonym"
            ):
                return False, "possessor of a place"
            if last.sort == "name" and not state_name and not any(u.term for u in owned.units):
                return False, "possessor of a place"
            return True, "possessor"
        if any(u.sort in {"adj"} and low[u.start] in words("locative") for u in phrase.units):
            return False, "part of a place"
        previous = low[first - 1] if first else ""
        if previous in {",", "and", "or", "&", "/"}:
            left = self._left_geo(at, first)
            if left is not None:
                return self._acting_left(left, unit)
        if previous in words("locative"):
            return False, f"after {previous}"
        if previous == "of":
            governor = low[first - 2] if first > 1 else ""
            if (
                governor in words("place_nouns")
                or governor in words("locative")
                or governor in {"people", "citizens", "parts", "rest"}
            ):
                return False, "of a place"
            return True, "of"
        if previous in {"to", "from", "for"}:
            around = {
                lemma_of(low[i], text.tag[i]) for i in range(max(0, first - 6), first - 1) if text.tag[i][0] in "VN"
            }
            governor_at = text.head[first - 1]
            around.add(lemma_of(low[governor_at], text.tag[governor_at]))
            if around & words("talk_to") and lemma_of(low[governor_at], text.tag[governor_at]) not in words("movement"):
                return True, f"addressed with {previous}"
            if previous == "for" and not around & words("movement"):
                return True, "for"
            return False, f"after {previous}"
        if previous in _BEHIND or previous in {
            "like",
            "if",
            "that",
            "after",
            "before",
            "while",
            "because",
            "but",
            "when",
            "where",
            "whether",
            "since",
        }:
            if (
                previous in {"on", "as", "after", "before", "since"}
                and not state_name
                and text.dep[head] not in {"nsubj", "nsubjpass"}
            ):
                return text.dep[head] != "pobj" or previous == "on", f"after {previous}"
            return True, f"after {previous}"
        verb = text.head[head]
        if text.dep[head] == "dobj" and lemma_of(low[verb], text.tag[verb]) in words("movement_object"):
            return False, "object of a movement"
        if text.dep[head] == "npadvmod":
            return False, "adverbial"
        following = low[unit.end] if unit.end < len(low) else ""
        if (
            previous == ","
            and following in {",", ".", ")"}
            and text.dep[head] in {"appos", "conj", "npadvmod", "pobj"}
            and first >= 2
        ):
            k = next((i for i in range(at - 1, max(-1, at - 2), -1) if self.phrases[i].end == first - 1), None)
            if k is not None and self.phrases[k].units[-1].sort in {"name", "city"}:
                return False, "after a place name"
        return True, "acts"

    def _left_geo(self, at: int, first: int) -> int | None:
        k = at - 1
        if k < 0 or self.phrases[k].owns:
            return None
        previous = self.phrases[k]
        if previous.end not in {first - 1, first - 2} or not (
            previous.units[-1].sort in GEO and all(u.sort in GEO or u.sort in {"det", "adj"} for u in previous.units)
        ):
            return None
        if self.text.low[first - 1] == "," and previous.units[-1].sort != "city":
            # "in Syria, Turkey said": only a list goes on
            dep = self.text.dep[self.phrases[at].units[-1].end - 1]
            return k if dep in {"conj", "appos"} else None
        if self.text.dep[self.phrases[at].units[-1].end - 1] in {"nsubj", "nsubjpass"} and self.text.dep[
            previous.end - 1
        ] not in {"nsubj", "nsubjpass"}:
            return None
        return k

    def _acting_left(self, k: int, unit: Unit) -> tuple[bool, str]:
        """Like the name it is joined to; a state after a city of its own is where the city is."""
        left = self.phrases[k].units[-1]
        if (
            left.sort == "city"
            and unit.sort == "state"
            and left.named
            and unit.named
            and set(left.named.states) & set(unit.named.states)
        ):
            return False, "state of the city before"
        acting, why = self._acting(k, self.phrases[k], left)
        if unit.sort == "city" and unit.named and not unit.named.capital:
            acting = False
        return acting, f"joined: {why}"

    def _dateline(self, unit: Unit) -> bool:
        """At the head of a line, before a dash, a colon (capitals only), a date or an agency in brackets."""
        raw = self.text.text
        start, end = self.page.lines[self.text.line[unit.start]]
        if unit.start - start > 4 or any(raw[i][0].islower() for i in range(start, unit.start)):
            return False
        for i in range(unit.end, min(end, unit.end + 14)):
            word = raw[i]
            if word in {"—", "–", "--", "-"}:
                return True
            if word == ":":
                return raw[unit.start].isupper()
            if word == "(":
                return ")" in raw[i : i + 6]
            if word == "." and raw[i + 1 : i + 2] == ["/"]:
                return True
            if word[0].islower() or word in {"'s", '"'}:
                return False
        return False

    def places(self, k: int) -> tuple[list[Place], int]:
        """The list of places that starts with phrase k ("A, B and C", "Lahore, Pakistan"), and its end token."""
        found: list[Place] = []
        low = self.text.low
        here = self._place(k)
        if here is None:
            return [], 0
        found.append(here)
        end = here.end
        # a state right after its city
        k, end = self._its_state(found, k, end)
        chain: list[tuple[Place, int, int]] = []
        pos, at = end, k
        closed = False
        while pos + 1 < len(low) and low[pos] in {",", "and", "or", "&"}:
            step = pos + 1
            if low[pos] == "," and low[step] in {"and", "or"}:
                step += 1
            joined = low[step - 1] in {"and", "or", "&"}
            n = self.starts.get(step)
            if n is None:
                n = self.starts.get(step + 1) if low[step] in {"in"} and joined else None
                if n is None:
                    break
            more = self._place(n)
            if more is None:
                break
            chain.append((more, n, more.end))
            at, pos = n, more.end
            if joined:
                closed = True
                break
        if closed:
            last = chain[-1][0]
            after = last.end
            verb_next = after < len(low) and self.text.tag[after] in {"VBD", "VBZ", "MD", "VBP"}
            if not (verb_next and self.text.dep[last.end - 1] in {"nsubj", "nsubjpass"}):
                found += [place for place, _, _ in chain]
                end = last.end
                _, end = self._its_state(found, at, end)
        return found, end

    def _unknown_places(self, k: int) -> tuple[list[Place], int]:
        """A capitalised name after "embassy in": a town the atlas does not have."""
        us = [u for u in self.phrases[k].units if u.sort not in {"det", "adj"}]
        if (
            len(us) != 1
            or us[0].sort != "name"
            or self.phrases[k].owner
            or self.text.shouted[us[0].start]
            or us[0].end - us[0].start > 3
        ):
            return [], 0
        unit = us[0]
        found = [Place(None, self.page.text(unit.start, unit.end), unit.start, unit.end, unit)]
        end = unit.end
        low = self.text.low
        n = self.starts.get(end + 1) if end + 1 < len(low) and low[end] in {",", "and"} else None
        more = self._place(n) if n is not None else None
        if more is not None and more.state and (low[end] == "and" or more.city is None):
            if low[end] == "and":
                found.append(more)
            found[0].state = more.state
            end = more.end
        return found, end

    def _its_state(self, found: list[Place], k: int, end: int) -> tuple[int, int]:
        low = self.text.low
        if end + 1 < len(low) and low[end] == "," and found[-1].city:
            n = self.starts.get(end + 1)
            more = self._place(n) if n is not None else None
            if more is not None and more.city is None and more.state and n is not None:
                known = found[-1].unit.named
                if known is not None and (more.state in known.states or not known.states):
                    found[-1].state = more.state
                    return n, more.end
        return k, end

    def _place(self, k: int) -> Place | None:
        phrase = self.phrases[k]
        if phrase.owns:
            return None
        us = [u for u in phrase.units if u.sort not in {"det", "adj", "num", "part", "adv"}]
        low = self.text.low
        if not us:
            return None
        last = us[-1]
        if us[0].sort in {"state", "city"} and phrase.owner is None:
            named = us[0].named
            assert named is not None
            tail = us[1:]
            if not tail:
                state = _one(named.states)
                return Place(state, named.city, us[0].start, us[0].end, us[0], named.states)
            if len(tail) == 1 and tail[0].sort in {"state"} and us[0].sort == "city":
                return Place(
                    _one(tail[0].named.states if tail[0].named else ()),
                    named.city,
                    us[0].start,
                    tail[0].end,
                    us[0],
                    named.states,
                )
            return None
        if low[last.start] in {"capital", "city", "town", "port", "province", "region", "republic", "kingdom"}:
            states: tuple[str, ...] = next(
                (u.named.states for u in reversed(us[:-1]) if u.named and u.sort in {"demonym", "state"}), ()
            )
            if (
                not states
                and phrase.owner is not None
                and phrase.owner.units[-1].named is not None
                and phrase.owner.units[-1].sort in GEO
            ):
                states = phrase.owner.units[-1].named.states
            end, city = last.end, None
            if end < len(low) and low[end] in {"of", ","}:
                n = self.starts.get(end + 1)
                if n is not None and n != k and (more := self._place(n)) is not None:
                    if low[end] == "of" and (more.city or last.sort == "term"):
                        return Place(
                            more.state or _one(states), more.city, last.start, more.end, more.unit, more.states
                        )
                    if low[end] == "," and more.city and (not states or more.state in states):
                        return Place(more.state, more.city, last.start, more.end, more.unit, more.states)
            if len(states) == 1:
                return Place(states[0], city, last.start, end, next(u for u in (us[:-1] or us)), states)
        return None

    # -- names beside roles

    def _appositions(self) -> None:
        """ "Peskov, the Kremlin spokesman," and "the Kremlin spokesman, Dmitry Peskov,": one person, two mentions."""
        low = self.text.low
        starts: dict[int, list[Draft]] = {}
        for draft in self.drafts:
            starts.setdefault(draft.start, []).append(draft)
        for draft in self.drafts:
            end = draft.end
            if end + 1 >= len(low) or low[end] not in {",", "(", "—", "–"}:
                continue
            nexts = [d for d in starts.get(end + 1, ()) if d.form in {"name", "person"}]
            if draft.form == "name":
                if end + 2 < len(low) and low[end + 1].isdigit() and low[end + 2] == ",":
                    nexts = [d for d in starts.get(end + 3, ()) if d.form == "person"]
                for other in nexts:
                    if (
                        other.form == "person"
                        and other.name_span is None
                        and not other.plural
                        and self._apposed(draft, other)
                    ):
                        draft.same_as = other
                        other.name_span = draft.name_span
                        break
            elif draft.form == "person" and not draft.plural and draft.name_span is None:
                for other in nexts:
                    if other.form == "name" and other.same_as is None and self._apposed(draft, other):
                        other.same_as = draft
                        draft.name_span = other.name_span
                        break

    def _apposed(self, left: Draft, right: Draft) -> bool:
        low, dep, head = self.text.low, self.text.dep, self.text.head
        if any(dep[t] == "appos" and left.start <= head[t] < left.end for t in (right.head, right.core[1] - 1)):
            return True
        following = low[right.end] if right.end < len(low) else "."
        return (
            following in {",", ".", ")", ";", "—", "–", "said", "told", "who", "which", "whose", '"'}
            or low[left.end] == "("
        )


def _core(us: list[Unit]) -> tuple[int | None, Unit | None]:
    """Index of the noun of the lexicon that heads the phrase, and the name behind it."""
    last = len(us) - 1
    if us[last].sort == "name":
        at = last - 1
        while at >= 0 and us[at].sort == "title":
            at -= 1
        if at >= 0 and _person(us[at]):
            while at > 0 and _person(us[at - 1]) and _kind(us[at - 1]) is not None:
                at -= 1
            return at, us[last]
        return None, None
    return (last, None) if us[last].sort == "term" else (None, None)


def _person(unit: Unit) -> bool:
    return unit.term is not None and any(g.form == "person" for g in unit.term.groups)


def _is_mission(draft: Draft | None) -> bool:
    return draft is not None and (draft.form == "post" or bool(draft.protected) or draft.kind in {"diplomat", "staff"})


def _hint(unit: Unit) -> str | None:
    return _one(unit.named.states) if unit.named is not None else None


def _one(states: tuple[str, ...]) -> str | None:
    return states[0] if len(states) == 1 else None


def inner_bodies(drafts: list[Draft]) -> Iterator[Draft]:
    """Bodies that only stand inside a person's role ("Foreign Ministry spokesman")."""
    known = {id(d) for d in drafts}
    for draft in drafts:
        part = draft.part_of
        if part is not None and id(part) not in known:
            yield part


__all__ = ["Draft", "Place", "Sketcher", "inner_bodies", "lexicon"]


def _kind(unit: Unit) -> str | None:
    return unit.group.kind if unit.group is not None else None

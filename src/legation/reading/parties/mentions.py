"""Phrases to drafts of mentions: what the words of one phrase and its complements say by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from legation.reading.lexicon import Group, lexicon, place_after, titles_of, words
from legation.reading.page import Page
from legation.reading.parties.forming import Draft, Place, of_name, of_unit, one
from legation.reading.parties.phrases import Phrase
from legation.reading.parties.places import Places
from legation.reading.parties.units import GEO, Named, Unit, Words

_PLAIN = frozenset({"det", "adj", "num", "part", "adv"})
_MERE_MODIFIERS = frozenset({"weak_mission", "organisation", "media", "individual"})
_FALLS = frozenset({"diplomat", "government", "staff", "military", "police", "security_service"})


@dataclass(slots=True)
class _Noun:
    """A noun of the lexicon in its phrase: its unit, the units before it, the name behind it."""

    unit: Unit
    before: list[Unit]
    name: Unit | None
    adjectives: set[str]

    @property
    def mission(self) -> Unit | None:
        """The mission that the noun belongs to by its own phrase ("embassy guard")."""
        return next((u for u in reversed(self.before) if u.form == "post"), None)


class Sketcher:
    """Reads the phrases of one page, right to left, so that complements are known before their heads."""

    def __init__(self, page: Page, text: Words, phrases: Sequence[Phrase]) -> None:
        self.page, self.text, self.phrases = page, text, phrases
        self.places = Places(page, text, phrases)
        self.first = self.places.starts  # token where a phrase begins with its possessors → index
        self.start = {phrase.start: i for i, phrase in enumerate(phrases)}
        self.drafts: list[Draft] = []
        self.main: dict[int, Draft] = {}  # phrase index → the mention it stands for
        self.used: set[int] = set()  # phrases taken as part of another
        self.sharing: list[tuple[Draft, int]] = []
        self.has_mission = any(
            u.group is not None and u.group.id in {"mission", "envoy"} for p in phrases for u in p.units
        )

    def sketch(self) -> list[Draft]:
        """All drafts of the page, no order."""
        for at in range(len(self.phrases) - 1, -1, -1):
            if at not in self.used:
                self._phrase(at)
        index = {id(phrase): i for i, phrase in enumerate(self.phrases)}
        for at, draft in self.main.items():
            owner = self.phrases[at].owner
            if owner is not None:
                draft.owner = self.main.get(index[id(owner)])
        for draft, k in self.sharing:
            draft.shared = self.main.get(k)
        self._appositions()
        self._company()
        return self.drafts

    def _phrase(self, at: int) -> None:
        phrase = self.phrases[at]
        us = [u for u in phrase.units if u.sort != "-"]
        noun = self._noun(us)
        last = us[-1]
        draft = None
        if noun is not None:
            draft = self._described(at, phrase, noun)
        elif last.sort in GEO and all(u.sort in GEO or u.sort in _PLAIN for u in us):
            draft = self._geographic(at, phrase, us)
        elif last.sort in {"body", "group", "outlet"} and last.named is not None:
            draft = self._of_atlas(at, phrase, us, last.named)
        elif last.sort == "name":
            draft = self._named(at, phrase, us)
        else:
            self._modifying(phrase, us)
        if draft is not None:
            self.drafts.append(draft)
            self.main[at] = draft

    def _noun(self, us: list[Unit]) -> _Noun | None:
        """The noun of the lexicon that heads a phrase, with the name behind it if it is a person's."""
        at, name = len(us) - 1, None
        if us[at].sort == "name":
            name = us[at]
            at -= 1
            while at >= 0 and us[at].sort == "title":
                at -= 1
            if at < 0 or not us[at].person:
                return None
            while at > 0 and us[at - 1].person and (group := us[at - 1].group) is not None and group.kind is not None:
                at -= 1
        if us[at].sort != "term":
            return None
        before = us[:at]
        adjectives = {
            self.text.low[i] for u in before if u.sort in {"adj", "noun", "part"} for i in range(u.start, u.end)
        }
        return _Noun(us[at], before, name, adjectives)

    # -- nouns of the lexicon

    def _described(self, at: int, phrase: Phrase, noun: _Noun) -> Draft | None:
        """ "the Russian ambassador to Turkey", "embassy guards", "the windows of the consulate"."""
        unit, before = noun.unit, noun.before
        assert unit.term is not None
        group = unit.term.groups[0]
        draft = of_unit(unit, group.kind, group.form)
        draft.start, draft.group, draft.plural = phrase.first, group, unit.term.plural
        draft.noun = " ".join(self.text.low[unit.start : unit.end])
        draft.hint = one(unit.named.states) if unit.named is not None else unit.term.usual
        draft.former = not words("not_protected").isdisjoint(noun.adjectives)
        if noun.name is not None:
            self._take_name(draft, noun.name)
        if group.form == "post":
            draft.post_kind = unit.term.post or "mission"
            if phrase.owner is None and (self.text.titled[unit.start] or self.text.shouted[unit.start]):
                while before and before[0].sort in {"noun", "name"}:  # "Shuts Consulate"
                    before = before[1:]
                draft.start = (before[0] if before else unit).start
        if unit.term.state is not None:
            draft.states = (unit.term.state,)  # only the Holy See has nunciatures
        self._determiners(draft, phrase.units)
        self._modifiers(draft, phrase, before, at)
        if group.id == "weak_mission" and not self._diplomatic(draft, noun, phrase):
            self._modifying(phrase, before)
            return None
        self._person_before(draft, before)
        if draft.form == "post" and not draft.states and not before and phrase.owner is None:
            self._shares(draft, phrase, at)
        self._complements(draft)
        if noun.name is None and draft.form == "person" and not draft.plural:
            trailing = self._name_at(draft.end) if draft.end > unit.end else None
            if trailing is not None:
                self._take_name(draft, trailing)
        self._choose(draft, unit.term.groups, noun)
        if draft.form == "person":
            draft.role = self._role(draft)
        if draft.noun == "capital" or (
            draft.group and draft.group.id == "country" and self.places.locative(draft.start)
        ):
            draft.kind = "place"
        if draft.form == "thing":
            self._modifying(phrase, before)
        self._counted(draft)
        return draft

    def _take_name(self, draft: Draft, name: Unit) -> None:
        draft.name_span = (name.start, name.end)
        draft.end, draft.head = max(draft.end, name.end), name.end - 1

    def _determiners(self, draft: Draft, us: list[Unit]) -> None:
        low = self.text.low
        for u in us:
            if u.sort == "det":
                draft.definite |= low[u.start] in {"the", "this", "that", "these", "those", "both"}
                draft.plural |= low[u.start] in {"both", "these", "those"}
            elif u.sort == "num":
                draft.plural |= low[u.start] not in {"one", "1"} and self.text.tag[u.start] == "CD"
            elif u.sort == "own":
                draft.pronoun, draft.definite = u.start, True

    def _modifiers(self, draft: Draft, phrase: Phrase, before: list[Unit], at: int) -> None:
        """States, cities and bodies before the noun."""
        owned = draft.owned = phrase.owner is not None
        geos = [u for u in before if u.named is not None and (u.sort in GEO or u.sort == "based")]
        for u in reversed(geos):
            self._geographic_modifier(draft, u, owned)
        national = all(u.sort in {"demonym", "state"} for u in geos)
        if len(geos) > 1 and national and draft.plural and not owned:
            draft.states = tuple(dict.fromkeys(s for u in geos if u.named for s in u.named.states))
        if geos and national and not owned and phrase.units[0] is geos[0]:
            self._conjoined(draft, at)
        for u in reversed(before):
            if u.sort in {"body", "group", "outlet"} and u.named is not None:
                if not draft.states and draft.pronoun is None and not owned:
                    draft.states = u.named.states
                    draft.why.append(f"{u.sort} before noun")
                if draft.form == "person" and draft.part_of is None:
                    draft.part_of = of_name(u, u.named)
                    draft.part_of.name = u.named.name
        body = next((u for u in reversed(before) if u.form == "body"), None)
        if body is not None and draft.form == "person" and draft.part_of is None:
            draft.part_of = self._inner_body(body, draft.states)

    def _geographic_modifier(self, draft: Draft, u: Unit, owned: bool) -> None:
        named = u.named
        assert named is not None
        envoy = draft.group is not None and draft.group.id == "envoy"
        if u.sort == "based":
            self._stands(draft, named)
        elif named.sort == "city":
            of_post = any(map(draft.noun.startswith, words("post_words")))
            if draft.form == "post" or of_post or (envoy and (owned or draft.states or draft.pronoun is not None)):
                self._stands(draft, named)  # "Britain's Moscow embassy"
            elif named.capital and draft.form != "thing" and not draft.states and not owned:
                draft.states = named.states
                draft.why.append("capital before noun")
            else:
                draft.place, draft.site = draft.place or named.city, draft.site or one(named.states)
        elif owned and named.sort == "state" and (envoy or draft.form in {"post", "name"}):
            draft.post_in = one(named.states)  # "Turkey's US embassy"
        elif not draft.states:
            draft.states = named.states
            draft.why.append(f"{named.sort} before noun")

    def _stands(self, draft: Draft, named: Named) -> None:
        """The post stands in a city or state."""
        if named.sort == "city":
            draft.post_city = draft.place = named.city
        draft.post_in = draft.post_in or one(named.states)

    def _inner_body(self, unit: Unit, states: tuple[str, ...]) -> Draft:
        """The body inside a person's role: "Foreign Ministry spokesman"."""
        body = of_unit(unit, unit.group.kind if unit.group else None, "body")
        body.group, body.states, body.definite, body.plural = unit.group, states, True, unit.plural
        body.noun = " ".join(self.text.low[unit.start : unit.end])
        body.name = self.page.text(unit.start, unit.end)
        body.hint = one(unit.named.states) if unit.named is not None else None
        return body

    def _conjoined(self, draft: Draft, at: int) -> None:
        """ "the Danish and Norwegian embassies", "US and British consulates": states of the phrases before "and"."""
        low, raw = self.text.low, self.text.text
        here, states, taken = self.phrases[at].start, list(draft.states), []
        for k in range(at - 1, -1, -1):
            left = self.phrases[k]
            gap = low[left.end : here]
            if gap not in (["and"], [","], ["or"], ["&"], [",", "and"], [",", "or"]):
                break
            us = [u for u in left.units if u.sort not in {"det", "own"}]
            if left.owner or left.owns or not us or any(u.sort not in {"demonym", "state"} for u in us):
                break
            if us[-1].sort == "state" and not draft.plural and not raw[us[-1].start].isupper():
                break  # "Russia and Ukrainian envoys": only "US" and the like stand as adjectives
            states = [*(us[-1].named.states if us[-1].named else ()), *states]
            taken.append(k)
            here = left.start
        if not taken or not (draft.plural or (len(taken) == 1 and draft.form != "person")):
            return
        joined = [u for k in taken for u in self.phrases[k].units]
        draft.states, draft.start, draft.plural = tuple(dict.fromkeys(states)), here, True
        draft.pronoun = next((u.start for u in joined if u.sort == "own"), draft.pronoun)
        draft.definite |= any(u.sort in {"det", "own"} for u in joined)
        draft.why.append("joined states")
        self.used.update(taken)

    def _shares(self, draft: Draft, phrase: Phrase, at: int) -> None:
        """ "Latvia's embassy and consulate": a bare second noun has the first one's state."""
        if at and self.text.low[phrase.start - 1] in {"and", "or", "&"}:
            left = self.phrases[at - 1]
            if left.end == phrase.start - 1 and left.units[-1].form == "post":
                self.sharing.append((draft, at - 1))

    def _diplomatic(self, draft: Draft, noun: _Noun, phrase: Phrase) -> bool:
        """Whether "mission", "delegation", "representation" is a diplomatic one; `weak` when visitors are as likely."""
        diplomatic = words("accredited_adjectives") & noun.adjectives
        after = self.text.low[noun.unit.end] if noun.unit.end < len(self.text.low) else ""
        draft.weak = any(map(draft.noun.startswith, words("visiting_missions"))) and after != "to" and not diplomatic
        if noun.adjectives - words("mission_adjectives") - words("former") or any(
            u.sort == "noun" for u in noun.before
        ):
            return False
        told = draft.states or draft.post_city or draft.post_in or diplomatic or phrase.owner
        return bool(told) or (self.has_mission and (draft.definite or draft.plural))

    def _person_before(self, draft: Draft, before: list[Unit]) -> None:
        """ "the Obama administration", "Putin spokesman": the person before the noun tells the state."""
        person = next((u for u in reversed(before) if u.sort == "name"), None)
        if person is not None and not draft.states and not draft.owned and draft.form in {"body", "person"}:
            draft.owner = self._bare_name(person)

    def _bare_name(self, unit: Unit) -> Draft:
        draft = of_unit(unit, None, "name")
        draft.name_span = (unit.start, unit.end)
        draft.why.append("before another noun")
        self.drafts.append(draft)
        return draft

    def _role(self, draft: Draft) -> tuple[int, int] | None:
        """The words that describe a person: all but the name."""
        end = draft.end if draft.name_span is None else draft.name_span[0]
        return (draft.start, end) if end > draft.start else None

    def _counted(self, draft: Draft) -> None:
        """ "one of the diplomats", "a dozen members of the mission": the counting word belongs to the mention."""
        low, start = self.text.low, draft.start
        if not draft.plural or start < 2 or low[start - 1] != "of" or low[start - 2] not in words("quantity"):
            return
        k = next((i for back in (2, 3, 4) if (i := self.start.get(start - back)) is not None and self.phrases[i].end == start - 1), None)  # fmt: skip
        if low[start - 2] == "members" and k is not None:
            return
        draft.start = self.phrases[k].first if k is not None else start - 2
        draft.head = start - 2
        draft.plural = low[start - 2] not in {"one", "each", "either", "neither"}
        if draft.role:
            draft.role = (draft.start, draft.role[1])
        if k is not None:
            self.used.add(k)

    def _choose(self, draft: Draft, groups: tuple[Group, ...], noun: _Noun) -> None:
        """Which of the noun's groups is meant: one of a mission's people or things, or something on its own."""
        draft.why.append(f"noun {draft.noun}")
        mission, part = noun.mission, draft.part_of
        if mission is not None and draft.form != "post" and mission.term is not None:
            draft.post_kind = mission.term.post
        of_mission = mission is not None or any(o is not None and o.of_mission for o in (part, self._owner(draft)))
        of_mission |= not words("diplomatic").isdisjoint([*noun.adjectives, *draft.noun.split()])
        member = next((g for g in groups if g.protected or g.member), None) if of_mission else None
        alone = next((g for g in groups if g.kind is not None), None)
        office = part is not None and part.form == "body" and groups[0].form == "person"
        if member is not None:
            draft.group, draft.kind, draft.form, draft.protected = (
                member,
                member.member or member.kind,
                member.form,
                True,
            )
        elif alone is not None:
            draft.group, draft.kind, draft.form = alone, alone.kind, alone.form
            draft.protected, draft.needs_state = alone.protected and not draft.weak, alone.needs_state or draft.weak
            if draft.weak:
                draft.kind = "government"
            if draft.noun.startswith("officer"):  # of the police, unless the words say what else
                strange = any(u.sort in {"noun", "term"} for u in noun.before)
                draft.kind = "individual" if strange and not office else draft.kind
                office = office and part is not None
            if (
                office
                and part is not None
                and part.kind
                and (draft.kind in {"government", "individual"} or draft.noun.startswith("officer"))
            ):
                draft.kind = part.kind
        else:
            draft.group = groups[0]
            draft.kind = part.kind if office and part is not None else "individual" if draft.name_span else None
        if draft.former and draft.kind in _FALLS:
            draft.kind, draft.protected = "individual", False

    def _owner(self, draft: Draft) -> Draft | None:
        """The possessor's draft is made later: its words tell whether it is a mission's or an envoy's."""
        k = self.start.get(draft.core[0])
        phrase = next((p for p in (self.phrases[k],) if p.owner), None) if k is not None else None
        if phrase is None:
            k = self.first.get(draft.start)
            phrase = self.phrases[k] if k is not None and self.phrases[k].owner else None
        if phrase is None or phrase.owner is None:
            return None
        noun = self._noun([u for u in phrase.owner.units if u.sort != "-"])
        if noun is None or noun.unit.group is None:
            return None
        group = noun.unit.group
        draft_owner = of_unit(noun.unit, group.kind, group.form)
        draft_owner.protected = group.protected or noun.mission is not None
        return draft_owner

    # -- complements

    def _complements(self, draft: Draft) -> None:
        """Reads "of X", "to Y", "in Z" after a noun and moves the end of the mention behind them."""
        low, size = self.text.low, len(self.text.low)
        pos = draft.end
        sort = "envoy" if draft.group and draft.group.id == "envoy" else draft.form
        table = place_after()[sort]
        for _ in range(4):
            if pos + 1 >= size or (draft.name_span and draft.name_span[1] == pos and low[pos] != "of"):
                break
            if sort == "post" and pos == draft.core[1] and self._city_at(draft, pos):  # "Embassy Cairo"
                pos = draft.end
                continue
            prep, following = low[pos], low[pos + 1]
            if (prep in words("stationed") and following in {"in", "at", "to"}) or (prep, following) == (
                "belonging",
                "to",
            ):
                pos += 1
                prep = "of" if prep == "belonging" else following
            elif (prep, following) == ("out", "of") and sort in {"post", "envoy"}:
                pos += 1
                prep = "from"
            if (prep not in table and prep not in words("member_after")) or self.text.dep[pos] == "aux":
                break
            k = self.first.get(pos + 1)
            if k is None:
                break
            places, end = self.places.listed(k)
            if not places and prep == "in" and sort in {"post", "envoy"}:
                places, end = self.places.unknown(k)
            if places:
                if prep not in table or not self._take_places(draft, table[prep], places, prep):
                    break
                pos = end
            else:
                other = self._after(k)
                if other is None or not self._take_member(draft, other, prep):
                    draft.open_of = prep in {"of", "for", "at", "from"}
                    break
                pos = other.end
        draft.end = max(draft.end, pos)

    def _city_at(self, draft: Draft, pos: int) -> bool:
        """A city right behind a mission's name in capitals: "Embassy Cairo"."""
        k = self.first.get(pos)
        if k is None or not self.text.text[pos - 1][0].isupper() or draft.post_city is not None:
            return False
        places, end = self.places.listed(k)
        if not places or places[0].city is None or end != self.phrases[k].end:
            return False
        draft.post_city = draft.place = places[0].city
        draft.post_in = places[0].state
        draft.end = end
        return True

    def _after(self, k: int) -> Draft | None:
        """The mention that phrase k stands for, also through "the press department of"."""
        draft = self.main.get(k)
        low, end = self.text.low, self.phrases[k].end
        if draft is None and low[end - 1] in words("pass_through") and end + 1 < len(low) and low[end] in {"of", "at"}:
            deeper = self.first.get(end + 1)
            draft = self.main.get(deeper) if deeper is not None else None
        return draft

    def _take_places(self, draft: Draft, says: str, places: list[Place], prep: str) -> bool:
        """Takes a list of places after a preposition; False when they cannot belong to the noun."""
        known = bool(draft.states) or draft.pronoun is not None
        if says == "from":  # "recalled its ambassador from Ankara" says where, "diplomats from Iran" says whose
            says = "in" if known or draft.owned or draft.form == "post" or places[0].city else "of"
        city = places[0].city if len(places) == 1 else None
        states = tuple(dict.fromkeys(p.state for p in places if p.state))
        if says == "of":
            if known or (prep == "for" and draft.form == "post"):
                return False
            found = tuple(dict.fromkeys(s for p in places if p.seat for s in p.states))
            if not found or (draft.kind == "crowd" and prep == "of"):
                draft.place, draft.site = places[0].city, places[0].state
                return places[0].city is not None and draft.form != "post"
            if len(found) > 1 and not (draft.plural or len(places) > 1):
                return False
            draft.states = found
            draft.why.append(f"{prep} state")
        elif says == "in":
            if draft.post_in is not None and draft.post_city is not None:
                return False
            draft.post_in = draft.post_in or one(states)
            if city:
                draft.post_city = draft.place = city
            draft.why.append(f"{prep} place")
        else:
            draft.site = one(states)
            draft.place = city or draft.place
        return True

    def _take_member(self, draft: Draft, other: Draft, prep: str) -> bool:
        """Takes the mission, body or person after a preposition; False when it cannot belong to the noun."""
        if draft.part_of is not None and draft.part_of.form != "body":
            return False
        envoy = draft.group is not None and draft.group.id == "envoy"
        institution = other.form == "body" and other.kind in {"organisation", "government"}
        accredited = institution and (envoy or draft.form == "post")
        if prep == "to" and not accredited and self.text.low[draft.core[1] - 1] not in words("advisers"):
            return False
        if prep in {"in", "with", "inside", "within"} and (
            other.form not in {"post", "body"} or draft.form != "person"
        ):
            return False
        if prep == "from" and other.form not in {"post", "body"}:
            return False
        if draft.form == "post":
            if prep == "of" and not draft.owned and not draft.states and other.kind == "government":
                draft.owner = other
            return prep == "of" or (prep == "to" and other.form == "body")
        if draft.form == "body" and prep != "of":
            return False
        if envoy and other.form == "body" and other.kind == "organisation":
            return True
        if other.form == "name" and (draft.group is None or draft.group.id not in {"staff", "individual"}):
            return prep in {"of", "to"} and draft.form != "body"
        if draft.form == "person" and other.form == "person" and prep not in {"of", "to", "for"}:
            return False
        draft.part_of = other
        return True

    def _name_at(self, pos: int) -> Unit | None:
        """ "ambassador to Ankara Andrei Karlov": the name right after the complements."""
        k = self.start.get(pos)
        if k is None or self.phrases[k].owner is not None:
            return None
        names = [u for u in self.phrases[k].units if u.sort != "title"]
        if len(names) != 1 or names[0].sort != "name" or names[0].end - names[0].start > 5:
            return None
        taken = self.main.pop(k, None)
        if taken is not None:
            self.drafts.remove(taken)
        return names[0]

    # -- names

    def _of_atlas(self, at: int, phrase: Phrase, us: list[Unit], named: Named) -> Draft:
        """A body, group or outlet of the atlas; what stands before it says more than the name."""
        unit = us[-1]
        draft = of_name(unit, named)
        draft.start, draft.name, draft.states = phrase.first, self.page.text(unit.start, unit.end), ()
        draft.why.append(f"atlas {named.sort}")
        if named.kind == "mission":
            match = lexicon().match(self.text.low, unit.start) or lexicon().match(self.text.low, unit.end - 1)
            draft.form, draft.post_kind, draft.protected = "post", (match and match[1].post) or "institute", True
            draft.noun = self.text.low[unit.end - 1]
        self._modifiers(draft, phrase, us[:-1], at)
        if not draft.states and draft.kind != "media" and phrase.owner is None:
            draft.states = named.states
        if not draft.states or draft.form == "post":
            self._complements(draft)
        draft.states = draft.states or named.states
        return draft

    def _named(self, at: int, phrase: Phrase, us: list[Unit]) -> Draft:
        """A run of capitalised words: a person if the article says so."""
        unit, rest = us[-1], us[:-1]
        draft = of_unit(unit, None, "name")
        draft.start, draft.name_span = phrase.first, (unit.start, unit.end)
        draft.why.append("name")
        if any(u.sort == "title" for u in rest):
            draft.kind = "individual"
            draft.why.append("title")
            draft.hint = next(
                (s for u in rest if u.sort == "title" if (s := titles_of().get(self.text.low[u.start].rstrip(".")))),
                None,
            )
        described = [u for u in rest if u.sort != "title"]
        if any(u.sort in {"state", "city", "term"} for u in rest):
            self._modifying(phrase, us)
            return draft
        if any(u.sort == "body" for u in rest):
            self._modifying(phrase, rest)
        if (
            described
            and described[-1].sort == "noun"
            and unit.end - unit.start >= 2
            and self.text.text[described[-1].start][0].islower()
        ):
            draft.role, draft.kind = (phrase.first, unit.start), "individual"  # "oligarch Roman Abramovich"
        self._modifiers(draft, phrase, rest, at)
        return draft

    def _geographic(self, at: int, phrase: Phrase, us: list[Unit]) -> Draft:
        """A bare state, city or people."""
        unit = us[-1]
        named = unit.named
        assert named is not None
        draft = of_name(unit, named, "geo")
        draft.start, draft.place = phrase.first, named.city
        if (
            "of" in self.text.low[unit.start : unit.end]
        ):  # "the Kingdom of Saudi Arabia": what is said of it is said of the kingdom
            draft.head = self.page.doc[unit.start : unit.end].root.i
        if unit.sort in {"demonym", "people"}:
            low = self.text.low
            single = any(u.sort == "det" and low[u.start] in {"a", "an", "another"} for u in us)
            counted = single or any(u.sort == "num" for u in us)
            bare = unit.sort == "people" and not any(u.sort == "det" for u in us)
            draft.plural = not single
            draft.kind = "individual" if counted else "crowd" if bare else "government"
            draft.why.append("people")
            if counted or bare:
                draft.form, draft.role = "person", (phrase.first, unit.end)
        else:
            acting, why = self.places.acts(at, unit)
            draft.kind = "government" if acting else "place"
            draft.why.append(why)
        if draft.kind == "government":
            draft.name = self.page.text(unit.start, unit.end)
        return draft

    def _modifying(self, phrase: Phrase, us: list[Unit]) -> None:
        """Parties that only describe another noun: "the US embassy bombing", "Turkish retaliation"."""
        spent: set[int] = set()
        for i in range(len(us) - 1, -1, -1):
            u = us[i]
            if u.group is not None:
                spent.update(self._modifying_noun(phrase, us[:i], u))
            elif u.sort == "name" and i < len(us) - 1:
                self._bare_name(u)
            elif u.named is not None and u.sort != "adj" and u.start not in spent:
                geographic = u.sort in GEO or u.sort == "based"
                draft = of_name(u, u.named, "geo" if geographic else "body")
                draft.why.append("before another noun")
                if geographic:
                    acting = u.sort in {"demonym", "state"} or (u.sort == "city" and u.named.capital)
                    draft.kind = "government" if acting and not self.places.locative(phrase.first) else "place"
                    draft.place = u.named.city
                if draft.kind != "place":
                    draft.name = self.page.text(u.start, u.end)
                self.drafts.append(draft)

    def _modifying_noun(self, phrase: Phrase, before: list[Unit], u: Unit) -> list[int]:
        """A noun of the lexicon before another noun; gives the starts of the geographic units it takes."""
        group, low = u.group, self.text.low
        assert group is not None
        if (
            group.kind is None
            or group.needs_state
            or group.form == "thing"
            or group.id in _MERE_MODIFIERS
            or low[u.start : u.end] == ["intelligence"]
        ):
            return []
        draft = of_unit(u, group.kind, group.form)
        draft.group, draft.plural, draft.protected, draft.definite = group, u.plural, group.protected, True
        draft.noun = " ".join(low[u.start : u.end])
        draft.post_kind = u.term.post if u.term is not None and group.form == "post" else None
        draft.why.append("before another noun")
        geos = [x for x in before if x.sort in GEO or x.sort == "based"]
        if geos:
            self._modifiers(draft, Phrase([*before, u], phrase.owner), before, -1)
            draft.start = geos[0].start
        elif phrase.owner is not None:
            k = self.start.get(phrase.owner.start)
            draft.owner = self.main.get(k) if k is not None else None
        draft.pronoun = next((x.start for x in before if x.sort == "own"), None)
        draft.role = (draft.start, draft.end) if group.form == "person" else None
        self.drafts.append(draft)
        return [x.start for x in geos]

    # -- mentions beside each other

    def _company(self) -> None:
        """ "Spain and Mali", "Spain, Mali and Chad": each knows the others."""
        ends = {d.end: d for d in self.drafts if d.form == "geo" and d.kind == "government"}
        low = self.text.low
        for draft in sorted(ends.values(), key=lambda d: d.start):
            if not draft.start or low[draft.start - 1] not in {"and", ","}:
                continue
            left = ends.get(draft.start - 1) or (ends.get(draft.start - 2) if low[draft.start - 2] == "," else None)
            if left is not None:
                company = [*(left.company or [left]), draft]
                for member in company:
                    member.company = company

    def _appositions(self) -> None:
        """ "Peskov, the Kremlin spokesman," and "the Kremlin spokesman, Dmitry Peskov,": one person, two mentions."""
        low = self.text.low
        starts: dict[int, list[Draft]] = {}
        for draft in self.drafts:
            if draft.form in {"name", "person"}:
                starts.setdefault(draft.start, []).append(draft)
        for left in [d for ds in starts.values() for d in ds]:
            end = left.end
            if end + 1 >= len(low) or low[end] not in {",", "(", "—", "–"}:
                continue
            if left.form == "name" and end + 2 < len(low) and low[end + 1].isdigit() and low[end + 2] == ",":
                end += 2  # "Peskov, 57, the Kremlin spokesman,"
            for right in starts.get(end + 1, ()):
                if not self._apposed(left, right):
                    continue
                if (
                    left.form == right.form == "person"
                    and left.name_span is None
                    and right.name_span
                    and not left.plural
                ):
                    right.same_as, left.name_span = (
                        left,
                        right.name_span,
                    )  # "Israel's top diplomat, chargé Ariel Seidman,"
                    break
                if {left.form, right.form} != {"name", "person"}:
                    continue
                name, person = (left, right) if left.form == "name" else (right, left)
                if person.plural or person.name_span is not None or name.same_as is not None:
                    continue
                name.same_as, person.name_span = person, name.name_span
                person.kind = person.kind or "individual"
                break

    def _apposed(self, left: Draft, right: Draft) -> bool:
        low, dep, head = self.text.low, self.text.dep, self.text.head
        if any(dep[t] == "appos" and left.start <= head[t] < left.end for t in (right.head, right.core[1] - 1)):
            return True
        return right.end >= len(low) or low[right.end] in words("apposition_ends") or low[left.end] == "("

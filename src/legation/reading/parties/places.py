"""State and city names: places or governments, and lists of places after a preposition."""

from collections.abc import Sequence

from legation.reading.lexicon import words
from legation.reading.page import Page, lemma_of
from legation.reading.parties.forming import Place
from legation.reading.parties.phrases import Phrase
from legation.reading.parties.units import GEO, Unit, Words

_JOINING = frozenset({"and", "or", "&"})
_PLAIN = frozenset({"det", "adj", "num", "part", "adv"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


class Places:
    """Answers about the geographic names of one page."""

    def __init__(self, page: Page, text: Words, phrases: Sequence[Phrase]) -> None:
        self.page, self.text, self.phrases = page, text, phrases
        self.starts = {phrase.first: i for i, phrase in enumerate(phrases)}

    # -- place or government

    def locative(self, first: int) -> bool:
        """Whether the word before a phrase makes it a place."""
        return first > 0 and self.text.low[first - 1] in words("locative")

    def acts(self, at: int, unit: Unit) -> tuple[bool, str]:
        """Whether the bare state or city name of phrase `at` acts (its government) or is a place, and by which rule."""
        text, low = self.text, self.text.low
        phrase, head = self.phrases[at], unit.end - 1
        first = phrase.first
        if unit.sort == "city" and not _capital(unit):
            return False, "city"
        if self.dateline(unit):
            return False, "dateline"
        if phrase.owns and at + 1 < len(self.phrases):
            return self._possessor(self.phrases[at + 1], unit)
        if any(u.sort == "adj" and low[u.start] in words("locative") for u in phrase.units):
            return False, "part of a place"
        previous = low[first - 1] if first else ""
        if previous in _JOINING or previous in {",", "/"}:
            left = self._joined_to(at, first)
            if left is not None:
                return self._like_left(left, unit)
            if previous == "," and self._in_apposition_to_place(at, first):
                return False, "names the place before"
        if previous in words("locative"):
            return False, f"after {previous}"
        if previous == "of":
            governor = low[first - 2] if first > 1 else ""
            place = governor in words("place_nouns") or governor in words("locative") or governor in words("of_place")  # fmt: skip
            return not place, "of a place" if place else "of"
        if previous in {"to", "from", "for"}:
            return self._addressed(first, previous)
        if previous in words("towards_states") or previous in words("clause_openers"):
            timed = previous in {"as", "after", "before", "since"} and unit.sort == "city"
            return not (timed and text.dep[head] == "pobj"), f"after {previous}"
        verb = text.head[head]
        if text.dep[head] == "dobj" and lemma_of(low[verb], text.tag[verb]) in words("movement_object"):
            return False, "object of a movement"
        if text.dep[head] == "npadvmod":
            return False, "adverbial"
        return True, "acts"

    def dateline(self, unit: Unit) -> bool:
        """At the head of a line, before a dash, a colon (capitals only), a date or an agency in brackets."""
        raw = self.text.text
        start, end = self.text.lines[self.text.line[unit.start]]
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

    def _possessor(self, owned: Phrase, unit: Unit) -> tuple[bool, str]:
        last = owned.units[-1]
        place = any(
            self.text.low[u.start] in words("place_nouns") for u in owned.units if u.sort in {"noun", "adj", "term"}
        )
        place |= last.sort in GEO and last.sort != "demonym"
        place |= last.sort == "name" and unit.sort == "city" and not any(u.term for u in owned.units)
        return not place, "possessor of a place" if place else "possessor"

    def _addressed(self, first: int, preposition: str) -> tuple[bool, str]:
        """ "a note to Ankara" against "flew to Ankara": by the words before, and the one that governs the preposition."""
        text, low = self.text, self.text.low
        governor = lemma_of(low[text.head[first - 1]], text.tag[text.head[first - 1]])
        around = {lemma_of(low[i], text.tag[i]) for i in range(max(0, first - 6), first - 1) if text.tag[i][0] in "VN"}
        around.add(governor)
        if around & words("talk_to") and governor not in words("movement"):
            return True, f"addressed with {preposition}"
        return preposition == "for" and not around & words("movement"), f"after {preposition}"

    def _joined_to(self, at: int, first: int) -> int | None:
        """The geographic phrase before "and" or a comma that this one goes on from."""
        if at == 0 or self.phrases[at - 1].owns:
            return None
        left = self.phrases[at - 1]
        if left.end not in {first - 1, first - 2} or left.units[-1].sort not in GEO:
            return None
        if not all(u.sort in GEO or u.sort in {"det", "adj"} for u in left.units):
            return None
        dep = self.text.dep[self.phrases[at].end - 1]
        if self.text.low[first - 1] == "," and left.units[-1].sort != "city":
            return at - 1 if dep in {"conj", "appos"} else None  # "in Syria, Turkey said": only a list goes on
        if dep in _SUBJECTS and self.text.dep[left.end - 1] not in _SUBJECTS:
            return None
        return at - 1

    def _like_left(self, left: int, unit: Unit) -> tuple[bool, str]:
        """As the name it is joined to; a state after a city of its own is where the city is."""
        before = self.phrases[left].units[-1]
        if before.sort == "city" and unit.sort == "state" and set(_states(before)) & set(_states(unit)):
            return False, "state of the city before"
        acting, why = self.acts(left, before)
        return acting and (unit.sort != "city" or _capital(unit)), f"joined: {why}"

    def _in_apposition_to_place(self, at: int, first: int) -> bool:
        """ "the capital, Islamabad", "Springfield, Japan,": after the name or the sort of a place."""
        if at == 0 or self.phrases[at - 1].end != first - 1:
            return False
        last = self.phrases[at - 1].units[-1]
        if self.text.low[last.end - 1] in words("kinds_of_place"):
            return True
        end = self.phrases[at].end
        closes = end >= len(self.text.low) or self.text.low[end] in {",", ".", ")"}
        return closes and last.sort in {"name", "city"} and self.text.dep[end - 1] not in _SUBJECTS

    # -- lists of places

    def listed(self, k: int) -> tuple[list[Place], int]:
        """The places that start with phrase k ("A, B and C", "Lahore, Pakistan"), and their end token; [] when none do."""
        first = self._place(k)
        if first is None:
            return [], 0
        first, end = self._with_state(first)
        found, more, pos = [first], [], end
        low = self.text.low
        while pos + 1 < len(low) and (low[pos] in _JOINING or low[pos] == ","):
            step = pos + 2 if low[pos] == "," and low[pos + 1] in _JOINING else pos + 1
            joined = low[step - 1] in _JOINING
            if joined and step < len(low) and low[step] == "in":
                step += 1
            n = self.starts.get(step)
            place = self._place(n) if n is not None else None
            if place is None:
                break
            more.append(place)
            pos = place.end
            if joined:
                if not self._opens_clause(place.end):
                    more[-1], end = self._with_state(place)
                    found += more
                break
        return found, end

    def unknown(self, k: int) -> tuple[list[Place], int]:
        """A capitalised name after "embassy in": a town that the atlas does not have."""
        phrase, low = self.phrases[k], self.text.low
        us = [u for u in phrase.units if u.sort not in {"det", "adj"}]
        if (
            len(us) != 1
            or us[0].sort != "name"
            or phrase.owner
            or self.text.shouted[us[0].start]
            or us[0].end - us[0].start > 3
        ):
            return [], 0
        unit = us[0]
        town = Place((), self.page.text(unit.start, unit.end), unit.start, unit.end, seat=False)
        n = self.starts.get(unit.end + 1) if unit.end + 1 < len(low) and low[unit.end] in {",", "and"} else None
        more = self._place(n) if n is not None else None
        if more is None or more.state is None or (low[unit.end] == "," and more.city is not None):
            return [town], unit.end
        town = Place(more.states, town.city, town.start, town.end, seat=False)
        return ([town, more] if low[unit.end] == "and" else [town]), more.end

    def _opens_clause(self, end: int) -> bool:
        """ "in Syria and Iran said": the last name is the subject of what follows."""
        verb = end < len(self.text.low) and self.text.tag[end] in {"VBD", "VBZ", "MD", "VBP"}
        return verb and self.text.dep[end - 1] in _SUBJECTS

    def _with_state(self, place: Place) -> tuple[Place, int]:
        """The city with the state that follows it after a comma."""
        low, end = self.text.low, place.end
        n = self.starts.get(end + 1) if place.city and end + 1 < len(low) and low[end] == "," else None
        state = self._place(n) if n is not None else None
        if (
            state is None
            or state.city is not None
            or state.state is None
            or (place.states and state.state not in place.states)
        ):
            return place, end
        return Place(state.states, place.city, place.start, place.end, place.seat), state.end

    def _place(self, k: int) -> Place | None:
        phrase = self.phrases[k]
        us = [u for u in phrase.units if u.sort not in _PLAIN]
        if phrase.owns or not us:
            return None
        first, last = us[0], us[-1]
        if first.sort in {"state", "city"} and phrase.owner is None and first.named is not None:
            if len(us) == 1:
                seat = first.named.city is None or _capital(first)
                return Place(_states(first), first.named.city, first.start, first.end, seat)
            if len(us) == 2 and last.sort == "state" and first.sort == "city":  # "Sanaa Yemen"
                return Place(_states(last), first.named.city, first.start, last.end, _capital(first))
            return None
        if self.text.low[last.start] in words("kinds_of_place"):
            return self._described(k, us)
        return None

    def _described(self, k: int, us: list[Unit]) -> Place | None:
        """ "the Yemeni capital", "Yemen's capital, Sanaa", "the Turkish city of Izmir"."""
        low, phrase, last = self.text.low, self.phrases[k], us[-1]
        states = next((_states(u) for u in reversed(us[:-1]) if u.sort in {"demonym", "state"}), ())
        if not states and phrase.owner is not None and phrase.owner.units[-1].sort in GEO:
            states = _states(phrase.owner.units[-1])
        end = last.end
        n = self.starts.get(end + 1) if end < len(low) and low[end] in {"of", ","} else None
        more = self._place(n) if n is not None and n != k else None
        if more is not None and low[end] == "of" and (more.city or last.sort == "term"):
            return Place(more.states or states, more.city, last.start, more.end, more.seat)
        if more is not None and low[end] == "," and more.city and (not states or more.state in states):
            return Place(more.states, more.city, last.start, more.end, more.seat)
        return Place(states, None, last.start, end) if len(states) == 1 else None


def _capital(unit: Unit) -> bool:
    return unit.named is not None and unit.named.capital


def _states(unit: Unit) -> tuple[str, ...]:
    return unit.named.states if unit.named is not None else ()

"""Pronouns: "its embassy", "their ambassadors", "he", "we", "the latter"."""

from collections.abc import Callable, Iterator

from legation.reading.lexicon import words
from legation.reading.parties.forming import Draft
from legation.reading.parties.people import People
from legation.reading.parties.story import STATE_KINDS, Story
from legation.reading.parties.units import Words

_REACH = 3
"""Sentences that a pronoun looks back."""


def _person(word: str) -> str | None:
    """ "he" or "she", of whichever a pronoun is a form."""
    return next((one for one in ("he", "she") if word in words(one)), None)


def pronouns(text: Words) -> Iterator[Draft]:
    """A draft for each pronoun that can stand for a party."""
    low, tag = text.low, text.tag
    for at, word in enumerate(low):
        start = at
        if word in words("by_order"):
            if not at or low[at - 1] != "the" or tag[at + 1 : at + 2] in (["NN"], ["NNS"], ["NNP"], ["JJ"]):
                continue
            start = at - 1
        elif (
            tag[at] not in {"PRP", "PRP$", "NNP"}
            or (word == "us" and text.text[at] == "US")
            or not any(word in words(name) for name in ("he", "she", "it", "they", "we"))
            or (word == "it" and _stands_for_nothing(text, at))
        ):
            continue
        yield Draft(start, at + 1, at, None, "pronoun", (start, at + 1), word, plural=word in words("they"))


def _stands_for_nothing(text: Words, at: int) -> bool:
    """ "it is unclear that", "it emerged that"."""
    window = text.low[at + 1 : at + 5]
    return (
        bool(window)
        and window[0] in words("empty_it_verbs")
        and not words("empty_it_signs").isdisjoint(window[1:])
        and not {"VBG", "VBN"} & set(text.tag[at + 2 : at + 4])
    )


class Pronouns:
    """Gives the pronouns of one article their antecedents; `resolved` says whether a draft has had its turn."""

    def __init__(self, story: Story, people: People, resolve: Callable[[Draft], None]) -> None:
        self.story, self.people, self.resolve = story, people, resolve

    def link(self, draft: Draft) -> None:
        """The nearest antecedent of fitting kind and number; for "we" the speaker."""
        word = draft.noun
        if word in words("we"):
            self._we(draft)
            return
        if word in words("by_order"):
            found = self._by_order(draft)
        elif (one := _person(word)) is not None:
            found = self._nearest(draft, lambda d: self._is_one(d, one))
        else:
            states, subject = self._never(draft)

            def barred(other: Draft) -> bool:
                return other is subject or other.state in states

            fits = self._is_body if word in words("it") else self._are_many
            found = self._nearest(draft, lambda d: fits(d, draft, barred))
        if found is None:
            return
        self._become(draft, found)
        if word in words("they") and found.company:
            draft.states = tuple(dict.fromkeys(s for d in found.company for s in d.states))
        draft.why.append(f"{word} → {self.story.words(found)}")

    def _become(self, draft: Draft, found: Draft) -> None:
        draft.same_as, draft.kind, draft.states = found, found.kind, found.states
        draft.name, draft.role, draft.former = found.name, found.role, found.former
        draft.post_kind, draft.post_in, draft.post_city = found.post_kind, found.post_in, found.post_city
        draft.protected, draft.group, draft.plural = found.protected, found.group, found.plural or draft.plural

    def _nearest(self, draft: Draft, fits: Callable[[Draft], bool]) -> Draft | None:
        """Nearest by a score: subjects, of main verbs and verbs of saying above all, before objects and possessors."""
        best, best_score = None, -1.0
        text, story = self.story.text, self.story
        governing = story.verbs_over(draft.head)
        for rank, other in enumerate(story.before(draft, _REACH)):
            if (
                other.start <= draft.start < other.end
                or (other.form == "pronoun" and other.kind is None)
                or not fits(other)
            ):
                continue
            score = 10 - 3.5 * (text.sentence[draft.start] - text.sentence[other.start]) - 0.35 * rank
            verb = story.verb_over(other)
            if verb is not None:
                score += 4.5 if story.leads(other) else 2.5
                if verb in governing:  # subject of the pronoun's own clause, or of one around it
                    score += 5.5 - min(4, 2.5 * governing.index(verb))
            if text.dep[other.head] == "poss" or (other.owner is not None and other.form == "geo"):
                score -= 1
            if story.quoted[draft.start] != story.quoted[other.start]:
                score -= 1.5
            if score > best_score:
                best, best_score = other, score
        return best

    def _is_one(self, other: Draft, word: str) -> bool:
        """One person whom "he" or "she" can mean."""
        if other.form == "pronoun":
            return _person(other.noun) == word
        if other.plural or other.kind == "crowd" or other.form not in {"name", "person"}:
            return False
        if other.form == "name" and not self.people.is_person(other):
            return False
        signs = {*other.noun.split(), self.story.text.low[other.start], *map(self.people.given, self.people.of(other))}
        return words("male_signs" if word == "she" else "female_signs").isdisjoint(signs)

    def _is_body(self, other: Draft, draft: Draft, barred: Callable[[Draft], bool]) -> bool:
        """A government, mission or body that "it" can mean; "its embassy" is a state's."""
        if other.form == "pronoun":
            return other.noun in words("it")
        if not other.states or (other.plural and other.form not in {"geo", "body"}) or barred(other):
            return False
        if other.form == "post":
            return draft.noun != "its" or not self._before_mission(draft)
        if other.form not in {"body", "geo"}:
            return False
        return other.kind in STATE_KINDS or (other.kind == "place" and draft.noun == "its" and other.place is None)

    def _are_many(self, other: Draft, draft: Draft, barred: Callable[[Draft], bool]) -> bool:
        if other.form == "pronoun":
            return other.noun in words("they")
        if barred(other):
            return False
        if draft.noun == "their" and self._before_mission(draft):
            return (
                bool(other.states)
                and other.form in {"geo", "body"}
                and other.kind in {"government", "place", "organisation"}
            )
        if other.plural and other.form in {"person", "post", "name"}:
            return True
        acting = other.kind in {"police", "military", "armed_group", "government"}
        return (other.form == "body" and acting) or len(other.states) > 1

    def _before_mission(self, draft: Draft) -> bool:
        """Whether a possessive stands before a mission or envoy."""
        return any(
            d.form == "post" or (d.group is not None and d.group.id == "envoy") for d in self.story.owned_by(draft)
        )

    def _never(self, draft: Draft) -> tuple[set[str], Draft | None]:
        """The states that a possessive cannot mean, and the subject whose own it does not stand before: no state has an embassy in itself,
        none expels or arrests its own diplomats."""
        owned = self.story.owned_by(draft)
        states = {d.post_in for d in owned if d.post_in is not None}
        if any(d.form == "post" or d.protected for d in owned):
            states |= self.story.called_from(draft)
        for noun in owned:
            subject, lemma = self.story.clause(noun)
            if subject is not None and lemma in words("verbs_done_to_others"):
                return states | set(filter(None, [subject.state])), subject
        return states, None

    def _by_order(self, draft: Draft) -> Draft | None:
        named = [d for d in self.story.before(draft, 1) if d.kind is not None and d.form not in {"pronoun", "thing"}]
        if draft.noun == "latter":
            return named[0] if named else None
        return named[1] if len(named) > 1 else None

    # -- the first person

    def _we(self, draft: Draft) -> None:
        speaker = self._speaker(draft)
        if speaker is None:
            return
        self.resolve(speaker)
        if draft.noun in words("own_voice"):
            self._become(draft, speaker)
        else:
            draft.states = speaker.states
            draft.kind = "government" if speaker.kind in {"diplomat", "individual"} else speaker.kind
        draft.why.append(f"{draft.noun} of {self.story.words(speaker)}")

    def _speaker(self, draft: Draft) -> Draft | None:
        """The subject of the cue verb nearest to the quote, else who spoke in the paragraph before.

        Outside quotation marks the text is a party's own: the first government or mission that it names.
        """
        text, story = self.story.text, self.story
        line = text.line[draft.start]
        for number in range(line, max(-1, line - 5), -1):
            start, end = text.lines[number]
            announced = next(
                (d for d in story.drafts if d.start == start and text.low[d.end : d.end + 1] == [":"]), None
            )
            if announced is not None and announced.end < end:
                return announced  # "Lord Ashdale: We set out"
            cues = [
                at
                for at in range(start, end)
                if text.tag[at][0] == "V" and not story.quoted[at] and story.lemma(at) in words("cue_verbs")
            ]
            for at in sorted(cues, key=lambda at: abs(at - draft.start)):
                speaker = story.subject(at) or story.at(at - 1) or story.at(at + 1)
                if speaker is not None:
                    return speaker
        if story.quoted[draft.start]:
            return None
        own = (
            d for d in story.drafts if d.kind in {"government", "mission"} and d.form in {"body", "post"} and d.states
        )
        return next(own, None)

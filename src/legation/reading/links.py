"""Links inside the article: possessors, surnames, pronouns, "the ministry", "the envoy", "both countries".

Explicit forms are collected first, from the whole article; short forms and headlines are then resolved by them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from legation.reading.mentions import Draft, inner_bodies
from legation.reading.nouns import fold, office_holders, words
from legation.reading.page import Page, lemma_of
from legation.reading.units import Words

_STATE_KINDS = frozenset(
    {
        "government",
        "mission",
        "diplomat",
        "staff",
        "police",
        "military",
        "security_service",
        "organisation",
        "media",
        "armed_group",
    }
)
_OFFICIAL = frozenset({"government", "police", "military", "security_service"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_PERSON = {
    "he": "his",
    "him": "his",
    "his": "his",
    "she": "her",
    "her": "her",
    "hers": "her",
    "himself": "his",
    "herself": "her",
}
_THING = frozenset({"it", "its", "itself"})
_MANY = frozenset({"they", "them", "their", "theirs", "themselves"})
_WE = frozenset({"we", "our", "us", "ours", "i", "my", "me", "mine", "ourselves"})
_FEMALE = frozenset(
    {
        "spokeswoman",
        "chairwoman",
        "queen",
        "woman",
        "congresswoman",
        "policewoman",
        "actress",
        "mother",
        "sister",
        "wife",
        "widow",
        "daughter",
        "girl",
        "businesswoman",
        "princess",
        "mrs",
        "ms",
        "miss",
        "dame",
        "madame",
    }
)
_MALE = frozenset(
    {
        "spokesman",
        "chairman",
        "king",
        "man",
        "congressman",
        "policeman",
        "father",
        "brother",
        "husband",
        "son",
        "boy",
        "businessman",
        "prince",
        "mr",
        "sir",
        "lord",
        "ayatollah",
        "pope",
        "emir",
        "sultan",
    }
)
_LOCAL = frozenset({"police", "police_person", "military", "soldier", "security_service", "agent", "local_official"})


class Linker:
    """Resolves the drafts of one page."""

    def __init__(self, page: Page, text: Words, drafts: list[Draft], outlet_state: str | None = None) -> None:
        self.page, self.text = page, text
        self.outlet_state = outlet_state
        self.drafts = sorted([*drafts, *self._pronouns()], key=lambda d: (d.core[0], d.start))
        self.starts = [draft.core[0] for draft in self.drafts]
        self.by_head = {}
        for draft in self.drafts:
            self.by_head.setdefault(draft.head, draft)
        self.sent = text.sentence
        self.quoted = self._quotes()
        self.busy: set[int] = set()
        self.done: set[int] = set()
        self.persons: list[list[Draft]] = []
        self.person_of: dict[int, list[Draft]] = {}

    # -- set-up

    def _pronouns(self) -> Iterator[Draft]:
        low, tag = self.text.low, self.text.tag
        for at, word in enumerate(low):
            if (
                (word in _PERSON or word in _THING or word in _MANY or word in _WE)
                and tag[at] in {"PRP", "PRP$", "NNP"}
                and not (word == "us" and self.text.text[at] == "US")
            ):
                if word == "it" and self._empty(at):
                    continue
                yield Draft(at, at + 1, at, None, "pronoun", noun=word, core=(at, at + 1), plural=word in _MANY)
            elif (
                word in {"latter", "former"}
                and at
                and low[at - 1] == "the"
                and tag[at + 1 : at + 2][:1] not in (["NN"], ["NNS"], ["NNP"], ["JJ"])
            ):
                yield Draft(at - 1, at + 1, at, None, "pronoun", noun=word, core=(at, at + 1))

    def _empty(self, at: int) -> bool:
        """ "it is unclear that", "it emerged that": stands for nobody."""
        low, tag = self.text.low, self.text.tag
        window = low[at + 1 : at + 5]
        return (
            bool(window)
            and window[0] in {"is", "was", "would", "will", "emerged", "remains", "seems", "appears", "'s", "became"}
            and any(w in {"that", "to", "unclear", "possible", "likely", "clear", "not clear"} for w in window[1:])
            and not any(t == "VBG" or t == "VBN" for t in tag[at + 2 : at + 4])
        )

    def _quotes(self) -> list[bool]:
        """Whether each token stands between quotation marks; an open quote ends with its line."""
        inside = [False] * len(self.text.low)
        for start, end in self.page.lines:
            open_ = False
            for at in range(start, end):
                if self.text.low[at] in {'"', "``", "''"}:
                    open_ = not open_
                else:
                    inside[at] = open_
        return inside

    # -- the stages

    def link(self) -> list[Draft]:
        for draft in self.drafts:
            self._direct(draft)
        self._collect_people()
        self.context()
        headlines = {d for d in self.drafts if self._headline(d)}
        for draft in self.drafts:
            if draft not in headlines:
                self._resolve(draft)
        for draft in self.drafts:
            self._resolve(draft)
        self._surnames()
        for draft in self.drafts:
            self._finish(draft)
        kept = [d for d in self.drafts if self._worth(d)]
        self._number(kept)
        return kept

    def _headline(self, draft: Draft) -> bool:
        """In a line of capitals, Capitals Like This, or the first line: told by the body of the article."""
        at = draft.core[0]
        return (
            self.text.shouted[at] or self.text.titled[at] or (at < self.page.lines[0][1] and len(self.page.lines) > 1)
        )

    def context(self) -> None:
        """What the article is about: where it was written, which states and posts it names."""
        self.dateline: str | None = None
        counts: Counter[str] = Counter()
        hosts: Counter[str] = Counter()
        for draft in self.drafts:
            if draft.state is None:
                continue
            if "dateline" in draft.why and self.dateline is None:
                self.dateline = draft.state
            if draft.kind in _STATE_KINDS:
                counts[draft.state] += 1
            if draft.kind == "place":
                hosts[draft.state] += 1
            if draft.post_in:
                hosts[draft.post_in] += 2
        self.counts, self.hosts = counts, hosts
        self.main = [state for state, _ in counts.most_common(2)]

    def _direct(self, draft: Draft) -> None:
        """State and post from the words of the mention and what they hang on; no antecedents."""
        if id(draft) in self.busy:
            return
        self.busy.add(id(draft))
        for other in (draft.owner, draft.part_of, draft.same_as, draft.shared):
            if other is not None:
                self._direct(other)
        self._inherit(draft)

    def _inherit(self, draft: Draft) -> None:
        owner, part = draft.owner, draft.part_of
        if draft.shared is not None and not draft.states:
            draft.states = draft.shared.states
            draft.why.append("shares the state before and")
        if owner is not None and not draft.states and draft.pronoun is None:
            if draft.kind in {"crowd", "armed_group"} and owner.form == "geo":
                draft.site = draft.site or owner.state
            draft.states = owner.states
            if draft.states:
                draft.why.append("possessor")
        if part is not None:
            if part.form in {"post", "thing"} or part.protected:
                if not draft.states and draft.kind not in {"crowd", "armed_group", "police", "military"}:
                    draft.states = part.states
                    if part.states:
                        draft.why.append(f"of {part.noun}")
                if draft.protected or draft.former:
                    draft.post_kind = draft.post_kind or part.post_kind
                    draft.post_in = draft.post_in or part.post_in
                    draft.post_city = draft.post_city or part.post_city
            elif not draft.states and draft.pronoun is None and draft.owner is None:
                draft.states = part.states
                if part.states:
                    draft.why.append(f"of {part.noun or part.name or 'name'}")
        if owner is not None and draft.protected and (owner.form == "post" or owner.protected):
            draft.post_kind = draft.post_kind or owner.post_kind
            draft.post_in = draft.post_in or owner.post_in
            draft.post_city = draft.post_city or owner.post_city
        same = draft.same_as
        if same is not None:
            draft.kind = same.kind
            if same.states:
                draft.states = same.states
            draft.post_kind, draft.post_in, draft.post_city = same.post_kind, same.post_in, same.post_city
            draft.role, draft.protected, draft.noun = same.role, same.protected, same.noun
            draft.group = same.group
            draft.why.append("apposition")

    def _collect_people(self) -> None:
        """Groups names: one surname is one person, unless full names differ; a bare surname is the one named last."""
        by_surname: dict[str, list[Draft]] = {}
        for draft in self.drafts:
            if draft.name_span is not None:
                by_surname.setdefault(self.text.low[draft.name_span[1] - 1], []).append(draft)
        for drafts in by_surname.values():
            persons: list[tuple[str, list[Draft]]] = []
            bare: list[Draft] = []
            for draft in drafts:
                given = self._given(draft)
                if not given:
                    bare.append(draft)
                    continue
                for known, members in persons:
                    if known == given or (known[0] == given[0] and min(len(known), len(given)) <= 2):
                        members.append(draft)
                        break
                else:
                    persons.append((given, [draft]))
            if not persons:
                self.persons.append(bare)
                continue
            for draft in bare:
                before = [p for p in persons if p[1][0].start < draft.start]
                (before[-1] if before else persons[0])[1].append(draft)
            self.persons += [sorted(members, key=lambda d: d.start) for _, members in persons]
        for members in self.persons:
            for draft in members:
                self.person_of[id(draft)] = members
            self._share(members)

    def _given(self, draft: Draft) -> str:
        """First given name, folded; empty for a bare surname."""
        assert draft.name_span is not None
        start, end = draft.name_span
        return self.text.low[start] if end - start > 1 and self.text.low[start] not in words("particles") else ""

    def _share(self, drafts: list[Draft]) -> None:
        """Mentions of one person: the fullest name, role and state stand for all."""
        named = max(drafts, key=lambda d: d.name_span[1] - d.name_span[0] if d.name_span else 0)
        assert named.name_span is not None
        name = self.page.text(*named.name_span)
        known = next((d for d in drafts if d.states and d.role), None) or next((d for d in drafts if d.states), None)
        if known is None and self._office_holder(named, drafts, name):
            known = named
        with_role = next((d for d in drafts if d.role is not None and d.kind is not None), None)
        posted = next((d for d in drafts if d.post_in or d.post_city), None)
        for draft in drafts:
            draft.name = name
            if (
                draft.role is None
                and draft.kind in {None, "individual"}
                and known is not None
                and known.kind
                and not known.former
            ):
                draft.kind = known.kind
            if (
                with_role is not None
                and draft is not with_role
                and draft.kind in {None, "individual"}
                and not draft.former
            ):
                draft.kind, draft.protected, draft.former = with_role.kind, with_role.protected, with_role.former
                draft.noun = draft.noun or with_role.noun
                draft.group = draft.group or with_role.group
                draft.why.append("surname")
            if draft.role is None and with_role is not None:
                draft.role = with_role.role
            if not draft.states and known is not None:
                draft.states = known.states
                draft.why.append("surname")
            if posted is not None and draft.protected and draft.post_in is None:
                draft.post_in, draft.post_city = posted.post_in, posted.post_city
            if with_role is not None and draft.post_kind is None:
                draft.post_kind = with_role.post_kind

    def _office_holder(self, named: Draft, drafts: list[Draft], name: str) -> bool:
        """A person whom readers are taken to know: "Foreign Minister Amorim", "Putin"."""
        offices = [d for d in drafts if d.role is not None and d.group is not None]
        if any(
            (d.group and d.group.id != "official") or (d.part_of and d.part_of.kind == "organisation") for d in offices
        ):
            return False
        state = office_holders().state(name, bool(offices))
        if state is not None:
            named.states = (state,)
            named.why.append("office holder")
            if named.kind in {None, "individual"} and not named.former:
                named.kind = "government"
        return state is not None

    def _surnames(self) -> None:
        for members in self.persons:
            self._share(members)

    # -- antecedents

    def _resolve(self, draft: Draft) -> None:
        if id(draft) in self.done:
            return
        self.done.add(id(draft))
        for other in (draft.owner, draft.part_of, draft.same_as, draft.shared):
            if other is not None:
                self._resolve(other)
        if draft.form == "pronoun":
            self._pronoun(draft)
            return
        self._inherit(draft)
        if draft.pronoun is not None and not draft.states and not (draft.group and draft.group.id == "counterpart"):
            antecedent = self.by_head.get(draft.pronoun)
            if antecedent is not None and antecedent.form == "pronoun":
                self._resolve(antecedent)
                self._owned_by(draft, antecedent)
        if not draft.states and (draft.pronoun is None or (draft.group and draft.group.id == "counterpart")):
            self._short(draft)
        if draft.form == "post" and not draft.post_in and draft.states and (draft.definite or draft.owner is not None):
            self._where(draft)

    def _owned_by(self, draft: Draft, pronoun: Draft) -> None:
        draft.owner = pronoun
        if pronoun.states and draft.form != "geo":
            if len(pronoun.states) == 1 and pronoun.states[0] in {draft.post_in} and draft.form == "post":
                return
            draft.states = pronoun.states
            draft.why.append(f"its owner: {pronoun.noun}")
            if pronoun.form == "post" or pronoun.protected:
                draft.post_in = draft.post_in or pronoun.post_in
                draft.post_city = draft.post_city or pronoun.post_city
            if draft.fallback is not draft.group and draft.kind is None and pronoun.protected:
                self._belongs(draft, pronoun)

    def before(self, draft: Draft, sentences: int = 400) -> Iterator[Draft]:
        """Drafts before this one, nearest first, no farther back than a number of sentences."""
        at = self._index(draft)
        here = self.sent[draft.core[0]]
        for i in range(at - 1, -1, -1):
            other = self.drafts[i]
            if here - self.sent[other.core[0]] > sentences:
                return
            if other.end <= draft.core[0] or other.form != "pronoun":
                yield other

    def _index(self, draft: Draft) -> int:
        return bisect_left(self.starts, draft.core[0])

    def after(self, draft: Draft) -> Iterator[Draft]:
        at = self._index(draft)
        yield from (d for d in self.drafts[at:] if d is not draft)

    def _pronoun(self, draft: Draft) -> None:
        word = draft.noun
        if word in _WE:
            speaker = self._speaker(draft)
            if speaker is not None:
                self._resolve(speaker)
                if word in {"i", "my", "me", "mine"}:
                    self._copy(draft, speaker)
                else:
                    draft.states = speaker.states
                    draft.kind = "government" if speaker.kind in {"diplomat", "individual"} else speaker.kind
                    draft.why.append("we of the speaker")
            return
        if word in {"latter", "former"}:
            named = [d for d in self.before(draft, 1) if d.form in {"geo", "person", "body", "post", "name"} and d.kind]
            found = named[0] if word == "latter" and named else named[1] if len(named) > 1 else None
        elif word in _PERSON:
            gender = _PERSON[word]
            found = self._nearest(draft, lambda d: self._is_person(d, gender), 3)
        elif word in _THING:
            found = self._nearest(draft, lambda d: self._is_body(d, draft), 3)
        else:
            found = self._nearest(draft, lambda d: self._is_many(d, draft), 3)
        if found is not None:
            self._copy(draft, found)
            if word in _MANY and found.company:
                draft.states = tuple(dict.fromkeys(s for d in found.company for s in d.states))
            draft.why.append(f"{word} → {self.page.text(found.start, found.end)[:40]}")

    def _nearest(self, draft: Draft, fits, sentences: int) -> Draft | None:  # type: ignore[no-untyped-def]
        """The nearest fitting antecedent; subjects of the sentence or of the one before come first."""
        best, best_score = None, -1.0
        here = self.sent[draft.start]
        quoted = self.quoted[draft.start]
        for rank, other in enumerate(self.before(draft, sentences)):
            if (
                other.end > draft.start
                and other.start <= draft.start < other.end
                and other.owner is None
                and other.pronoun == draft.start
            ):
                continue
            if other.start <= draft.start < other.end:
                continue
            if id(other) not in self.done and other.form == "pronoun":
                continue
            if not fits(other):
                continue
            distance = here - self.sent[other.start]
            subject = self.text.dep[other.head] in _SUBJECTS or self.text.dep[other.core[1] - 1] in _SUBJECTS
            score = 10 - 3.5 * distance + (2.5 if subject else 0) - 0.35 * rank
            if subject and self._leads(other):
                score += 2
            if self.text.dep[other.head] == "poss" or (other.owner is not None and other.form == "geo"):
                score -= 1
            if quoted != self.quoted[other.start]:
                score -= 1.5
            if score > best_score:
                best, best_score = other, score
        return best

    def _leads(self, draft: Draft) -> bool:
        """Subject of a sentence's main verb, or of a verb of saying."""
        text = self.text
        for at in (draft.head, draft.core[1] - 1):
            if text.dep[at] in _SUBJECTS:
                verb = text.head[at]
                return text.dep[verb] == "ROOT" or lemma_of(text.low[verb], text.tag[verb]) in words("cue_verbs")
        return False

    def _is_person(self, other: Draft, gender: str) -> bool:
        if other.form == "pronoun":
            return other.noun in _PERSON and _PERSON[other.noun] == gender and other.kind is not None
        if other.form == "name":
            if (
                other.same_as is None
                and other.role is None
                and other.name_span
                and other.name_span[1] - other.name_span[0] < 2
                and not self._acts_as_person(other)
            ):
                return False
        elif other.form != "person":
            return False
        if other.plural or (other.kind in {"crowd"} and not other.name):
            return False
        noun = set(other.noun.split())
        title = self.text.low[other.start]
        given = self._given(other) if other.name_span else ""
        if gender == "his" and (noun & _FEMALE or title in _FEMALE or given in words("female_names")):
            return False
        return not (gender == "her" and (noun & _MALE or title in _MALE or given in words("male_names")))

    def _is_body(self, other: Draft, draft: Draft) -> bool:
        if other.form == "pronoun":
            return other.noun in _THING and bool(other.kind)
        if not other.states or (other.plural and other.form not in {"geo", "body"}):
            return False
        if self._forbidden(draft, other):
            return False
        if draft.noun == "its" and other.form == "post" and self._owns_mission(draft):
            return False
        return other.form in {"post", "body", "geo"} and (
            other.kind in _STATE_KINDS or (other.kind == "place" and draft.noun == "its" and other.place is None)
        )

    def _owns_mission(self, draft: Draft) -> bool:
        """Whether "its" stands before a mission or envoy: then it means a state."""
        return any(
            d.pronoun == draft.start and (d.form == "post" or (d.group is not None and d.group.id == "envoy"))
            for d in self._owned(draft)
        )

    def _owned(self, draft: Draft) -> Iterable[Draft]:
        at = self._index(draft)
        return [d for d in self.drafts[at : at + 5] if d.pronoun == draft.start]

    def _forbidden(self, draft: Draft, other: Draft) -> bool:
        """No state has an embassy in itself."""
        return any(d.post_in is not None and d.post_in == other.state for d in self._owned(draft))

    def _is_many(self, other: Draft, draft: Draft) -> bool:
        if other.form == "pronoun":
            return other.noun in _MANY and bool(other.kind)
        if self._forbidden(draft, other):
            return False
        if draft.noun == "their" and self._owns_mission(draft):
            return (
                bool(other.states)
                and other.kind in {"government", "place", "organisation"}
                and other.form in {"geo", "body"}
            )
        if other.plural and other.form in {"person", "post", "name"}:
            return True
        return (other.form in {"body"} and other.kind in {"police", "military", "armed_group", "government"}) or len(
            other.states
        ) > 1

    def _acts_as_person(self, draft: Draft) -> bool:
        at = draft.head
        return self.text.dep[at] in _SUBJECTS and lemma_of(
            self.text.low[self.text.head[at]], self.text.tag[self.text.head[at]]
        ) in words("person_verbs")

    def _copy(self, draft: Draft, found: Draft) -> None:
        draft.same_as = found
        draft.kind, draft.states, draft.name, draft.role = found.kind, found.states, found.name, found.role
        draft.post_kind, draft.post_in, draft.post_city = found.post_kind, found.post_in, found.post_city
        draft.protected, draft.plural, draft.group = found.protected, found.plural or draft.plural, found.group
        draft.former = found.former

    def _speaker(self, draft: Draft) -> Draft | None:
        """Who says "we": the subject of the cue verb nearest to the quote, or the speaker of the paragraph before."""
        line = self.page.line_of(draft.start)
        for number in range(line, max(-1, line - 5), -1):
            start, end = self.page.lines[number]
            best, best_distance = None, 10_000
            for at in range(start, end):
                if self.text.tag[at][:1] != "V" or self.quoted[at]:
                    continue
                if lemma_of(self.text.low[at], self.text.tag[at]) not in words("cue_verbs"):
                    continue
                subject = self._subject(at)
                if subject is not None and abs(at - draft.start) < best_distance:
                    best, best_distance = subject, abs(at - draft.start)
            if best is not None:
                return best
        if not self.quoted[draft.start]:
            return next(
                (
                    d
                    for d in self.drafts
                    if d.kind in {"government", "mission"} and d.states and d.form in {"body", "post"}
                ),
                None,
            )
        return None

    def _subject(self, verb: int) -> Draft | None:
        for at in range(max(0, verb - 25), min(len(self.text.low), verb + 12)):
            if self.text.head[at] == verb and self.text.dep[at] in _SUBJECTS:
                return self._at(at)
        # inverted and elided: the mention right before or after
        return self._at(verb - 1) or self._at(verb + 1)

    def _at(self, token: int) -> Draft | None:
        if token in self.by_head:
            return self.by_head[token]
        covering = [d for d in self.drafts if d.start <= token < d.end]
        return min(covering, key=lambda d: d.end - d.start) if covering else None

    # -- short forms

    def _short(self, draft: Draft) -> None:
        """A mention that names no state itself: whose it is, by what sort of noun it has."""
        group = draft.group.id if draft.group else ""
        definite = draft.definite or self._headline(draft)
        if draft.open_of:
            return  # "of six countries": the words say that it is somebody else's
        if group == "country":
            self._country(draft)
        elif group == "counterpart":
            self._counterpart(draft)
        elif draft.form == "post":
            self._mission(draft, definite)
        elif group == "envoy":
            self._envoy(draft, definite)
        elif draft.kind is None and draft.group is not None and (draft.group.member or draft.group.protected):
            self._stray_member(draft, definite)
        elif draft.kind == "staff":
            self._like(draft, lambda d: d.protected)
        elif draft.kind == "media":
            if draft.noun.startswith(("state", "official", "government")):
                self._official(draft, definite)
        elif draft.form in {"person", "body"} and draft.kind in _OFFICIAL:
            self._official(draft, definite)
        elif (
            draft.form == "person"
            and draft.definite
            and not draft.name_span
            and draft.kind not in {"crowd", "armed_group"}
        ):
            self._like(
                draft,
                lambda d: d.form in {"person", "name"} and d.noun.split()[-1:] == draft.noun.split()[-1:] and d.plural == draft.plural,
                copy=True,
            )  # fmt: skip

    def _mission(self, draft: Draft, definite: bool) -> None:
        """ "the embassy", "embassy in Damascus", "a consulate": the sender of the clause, the post told before, the other state."""
        if draft.plural and not definite and not draft.post_city and not draft.post_in:
            return
        indefinite = self.text.low[draft.start] in {"a", "an", "another"}
        sender = self._sender(draft)
        if sender is not None and (not draft.definite or indefinite):
            draft.states = (sender,)
            draft.why.append("subject of the clause")
            return
        if indefinite and not draft.post_in:
            return
        if self._like(draft, lambda d: d.form == "post" and self._same_post(draft, d, True)):
            return
        if self._like(draft, lambda d: d.form == "post" and self._same_post(draft, d, False)):
            return
        if self._like(draft, lambda d: d.protected and self._same_post(draft, d, True)):
            return
        if sender is not None:
            draft.states = (sender,)
            draft.why.append("subject of the clause")
        else:
            self._eliminate(draft)

    def _envoy(self, draft: Draft, definite: bool) -> None:
        if not definite and not draft.name_span and not draft.post_in:
            return
        sender = self._sender(draft)
        if sender is not None and not draft.definite:
            draft.states = (sender,)
            draft.why.append("subject of the clause")
            return
        if draft.name_span:
            if self._like(draft, lambda d: d.form == "post" and self._same_post(draft, d, True), 3):
                return
        elif self._like(
            draft,
            lambda d: d.group is not None and d.group.id == "envoy" and self._same_noun(draft, d) and self._same_post(draft, d, True),
            copy=not draft.plural,
        ):  # fmt: skip
            return
        if definite and self._like(
            draft, lambda d: d.kind in {"diplomat", "mission"} and self._same_post(draft, d, True)
        ):
            return
        if definite:
            self._eliminate(draft)

    def _clause_subject(self, draft: Draft) -> tuple[Draft | None, str]:
        """The subject of the verb whose object (or passive subject) a mention is, and the verb's lemma."""
        text = self.text
        at = draft.core[1] - 1
        for _ in range(3):
            if text.dep[at] in {"dobj", "nsubjpass", "pobj", "conj", "appos", "nsubj"}:
                at = text.head[at]
                if text.tag[at][:1] == "V":
                    break
            else:
                break
        if text.tag[at][:1] != "V":
            if self._headline(draft):
                start = self.page.lines[text.line[draft.start]][0]
                first = next(
                    (d for d in self.drafts if start <= d.start < draft.start and d.form == "geo" and d.states), None
                )
                verb = next((text.low[i] for i in range(start, draft.start) if first and i >= first.end), "")
                return first, lemma_of(verb, "VBZ") if verb else ""
            return None, ""
        verb = at
        lemma = lemma_of(text.low[verb], text.tag[verb])
        for _ in range(4):
            for i in range(max(0, verb - 30), min(verb, len(text.low))):
                if text.head[i] == verb and text.dep[i] == "nsubj":
                    subject = self._at(i)
                    if subject is not None and subject is not draft:
                        return subject, lemma
            if text.dep[verb] not in {"xcomp", "conj", "advcl", "pcomp", "prep", "acl"}:
                break
            verb = text.head[verb]
        return None, lemma

    def _sender(self, draft: Draft) -> str | None:
        """The state that opens, moves or recalls what is its own: the subject, unless the post stands on its soil."""
        subject, verb = self._clause_subject(draft)
        if subject is None or subject.kind not in {"government", "place", "organisation"}:
            return None
        self._resolve(subject)
        state = subject.state
        if state is None or state == draft.post_in:
            return None
        if verb in words("presiding_verbs") or (verb in {"close", "shut", "shutter"} and draft.post_in is not None):
            return state
        return None

    def _eliminate(self, draft: Draft) -> None:
        """Of the states that the article is about, the one that is not the host."""
        host = draft.post_in
        others = [(s, n) for s, n in self.counts.most_common() if s != host]
        if host is None or not others or (len(others) > 1 and others[0][1] <= others[1][1]):
            return
        if others[0][1] >= 2:
            draft.states = (others[0][0],)
            draft.why.append("the other state of the article")

    def _country(self, draft: Draft) -> None:
        """ "the host state", "the sending state", "the country", "both countries"."""
        word = draft.noun.split()[0]
        if word in {"host", "receiving"}:
            state = next((d.post_in for d in self.before(draft) if d.post_in), None) or next(
                (d.post_in for d in self.after(draft) if d.post_in), self.dateline
            )
            draft.states = (state,) if state else ()
        elif word == "sending":
            found = next(
                (d for w in (self.before(draft), self.after(draft)) for d in w if d.protected and d.state), None
            )
            draft.states = found.states if found else ()
        elif draft.plural:
            if self._of_both(draft):
                draft.states = self._pair(draft)
        elif draft.definite:
            found = next(
                (d for d in self.before(draft, 4) if d.form in {"geo", "post", "body"} and (d.state or d.post_in)), None
            )
            if found is not None:
                inside = found.post_in if found.form == "post" else None
                draft.states = (inside,) if inside else found.states
        if draft.states:
            draft.why.append(f"the {draft.noun} of the article")

    def _of_both(self, draft: Draft) -> bool:
        """ "both governments", "the two countries" (but not "the three countries")."""
        opening = self.text.low[draft.start : draft.core[0]]
        return "both" in opening or "two" in opening or opening == ["the"]

    def _pair(self, draft: Draft) -> tuple[str, ...]:
        """The two states named last."""
        pair: list[str] = []
        for other in self.before(draft, 6):
            for state in (other.state, other.post_in):
                if state and other.kind in _STATE_KINDS and state not in pair:
                    pair.append(state)
            if len(pair) >= 2:
                return tuple(reversed(pair[:2]))
        return tuple(self.main[:2]) if len(self.main) == 2 else ()

    def _counterpart(self, draft: Draft) -> None:
        """ "his counterpart": of the other state of the pair."""
        owner = self.by_head.get(draft.pronoun) if draft.pronoun is not None else draft.owner
        pair = self._pair(draft)
        others = [s for s in pair if owner is not None and s != owner.state]
        draft.states = (others[0],) if len(others) == 1 and len(pair) == 2 else ()

    def _same_post(self, draft: Draft, other: Draft, strict: bool) -> bool:
        """Nothing the two say about where the post stands differs; not strictly, another city of the same state will do."""
        if other.state is not None and other.state == draft.post_in:
            return False
        if draft.post_in and other.post_in and draft.post_in != other.post_in:
            return False
        if strict and draft.post_city and other.post_city and draft.post_city != other.post_city:
            return False
        return not (strict and draft.post_city and not other.post_city and other.post_in != draft.post_in)

    def _same_noun(self, draft: Draft, other: Draft) -> bool:
        mine, theirs = draft.noun.split()[-1].rstrip("s"), other.noun.split()[-1:] or [""]
        return mine == theirs[0].rstrip("s") or mine in {"envoy", "diplomat"}

    def _like(self, draft: Draft, fits: Callable[[Draft], bool], sentences: int = 400, copy: bool = False) -> bool:
        """Takes the state of the nearest fitting mention before, else of the first after."""
        for direction in (self.before(draft, sentences), self.after(draft)):
            for other in direction:
                if (
                    other.form == "pronoun"
                    or not other.states
                    or other is draft
                    or (len(other.states) > 1 and not draft.plural)
                ):
                    continue
                if other.owner is draft or other.part_of is draft:
                    continue
                if fits(other):
                    if copy and other.form in {"person", "name"} and draft.same_as is None:
                        draft.same_as, draft.name = other, other.name
                        draft.kind, draft.protected = other.kind, other.protected
                        draft.post_kind = draft.post_kind or other.post_kind
                    draft.states = other.states
                    draft.post_in = draft.post_in or (other.post_in if draft.protected else None)
                    draft.post_city = draft.post_city or (
                        other.post_city if draft.protected and draft.post_in == other.post_in else None
                    )
                    draft.why.append(f"as {self.page.text(other.start, other.end)[:40]}")
                    return True
        return False

    def _where(self, draft: Draft) -> None:
        """The post of a definite mission that names no place: as told elsewhere."""
        for direction in (self.before(draft), self.after(draft)):
            for other in direction:
                if (
                    other.form == "post"
                    and other.states == draft.states
                    and other.post_in
                    and other is not draft
                    and (other.post_kind == draft.post_kind or draft.post_kind == "mission")
                ):
                    draft.post_in, draft.post_city = other.post_in, draft.post_city or other.post_city
                    return

    def _stray_member(self, draft: Draft, definite: bool) -> None:
        """ "the building", "the families", "staff": of the mission named just before."""
        plain = draft.noun in {
            "staff",
            "personnel",
            "families",
            "dependents",
            "employees",
            "dependants",
            "staff members",
            "workers",
            "employee",
            "staff member",
            "members of staff",
        }
        if not (definite or plain):
            return
        reach = 3 if draft.form == "thing" else 4
        for other in self.before(draft, reach):
            if other.form in {"post"} and other.states and (draft.form == "thing" or plain):
                self._belongs(draft, other)
                return
        if plain:
            for other in self.before(draft, 6):
                if other.protected and other.states:
                    self._belongs(draft, other)
                    return

    def _belongs(self, draft: Draft, mission: Draft) -> None:
        group = draft.group
        assert group is not None
        draft.kind = group.member or group.kind
        draft.protected = True
        draft.part_of = mission
        draft.states = mission.states
        draft.post_kind, draft.post_in, draft.post_city = mission.post_kind, mission.post_in, mission.post_city
        draft.why.append(f"belongs to {self.page.text(mission.start, mission.end)[:40]}")

    def _official(self, draft: Draft, definite: bool) -> None:
        """Ministries, ministers, police without a state: the first rule of a ladder that has an answer, surest first."""
        opening = self.text.low[draft.start : draft.core[0]]
        if draft.plural and ("both" in opening or "two" in opening) and draft.form == "body":
            draft.states = self._pair(draft)
            draft.why.append("the two states named last")
            return
        local = draft.group is not None and draft.group.id in _LOCAL
        if draft.site is not None or (setting := self._setting(draft, local)) is None:
            setting = draft.site
        if setting is not None:
            draft.states = (setting,)
            draft.why.append("where the sentence is set")
            return
        if local:
            self._local(draft)
            return
        if draft.form == "person" and definite and not draft.name_span and not draft.plural and self._like(
            draft, lambda d: d.form in {"person", "name"} and d.noun.split()[-1:] == draft.noun.split()[-1:] and not d.plural, copy=True
        ):  # fmt: skip
            return
        named, many = draft.name_span is not None, draft.plural and draft.form == "person"
        kin = self._kin(draft)
        if definite and not named and self._like(draft, kin, 2):
            return
        if draft.part_of is not None and draft.part_of.kind == "organisation":
            return
        guesses = (
            ("the usual body of that name", draft.hint),
            ("dateline", self.dateline),
            ("subject of the clause", self._acting_state(draft)),
            ("outlet", self.outlet_state if named else None),
        )
        for why, state in guesses:
            if state is not None:
                draft.states = (state,)
                draft.why.append(why)
                return
        if many or self._like(draft, kin):
            return
        state = self._last_government(draft) or (self.main[0] if self.main else None)
        if state is not None:
            draft.states = (state,)
            draft.why.append("government named last")

    def _kin(self, draft: Draft) -> Callable[[Draft], bool]:
        """Whether another mention is of the same institution: a ministry and its minister and spokesmen."""
        own = _institution(draft)

        def kin(other: Draft) -> bool:
            return other.form in {"body", "person"} and bool(own & _institution(other))

        return kin

    def _acting_state(self, draft: Draft) -> str | None:
        """The state that is subject in the sentence so far, or in the one before in the same paragraph."""
        here, line = self.sent[draft.core[0]], self.text.line[draft.core[0]]
        for other in self.before(draft, 1):
            if self.text.line[other.start] != line:
                return None
            if (
                other.form == "geo"
                and other.kind == "government"
                and other.state
                and self.text.dep[other.head] in _SUBJECTS
            ):
                return other.state if here - self.sent[other.start] <= 1 else None
        return None

    def _setting(self, draft: Draft, local: bool) -> str | None:
        """ "In Seoul, a Foreign Ministry spokesman": the place that opens the sentence; for police any place in it."""
        sentence = self.sent[draft.core[0]]
        for other in self.before(draft, 0):
            if (
                self.sent[other.core[0]] != sentence
                or other.kind != "place"
                or other.form != "geo"
                or other.state is None
            ):
                continue
            opening = all(
                self.sent[i] != sentence for i in range(max(0, other.start - 2), max(0, other.start - 1))
            ) or other.start - 1 in {s for s, _ in self.page.lines}
            if (opening or local) and self.text.low[other.start - 1] in {"in", "at", "near", "outside", "across"}:
                return other.state
        return None

    def _local(self, draft: Draft) -> bool:
        """Police and soldiers are those of the place: where the last post stands, else the last place."""
        for other in self.before(draft, 3):
            state = other.post_in or (other.state if other.kind in {"place", "police", "military"} else None)
            if state:
                draft.states = (state,)
                draft.why.append("police of the place")
                return True
        if self.hosts:
            draft.states = (self.hosts.most_common(1)[0][0],)
            draft.why.append("police of the place")
            return True
        return False

    def _last_government(self, draft: Draft) -> str | None:
        return next(
            (
                d.state
                for d in self.before(draft, 3)
                if d.kind == "government" and d.state and d.form in {"geo", "body"}
            ),
            None,
        )

    # -- finish

    def _finish(self, draft: Draft) -> None:
        if draft.kind is None and draft.group is not None and draft.form in {"person", "thing"}:
            of_mission = any(o is not None and (o.form == "post" or o.protected) for o in (draft.owner, draft.part_of))
            if of_mission:
                draft.kind, draft.protected = draft.group.member or draft.group.kind, True

    def _worth(self, draft: Draft) -> bool:
        if draft.dead or draft.kind is None:
            if draft.form == "name" and not draft.dead and self._a_person(draft):
                draft.kind = "individual"
                return True
            return False
        if draft.needs_state and not draft.states:
            return False
        return not (
            draft.form == "name"
            and draft.same_as is None
            and draft.kind == "individual"
            and draft.role is None
            and not self._a_person(draft)
            and "title" not in draft.why
        )

    def _a_person(self, draft: Draft) -> bool:
        """Whether a name without a role is a person's."""
        assert draft.name_span is not None
        start, end = draft.name_span
        if (
            end - start > 5
            or self.text.low[end - 1] in words("person_place_head")
            or self.text.low[start] in words("time")
        ):
            return False
        mates = self.person_of.get(id(draft), [draft])
        if any(d.role is not None or "title" in d.why or "office holder" in d.why for d in mates):
            return True
        return (
            any(self._acts_as_person(d) for d in mates)
            and max(d.name_span[1] - d.name_span[0] for d in mates if d.name_span) >= 2
        )

    def _number(self, drafts: list[Draft]) -> None:
        """One number for all mentions of one party."""
        keys: dict[object, int] = {}
        for draft in drafts:
            root = draft
            seen = set()
            while root.same_as is not None and id(root) not in seen:
                seen.add(id(root))
                root = root.same_as
            key: object
            if root.name_span is not None:
                key = ("name", id(self.person_of.get(id(root), root)))
            elif root.form == "geo":
                key = (root.kind, root.states, root.place if root.kind == "place" else None)
            elif root.form == "post":
                key = (
                    ("post", root.post_kind, root.states, root.post_in, root.post_city)
                    if root.states
                    else ("draft", id(root))
                )
            elif root.form == "body":
                key = ("body", root.noun or root.name, root.states)
            else:
                key = ("draft", id(root))
            draft.entity = keys.setdefault(key, len(keys))


def _institution(draft: Draft) -> set[str]:
    """Words that tell which institution a body, or a person of it, belongs to."""
    found = set(draft.noun.split()[-1:]) or {
        fold(word) for word in (draft.name or "").split()[-1:] if draft.form == "body"
    }
    if draft.part_of is not None and draft.part_of.form == "body":
        found = _institution(draft.part_of)
    if "department" in draft.noun.split():
        found.add("department")
    if {"ministry", "minister", "affairs", "foreign"} & {
        *draft.noun.split(),
        *(draft.part_of.noun.split() if draft.part_of else ()),
    }:
        found.add("ministry")
    return found


__all__ = ["Linker", "inner_bodies", "pairwise"]

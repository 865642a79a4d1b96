"""Links inside the article, from explicit forms to short ones, so that a headline learns from the body."""

from collections.abc import Hashable, Sequence

from legation.reading.page import Page
from legation.reading.parties.forming import Draft
from legation.reading.parties.people import People
from legation.reading.parties.pronouns import Pronouns, pronouns
from legation.reading.parties.short_forms import ShortForms
from legation.reading.parties.story import Story
from legation.reading.parties.units import Words

_OWN_NATIONALITY = frozenset({"crowd", "armed_group", "police", "military"})
"""Kinds whose nationality is not that of the mission beside them."""


class Linker:
    """Resolves the drafts of one page."""

    def __init__(self, page: Page, text: Words, drafts: Sequence[Draft], outlet_state: str | None = None) -> None:
        self.story = Story(page, text, [*drafts, *pronouns(text)], outlet_state)
        self.people = People(self.story)
        self.pronouns = Pronouns(self.story, self.people, self._resolve)
        self.short = ShortForms(self.story, self._resolve)
        self._told: set[int] = set()
        self._resolved: set[int] = set()

    def link(self) -> list[Draft]:
        """The drafts that stand for a party, resolved and numbered."""
        drafts = self.story.drafts
        for draft in drafts:
            self._tell(draft)
        self.people.collect()
        self.story.count()
        headlines = [draft for draft in drafts if self.story.headline(draft)]
        later = set(map(id, headlines))
        for draft in drafts:
            if id(draft) not in later:
                self._resolve(draft)
        for draft in headlines:
            self._resolve(draft)
        self.people.share()
        kept = [draft for draft in drafts if self._stands_for_somebody(draft)]
        self._number(kept)
        return kept

    def _tell(self, draft: Draft) -> None:
        """State and post from the words of the mention and what they hang on; no antecedents."""
        if id(draft) in self._told:
            return
        self._told.add(id(draft))
        for other in (draft.owner, draft.part_of, draft.same_as, draft.shared):
            if other is not None:
                self._tell(other)
        self._inherit(draft)

    def _resolve(self, draft: Draft) -> None:
        """What a mention waits for first, then the mention itself."""
        if id(draft) in self._resolved:
            return
        self._resolved.add(id(draft))
        for other in (draft.owner, draft.part_of, draft.same_as, draft.shared):
            if other is not None:
                self._resolve(other)
        if draft.form == "pronoun":
            self.pronouns.link(draft)
            return
        self._inherit(draft)
        counterpart = draft.group is not None and draft.group.id == "counterpart"
        if draft.pronoun is not None and not draft.states and not counterpart:
            self._owned_by_pronoun(draft)
        if not draft.states and (draft.pronoun is None or counterpart) and not self._owner_unknown(draft):
            self.short.link(draft)
        if draft.form == "post" and draft.states and not draft.post_in and (draft.definite or draft.owned):
            self.short.where(draft)

    def _owner_unknown(self, draft: Draft) -> bool:
        """ "the ambassadors of five countries", "SA's ambassador": the words name an owner whose state is not known."""
        part, owner = draft.part_of, draft.owner
        if draft.owned and (owner is None or not owner.states):
            return True
        return part is not None and not part.states

    def _inherit(self, draft: Draft) -> None:
        """From the noun before "and", the possessor, the body or mission after "of", and the apposition."""
        if draft.shared is not None:
            self._take(draft, draft.shared.states, "shares the state before and")
        owner, part, same = draft.owner, draft.part_of, draft.same_as
        private = draft.kind == "individual" and owner is not None and owner.form in {"person", "name", "pronoun"}
        if owner is not None and draft.pronoun is None and not private:
            self._take(draft, owner.states, "possessor")
        if part is not None and (part.form in {"post", "thing"} or part.protected):
            if draft.kind == "staff" and part.form == "post" and part.states:
                draft.states = ()  # "Cuban employees of the US mission" are the mission's
            if draft.kind not in _OWN_NATIONALITY:
                self._take(draft, part.states, f"of {part.noun}")
            if draft.protected or draft.former:
                draft.stands_in(part)
        elif part is not None and draft.pronoun is None and owner is None:
            self._take(draft, part.states, f"of {part.noun or part.name or 'name'}")
        if owner is not None and draft.protected and (owner.form == "post" or owner.protected):
            draft.stands_in(owner)
        if (
            draft.kind is None
            and draft.group is not None
            and any(o is not None and o.of_mission for o in (owner, part))
        ):
            draft.kind, draft.protected = draft.group.member or draft.group.kind, True
        body = next((o for o in (owner, part) if o is not None and o.form == "body" and o.kind), None)
        if (
            draft.form == "person"
            and draft.kind in {None, "individual"}
            and body is not None
            and draft.group is not None
            and draft.group.kind is None
        ):
            draft.kind = body.kind  # "the EU's foreign policy chief"
        if same is not None:
            draft.kind, draft.states = same.kind, same.states or draft.states
            draft.role, draft.protected, draft.noun, draft.group = same.role, same.protected, same.noun, same.group
            draft.post_kind, draft.post_in, draft.post_city = same.post_kind, same.post_in, same.post_city
            draft.why.append("apposition")

    def _take(self, draft: Draft, states: tuple[str, ...], why: str) -> None:
        if states and not draft.states:
            draft.states = states
            draft.why.append(why)

    def _owned_by_pronoun(self, draft: Draft) -> None:
        """ "its embassy in Damascus", "their cars": no state has a mission in itself."""
        pronoun = self.story.by_head.get(draft.pronoun) if draft.pronoun is not None else None
        if pronoun is None or pronoun.form != "pronoun":
            return
        self._resolve(pronoun)
        if not pronoun.states or (
            draft.form == "post" and pronoun.state is not None and pronoun.state == draft.post_in
        ):
            return
        if draft.kind is None and pronoun.of_mission:
            self.short.belongs(draft, pronoun)
            return
        draft.owner = pronoun
        if draft.kind == "individual" and pronoun.noun not in {"its", "their", "our"}:
            return  # "his lawyer" may be of any nation
        self._take(draft, pronoun.states, f"its owner: {pronoun.noun}")
        if draft.protected and pronoun.of_mission:
            draft.stands_in(pronoun)

    def _stands_for_somebody(self, draft: Draft) -> bool:
        if draft.form == "name" and draft.kind in {None, "individual"} and draft.same_as is None and draft.role is None:
            if not self.people.is_person(draft):
                return False
            draft.kind = draft.kind or "individual"
        return draft.kind is not None and (bool(draft.states) or not draft.needs_state)

    def _number(self, drafts: Sequence[Draft]) -> None:
        """One number for all mentions of one party."""
        numbers: dict[Hashable, int] = {}
        for draft in drafts:
            draft.entity = numbers.setdefault(self._identity(draft), len(numbers))

    def _identity(self, draft: Draft) -> Hashable:
        seen: set[int] = set()
        while draft.same_as is not None and id(draft) not in seen:
            seen.add(id(draft))
            draft = draft.same_as
        if draft.name_span is not None:
            return "name", id(self.people.of(draft)[0])
        if draft.form == "geo":
            return "geo", draft.kind, draft.states, draft.place if draft.kind == "place" else None
        if draft.form == "post" and draft.states:
            return "post", draft.post_kind, draft.states, draft.post_in, draft.post_city
        if draft.form == "body":
            return "body", draft.noun or draft.name, draft.states
        return "draft", id(draft)

"""Names: which mentions are one person, and what one mention tells of the others."""

from legation.reading.lexicon import office_holders, words
from legation.reading.parties.forming import Draft
from legation.reading.parties.story import SUBJECTS, Story


class People:
    """The persons of one article."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.persons: list[list[Draft]] = []
        self._of: dict[int, list[Draft]] = {}

    def collect(self) -> None:
        """Groups names: one surname is one person, unless full names differ; a bare surname is the one named last."""
        by_surname: dict[str, list[Draft]] = {}
        for draft in self.story.drafts:
            if draft.name_span is not None:
                by_surname.setdefault(self.story.text.low[draft.name_span[1] - 1], []).append(draft)
        for drafts in by_surname.values():
            self.persons += self._apart(drafts)
        for members in self.persons:
            self._of.update((id(draft), members) for draft in members)
        self.share()

    def of(self, draft: Draft) -> list[Draft]:
        """All mentions of a draft's person by name."""
        return self._of.get(id(draft), [draft])

    def given(self, draft: Draft) -> str:
        """First given name, folded; empty for a bare surname."""
        if draft.name_span is None:
            return ""
        start, end = draft.name_span
        first = self.story.text.low[start]
        return first if end - start > 1 and first not in words("particles") else ""

    def _apart(self, drafts: list[Draft]) -> list[list[Draft]]:
        persons: list[tuple[str, list[Draft]]] = []
        bare: list[Draft] = []
        for draft in drafts:
            given = self.given(draft)
            if not given:
                bare.append(draft)
                continue
            for known, members in persons:
                initial = known[0] == given[0] and min(len(known), len(given)) <= 2
                if known == given or initial:
                    members.append(draft)
                    break
            else:
                persons.append((given, [draft]))
        if not persons:
            return [bare]
        for draft in bare:
            before = [members for _, members in persons if members[0].start < draft.start]
            (before[-1] if before else persons[0][1]).append(draft)
        return [sorted(members, key=lambda d: d.start) for _, members in persons]

    def share(self) -> None:
        """The fullest name, the role and the state of one mention stand for all of its person."""
        for members in self.persons:
            self._share(members)

    def _share(self, drafts: list[Draft]) -> None:
        named = max(drafts, key=lambda d: d.name_span[1] - d.name_span[0] if d.name_span else 0)
        assert named.name_span is not None
        name = self.story.page.text(*named.name_span)
        known = next((d for d in drafts if d.states and d.role), None) or next((d for d in drafts if d.states), None)
        if known is None and self._holds_office(named, drafts, name):
            known = named
        described = next((d for d in drafts if d.role is not None and d.kind is not None), None)
        posted = next((d for d in drafts if d.post_in or d.post_city), None)
        for draft in drafts:
            draft.name = name
            if (
                described is not None
                and draft is not described
                and draft.kind in {None, "individual"}
                and not draft.former
            ):
                draft.kind, draft.protected, draft.former = described.kind, described.protected, described.former
                draft.noun, draft.group = draft.noun or described.noun, draft.group or described.group
                draft.why.append("surname")
            elif (
                draft.role is None
                and draft.kind in {None, "individual"}
                and known is not None
                and known.kind
                and not known.former
            ):
                draft.kind = known.kind
            if described is not None:
                draft.role, draft.post_kind = draft.role or described.role, draft.post_kind or described.post_kind
            if not draft.states and known is not None:
                draft.states = known.states
                draft.why.append("surname")
            if posted is not None and draft.protected and draft.post_in is None:
                draft.post_in, draft.post_city = posted.post_in, posted.post_city

    def _holds_office(self, named: Draft, drafts: list[Draft], name: str) -> bool:
        """A person whom readers are taken to know: "Foreign Minister Amorim", "Putin"."""
        offices = [d for d in drafts if d.role is not None and d.group is not None]
        full = named.name_span is not None and named.name_span[1] - named.name_span[0] > 1
        for office in offices:
            if not full and office.group is not None and office.group.id not in {"official", "local_official"}:
                return False
            envoy = office.group is not None and office.group.id == "envoy"
            if office.part_of is not None and office.part_of.kind == "organisation" and not envoy:
                return False
        state = office_holders().state(name, bool(offices)) or next(
            (d.hint for d in drafts if d.hint and not d.group), None
        )
        if state is None:
            return False
        named.states = (state,)
        named.why.append("office holder")
        if named.kind in {None, "individual"} and not named.former:
            named.kind = "government"
        return True

    def is_person(self, draft: Draft) -> bool:
        """Whether a run of capitalised words is a person's name, as far as the article shows."""
        if draft.name_span is None:
            return False
        start, end = draft.name_span
        low = self.story.text.low
        if end - start > 5 or low[end - 1] in words("person_place_head") or low[start] in words("time"):
            return False
        mates = self.of(draft)
        if any(
            d.role is not None or d.same_as is not None or "title" in d.why or "office holder" in d.why for d in mates
        ):
            return True
        full = max(d.name_span[1] - d.name_span[0] for d in mates if d.name_span) >= 2
        return full and any(self._does_as_people_do(d) for d in mates)

    def _does_as_people_do(self, draft: Draft) -> bool:
        text = self.story.text
        return text.dep[draft.head] in SUBJECTS and self.story.lemma(text.head[draft.head]) in words("person_verbs")

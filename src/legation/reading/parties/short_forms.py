"""Short forms: "the embassy", "the envoy", "the ministry", "police", "both countries", "the host state"."""

from collections.abc import Callable
from dataclasses import fields

from legation.reading.lexicon import fold, portfolios, words
from legation.reading.parties.forming import Draft
from legation.reading.parties.story import STATE_KINDS, Story
from legation.reading.parties.whose import Whose, sort_of
from legation.schema import ORGANS

_LOCAL = frozenset({"police", "police_person", "military", "soldier", "security_service", "agent", "local_official"})


class ShortForms:
    """Gives mentions that name no state the state of what they shorten."""

    def __init__(self, story: Story, resolve: Callable[[Draft], None]) -> None:
        self.story, self.resolve = story, resolve
        self.whose = Whose(story)
        self._excluded: dict[int, set[str]] = {}

    def link(self, draft: Draft) -> None:
        """By the rules for its sort of noun, whose answer is weighed against what else speaks for a state."""
        if draft.open_of:
            return  # "of six countries": the words say that it is somebody else's
        sort = sort_of(draft)
        if sort is None:
            self._rules(draft)
            return
        as_found = {f.name: getattr(draft, f.name) for f in fields(draft)} | {"why": list(draft.why)}
        self._rules(draft)
        if len(draft.states) > 1:
            return
        ruled, reasons = draft.state, draft.why[len(as_found["why"]) :]
        hints = self._hints(draft)
        if ruled is not None:
            reason = reasons[-1] if reasons else "part"
            hints += [("ruled", ruled), (f"ruled: {'as told' if reason.startswith('as ') else reason}", ruled)]
        state, why = self.whose.choose(draft, sort, hints)
        if state == ruled:
            return
        for name, value in as_found.items():
            setattr(draft, name, value)
        if state is not None:
            self._give(draft, state, why)
            if draft.protected:
                self._like(
                    draft, lambda d: d.of_mission and d.state == state and self._same_post(draft, d, strict=True)
                )

    def _hints(self, draft: Draft) -> list[tuple[str, str | None]]:
        """What single rules would say, whether or not the ladder comes to them."""
        if draft.kind in ORGANS:
            akin = (
                d.state
                for d in self.story.before(draft)
                if d.form in {"body", "person"} and _akin(draft, d) and d.state
            )
            return [
                ("beside it", draft.site),
                ("setting", self._setting(draft, local=False)),
                ("place in the sentence", self._setting(draft, local=True)),
                ("usual body of that name", draft.hint),
                ("acting", self._acting_state(draft)),
                ("government named last", self._last_government(draft)),
                ("of the place", self._local(draft)),
                ("akin", next(akin, None)),
                *(("acted on", state) for state in sorted(self._acted_on(draft))),
            ]
        hints = [("other state", self._other_state(draft)), ("sender", self._sender(draft))]
        return hints + [("other side", state) for state in sorted(self._not_of(draft))]

    def _rules(self, draft: Draft) -> None:
        """By what sort of noun the mention has."""
        group = draft.group.id if draft.group else ""
        definite = draft.definite or self.story.headline(draft)
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
            self._staff(draft)
        elif draft.form == "thing":
            self._like(draft, lambda d: d.form == "post")
        elif draft.kind in ORGANS and draft.form in {"person", "body"}:
            self._official(draft, definite)
        elif draft.kind == "media":
            if draft.noun.startswith(("state", "official", "government")):
                self._official(draft, definite)
        elif draft.former and draft.name_span and group in {"official", "envoy"}:
            self._official(draft, definite)
        elif (
            draft.form == "person"
            and draft.definite
            and not draft.name_span
            and draft.kind not in {"crowd", "armed_group"}
        ):
            self._like(draft, lambda d: self._same_person(draft, d), copy=True)

    def _like(
        self,
        draft: Draft,
        fits: Callable[[Draft], bool],
        sentences: int = 10_000,
        copy: bool = False,
        after: bool = True,
    ) -> bool:
        """Takes state and post of the nearest fitting mention before, else of the first `after`; `copy`: it is the same party."""
        for direction in (
            (self.story.before(draft, sentences), self.story.after(draft))
            if after
            else (self.story.before(draft, sentences),)
        ):
            for other in direction:
                if other.form == "pronoun" or not other.states or (len(other.states) > 1 and not draft.plural):
                    continue
                if other.owner is draft or other.part_of is draft or not fits(other):
                    continue
                if copy and other.form in {"person", "name"} and draft.same_as is None:
                    draft.same_as, draft.name = other, other.name
                    draft.kind, draft.protected = other.kind, other.protected
                draft.states = other.states
                if draft.protected and draft.post_in in {None, other.post_in}:
                    draft.post_in, draft.post_city = other.post_in, draft.post_city or other.post_city
                    if draft.form != "post":
                        draft.post_kind = draft.post_kind or other.post_kind
                draft.why.append(f"as {self.story.words(other)}")
                return True
        return False

    # -- missions and their people

    def _mission(self, draft: Draft, definite: bool) -> None:
        """The sender of the clause, the post told before, the other state of the article."""
        if draft.plural and not definite and not draft.post_city and not draft.post_in:
            return
        indefinite = self.story.text.low[draft.start] in {"a", "an", "another"}
        sender = self._sender(draft)
        if sender is not None and (indefinite or not draft.definite):
            self._give(draft, sender, "subject of the clause")
            return
        if indefinite and not draft.post_in:
            return
        if (
            self._like(draft, lambda d: d.form == "post" and self._same_post(draft, d, strict=True))
            or self._like(draft, lambda d: d.form == "post" and self._same_post(draft, d, strict=False))
            or self._like(draft, lambda d: d.protected and self._same_post(draft, d, strict=True))
        ):
            return
        self._give(draft, sender or self._other_state(draft), "subject of the clause" if sender else "the other state of the article")  # fmt: skip

    def _envoy(self, draft: Draft, definite: bool) -> None:
        """The sender of the clause, the envoy or post told before, the other state of the article."""
        if not definite and not draft.name_span and not draft.post_in:
            return
        if not draft.definite and (sender := self._sender(draft)) is not None:
            self._give(draft, sender, "subject of the clause")
            return
        if draft.name_span:
            if self._like(draft, lambda d: d.form == "post" and self._same_post(draft, d, strict=True), 3):
                return
        elif self._like(draft, lambda d: self._same_envoy(draft, d), copy=not draft.plural):
            return
        if not definite:
            return
        if not self._like(
            draft, lambda d: d.kind in {"diplomat", "mission"} and self._same_post(draft, d, strict=True)
        ):
            self._give(draft, self._other_state(draft), "the other state of the article")

    def _staff(self, draft: Draft) -> None:
        if not draft.definite and (sender := self._sender(draft)) is not None:
            self._give(draft, sender, "subject of the clause")
        else:
            self._like(draft, lambda d: d.protected and self._may_be(draft, d))

    def _may_be(self, draft: Draft, other: Draft) -> bool:
        """Not of the state that expels or summons it, nor of the place it is called home from."""
        return other.state is None or other.state not in self._not_of(draft)

    def _not_of(self, draft: Draft) -> set[str]:
        """States that the sentence shows to be the other side."""
        found = self._excluded.get(id(draft))
        if found is None:
            found = self._excluded[id(draft)] = set()
            subject, verb = self.story.clause(draft)
            if subject is not None and verb in words("receiving_verbs") and subject.kind in STATE_KINDS:
                self.resolve(subject)
                found.update(subject.states)
            found.update(self.story.called_from(draft))
        return found

    def _give(self, draft: Draft, state: str | None, why: str) -> None:
        if state is not None:
            draft.states = (state,)
            draft.why.append(why)

    def _sender(self, draft: Draft) -> str | None:
        """The state that opens, moves or recalls what is its own: the subject, unless the post stands on its soil."""
        subject, verb = self.story.clause(draft)
        if subject is None or subject.kind not in {"government", "place", "organisation"}:
            return None
        self.resolve(subject)
        own = (
            verb in words("presiding_verbs")
            or verb in words("complaint_verbs")
            or (verb in words("closing_verbs") and draft.post_in is not None)
        )
        return subject.state if own and subject.state != draft.post_in else None

    def _other_state(self, draft: Draft) -> str | None:
        """Of the states that the article is about, the one that is not the host."""
        sending = {d.state for d in self.story.drafts if d.protected and d.state} - {draft.post_in}
        counts = self.story.counts.most_common()
        others = [(s, n) for s, n in counts if s != draft.post_in and (s in sending or not sending)]
        if (
            draft.post_in is None
            or not others
            or others[0][1] < 2
            or (len(others) > 1 and others[0][1] == others[1][1])
        ):
            return None
        return others[0][0]

    def _same_post(self, draft: Draft, other: Draft, strict: bool) -> bool:
        """Nothing the two say about where the post stands differs; not strictly, another city of the same state will do."""
        if not self._may_be(draft, other):
            return False
        if (other.state is not None and other.state == draft.post_in) or (
            draft.post_in and other.post_in and draft.post_in != other.post_in
        ):
            return False
        if not strict or draft.post_city is None:
            return True
        return draft.post_city == other.post_city or (other.post_city is None and draft.post_in == other.post_in)

    def _same_envoy(self, draft: Draft, other: Draft) -> bool:
        if other.group is None or other.group.id != "envoy" or not self._same_post(draft, other, strict=True):
            return False
        mine, theirs = (d.noun.split()[-1].rstrip("s") for d in (draft, other))
        return mine == theirs or mine in {"envoy", "diplomat"}

    def _same_person(self, draft: Draft, other: Draft) -> bool:
        return (
            other.form in {"person", "name"}
            and other.noun.split()[-1:] == draft.noun.split()[-1:]
            and other.plural == draft.plural
        )

    def _stray_member(self, draft: Draft, definite: bool) -> None:
        """ "the building", "the families", "staff": of the mission named just before."""
        alone = draft.noun in words("staff_alone")
        sender = self._sender(draft) if alone and not draft.definite else None
        if sender is not None and draft.group is not None:
            draft.kind, draft.protected = draft.group.member, True
            self._give(draft, sender, "subject of the clause")
            return
        if not alone and not (definite and draft.form == "thing"):
            return
        nearby = self.story.before(draft, 3 if draft.form == "thing" else 4)
        mission = next((d for d in nearby if d.form == "post" and d.states), None)
        if mission is None and alone:
            mission = next((d for d in self.story.before(draft, 6) if d.protected and d.states), None)
        if mission is not None:
            self.belongs(draft, mission)

    def belongs(self, draft: Draft, mission: Draft) -> None:
        """Makes a mention one of a mission's people or things."""
        if draft.group is not None:
            draft.kind = draft.group.member or draft.group.kind
        draft.protected, draft.part_of, draft.states = True, mission, mission.states
        draft.stands_in(mission)
        draft.why.append(f"belongs to {self.story.words(mission)}")

    def where(self, draft: Draft) -> None:
        """The post of a mission that names no place: as told elsewhere of the same state's."""
        for direction in (self.story.before(draft), self.story.after(draft)):
            for other in direction:
                if other.form != "post" or other.states != draft.states or not other.post_in:
                    continue
                if draft.post_kind in {"mission", other.post_kind}:
                    draft.post_in, draft.post_city = other.post_in, draft.post_city or other.post_city
                    return

    # -- governments and their people

    def _official(self, draft: Draft, definite: bool) -> None:
        """Ministries, ministers, police: the first rule of a ladder that has an answer, surest first."""
        opening = self.story.text.low[draft.start : draft.core[0]]
        if draft.plural and ("both" in opening or "two" in opening) and draft.form == "body":
            draft.states = self._pair(draft)
            draft.why.append("the two states named last")
            return
        local = draft.group is not None and draft.group.id in _LOCAL
        if state := draft.site or self._setting(draft, local):
            self._give(draft, state, "where the sentence is set")
            return
        if local:
            police = draft.kind == "police" or (draft.group is not None and draft.group.id == "local_official")
            if police or (draft.name_span is None and self.story.verb_over(draft) is not None):
                self._give(draft, self._local(draft), "of the place")
            return  # "the military", "intelligence" that do nothing here may be anybody's
        named, many = draft.name_span is not None, draft.plural and draft.form == "person"
        if (
            draft.form == "person"
            and definite
            and not named
            and not many
            and self._like(draft, lambda d: self._same_person(draft, d), copy=True)
        ):
            return
        others = self._acted_on(draft)
        if draft.hint is not None and (draft.hint in self.story.counts or draft.hint == self.story.outlet_state):
            self._give(draft, draft.hint, "the usual body of that name")
            return

        def kin(other: Draft) -> bool:
            return other.form in {"body", "person"} and other.state not in others and _akin(draft, other)

        if definite and not named and self._like(draft, kin, 2, after=False):
            return
        for why, state in (
            ("the usual body of that name", draft.hint),
            ("dateline", self.story.dateline),
            ("subject of the clause", self._acting_state(draft)),
            ("outlet", self.story.outlet_state if named else None),
        ):
            if state is not None and state not in others:
                self._give(draft, state, why)
                return
        if many or self._like(draft, kin, after=False):
            return
        host = self.story.host
        if host is not None and host not in others and (draft.definite or named):
            self._give(draft, host, "of the article's place")
        elif draft.form == "body":
            self._give(draft, self._last_government(draft), "government named last")

    def _acted_on(self, draft: Draft) -> set[str]:
        """States that are objects of the mention's verb: a government asks another's."""
        verb, text = self.story.verb_over(draft), self.story.text
        if verb is None:
            return set()
        objects = (d for d in self.story.drafts if text.head[d.head] == verb and text.dep[d.head] in {"dobj", "dative"})
        return {d.state for d in objects if d.state and d.kind == "government"}

    def _setting(self, draft: Draft, local: bool) -> str | None:
        """ "In Seoul, a Foreign Ministry spokesman": the place that opens the sentence; for police any place in it."""
        text = self.story.text
        for other in self.story.before(draft, 0):
            if other.kind != "place" or other.form != "geo" or other.state is None:
                continue
            opens = other.start < 2 or text.sentence[other.start - 2] != text.sentence[other.start]
            if (opens or local) and text.low[other.start - 1] in {"in", "at", "near", "outside", "across"}:
                return other.state
        return None

    def _local(self, draft: Draft) -> str | None:
        """Police and soldiers are those of the place: of the post in the sentence, of the article, of the last place."""
        text, story = self.story.text, self.story
        here = text.sentence[draft.core[0]]
        near = [d for d in story.drafts if abs(text.sentence[d.core[0]] - here) <= 3 and d is not draft]
        same = [d for d in near if text.sentence[d.core[0]] == here]
        guests = {d.state for d in same if d.of_mission and d.state}
        nearest = sorted(near, key=lambda d: (d.core[0] > draft.core[0], abs(d.core[0] - draft.core[0])))
        guesses = (
            *(d.post_in for d in same if d.post_in),
            *(d.state for d in same if d.kind == "place"),
            story.host,
            *(d.post_in or (d.state if d.kind == "place" else None) for d in nearest),
            next((state for state, _ in story.hosts.most_common(1)), None),
        )
        return next((state for state in guesses if state is not None and state not in guests), None)

    def _acting_state(self, draft: Draft) -> str | None:
        """The state that is subject in the sentence so far, or in the one before in the same paragraph."""
        text = self.story.text
        for other in self.story.before(draft, 1):
            if text.line[other.start] != text.line[draft.core[0]]:
                return None
            if (
                other.form == "geo"
                and other.kind == "government"
                and other.state
                and self.story.verb_over(other) is not None
            ):
                return other.state
        return None

    def _last_government(self, draft: Draft) -> str | None:
        before = self.story.before(draft, 3)
        return next((d.state for d in before if d.kind == "government" and d.state and d.form in {"geo", "body"}), None)

    # -- countries

    def _country(self, draft: Draft) -> None:
        """ "the host state", "the sending state", "the country", "both countries"."""
        word, story = draft.noun.split()[0], self.story
        around = [*story.before(draft), *story.after(draft)]
        if word in {"host", "receiving"}:
            state = next((d.post_in for d in around if d.post_in), story.dateline)
            draft.states = (state,) if state else ()
        elif word == "sending":
            draft.states = next((d.states for d in around if d.protected and d.state), ())
        elif draft.plural:
            opening = story.text.low[draft.start : draft.core[0]]
            if "both" in opening or "two" in opening or opening == ["the"]:
                draft.states = self._pair(draft)
        elif draft.definite:
            near = next(
                (d for d in story.before(draft, 4) if d.form in {"geo", "post", "body"} and (d.state or d.post_in)),
                None,
            )
            if near is not None:
                draft.states = (near.post_in,) if near.form == "post" and near.post_in else near.states
        if draft.states:
            draft.why.append(f"the {draft.noun} of the article")

    def _pair(self, draft: Draft) -> tuple[str, ...]:
        """The two states named last."""
        pair: list[str] = []
        for other in self.story.before(draft, 6):
            for state in (other.state, other.post_in):
                if state and other.kind in STATE_KINDS and state not in pair:
                    pair.append(state)
            if len(pair) >= 2:
                return tuple(reversed(pair[:2]))
        main = self.story.main
        return tuple(main) if len(main) == 2 else ()

    def _counterpart(self, draft: Draft) -> None:
        """ "his counterpart": of the other state of the pair."""
        owner = self.story.by_head.get(draft.pronoun) if draft.pronoun is not None else draft.owner
        pair = self._pair(draft)
        others = [s for s in pair if owner is not None and s != owner.state]
        if len(pair) == 2 and len(others) == 1:
            self._give(draft, others[0], "the other of the two states")


def _akin(draft: Draft, other: Draft) -> bool:
    """Whether two mentions are of one institution: a ministry, its minister and its spokesmen, of no different portfolio."""
    mine, theirs = _institution(draft), _institution(other)
    one, another = (set(map(portfolios().get, found & portfolios().keys())) for found in (mine, theirs))
    return not mine.isdisjoint(theirs) and (not one or not another or not one.isdisjoint(another))


def _institution(draft: Draft) -> set[str]:
    """Words that tell which institution a body, or a person of it, belongs to."""
    part = draft.part_of if draft.part_of is not None and draft.part_of.form == "body" else None
    found = {fold(word) for word in (draft.name or "").split()} if draft.form == "body" else set()
    found.update(draft.noun.split(), part.noun.split() if part is not None else ())
    if part is not None and not part.noun:
        found |= _institution(part)
    if "prime" in found:
        found = (found - {"prime", "minister"}) | {"premier"}
    elif "minister" in found or "affairs" in found:
        found.add("ministry")
    return found - words("common_in_titles")

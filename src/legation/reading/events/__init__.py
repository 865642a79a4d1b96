"""Events from frame hits: roles completed, host, status, date, place, count; mentions merged; answers linked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from math import fsum
from typing import TYPE_CHECKING

from spacy.tokens import Span, Token

from legation import atlas, ontology
from legation.ontology import EventType
from legation.reading.events.counts import event_count
from legation.reading.events.dating import Chronicle, date_evidence
from legation.reading.events.frames import Hit, Matcher, types_of
from legation.reading.events.predicates import children, is_verb
from legation.reading.events.roles import ROLES, Scene, World, assign, choose, deed_evidence, evidence
from legation.reading.events.status import mood
from legation.reading.events.when import days_apart
from legation.reading.events.where import city_of, places
from legation.reading.lexicon import words as word_list
from legation.reading.page import Mention, Page, Parties, states
from legation.reading.statements import Voiced, claimant_over, claimants_over
from legation.reading.weighing import NOBODY, Evidence
from legation.schema import ORGANS, Claimant, Party, Status

if TYPE_CHECKING:
    from legation.reading.encoder import Heard, Hearing, Stretch

OFFICIAL = ORGANS | {"mission"}
"""Kinds of party that act for a state."""
MEASURES = frozenset({"restriction", "sending", "relations"})
HARMS = frozenset({"harm", "premises"})
HEARD, MET = 0.6, 0.3
"""Least probability by the encoder of what only it hears, and of what a frame met, to be considered at all; the verdict decides."""
_NAMED = frozenset({"diplomat", "staff", "individual", "armed_group", "organisation", "media"})


_NO_START = frozenset({",", ":", ".", "``", "''", "-LRB-", "-RRB-", "HYPH", "CC", "WDT", "WP", "POS", "NFP", "SYM"})
"""Tags that quoted evidence does not begin with."""


TRUST = {"actor": 1.8, "target": 1.8, "host": 1.4, "date": 1.5, "status": 1.0, "claimant": 1.5}
LEAST = 0.01
"""What the encoder says counts by this power of its probability, and by no less than this probability: the powers that read articles it had
not heard best in full."""


def tempered(shares: Mapping[str, float], of: str) -> dict[str, float]:
    """What the encoder leaves of each candidate's probability, from its own for a role, date, status or claimant."""
    return {name: (probability + LEAST) ** TRUST[of] for name, probability in shares.items()}


def heeded(heard: "Heard | None", role: str, found: Evidence) -> dict[str, float] | None:
    """What the encoder leaves of each candidate's probability for a role."""
    shares = getattr(heard, role, None)
    if shares is None:
        return None
    return tempered({s: shares.get(None if s == NOBODY else s, 0.0) for s in {NOBODY, *found}}, role)


def _about_deeds(hit: Hit) -> bool:
    return bool(hit.frame.deed or hit.frame.speech)


_LINKED = frozenset({"communication", "protection"})


def _words(type_id: str) -> bool:
    """Types that are words about acts, or answers to them."""
    return ontology.event_type(type_id).group in _LINKED and type_id != "summons"


def _agrees(hit: Hit, actor: Mention | None, target: Mention | None) -> bool:
    """Whether the roles a frame found are what the frame allows together."""
    acting = actor.kind if actor else None
    if hit.frame.actorkind == "nonstate" and acting in OFFICIAL:
        return False
    if hit.frame.actorkind == "state" and acting in {"crowd", "armed_group"}:
        return False
    here, there = (states(actor) or (None,))[0], (states(target) or (None,))[0]
    if not here or not there or hit.frame.clash not in {"own", "foreign", "same_state"}:
        return True
    return (hit.frame.clash == "own") == (here == there)


def _each_state(mentions: tuple[Mention, ...]) -> tuple[Mention | None, ...]:
    """One mention a state: "the Danish and Norwegian embassies" are two; what names no further state adds nothing."""
    found: dict[str, Mention] = {}
    for mention in mentions:
        for state in states(mention):
            found.setdefault(state, replace(mention, state=state, states=()))
    return tuple(found.values()) or mentions[:1] or (None,)


@dataclass(slots=True)
class Draft:
    """An event being read. Token indices throughout; `why` collects the rules in the order they spoke. `heard`: what the encoder
    says of these words as an event of this type; `sentence`, `rival`: how likely it holds the sentence to tell of one, and of its likeliest other
    type; `bare`: heard in words without a verb."""

    type: str
    trigger: int
    span: tuple[int, int]
    hit: Hit | None = None
    bare: bool = False
    status: Status = "reported"
    actor: Party | None = None
    target: Party | None = None
    host: str | None = None
    city: str | None = None
    date: str | None = None
    date_odds: float = 0.0
    count: int | None = None
    claimant: Claimant | None = None
    voice: Voiced | None = None
    answers: "Draft | None" = None
    score: float = 1.0
    heard: "Heard | None" = None
    sentence: float = 0.0
    rival: float = 0.0
    odds: float = 1.0
    mood: Status = "reported"
    mood_why: str = ""
    members: "list[Draft]" = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    @property
    def states(self) -> tuple[str | None, str | None]:
        """Of actor and target."""
        return _state(self.actor), _state(self.target)

    @property
    def told(self) -> "list[Draft]":
        """The mentions that a frame met, else those told with a verb: what is only heard may be a bare name, and a headline's "Shots in
        Nairobi" vouches for nothing."""
        met = [m for m in self.members if m.hit is not None]
        return met or [m for m in self.members if not m.bare] or self.members

    @property
    def group(self) -> str:
        return ontology.event_type(self.type).group


class Reader:
    """Reads the events of one page. `hearing` is the encoder's, when it is asked too."""

    def __init__(
        self,
        page: Page,
        parties: Parties,
        voiced: Sequence[Voiced],
        *,
        hearing: "Hearing | None" = None,
        roles: Mapping[str, Mapping[str, float]],
    ) -> None:
        self.page, self.parties, self.voiced, self.hearing, self.roles = page, parties, tuple(voiced), hearing, roles
        self.world = World(page, parties)
        self.matcher = Matcher(page, parties)
        self.places = places(page, atlas.load(), parties)
        self.acts: list[Draft] = []
        self.scores: dict[int, dict[str, float]] = {}
        self.undone: set[tuple[str, int]] = set()

    def drafts(self) -> list[Draft]:
        """All drafts in text order; acts are read before the words about them, which link to acts."""
        hits = list(self.matcher.hits())
        if self.hearing:
            spans = ((*words, h.type) for h in hits for words in ((h.trigger, h.trigger + 1), self.evidence(h)))
            self.hearing.ask(spans, HEARD)
        self.chronicle = Chronicle(self.page, self.voiced, hits)
        self.acts = [d for h in hits if not _about_deeds(h) for d in self.draft(h)]
        self.acts += [d for h in self.unmet(self.acts, words=False) for d in self.heard_draft(h)]
        words = [d for h in hits if _about_deeds(h) for d in self.draft(h)]
        words += [d for h in self.unmet(self.acts + words, words=True) for d in self.heard_draft(h)]
        return sorted(self.acts + words, key=lambda d: (d.trigger, d.type))

    def unmet(self, met: Iterable[Draft], *, words: bool) -> list["Heard"]:
        """What acts, or words about them, the encoder hears where no frame of that type made a draft of the sentence or found the act not
        done; the likeliest of a sentence and type."""
        if self.hearing is None:
            return []
        drafted = self.undone | {(d.type, self.page.sentence(d.trigger).start) for d in met}
        best: dict[tuple[str, int], Stretch] = {}
        for heard in self.hearing.stretches:
            if heard.p >= HEARD and _words(heard.type) == words:
                key = heard.type, self.page.sentence(heard.start).start
                if key not in drafted and (key not in best or heard.p > best[key].p):
                    best[key] = heard
        return self.hearing.describe(list(best.values()))

    def draft(self, hit: Hit) -> Iterator[Draft]:
        """A draft for each pair of states that the roles of a frame name."""
        kind = ontology.event_type(hit.type)
        heard = self.hearing.about(hit.trigger, hit.trigger + 1, hit.type) if self.hearing else None
        if heard is not None and heard.p < MET:
            return
        own: tuple[Status, str] = ("reported", "the negation is the frame's own")
        negating = any(self.page.doc[i].lower_ in word_list("negating") for i in hit.words)
        status = self.status(hit.trigger, kind) or (own if negating else None)
        if status is None:
            self.undone.add((hit.type, self.page.sentence(hit.trigger).start))
            return
        for actor in _each_state(hit.actors):
            for target in _each_state(hit.targets):
                draft = Draft(hit.type, hit.trigger, self.evidence(hit), hit)
                draft.why.append(f"frame {kind.id}: {self.page.doc[hit.trigger].text!r}")
                if hit.frame.speech and actor is None:
                    draft.voice = next((v for v in claimants_over(self.voiced, hit.trigger) if v.speaker), None)
                    if draft.voice is None:
                        continue
                    actor = draft.voice.speaker
                scene = Scene(kind.id, hit.trigger, hit.slots, actor, hit.actor_slot, target, hit.target_slot)
                if _agrees(hit, actor, target) and self.complete(draft, kind, scene, heard, *status):
                    yield draft

    def heard_draft(self, heard: "Heard") -> Iterator[Draft]:
        """A draft of what only the encoder hears; the stretch's main verb stands for a trigger."""
        kind = ontology.event_type(heard.type)
        trigger, span = _told_by(self.page.doc[heard.start : heard.end])
        bare = not any(map(is_verb, self.page.doc[slice(*span)]))
        draft = Draft(heard.type, trigger.i, span, bare=bare)
        draft.why.append(f"encoder {kind.id}: {heard.p:.2f}")
        status = self.status(trigger.i, kind)
        if status is None and kind.id in types_of(trigger):
            return  # "nobody was killed": the very act is negated; "nobody was hurt" still tells of an attack
        status = status or ("reported", "heard though negated")
        scene = Scene(kind.id, trigger.i, self.matcher.slots(trigger))
        if self.complete(draft, kind, scene, heard, *status):
            yield draft

    def status(self, trigger: int, kind: EventType) -> tuple[Status, str] | None:
        """Status by the grammar, and the rule that set it; None for what is told as not done by nobody in particular."""
        status, why = mood(self.page.doc[trigger])
        if status is None:
            spoken = any(v.speaker and not v.hedge for v in claimants_over(self.voiced, trigger))
            return ("denied", "negated by a speaker") if spoken and kind.group != "communication" else None
        if status == "demanded" and kind.id == "assurance":
            return None  # an assurance that is asked for is a demand; an apology that is asked for keeps its status
        said = kind.group == "communication" and status != "denied" and (status, kind.id) != ("demanded", "apology")
        return ("reported", "words that were said") if said else (status, why)

    def complete(
        self, draft: Draft, kind: EventType, scene: Scene, heard: "Heard | None", status: Status, why: str
    ) -> bool:
        """Fills in roles, status, claimant, date, place and count; False when the roles contradict the type."""
        found = evidence(scene, self.matcher, self.world, self.voiced)
        if _words(kind.id):
            draft.answers = self.deed(draft, kind)
            if draft.answers is not None:
                act = draft.answers
                deed_evidence(found, act.group, *act.states, act.host)
        if heard is not None and self.hearing is not None:
            sentence = self.page.sentence(draft.trigger)
            if sentence.start not in self.scores:
                self.scores[sentence.start] = self.hearing.type_scores(sentence)
            scores = self.scores[sentence.start]
            draft.heard, draft.sentence = heard, scores.get(kind.id, 0.0)
            draft.rival = max((p for other, p in scores.items() if other != kind.id), default=0.0)
        left = {role: heeded(heard, role, found) for role in ROLES}
        if kind.id == "condemnation" and (judged := self.judged(draft.trigger) & found.keys()):
            left["actor"] = (left["actor"] or dict.fromkeys({NOBODY, *found}, 1.0)) | dict.fromkeys(judged, 0.0)
        choices = assign(kind.id, found, self.roles, left)
        chosen = {role: choice.state for role, choice in choices.items()}
        for role, choice in choices.items():
            draft.why.append(f"{role} {choice.state or 'unknown'}: {choice.why}")
            draft.score *= max(choice.probability, 0.05) ** 0.25
        if (
            kind.host_side == "actor"
            and kind.sending_side == "target"
            and chosen["actor"] == chosen["target"] is not None
        ):
            return False
        draft.host = chosen["host"]
        draft.actor = self.party(scene.actor, chosen["actor"], kind, "actor")
        draft.target = self.party(scene.target, chosen["target"], kind, "target")
        draft.status = draft.mood = status
        draft.mood_why = why
        draft.voice = draft.voice or claimant_over(self.voiced, draft.trigger)
        self.settle(draft, kind, heard)
        return True

    def judged(self, trigger: int) -> set[str]:
        """The states whose step, move or decision a verdict is passed on ("London's step was unfriendly"), so that it is not theirs."""
        verb = self.page.doc[trigger]
        owners = (
            owner
            for noun in children(verb, "nsubj", "nsubjpass", "dobj")
            if (party := self.parties.at(noun.i)) is None or party.head != noun.i
            for owner in children(noun, "poss")
        )
        return {state for owner in owners for state in states(self.parties.at(owner.i))}

    def party(self, mention: Mention | None, state: str | None, kind: EventType, role: str) -> Party | None:
        """A party of the chosen state; kind, name and post come from the mention when it is of that state."""
        about = kind.roles.actor if role == "actor" else kind.roles.target
        if mention is not None and state is not None and states(mention) and state not in states(mention):
            mention = None
        if mention is None and state is None:
            return None
        party_kind = mention.kind if mention and mention.kind in about.kinds else about.default
        named = (kind.group == "communication" and kind.id != "summons") or party_kind in _NAMED
        if role == "actor" and kind.group in MEASURES:
            named = False
        if mention is not None and mention.kind == "government" and not mention.role:
            named = False  # a place or ministry that stands for its government
        name = mention.name if mention and named else None
        return Party(state=state, kind=party_kind, name=name, post=mention.post if mention else None)

    def settle(self, draft: Draft, kind: EventType, heard: "Heard | None") -> None:
        """When, in which city, how many."""
        start, end = draft.span
        found = date_evidence(self.chronicle, draft.span, draft.trigger, kind, draft.status)
        choice = choose(kind.id, found, self.roles["date"], self.pointed(draft, heard, found))
        draft.date, draft.date_odds = choice.state, choice.probability
        if choice.state:
            draft.why.append(f"date: {choice.why}")
        if draft.host is not None:
            concerned = frozenset(s for s in draft.states if s and s != draft.host)
            city = city_of(self.page, draft.span, draft.host, kind, self.places, concerned)
            draft.city = city.state
            if city.state:
                draft.why.append(f"city: {city.why}")
        target = draft.hit.target.head if draft.hit and draft.hit.target else None
        if kind.group not in {"relations", "communication"}:
            draft.count = event_count(self.page, start, end, target, type=kind.id)

    def pointed(self, draft: Draft, heard: "Heard | None", found: Evidence) -> dict[str, float] | None:
        """What the encoder leaves of each date's probability: it points at the words that date the act."""
        if heard is None or self.hearing is None:
            return None
        times = [named.dated for named in self.chronicle.dates]
        shares, undated = self.hearing.dated(*draft.span, draft.type, [(d.start, d.end) for d in times])
        pointed: dict[str | None, list[float]] = {}
        for time, share in zip(times, shares, strict=True):
            for date in {time.edtf, *dict(time.others)}:
                pointed.setdefault(date, []).append(share)
        left = {NOBODY: undated["none"]}
        for date in found.keys() - {NOBODY}:
            today = undated["published"] if date == self.chronicle.published else 0.0
            left[date] = fsum(pointed.get(date, ())) + today or undated["elsewhere"]
        return tempered(left, "date")

    # -- what it answers -------------------------------------------------------------------------------------------

    def deed(self, draft: Draft, kind: EventType) -> Draft | None:
        """The act that words or an answer are about: one their object names, else in the same sentence, else the last before."""
        span = self.page.sentence(draft.trigger)
        pool = [a for a in self.acts if a.type != "summons" and a.trigger != draft.trigger]
        if kind.group == "protection":
            pool = [a for a in pool if a.group in HARMS]
        named = {
            t
            for slot in ("obj", "of", "over", "for", "into")
            for noun in self.matcher.slots(self.page.doc[draft.trigger]).get(slot, ())
            for t in types_of(noun)
        }
        pool = [a for a in pool if a.type in named] or pool
        here = [a for a in pool if span.start <= a.trigger < span.end]
        if here:
            return min(here, key=lambda a: (abs(a.trigger - draft.trigger), -a.score))
        before = [a for a in pool if a.trigger < span.start]
        return before[-1] if before else pool[0] if pool else None

    def evidence(self, hit: Hit) -> tuple[int, int]:
        """Tokens from the first to the last word of the hit, at most 15 words, always with the trigger."""
        marks = [hit.trigger, *hit.words]
        if hit.target:
            marks += [hit.target.start, hit.target.end - 1]
        if hit.actor and hit.actor_slot in {"subj", "by", "poss"}:
            marks += [hit.actor.start, hit.actor.end - 1]
        span = self.page.sentence(hit.trigger)
        marks = [i for i in marks if span.start <= i < span.end and abs(i - hit.trigger) < 14]
        start, end = min(marks), max(marks) + 1
        if end - start > 15:
            start, end = max(start, hit.trigger - 4), min(end, hit.trigger + 11)
        while start < hit.trigger and self.page.doc[start].tag_ in _NO_START:
            start += 1
        while end > hit.trigger + 1 and self.page.doc[end - 1].is_punct:
            end -= 1
        return start, end


def _told_by(stretch: Span) -> tuple[Token, tuple[int, int]]:
    """The word that stands for a trigger in a stretch that was only heard, and the words to quote, at most 15: a bare name or sign tells
    nothing, so it is widened to the verb of its clause with subject and object."""
    verbs = [t for t in stretch if is_verb(t) and t.dep_ not in {"aux", "auxpass"}]
    if verbs or sum(t.is_alpha for t in stretch) > 2:
        return verbs[0] if verbs else stretch.root, (stretch.start, min(stretch.end, stretch.start + 15))
    verb = next((t for t in (stretch.root, *stretch.root.ancestors) if is_verb(t)), stretch.root)
    marks = [verb, *stretch, *children(verb, "nsubj", "nsubjpass", "dobj", "neg", "aux", "auxpass", "prt", "dative")]
    near = [t.i for t in marks if abs(t.i - verb.i) < 8]
    return verb, (min(near), max(near) + 1)


# -- one event an act ----------------------------------------------------------------------------------------------


def agree(a: str | None, b: str | None) -> bool:
    """Whether two values can be one: either is not known, or they are the same."""
    return a is None or b is None or a == b


def _state(party: Party | None) -> str | None:
    return party.state if party else None


WEEK = 7
"""Days between the dates of two mentions with the same states that are still taken for one act."""


def same_act(a: Draft, b: Draft) -> bool:
    """Whether two drafts of one article can be one act: of one type, with parties that agree.

    What one state tells another (but for a summons) is one act unless it is of two years: of 9,200 annotated ones none is twice in an article with
    other hosts, 11 with other days of a year. Of other acts the hosts agree, unless both states are named and the same: 18 of 27,000 are twice
    with other hosts then, but for those of a state upon its own missions. Their dates agree or hold one another; of the same states
    they may be a week apart, which is oftener a misread date or the day of the report than a second act, and what was only heard has no date that
    could be trusted against another.
    """
    if a.type != b.type or not all(map(agree, a.states, b.states)):
        return False
    one, other = a.date or "", b.date or ""
    differ = not _holds(one, other)
    sure, group = a.states == b.states and None not in a.states, ontology.event_type(a.type).group
    if sure and group == "communication" and a.type != "summons":
        return not (differ and one[:4] != other[:4])
    if not agree(a.host, b.host) and (group == "sending" or not sure):
        return False
    heard_only = a.hit is None or b.hit is None
    return not differ or (a.states == b.states and (heard_only or days_apart(one, other) <= WEEK))


def _holds(one: str, other: str) -> bool:
    """Whether of two EDTF dates one lies in the other."""
    return one.startswith(other) or other.startswith(one)


def _dates(draft: Draft, twin: Draft) -> bool:
    """Whether a further mention gives the date of an act: one that a frame met where the others were only heard, the finer of two that
    agree, the surer of two that do not; what was only heard does not outvote a frame."""
    if draft.date is None or twin.date is None:
        return twin.date is None
    if draft.hit is not None and twin.hit is None:
        return True
    if _holds(draft.date, twin.date):
        return len(draft.date) > len(twin.date)
    return draft.date_odds > twin.date_odds and (draft.hit is None) == (twin.hit is None)


def _crowd_and_power(one: Party | None, other: Party) -> bool:
    """Whether rioters would become a government: who names a crowd and no state is not corrected by a mention that guesses one."""
    return one is not None and one.kind in {"crowd", "individual", "armed_group"} and other.kind in OFFICIAL


def merge(drafts: Iterable[Draft]) -> list[Draft]:
    """One draft an act, in the order the article shows them; the fuller mention gives the values, any plain one the status."""
    kept: list[Draft] = []
    moved: dict[int, Draft] = {}
    for draft in drafts:
        twin = next((k for k in kept if same_act(k, draft)), None)
        if twin is None:
            draft.members = [copy(draft)]
            kept.append(draft)
            continue
        moved[id(draft)] = twin
        twin.members.append(draft)
        if not agree(draft.host, twin.host) and draft.odds > max(m.odds for m in twin.members[:-1]):
            twin.host, twin.city = draft.host, draft.city
        if _dates(draft, twin):
            twin.date, twin.date_odds = draft.date, draft.date_odds
        if twin.hit is None and draft.hit is not None:
            # a frame's words are better evidence than a stretch that was only heard
            twin.hit, twin.trigger, twin.span, twin.voice = draft.hit, draft.trigger, draft.span, draft.voice
        fuller = twin.actor is None or (_state(twin.actor) is None and _state(draft.actor))
        if draft.actor and fuller and not _crowd_and_power(twin.actor, draft.actor):
            twin.actor = draft.actor
        if (twin.target is None or (_state(twin.target) is None and _state(draft.target))) and draft.target:
            twin.target = draft.target
        for name in ("host", "city", "count", "answers"):
            if getattr(twin, name) is None:
                setattr(twin, name, getattr(draft, name))
    for draft in kept:
        while draft.answers is not None and id(draft.answers) in moved:
            draft.answers = moved[id(draft.answers)]
        if draft.answers is draft:
            draft.answers = None
    return kept

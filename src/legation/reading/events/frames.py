"""Frames met on a page: which words state which type of event, and which words fill its roles.

The frames themselves are data, in the type files of `legation.ontology`; `legation.ontology.Frame` describes them. Matching is lexical first (a trigger, words that must or must not stand near it), then syntactic
(roles are read from the trigger's slots), then semantic (a role must hold what the frame wants there).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from spacy.tokens import Doc, Span, Token

from legation import ontology
from legation.ontology import Frame
from legation.reading.events.predicates import (
    Slots,
    apart,
    children,
    is_passive,
    is_verb,
    objects,
    ordered_by,
    orderers,
    slots,
    subjects,
    surface_subjects,
)
from legation.reading.lexicon import fold
from legation.reading.lexicon import words as word_list
from legation.reading.page import Mention, Page, Parties, lemma, lemma_of, states

REACH = 16
"""How many tokens from the trigger a frame's other words may stand; news clauses are seldom longer."""


NEAR = 3
"""How many sentences back a mission may have been spoken of."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A frame met at `trigger`. `words`: tokens of the frame's other words; a role holds several mentions when they are conjoined."""

    frame: Frame
    type: str
    trigger: int
    words: tuple[int, ...]
    actors: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    actor_slot: str | None
    target_slot: str | None
    slots: Slots = field(repr=False)

    @property
    def actor(self) -> Mention | None:
        return self.actors[0] if self.actors else None

    @property
    def target(self) -> Mention | None:
        return self.targets[0] if self.targets else None


@cache
def _index() -> dict[str, tuple[tuple[str, Frame], ...]]:
    found: dict[str, list[tuple[str, Frame]]] = {}
    for kind in ontology.types().values():
        for frame in kind.frames:
            for word in frame.words:
                found.setdefault(word, []).append((kind.id, frame))
    return {word: tuple(frames) for word, frames in found.items()}


@cache
def trigger_words() -> frozenset[str]:
    """All lemmas that can start a frame."""
    return frozenset(_index())


def types_of(noun: Token) -> frozenset[str]:
    """Event types that a noun alone can stand for ("the attack", "its expulsion")."""
    return frozenset(kind for kind, frame in _index().get(lemma(noun), ()) if frame.pos != "v" or noun.tag_[:1] == "V")


@cache
def _frames_of(word: str, tag: str) -> tuple[tuple[str, Frame], ...]:
    """Frames that a lower-cased word can start, by every lemma it may stand for: the tagger often takes a headline's verb for a noun, or the other way round."""
    names = {
        word,
        lemma_of(word, tag),
        lemma_of(word, "VBD" if word.endswith("ed") else "VBZ"),
        lemma_of(word, "NNS" if word.endswith("s") else "NN"),
    }
    index = _index()
    return tuple(found for name in sorted(names & index.keys()) for found in index[name])


def _verbal(token: Token, sentence: "Sentence") -> bool:
    if is_verb(token):
        return True
    if token.is_upper and len(token) > 4 and token.lower_.endswith(("ed", "ing")):
        return True  # the tagger takes most words of a text in capitals for names
    if token.tag_ in {"JJ", "NN", "NNS", "NNP", "NNPS", "RB"} and (
        token.lower_.endswith(("ed", "es", "s", "ing", "en"))
        or (token.text.istitle() and token.lower_ in word_list("headline_verbs"))
    ):
        return not sentence.has_verb or token.dep_ == "ROOT"
    return False


@cache
def _words_of(phrase: str) -> tuple[str, ...]:
    return tuple(phrase.split())


@cache
def _by_first(phrases: tuple[str, ...]) -> dict[str, list[tuple[int, str]]]:
    """First word → the phrases that begin with it, with their place in the order given."""
    found: dict[str, list[tuple[int, str]]] = {}
    for number, phrase in enumerate(phrases):
        found.setdefault(_words_of(phrase)[0], []).append((number, phrase))
    return found


class Sentence:
    """One sentence with the places of its words and lemmas, for phrase search."""

    def __init__(self, span: Span) -> None:
        self.span, self.start, self.end = span, span.start, span.end
        self.words = [
            (t.lower_, lemma(t), lemma_of(t.lower_, "NNS")) if t.tag_[:3] == "NNP" else (t.lower_, lemma(t))
            for t in span
        ]
        self.places: dict[str, list[int]] = {}
        for i, names in enumerate(self.words):
            for name in set(names):
                self.places.setdefault(name, []).append(i)

    @cached_property
    def has_verb(self) -> bool:
        """Whether the sentence hangs on a verb."""
        return any(is_verb(t) and t.dep_ == "ROOT" for t in self.span)

    def begun(self, phrases: tuple[str, ...]) -> list[str]:
        """Those of the phrases whose first word stands in the sentence, in order."""
        by_first = _by_first(phrases)
        return [
            phrase for _, phrase in sorted(p for first in by_first.keys() & self.places.keys() for p in by_first[first])
        ]

    def hangs(self, word: int, on: int) -> bool:
        """Whether a word far off still belongs to the trigger: "told ten clerks, the attaché among them, to depart"."""
        token = self.span[word]
        return on < word and on + self.start in {token.head.i, token.head.head.i}

    def holds(self, phrases: tuple[str, ...], near: int, reach: int) -> bool:
        """Whether one of the phrases stands within reach of a token."""
        return any(self.find(phrase, near, before=reach, after=reach) is not None for phrase in self.begun(phrases))

    def find(self, phrase: str, near: int, *, before: int = REACH, after: int = REACH) -> range | None:
        """Token range of the phrase (lemmas or words) nearest to a token, within reach."""
        first, *rest = _words_of(phrase)
        places = self.places.get(first)
        if places is None:
            return None
        here = near - self.start
        best: int | None = None
        for i in places:
            if not (here - before <= i < here + after or self.hangs(i, here)) or (
                best is not None and abs(i - here) >= abs(best - here)
            ):
                continue
            if all(i + k < len(self.words) and word in self.words[i + k] for k, word in enumerate(rest, 1)):
                best = i
        return None if best is None else range(self.start + best, self.start + best + 1 + len(rest))


def classes(mention: Mention) -> frozenset[str]:
    """What a frame may want in a role, of what a mention is."""
    found = {"any", str(mention.kind)}
    if mention.protected:
        found.add("protected")
        if mention.kind in {"diplomat", "staff"}:
            found |= {"person", "staff"}
        if mention.kind == "diplomat":
            found.add("envoy")
        if mention.kind in {"mission", "premises"}:
            found |= {"mission", "premises"}
    if mention.state or mention.states:
        if mention.kind == "government":
            found |= {"state", "official"} if mention.role else {"state"}
        if mention.kind == "place":
            found |= {"state"}
        if mention.kind in {"individual", "staff", "security_service"}:
            found.add("national")  # "intelligence officers" are read as their service
        if mention.kind in {"security_service", "military", "police"}:
            found.add("state")
    if mention.kind in {"police", "security_service"}:
        found.add("police")
    return frozenset(found)


_VERB_ROLES = {"actor": ("subj", "by"), "target": ("obj",)}
_NOUN_ROLES = {"actor": ("by", "poss", "light", "gov", "mod"), "target": ("of", "against", "on", "at", "mod", "poss")}


_GENERAL = frozenset({"CD", "DT", "JJR", "NNPS", "PRP"})
"""Tags of words that take up whom or what was named before: "three", "both", "more", "the Chileans", "them"."""

_CORE, _LOOSE = frozenset({"obj", "on", "against", "of"}), frozenset({"at", "in", "inside", "near", "outside", "obj.of", "obj.at", "obj.in", "obj.on"})  # fmt: skip
"""Slots that say what is hit; slots that only say where, when one of those is filled."""

_ACTING = frozenset({"subj", "by", "poss", "mod", "light"})
"""Slots in which a place name stands for a government."""


LISTED = frozenset({"expulsion"})
"""Types told of in lists that name the verb once."""
LONGEST_LIST = 40
"""How many lines after the act a list of those who did the same may go on."""


def _each(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """One mention a state named."""
    return tuple({s: replace(m, state=s, states=()) for m in mentions for s in states(m)}.values())


def nobody(mention: Mention, doc: Doc) -> bool:
    """Whether a phrase names nobody: "no diplomat", "none of the staff"."""
    before = {t.lower_ for t in doc[max(0, mention.start - 2) : mention.start + 1]}
    return not before.isdisjoint(word_list("nobody"))


class Matcher:
    """Finds the frames of one page."""

    def __init__(self, page: Page, parties: Parties) -> None:
        self.page, self.parties = page, parties
        self._sentences: dict[int, Sentence] = {}
        self._slots: dict[int, Slots] = {}

    def sentence(self, token: int) -> Sentence:
        number = self.page.sentence_of(token)
        if number not in self._sentences:
            self._sentences[number] = Sentence(self.page.sentences[number])
        return self._sentences[number]

    def slots(self, token: Token) -> Slots:
        if token.i not in self._slots:
            self._slots[token.i] = slots(token)
        return self._slots[token.i]

    def hits(self) -> Iterator[Hit]:
        """All hits in text order, each frame's own and those that lean on one before: paid back in kind, told of in a list."""
        last: dict[str, Hit] = {}
        for token in self.page.doc:
            for kind, frame in _frames_of(token.lower_, token.tag_):
                hit = self.match(kind, frame, token)
                if hit and frame.kind == "mirror":
                    hit = self.mirrored(hit, last.get(kind))
                if hit:
                    yield hit
                    if hit.targets and not frame.kind:
                        last[kind] = hit
            if token.tag_ == "CD":
                for kind in sorted(LISTED & last.keys()):
                    gap = self.listed(token, last[kind])
                    if gap:
                        yield gap

    def mirrored(self, hit: Hit, before: Hit | None) -> Hit | None:
        """An act paid back: who was its target does the same to who did it ("Moscow replied in kind")."""
        if before is None or not before.actors or not hit.actors:
            return None
        answering = {s for m in hit.actors for s in states(m)}
        if not answering or answering.isdisjoint(s for m in before.targets for s in states(m)):
            return None
        return replace(hit, targets=before.actors, target_slot="mirrored")

    def listed(self, number: Token, before: Hit) -> Hit | None:
        """A further act of a list that leaves the verb out: "Prague threw out 18 Russians, and Moscow 20 Czechs", "Poland: 4"."""
        doc = self.page.doc
        at = number.i - 1
        mark = doc[at].text if at >= 0 else ""
        if mark in {"(", ":", "-", "–", "—", ","}:
            at -= 1
        acting = self.parties.at(at) if at > before.trigger else None
        if acting is None or acting.kind not in {"government", "place"} or acting.role or not states(acting):
            return None
        if mark in {"(", ":", "-", "–", "—"}:  # an item of a list
            if self.page.line_of(number.i) - self.page.line_of(before.trigger) > LONGEST_LIST:
                return None
            target = before.targets
        else:
            whom = next(
                (m for m in (self.parties.at(i) for i in (number.i + 1, number.i + 2) if i < len(doc)) if m), None
            )
            stop = doc[number.i + 1].tag_ if number.i + 1 < len(doc) else "."
            if self.page.sentence(number.i).start != self.page.sentence(before.trigger).start or any(
                is_verb(t) for t in (number.head, *doc[acting.start : number.i]) if t.i > before.trigger
            ):
                return None
            if whom is None and stop not in {",", ".", ":", "CC", "JJR"}:
                return None
            target = (whom,) if whom and states(whom) else before.targets
        if not set(states(acting)).isdisjoint(s for m in target for s in states(m)):
            return None
        return replace(
            before,
            trigger=number.i,
            words=(),
            actors=(acting,),
            targets=target,
            actor_slot="subj",
            target_slot="listed",
        )

    def match(self, kind: str, frame: Frame, token: Token) -> Hit | None:
        if frame.pos == "v" and not _verbal(token, self.sentence(token.i)):
            return None
        if frame.pos == "n" and (is_verb(token) or token.tag_[:1] not in {"N", "J", "V"}):
            return None
        sentence = self.sentence(token.i)
        words: list[int] = []
        for wanted in (frame.with_, frame.then):
            if wanted:
                found = [r for r in (sentence.find(p, token.i) for p in sentence.begun(wanted)) if r is not None]
                if wanted is frame.with_ and frame.links is not None:
                    found = [r for r in found if min(apart(token, self.page.doc[i]) for i in r) <= frame.links]
                if not found:
                    return None
                closest: range = min(found, key=lambda r: abs(r.start - token.i))
                words += closest
        if frame.not_ and sentence.holds(frame.not_, token.i, 8):
            return None
        if frame.about and not self.about(frame.about, token.i):
            return None
        bound = self.slots(token)
        if frame.kind == "suspect" and any(m.protected for t in bound.get("obj", ()) if (m := self.parties.at(t.i))):
            return None
        targets, target_slot = self.role(frame, "target", token, bound, words, ())
        if "target" in frame.want and not targets:
            targets = self.carried(frame, token, bound, words)
            target_slot = "carried" if targets else None
        if "target" in frame.want and not targets and _verbal(token, sentence) and frame.pos == "v":
            targets = self.beside(frame.want["target"], token)
            target_slot = "beside" if targets else None
        if "target" in frame.want and not targets and (frame.near or (not is_verb(token) and frame.pos == "v")):
            nearest = self.nearest(frame.want["target"], token)
            targets, target_slot = ((nearest,) if nearest else ()), "near"
        if frame.kind == "mutual" and not targets:
            both = _each(self.role(frame, "actor", token, bound, words, ())[0])
            if len(both) > 1:
                return Hit(frame, kind, token.i, tuple(words), both[:1], both[1:2], "subj", "subj", bound)
        if "target" in frame.want and not targets:
            return None
        if any(nobody(m, self.page.doc) for m in targets):
            return None
        actors, actor_slot = self.role(frame, "actor", token, bound, words, targets)
        if "actor" in frame.want and not actors:
            return None
        if frame.clash == "same_state":
            actors = tuple(m for m in actors if m.kind != "mission")
        if frame.clash in {"own", "foreign", "needs_order"} and not self.ordered(frame, token, targets):
            return None
        return Hit(frame, kind, token.i, tuple(words), actors, targets, actor_slot, target_slot, bound)

    def ordered(self, frame: Frame, token: Token, targets: tuple[Mention, ...]) -> bool:
        """Whether who orders the act, if somebody does, is whom the frame wants: "China ordered Vietnam to close its consulate"."""
        order = ordered_by(token)
        if frame.clash == "needs_order":
            return order is not None or self.foreign(token, targets)
        if frame.clash == "own" and any(t.lower_ == "own" for m in targets for t in self.page.doc[m.start : m.head]):
            return True
        said = {s for t in (orderers(order) if order else subjects(token)) for s in self.at(t)}
        hit = {s for m in targets for s in states(m)}
        if not said or not hit:
            return True
        return said.isdisjoint(hit) == (frame.clash == "foreign")

    def at(self, token: Token) -> tuple[str, ...]:
        """The states of the party at a token."""
        return states(self.parties.at(token.i))

    def foreign(self, token: Token, targets: tuple[Mention, ...]) -> bool:
        """Whether the subject is of no state that the targets are of."""
        doing = {s for t in subjects(token) for s in self.at(t)}
        return bool(doing) and doing.isdisjoint(s for m in targets for s in states(m))

    def about(self, what: str, token: int) -> bool:
        """Whether a diplomat, a mission or its property is spoken of: of words about acts anywhere, else close by."""
        if what in {"measures", "harms"}:
            return any(m.protected for m in self.parties.mentions)
        return any(m.protected for m in self.lately(token, NEAR))

    def lately(self, token: int, back: int) -> Iterator[Mention]:
        """The mentions of a token's sentence and of so many before it."""
        number = self.page.sentence_of(token)
        sentences = self.page.sentences
        return self.parties.within(sentences[max(number - back, 0)].start, sentences[number].end)

    def role(
        self, frame: Frame, role: str, token: Token, bound: Slots, words: list[int], taken: tuple[Mention, ...]
    ) -> tuple[tuple[Mention, ...], str | None]:
        """The mentions in the first of the role's slots that holds what the frame wants."""
        order = frame.actor if role == "actor" else frame.target
        if not order:
            order = (_VERB_ROLES if _verbal(token, self.sentence(token.i)) and frame.pos != "n" else _NOUN_ROLES)[role]
        want = frame.want.get(role)  # type: ignore[call-overload]
        hit_other = False
        for slot in order:
            found: list[Mention] = []
            if hit_other and slot in _LOOSE:
                continue
            for head in self.fillers(slot, token, bound, words):
                for mention in self.readings(head):
                    if any(mention.start == t.start and mention.end == t.end for t in (*taken, *found)):
                        continue
                    if want and classes(mention).isdisjoint(want):
                        continue
                    if role == "actor" and not want and mention.kind == "place" and slot not in _ACTING:
                        continue
                    found.append(mention)
                    break
            if found:
                return tuple(found), slot
            if want and slot in _CORE and role == "target":
                hit_other = any(
                    m and m.protected for h in self.fillers(slot, token, bound, words) for m in [self.parties.at(h.i)]
                )
        return (), None

    def carried(self, frame: Frame, token: Token, bound: Slots, words: list[int]) -> tuple[Mention, ...]:
        """Whom a role's general word stands for: "the two", "four Americans", "the compound", where what is wanted was named just before."""
        wanted = frozenset(frame.want["target"])
        nouns = (word_list("mission_people") if wanted & {"person", "staff", "envoy"} else frozenset()) | (
            word_list("mission_places") if wanted & {"mission", "premises"} else frozenset()
        )
        order = (
            frame.target
            or (_VERB_ROLES if _verbal(token, self.sentence(token.i)) and frame.pos != "n" else _NOUN_ROLES)["target"]
        )
        heads = [h for slot in order for h in self.fillers(slot, token, bound, words)]
        heads = [h for h in heads if self.bare(h)]
        if not any(
            h.tag_ in _GENERAL or lemma(h) in nouns or (h.tag_ == "NNP" and nouns >= word_list("mission_people"))
            for h in heads
        ):
            return ()
        fit = [m for m in self.lately(token.i, NEAR) if not classes(m).isdisjoint(wanted)]
        return tuple(fit[-1:])

    def beside(self, want: tuple[str, ...], token: Token) -> tuple[Mention, ...]:
        """What stands right after an active verb, or right before a passive one, where the parse has lost it."""
        doc, span = self.page.doc, self.page.sentence(token.i)
        if is_passive(token):
            at = token.i - 1
            while at > span.start and doc[at].tag_[:2] in {"VB", "RB", "MD"}:
                at -= 1
            near = [m for m in self.parties.within(span.start, at + 1) if m.end == at + 1]
        else:
            at = token.i + 1
            while at < span.end - 1 and (doc[at].tag_ in {"RP", "RB"} or doc[at].lower_ in word_list("verb_particles")):
                at += 1
            near = [m for m in self.parties.within(at, span.end) if m.start == at]
        fit = [m for m in near if not classes(m).isdisjoint(want)]
        return (max(fit, key=lambda m: m.end - m.start),) if fit else ()

    def bare(self, head: Token) -> bool:
        """Whether a name stands for a person of whom nothing else is known here."""
        mention = self.parties.at(head.i)
        return mention is None or (mention.kind == "individual" and not mention.state)

    def fillers(self, slot: str, token: Token, bound: Slots, words: list[int]) -> tuple[Token, ...]:
        """Head tokens in a slot. ``head.X``: of the governing verb; ``comp.X``: of the complement or the frame's other verb."""
        place, _, inner = slot.partition(".")
        if place == "head":
            verb = token
            while verb.head.i != verb.i and not is_verb(verb):
                verb = verb.head
            if not is_verb(verb):
                return ()
            if inner == "subj":
                return tuple(surface_subjects(verb)) if not is_passive(verb) else tuple(objects(verb))
            return self.slots(verb).get(inner, ())
        if place == "comp":
            verbs = [v for v in bound.get("comp", ()) if is_verb(v)] or [
                self.page.doc[i] for i in words if is_verb(self.page.doc[i])
            ]
            if inner == "subj":
                stated = (
                    *verbs,
                    *bound.get("comp", ()),
                )  # "declared two officials persona non grata" has no second verb
                return tuple(t for v in stated for t in children(v, "nsubj", "nsubjpass")) or tuple(
                    t for v in verbs for t in subjects(v)
                )
            return tuple(t for v in verbs for t in self.slots(v).get(inner, ()))
        if place == "obj" and inner:
            nouns = bound.get("obj", ())
            return bound.get(slot, ()) + tuple(t for n in nouns for t in self.slots(n).get(inner, ()))
        return bound.get(slot, ())

    def readings(self, head: Token) -> Iterator[Mention]:
        """The mention at a token, then those inside its phrase ("the walls of the embassy")."""
        here = self.parties.at(head.i)
        left, right = head.left_edge.i, min(head.right_edge.i + 1, head.i + 12)
        if here is None or not here.protected:
            employer = self.employer(head, right)
            if employer and here and not states(employer):
                yield replace(here, kind="staff", post=employer.post, protected=True, why="its people")
            elif employer and not (here and set(states(here)) - set(states(employer))):
                yield replace(
                    employer, start=left, end=head.i + 1, head=head.i, kind="staff", name=None, why="its people"
                )
        if here:
            yield here
        for mention in self.parties.within(left, right):
            if mention is not here:
                yield mention

    def employer(self, head: Token, right: int) -> Mention | None:
        """The mission whose people a noun names: "two officials of the High Commission", "a security guard" beside a mission."""
        word = lemma(head)
        if word in word_list("mission_people") or fold(word) in word_list("office_people"):
            for mission in self.parties.within(head.i + 1, min(right, head.i + 9)):
                if mission.kind == "mission" and self.page.doc[head.i + 1].lower_ in word_list("serving_at"):
                    return mission
        if word in word_list("household"):
            near = [m for m in self.lately(head.i, 1) if m.kind == "mission" and m.protected]
            return near[-1] if near else None
        return None

    def nearest(self, want: tuple[str, ...], token: Token) -> Mention | None:
        """The nearest mention of the sentence that is what is wanted, after the trigger before before it."""
        span = self.page.sentence(token.i)
        fit = [m for m in self.parties.within(span.start, span.end) if not classes(m).isdisjoint(want)]
        return min(fit, key=lambda m: m.head - token.i if m.head > token.i else (token.i - m.head) * 1.5, default=None)

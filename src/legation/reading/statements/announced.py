"""Statements announced by words: verbs with what they take, "according to", nouns, idioms, hedges.

The tree gives the places; windows of tokens stand in where the parse is broken.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from legation.reading.statements.cues import Place, VerbCue, load_cues
from legation.reading.statements.quotes import Quote
from legation.reading.statements.subjects import Subjects
from legation.reading.statements.tokens import FINITE, Range, Tokens
from legation.reading.statements.who import Phrases, Who
from legation.schema import Stance


@dataclass(slots=True, eq=False)
class Draft:
    """A statement being found.

    `speakers` are head tokens of noun phrases; `same` is a draft whose speaker it shares; `clause` are the words that announce.
    `author`: a paper speaks ("the statement said"), so whoever of weight spoke last. `quotable`: may announce a quotation. `narrated`:
    only tells that an act of speech took place. `label`: `clause` is a name that labels the words ("MS. CLARKE:"). `relay`: head token
    of the outlet that carries the words. `echo`: words of somebody the article names better elsewhere. `who`: filled in by naming.
    """

    cue: int | None
    stance: Stance
    clause: Range
    content: list[Range] = field(default_factory=list)
    speakers: list[int] = field(default_factory=list)
    same: "Draft | None" = None
    author: bool = False
    quotable: bool = False
    quoted: bool = False
    factive: bool = False
    hedge: bool = False
    narrated: bool = False
    echo: bool = False
    label: bool = False
    relay: int | None = None
    who: list[Who] = field(default_factory=list)

    @property
    def anchor(self) -> int:
        """The token that stands for the statement in the text: its cue, else its first word."""
        return self.content[0][0] if self.cue is None else self.cue

    def add(self, *spans: Range) -> None:
        """More content."""
        self.content = sorted({*self.content, *spans})

    def covers(self, token: int) -> bool:
        """Whether a token stands in the content."""
        return any(start <= token < end for start, end in self.content)


_BEFORE_COMMENT = frozenset([",", "-", "–", "—", "--", '"', "''", "'", "?", "!", ";"])
_OPENS_CLAUSE = frozenset(["DT", "PRP", "PRP$", "NNP", "NNPS", "NNS", "NN", "JJ", "EX", "CD", "``"])
_RELATIVE = frozenset(["WP", "WDT", "PRP"])


class Announcements:
    """One pass over a page. `drafts` are the statements; `by_cue` has also the verbs that only a quotation can complete."""

    def __init__(self, tokens: Tokens, phrases: Phrases, quotes: list[Quote]) -> None:
        self.t, self.phrases, self.quotes = tokens, phrases, quotes
        self.cues = load_cues()
        self.subjects = Subjects(tokens, self.cues, phrases)
        self.in_quote = {i: quote for quote in quotes if quote.speech for i in range(quote.start, quote.end)}
        self.drafts: list[Draft] = []
        self.by_cue: dict[int, Draft] = {}

    def find(self) -> None:
        """Fill `drafts` and `by_cue`, in the order of the text."""
        lower = self.t.lower
        for index, word in enumerate(lower):
            if (verb := self.cues.verbs.get(word)) is not None and self._is_verb(index):
                self._verb(index, verb)
            elif word in self.cues.idioms:
                self._idiom(index, word)
            elif word == "according" and lower[index + 1 : index + 2] == ["to"]:
                self._according(index)
            elif word in self.phrases.w.hedges:
                self.keep(Draft(index, "alleges", (index, index + 1), [self.t.subtree(self.t.head[index])], hedge=True))
            elif word in self.cues.nouns and self.t.tag[index][:2] == "NN":
                self._noun(index)

    def keep(self, draft: Draft) -> None:
        """A statement, once."""
        if draft not in self.drafts:
            self.drafts.append(draft)

    def said_by(self, draft: Draft, subject: int | None) -> None:
        """Set who speaks: the conjuncts of `subject`, or the author of "the statement"."""
        if subject is None:
            return
        t = self.t
        noun = self.cues.nouns.get(t.lower[subject])
        if noun is None or not noun.author or t.tag[subject][:3] == "NNP":
            draft.speakers = [subject] if self.phrases.leads(subject) else self.subjects.conjuncts(subject)
            return
        author = self.subjects.author(subject)
        if author is not None:
            draft.speakers = [author]
        elif any(t.lower[k] in {"the", "this", "its", "a"} for k in t.kids[subject]):
            draft.author = True
        else:
            draft.speakers, draft.narrated = [subject], True

    # -- verbs -------------------------------------------------------------------------------------------------------

    def _is_verb(self, index: int) -> bool:
        t = self.t
        if t.tag[index][0] == "V":
            return t.dep[index] not in {"amod", "compound"}
        clause = t.dep[index] in {"ROOT", "ccomp", "parataxis", "conj", "relcl", "advcl"}
        return (clause and t.kid(index, "nsubj", "nsubjpass") is not None) or self.subjects.trailing(index) is not None

    def _verb(self, index: int, verb: VerbCue) -> None:
        t = self.t
        quoting = self.cues.lemmas[t.lower[index]] in self.phrases.w.quoting
        participle = t.tag[index] == "VBN" and t.kid(index, "aux") is None
        passive = t.tag[index] == "VBN" and t.kid(index, "auxpass") is not None
        by_agent = passive or (participle and t.dep[index] in {"acl", "advcl", "relcl"})
        if by_agent and quoting:
            if passive:
                self._quoted_as_saying(index)
            return
        if by_agent:
            agent = t.kid(index, "agent")
            subject = None if agent is None else t.kid(agent, "pobj")
            if subject is None and passive and verb.hedges:
                self._hedged(index)
            if subject is None or (passive and not verb.reports):
                return
        else:
            subject = t.kid(index, "dobj") if quoting else self.subjects.of(index)
            if subject is None and (quoting or (t.tag[index] == "VBD" and t.dep[index] in {"acl", "amod"})):
                return
            if verb.transitive and not participle and not self._has_object(index, verb):
                return
        if self._silent(subject) or self._unsaid(index, verb, subject, passive):
            return
        clause = self._clause(index, verb, subject)
        spans, places = self._content(index, verb, clause, subject)
        told = t.kid(index, "nsubjpass") if passive and not spans and not verb.listener else None
        if told is not None and t.tag[told] not in _RELATIVE:
            spans = [t.subtree(told)]
        draft = Draft(index, verb.stance, clause, spans, quotable="quote" in verb.takes, factive=verb.factive)
        draft.narrated = self._narrated(index, verb, subject, places)
        told_to = self._outlet_told(index)
        draft.relay = self._outlet_quoting(index, subject) if told_to is None else told_to
        self.said_by(draft, subject)
        if quoting:
            self._relay_of(draft, index)
        self.by_cue[index] = draft
        if spans and not (verb.listener and places == {"to"} and self._told_nobody(index, spans)):
            self.keep(draft)

    def _silent(self, subject: int | None) -> bool:
        """Whether a subject can have no words ("figures show")."""
        return subject is not None and not self.phrases.speaks(subject) and self.t.lower[subject] not in self.cues.nouns

    def _told_nobody(self, index: int, spans: list[Range]) -> bool:
        """ "Ten diplomats told to leave": a passive without its auxiliary."""
        t = self.t
        return t.kid(index, "dobj") is None and not any(t.dep[k] == "nsubj" for span in spans for k in range(*span))

    def _narrated(self, index: int, verb: VerbCue, subject: int | None, places: set[Place]) -> bool:
        """Whether only an act of speech is told: by the cue's places, a reporter's question, a crowd's calls."""
        if subject is None:
            return bool(places) and places <= verb.narrates
        asks = verb.stance == "asks" and self.t.lower[subject].removesuffix("s") in self.phrases.w.askers
        mention = self.phrases.parties.at(subject)
        crowd = mention is not None and mention.kind == "crowd"
        calls = crowd and (bool(places & {"plea", "for"}) or self.t.tag[index] == "VBG")
        return (bool(places) and places <= verb.narrates) or asks or calls

    def _unsaid(self, index: int, verb: VerbCue, subject: int | None, passive: bool) -> bool:
        """Words that were not said: "would not say", "to tell her", "should reply", "no group claimed", "must be confirmed by"."""
        t = self.t
        kids = t.kids[index]
        if passive:
            return any(t.tag[k] in {"MD", "TO"} for k in kids)
        if subject is not None and any(t.lower[k] in {"no", "neither"} for k in t.kids[subject]):
            return True
        joined = t.kids[t.head[index]] if t.dep[index] == "conj" else []
        if any(t.lower[k] in {"neither", "nor"} for k in (*kids, *joined)):
            return True
        if verb.stance != "denies" and any(t.dep[k] == "neg" for k in kids):
            return True
        if t.tag[index] != "VB" or t.lower[t.head[index]] in self.phrases.w.aspect:
            return False
        helped = any(t.lower[k] in {"do", "does", "did"} for k in kids)
        return (not helped and t.dep[index] not in {"ROOT", "conj"}) or any(t.tag[k] in {"MD", "TO"} for k in kids)

    def _has_object(self, index: int, verb: VerbCue) -> bool:
        """Whether a transitive verb has its object; "Israel condemned for" in a headline is a passive without its auxiliary."""
        t = self.t
        if t.kid(index, "dobj", "ccomp", "oprd", "xcomp") is not None:
            return True
        takes = {*verb.takes, "on"} if "plea" in verb.takes else verb.takes
        return any(t.dep[k] == "prep" and t.lower[k] in takes for k in t.kids[index])

    def _clause(self, index: int, verb: VerbCue, subject: int | None) -> Range:
        """The words that announce: verb, subject beside it, and whatever else of the verb's is not content."""
        t = self.t
        start, end = index, index + 1
        for kid in t.kids[index]:
            dep = t.dep[kid]
            if kid < index:
                lost = subject is None and dep in {"nsubj", "nsubjpass"}
                if lost or kid == subject or dep in {"aux", "neg", "auxpass"}:
                    start = min(start, t.left(kid))
                continue
            beside = dep in {"prep", "advmod"} and t.lower[kid] not in verb.takes and t.lower[kid] != "as"
            if beside:
                inner = range(kid, t.right(kid))
                end = max(end, next((k for k in inner if t.dep[k] == "mark" or t.tag[k] in FINITE), t.right(kid)))
            elif (
                kid == subject
                or (dep == "dobj" and verb.listener)
                or dep in {"nsubj", "npadvmod", "dative", "prt", "agent"}
            ):
                end = max(end, t.right(kid))
            elif dep != "punct":
                break
        near = subject is not None and (index - subject < 4 or t.text[index - 1] == ",")
        if subject is not None and subject < start and t.head[subject] != index and near:
            start = self.phrases.start(self._named(subject))
        mark = next((k for k in range(index + 1, end) if t.text[k] in {'"', "''"}), end)
        return start, mark

    def _named(self, name: int) -> int:
        """The noun that a name in apposition belongs to: "the envoy at the UN, Omar Hilale" """
        t = self.t
        if t.dep[name] != "appos" or t.head[name] > name:
            return name
        noun = t.head[name]
        while t.dep[noun] == "pobj" and t.tag[t.head[t.head[noun]]][0] == "N":
            noun = t.head[t.head[noun]]
        return noun

    # -- where the words stand ---------------------------------------------------------------------------------------

    def _content(self, index: int, verb: VerbCue, clause: Range, subject: int | None) -> tuple[list[Range], set[Place]]:
        """Where the words stand, and in which places of the cue."""
        t = self.t
        taken = [
            (place, span)
            for place, span in self._places(index, verb, subject)
            if place in verb.takes and verb.never.isdisjoint(t.lower[span[0] : min(span[1], span[0] + 12)])
        ]
        found = [span for _, span in taken]
        places = {place for place, _ in taken}
        what = t.kid(index, "dobj")
        if not found and "predicate" in verb.takes and what is not None and t.lower[what] == "what":
            found, places = [(clause[1], t.right(index))], {"predicate"}
        if not found and "that" in verb.takes and subject is not None and t.tag[index] not in {"VBG", "VB"}:
            found = self._comment(index, verb, clause, subject)
            places = {"that"} if found else set()
        pieces = [piece for span in found for piece in without(self._inside(index, span), clause)]
        return sorted(piece for piece in pieces if piece[1] > piece[0]), places

    def _places(self, index: int, verb: VerbCue, subject: int | None) -> Iterator[tuple[Place, Range]]:
        """What the verb governs, by place."""
        t = self.t
        has_object = False
        for kid in t.kids[index]:
            dep, span, word = t.dep[kid], t.subtree(kid), t.lower[kid]
            if dep in {"ccomp", "parataxis"} or (dep == "advcl" and t.lower[span[0]] == "that"):
                if (place := self._of_clause(kid, index, verb)) is not None:
                    yield place, span
            elif dep == "xcomp":
                yield "to" if t.infinitive(kid) else "object" if self._gerund(kid) else "predicate", span
            elif dep == "oprd" and t.tag[kid] not in {"RB", "NNP"}:
                yield "predicate", span
            elif dep == "dobj":
                has_object = has_object or kid != subject
                called = next((k for k in t.kids[kid] if t.lower[k] == "as" and t.dep[k] == "prep"), None)
                if called is not None:
                    yield "predicate", t.subtree(called)
                person = t.tag[kid] == "PRP" and word != "it"
                if kid != subject and not verb.listener and not person and (not verb.objects or word in verb.objects):
                    yield "object", span
            elif dep == "prep" and kid > index:
                if word == "as":
                    yield "predicate", span
                elif (
                    word == "on" and "plea" in verb.takes and any(t.tag[k] == "TO" for k in range(kid, t.right(index)))
                ):
                    yield "plea", (kid, t.right(index))
                elif word in verb.takes and word != "to" and not (has_object and verb.transitive and word == "for"):
                    yield word, span

    def _of_clause(self, kid: int, index: int, verb: VerbCue) -> Place | None:
        """The place of a clausal complement."""
        t = self.t
        first = t.left(kid)
        if t.infinitive(kid):
            return "to"
        if t.tag[first] in {"WRB", "WP", "WDT"} or t.lower[first] in {"whether", "if"}:
            return "question" if "question" in verb.takes else "that"
        if t.finite(kid) or (kid < index and t.kid(kid, "nsubj") is not None):
            return "that"
        if self._gerund(kid):
            return "object"
        return "predicate" if kid > index else None

    def _gerund(self, kid: int) -> bool:
        return "VBG" in {self.t.tag[kid], self.t.tag[self.t.left(kid)]}

    def _inside(self, index: int, span: Range) -> Range:
        """A span cut to the quotation its cue stands in."""
        quote = self.in_quote.get(index)
        return (max(span[0], quote.start), min(span[1], quote.end)) if quote else span

    def _comment(self, index: int, verb: VerbCue, clause: Range, subject: int) -> list[Range]:
        """Content of a clause that comments on its sentence ("…, said X", "X, he said, …", "as X said"), or that the parse lost."""
        t = self.t
        first, end = self._inside(index, (t.first[index], t.end[index]))
        start, stop = clause
        has_object = any(t.dep[k] == "dobj" and k != subject for k in t.kids[index]) and not verb.listener
        if has_object or t.kid(index, "xcomp") is not None:
            return []
        rest = (stop + 1, end) if stop < end and t.text[stop] == "," else (end, end)
        if start > first and t.lower[start - 1] == "as":
            return [r for r in ((first, start - 1), (stop, end)) if r[1] - r[0] > 2] if verb.inverts else []
        follows = start > first + 1 and t.text[start - 1] in _BEFORE_COMMENT and t.dep[index] != "relcl"
        if follows and (start - first > 3 or rest[1] > rest[0]):
            if not (verb.inverts or verb.listener or stop - index == 1):
                return []
            opens = t.text[start - 1] == '"' and any(q.start == start for q in self.quotes)
            said = t.text[start - 1] in {'"', "'", "''"} or rest[1] > rest[0]
            said = said or any(t.tag[k] in FINITE for k in range(first, start - 1))
            return [r for r in ((first, start - 1), rest) if r[1] - r[0] > 1] if said and not opens else []
        if not (verb.inverts or verb.listener) or (t.tag[index] == "VBN" and t.kid(index, "aux") is None):
            return []
        near = range(index + 1, min(end, index + 16))
        that = next((k for k in near if t.lower[k] == "that" and t.dep[k] == "mark"), None)
        begin = stop if that is None else that
        opened = begin < end and (that is not None or t.tag[begin] in _OPENS_CLAUSE)
        return [(begin, end)] if opened and any(t.tag[k] in FINITE for k in range(begin, end)) else []

    # -- outlets that carry the words --------------------------------------------------------------------------------

    def _outlet_told(self, index: int) -> int | None:
        """The outlet that words were spoken to or carried by: "told AFP", "said in an interview with CNN", "quoted by Kyodo"."""
        t = self.t
        for kid in t.kids[index]:
            if t.dep[kid] in {"dobj", "dative"} and self.phrases.is_outlet(kid):
                return kid
            if t.dep[kid] in {"prep", "agent", "advcl", "dative"} and kid > index:
                for below in range(kid + 1, t.right(kid)):
                    if self.phrases.is_outlet(below):
                        return below
        return None

    def _outlet_quoting(self, index: int, subject: int | None) -> int | None:
        """The outlet of "Interfax quoted X as saying", "a source quoted by Interfax said"."""
        t = self.t
        over = t.head[t.head[index]] if t.dep[index] == "pcomp" else t.head[index]
        if self.cues.lemmas.get(t.lower[over]) in self.phrases.w.quoting and over != index:
            outlet = t.kid(over, "nsubj")
            return outlet if outlet is not None and self.phrases.is_outlet(outlet) else None
        for kid in t.kids[subject] if subject is not None else []:
            if t.dep[kid] == "acl" and self.cues.lemmas.get(t.lower[kid]) in self.phrases.w.quoting:
                return next((k for k in range(kid, t.right(kid)) if self.phrases.is_outlet(k)), None)
        return None

    def _relay_of(self, draft: Draft, index: int) -> None:
        """ "The agency reported …, quoting X": what it reported are the words of X."""
        outlet = self.subjects.of(index)
        if outlet is None:
            return
        draft.relay = outlet
        reported = self.by_cue.get(self.t.head[index])
        if reported is not None and not draft.content:
            draft.add(*reported.content)
            reported.speakers, reported.relay = draft.speakers, outlet

    def _quoted_as_saying(self, index: int) -> None:
        """ "…, officials were quoted as saying by Kyodo": the words stand before; after "saying" they are that verb's own."""
        t = self.t
        subject = self.subjects.of(index)
        if subject is None:
            return
        start, first = self.phrases.start(subject), t.first[index]
        if start > first + 2 and t.text[start - 1] in _BEFORE_COMMENT:
            draft = Draft(index, "asserts", (start, index + 1), [(first, start - 1)], relay=self._outlet_told(index))
            self.said_by(draft, subject)
            self.keep(draft)

    # -- other announcements -----------------------------------------------------------------------------------------

    def _hedged(self, index: int) -> None:
        """ "is said to have", "it is believed that": a claim of nobody named."""
        t = self.t
        kid = t.kid(index, "xcomp", "ccomp", "oprd")
        if kid is None:
            return
        subject = t.kid(index, "nsubjpass", "nsubj")
        empty = subject is None or t.lower[subject] in {"it", "who", "which", "that"}
        start = t.left(kid) if subject is None or empty else t.left(subject)
        content = [(start, index), (index + 1, t.right(kid))] if start < index else [t.subtree(kid)]
        self.keep(Draft(index, "alleges", (index, index + 1), content, hedge=True))

    def _idiom(self, index: int, word: str) -> None:
        """ "Tehran let it be known that …", "the minister made clear that …"."""
        t = self.t
        that = index + 1
        if that >= t.end[index] or t.lower[that] not in {"that", "whether"}:
            return
        for words in self.cues.idioms[word]:
            begin = index - len(words) + 1
            here = t.lower[max(begin, 0) : index + 1]
            if len(here) == len(words) and all(w in {"*", h} for w, h in zip(words, here, strict=True)):
                subject = self.subjects.of(begin)
                if subject is not None:
                    draft = Draft(index, "asserts", (min(t.left(subject), begin), that), [(that, t.end[index])])
                    self.said_by(draft, subject)
                    self.keep(draft)
                return

    def _according(self, index: int) -> None:
        t = self.t
        first, end = t.first[index], t.end[index]
        comma = next((k for k in range(index + 2, end) if t.text[k] in {",", ".", "-", "—", "–"}), end)
        name = t.kid(index + 1, "pobj")
        if name is None or name > comma:
            near = range(index + 2, comma)
            base = next((k for k in near if t.tag[k] in {"IN", "TO", "CC"} or t.tag[k] in FINITE), comma)
            name = next((k for k in reversed(range(index + 2, base)) if t.tag[k][0] in "NP"), None)
        if name is None:
            return
        stop = max(t.right(name), index + 2)
        stop = min(stop, max(comma, name + 1)) if first == index else stop
        spans = [self._inside(index, r) for r in ((first, index), (stop, end)) if r[1] - r[0] > 1]
        draft = Draft(index, "asserts", (index, stop), spans)
        self.said_by(draft, name)
        if draft.content:
            self.keep(draft)

    def _noun(self, index: int) -> None:
        """ "X's claim that …", "the allegation that …": words named by a noun, inside somebody's sentence."""
        t = self.t
        for kid in t.kids[index]:
            if kid > index and t.dep[kid] in {"ccomp", "acl"} and t.lower[t.left(kid)] == "that" and t.finite(kid):
                author = self.subjects.author(index)
                draft = Draft(index, self.cues.nouns[t.lower[index]].stance, (index, index + 1), [t.subtree(kid)])
                draft.hedge = author is None
                draft.narrated = author is None or draft.stance not in {"alleges", "accuses", "denies"}
                draft.speakers = [] if author is None else [author]
                self.keep(draft)
                return


def without(span: Range, hole: Range) -> Iterator[Range]:
    """`span` less the tokens of `hole`."""
    if hole[1] <= span[0] or hole[0] >= span[1]:
        yield span
        return
    if span[0] < hole[0]:
        yield span[0], hole[0]
    if hole[1] < span[1]:
        yield hole[1], span[1]


def size(content: list[Range] | tuple[Range, ...]) -> int:
    """Tokens in all."""
    return sum(end - start for start, end in content)

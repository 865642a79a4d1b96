"""Who says what in an article.

`find_statements` reads a page once for each way news tells of words: verbs with a clause, an infinitive, an object or a
predicate; "according to"; nouns ("the claim that"); hedges ("reportedly", "is said to"); labels ("Zakharova: …"); and
quotation marks, which join a statement found before, find a speaker beside them, or carry the last one over. Then speakers
are named, statements nested, and agencies that only relay told from speakers. The tree gives the places; windows of tokens
and quotation marks stand in where the parse is broken.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from legation.reading.cues import Cues, Place, VerbCue, load_cues
from legation.reading.page import Mention, Page, Parties
from legation.reading.quotes import Quote, find_quotes
from legation.reading.speakers import Namer, Range, Tokens, Who
from legation.schema import Speaker, Stance, Statement


@dataclass(frozen=True, slots=True)
class Voiced:
    """A statement with the tokens it was read from.

    `content` holds token ranges [start, end); `cue` is the token that announces them (None for a bare quotation); `speaker` the
    party mention of who speaks, where there is one. `denial`: the speaker says that the content is not so. `factive`: the article
    itself presupposes the content ("noted", "recalled that"). `hedge`: nobody is named ("reportedly"). `parent`: index of the
    statement this one is told inside of. `own`: the article itself (or an outlet it relays) gives these words as this speaker's;
    false for words inside another's words and for speech acts merely narrated ("asked Russia to …").
    """

    statement: Statement
    content: tuple[Range, ...]
    speaker: Mention | None = None
    cue: int | None = None
    stance: Stance = "asserts"
    quoted: bool = False
    denial: bool = False
    factive: bool = False
    hedge: bool = False
    parent: int | None = None
    own: bool = True
    relayed_by: str | None = None

    def covers(self, token: int) -> bool:
        """Whether a token stands in the content."""
        return any(start <= token < end for start, end in self.content)


def find_statements(page: Page, parties: Parties) -> tuple[Voiced, ...]:
    """All statements of a page, in the order in which they are announced."""
    finder = _Finder(page, parties)
    return _voice(finder, sorted(finder.run(), key=lambda d: (d.clause, d.content)))


def told(voiced: tuple[Voiced, ...]) -> tuple[Voiced, ...]:
    """Those that go on the record: the article's own, not words inside another's words nor acts of speech merely narrated."""
    return tuple(v for v in voiced if v.own)


def place_of(voiced: tuple[Voiced, ...], one: Voiced) -> int | None:
    """Index in `told` of a statement, or of the statement it is told inside of."""
    seen: Voiced | None = one
    while seen is not None and not seen.own:
        seen = voiced[seen.parent] if seen.parent is not None else None
    return told(voiced).index(seen) if seen is not None else None


def claimants_over(voiced: tuple[Voiced, ...], token: int) -> list[Voiced]:
    """The statements whose content covers a token, innermost first."""
    return sorted((v for v in voiced if v.covers(token)), key=lambda v: _size(v.content))


def _size(content: tuple[Range, ...] | list[Range]) -> int:
    return sum(end - start for start, end in content)


@dataclass(slots=True, eq=False)
class _Draft:
    """A statement being found. `speakers` are head tokens; `same` a draft whose speaker it shares; `clause` the words that announce."""

    cue: int | None
    stance: Stance
    clause: Range
    content: list[Range] = field(default_factory=list)
    speakers: list[int] = field(default_factory=list)
    same: "_Draft | None" = None
    author: bool = False  # "the statement said": whoever of weight spoke last
    quotable: bool = False
    quoted: bool = False
    factive: bool = False
    hedge: bool = False
    narrated: bool = False
    echo: bool = False  # a headline's words of somebody the article names better below
    label: bool = False  # `clause` is a label: "MS. CLARKE:"
    relay: int | None = None  # head token of the outlet that carries the words
    who: list[Who] = field(default_factory=list)

    def add(self, *spans: Range) -> None:
        self.content = sorted({*self.content, *spans})


_BEFORE_COMMENT = frozenset([",", "-", "–", "—", "--", '"', "''", "'", "?", "!", ";"])
_FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])
_OPENS_CLAUSE = frozenset(["DT", "PRP", "PRP$", "NNP", "NNPS", "NNS", "NN", "JJ", "EX", "CD", "``"])
_RELATIVE = frozenset(["WP", "WDT"])
_QUOTING = frozenset(["quote", "cite"])
_HEDGES = frozenset(["reportedly", "allegedly", "purportedly", "supposedly"])


class _Finder:
    """One pass over a page; `drafts` are the statements, `waiting` the cues that only a quotation can complete."""

    def __init__(self, page: Page, parties: Parties) -> None:
        self.page, self.parties = page, parties
        self.t = Tokens.of(page)
        self.cues: Cues = load_cues()
        self.namer = Namer(page, parties, self.t)
        self.quotes = find_quotes(page, self.t.text, self.t.tag)
        self.in_quote = {i: quote for quote in self.quotes if quote.speech for i in range(quote.start, quote.end)}
        self.namer.quoted = set(self.in_quote)
        self.drafts: list[_Draft] = []
        self.by_cue: dict[int, _Draft] = {}

    def run(self) -> list[_Draft]:
        """All statements of the page."""
        lower = self.t.lower
        for index, word in enumerate(lower):
            verb = self.cues.verbs.get(word)
            if verb and self._is_verb(index):
                self._verb(index, verb)
            elif word in self.cues.idioms and (begin := self._idiom(index, word)) is not None:
                self._idiomatic(index, begin)
            elif word == "according" and lower[index + 1 : index + 2] == ["to"]:
                self._according(index)
            elif word in _HEDGES:
                head = self.t.head[index]
                self._keep(_Draft(index, "alleges", (index, index + 1), [self.t.subtree(head)], hedge=True))
            elif word in self.cues.nouns and self.t.tag[index][:2] == "NN":
                self._noun(index)
        self._labels()
        self._tweets()
        for quote in self.quotes:
            self._quotation(quote)
        return self.drafts

    def _keep(self, draft: _Draft) -> _Draft:
        if draft not in self.drafts:
            self.drafts.append(draft)
        return draft

    # -- verbs -------------------------------------------------------------------------------------------------------

    def _is_verb(self, index: int) -> bool:
        t = self.t
        if t.tag[index][0] == "V":
            return t.dep[index] not in {"amod", "compound"}
        if (
            t.dep[index] in {"ROOT", "ccomp", "parataxis", "conj", "relcl", "advcl"}
            and t.kid(index, "nsubj", "nsubjpass") is not None
        ):
            return True
        return self._trailing(index) is not None

    def _trailing(self, index: int) -> int | None:
        """Head of the noun phrase in "…, NP reports." where the tagger took the verb for a noun."""
        t = self.t
        verb = self.cues.verbs.get(t.lower[index])
        if (
            verb is None
            or not verb.inverts
            or index + 1 >= t.end[index]
            or t.text[index + 1] not in {".", '"'}
            or not (t.tag[index - 1][:2] == "NN" or t.text[index - 1].isupper())
        ):
            return None
        at = index - 1
        while at > t.first[index] and t.tag[at][:2] in {"NN", "JJ", "DT", "CD", "PO"}:
            at -= 1
        return index - 1 if t.text[at] == "," else None

    def _verb(self, index: int, verb: VerbCue) -> None:
        t = self.t
        participle = t.tag[index] == "VBN" and t.kid(index, "aux") is None
        passive = t.tag[index] == "VBN" and t.kid(index, "auxpass") is not None
        lemma = self.cues.lemmas[t.lower[index]]
        if passive or (participle and t.dep[index] in {"acl", "advcl", "relcl"}):
            if lemma in _QUOTING:
                if passive:
                    self._quoted_as_saying(index)
                return
            agent = t.kid(index, "agent")
            by = None if agent is None else t.kid(agent, "pobj")
            if by is None:
                if passive and verb.hedges:
                    self._hedged(index)
                return
            subject: int | None = by
        elif lemma in _QUOTING:
            subject = t.kid(index, "dobj")
            if subject is None or not self.namer.speaks(subject):
                return
        else:
            subject = self._subject(index)
        if t.tag[index] == "VBD" and t.dep[index] in {"acl", "amod"} and subject is None:
            return
        clause = self._clause(index, verb, subject)
        if passive and (not verb.reports or any(t.tag[k] in {"MD", "TO"} for k in t.kids[index])):
            return
        if subject is not None and not self.namer.speaks(subject) and t.lower[subject] not in self.cues.nouns:
            return
        if not passive and self._unsaid(index, verb, subject):
            return
        if (
            verb.transitive
            and not passive
            and not participle
            and not self._has_object(index, verb.takes | ({"on"} if "plea" in verb.takes else set()))
        ):
            return
        spans, places = self._content(index, verb, clause, subject)
        told = t.kid(index, "nsubjpass") if passive and not spans and not verb.listener else None
        if told is not None and t.tag[told] not in _RELATIVE | {"PRP"}:
            spans = [t.subtree(told)]
        draft = _Draft(index, verb.stance, clause, spans, quotable="quote" in verb.takes, factive=verb.factive)
        draft.narrated = bool(places) and places <= verb.narrates
        draft.relay = self._outlet_told(index)
        if draft.relay is None:
            draft.relay = self._outlet_quoting(index, subject)
        self._say_by(draft, index, subject, lemma)
        if verb.stance == "asks" and subject is not None and t.lower[subject].removesuffix("s") in self.namer.w.askers:
            draft.narrated = True
        if (
            (places & {"plea", "for"} or t.tag[index] == "VBG")
            and subject is not None
            and (crowd := self.parties.at(subject)) is not None
            and crowd.kind == "crowd"
        ):
            draft.narrated = True
        self.by_cue[index] = draft
        if (
            verb.listener
            and places == {"to"}
            and t.kid(index, "dobj") is None
            and not any(t.dep[k] == "nsubj" for s in spans for k in range(*s))
        ):
            return
        if spans:
            self._keep(draft)

    def _quoted_as_saying(self, index: int) -> None:
        """ "…, officials were quoted as saying by Kyodo": the words stand before; after "saying" they are that verb's own."""
        t = self.t
        subject = self._subject(index)
        if subject is None or self._infinitive(index):
            return
        start = self.namer.start(subject)
        first = t.first[index]
        if start > first + 2 and t.text[start - 1] in _BEFORE_COMMENT:
            draft = _Draft(index, "asserts", (start, index + 1), [(first, start - 1)], relay=self._outlet_told(index))
            self._say_by(draft, index, subject, "")
            self._keep(draft)

    def _unsaid(self, index: int, verb: VerbCue, subject: int | None) -> bool:
        """Words that were not said: "would not say", "to tell her", "should reply", "no group claimed"."""
        t = self.t
        kids = t.kids[index]
        if subject is not None and any(t.lower[k] in {"no", "neither"} for k in t.kids[subject]):
            return True
        joined = t.kids[t.head[index]] if t.dep[index] == "conj" else []
        if any(t.lower[k] in {"neither", "nor"} for k in (*kids, *joined)):
            return True
        if verb.stance != "denies" and any(t.dep[k] == "neg" for k in kids):
            return True
        if t.tag[index] == "VB":
            helped = any(t.lower[k] in {"do", "does", "did"} for k in kids)
            governor = t.lower[t.head[index]]
            if governor in {"used", "went", "goes", "continue", "continued", "continues", "began", "came", "come"}:
                return False
            return (not helped and t.dep[index] not in {"ROOT", "conj"}) or any(t.tag[k] in {"MD", "TO"} for k in kids)
        return False

    def _idiom(self, index: int, word: str) -> int | None:
        """First token of an idiom that ends here ("let it be known")."""
        for words in self.cues.idioms[word]:
            start = index - len(words) + 1
            if start >= 0 and all(
                w in {"*", here} for w, here in zip(words, self.t.lower[start : index + 1], strict=True)
            ):
                return start
        return None

    def _idiomatic(self, index: int, begin: int) -> None:
        """ "Tehran let it be known that …", "the minister made clear that …"."""
        t = self.t
        subject = self._subject(begin)
        that = index + 1
        if subject is None or that >= t.end[index] or t.lower[that] not in {"that", "whether"}:
            return
        draft = _Draft(index, "asserts", (min(t.left(subject), begin), that), [(that, t.end[index])])
        self._say_by(draft, begin, subject, "")
        self._keep(draft)

    def _has_object(self, index: int, takes: frozenset[Place]) -> bool:
        """Whether a transitive verb has its object; "Israel condemned for" in a headline is a passive without its auxiliary."""
        t = self.t
        if t.kid(index, "dobj", "ccomp", "oprd", "xcomp") is not None:
            return True
        return any(t.dep[k] == "prep" and t.lower[k] in takes for k in t.kids[index])

    def _say_by(self, draft: _Draft, index: int, subject: int | None, lemma: str) -> None:
        """Set who speaks: the conjuncts of `subject`, the author of "the statement", or whom an outlet quotes."""
        if subject is None:
            return
        t = self.t
        noun = self.cues.nouns.get(t.lower[subject])
        if noun and noun.author and t.tag[subject][:3] != "NNP":
            author = self._author(subject)
            named = author is not None or not any(t.lower[k] in {"the", "this", "its", "a"} for k in t.kids[subject])
            draft.speakers, draft.author = ([subject if author is None else author], False) if named else ([], True)
            draft.narrated = draft.narrated or (named and author is None)
            return
        draft.speakers = self._conjuncts(subject)
        if self.namer.leads(subject):
            draft.speakers = [subject]
        if lemma in _QUOTING and (outlet := self._subject(index)) is not None:
            draft.relay = outlet
            if (reported := self.by_cue.get(t.head[index])) is not None and not draft.content:
                draft.add(*reported.content)
                draft.speakers, reported.speakers, reported.relay = draft.speakers, draft.speakers, outlet

    def _author(self, noun: int) -> int | None:
        """Who wrote "X's statement", "a statement by X", "an X statement", "X issued a statement"."""
        t = self.t
        owner = t.kid(noun, "poss")
        if owner is not None and t.tag[owner] != "PRP$":
            return owner
        for kid in t.kids[noun]:
            if t.dep[kid] == "prep" and (of := t.kid(kid, "pobj")) is not None:
                if t.lower[kid] in {"by", "from", "of"}:
                    return of if self.namer.speaks(of) else None
                if t.lower[kid] == "in" and self.namer.is_outlet(of):
                    return of
            if t.dep[kid] in {"compound", "nmod"} and self.namer.speaks(kid) and t.tag[kid][:2] == "NN":
                return kid
            if (
                t.dep[kid] == "acl"
                and (agent := t.kid(kid, "agent")) is not None
                and (by := t.kid(agent, "pobj")) is not None
            ):
                return by
        if t.dep[noun] == "dobj" and owner is None and t.lower[t.head[noun]] in self.namer.w.issues:
            return self._subject(t.head[noun])
        above = t.head[noun]
        if t.dep[noun] == "pobj" and t.lower[above] == "in" and t.tag[t.head[above]][0] == "V" and owner is None:
            return self._subject(t.head[above])
        return owner

    def _subject(self, index: int, depth: int = 0) -> int | None:
        """Head of the noun phrase that does what the verb at `index` says."""
        t = self.t
        subjects = [k for k in t.kids[index] if t.dep[k] in {"nsubj", "nsubjpass"}]
        found = max((k for k in subjects if k < index), default=subjects[0] if subjects else None)
        if found is not None:
            if t.tag[found] in _RELATIVE or (t.lower[found] == "that" and t.dep[index] == "relcl"):
                return self._antecedent(found)
            if t.lower[found] in self.namer.w.times and found > t.first[found] and t.tag[found - 1][:2] == "NN":
                found -= 1
            return self._past_dateline(found, index)
        if (beside := self._trailing(index)) is not None and t.tag[index][0] != "V":
            return beside
        head, dep = t.head[index], t.dep[index]
        if dep == "acl" and t.tag[index] in {"VBD", "VBN"} and depth == 0:
            return None
        if depth == 0 and (before := self._before(index)) is not None:
            return before
        if depth > 4 or head == index or (t.tag[index] in {"VBD", "VBZ"} and dep not in {"conj", "xcomp", "advcl"}):
            return self._after(index)
        if dep == "conj" and t.tag[head][0] == "V":
            return self._subject(head, depth + 1)
        if t.tag[head] == "IN" and dep in {"pcomp", "prep", "pobj", "advcl", "ccomp", "amod"} and t.head[head] != head:
            head = t.head[head]
        if self.cues.lemmas.get(t.lower[head]) in _QUOTING:
            return t.kid(head, "nsubjpass") or t.kid(head, "dobj") or self._subject(head, depth + 1)
        if t.tag[head][:2] == "NN" and dep in {"acl", "pcomp", "amod", "prep", "advcl"}:
            return head
        if t.tag[head][0] == "V" and dep in {"xcomp", "advcl", "acl", "pcomp", "prep", "ccomp", "amod"}:
            outer = t.head[head]
            if (
                t.tag[index] == "VBG"
                and t.text[index - 1] == ","
                and t.dep[head] == "ccomp"
                and t.lower[outer] in self.cues.verbs
            ):
                head = outer
            return self._subject(head, depth + 1)
        return self._after(index)

    def _before(self, index: int) -> int | None:
        """The noun phrase of "…, a witness told Reuters" that the parse hung on a word of the content."""
        t = self.t
        at = index - 1
        if t.tag[index] == "VBN" and t.lower[at] not in {"has", "have", "had"}:
            return None
        if t.text[at] == "," and t.dep[at - 1] == "appos":
            at -= 1
        while at > t.first[index] and (t.lower[at] in {"has", "have", "had"} or t.tag[at] == "RB"):
            at -= 1
        if (
            t.tag[index] not in {"VBD", "VBZ", "VBP", "VBN"}
            or t.tag[at][:2] not in {"NN", "PR"}
            or not self.namer.speaks(at)
        ):
            return None
        start = self.namer.start(at)
        if t.dep[at] == "appos" and t.head[at] < at and t.text[at + 1] == ",":
            return t.head[at]
        if t.text[start - 1] not in {",", "-", "–", "—"} and start > t.first[index]:
            return None
        return at

    def _after(self, index: int) -> int | None:
        """The noun phrase right after a verb whose subject the parse took for something else ("said Peskov")."""
        t = self.t
        for kid in t.kids[index]:
            if (
                kid > index
                and t.dep[kid] in {"dobj", "attr", "appos", "npadvmod"}
                and t.tag[kid][:2] in {"NN", "PR"}
                and t.left(kid) == index + 1
            ):
                return kid
        return None

    def _antecedent(self, pronoun: int) -> int | None:
        """The noun that a relative pronoun stands for."""
        t = self.t
        verb = t.head[pronoun]
        while t.dep[verb] == "conj" and t.head[verb] != verb:
            verb = t.head[verb]
        if t.dep[verb] == "relcl":
            noun = t.head[verb]
            beside = pronoun - 1 - (t.text[pronoun - 1] == ",")
            if t.dep[beside] == "conj" and noun < beside:
                return beside
            whole = t.head[noun] if t.dep[noun] == "appos" else noun
            return whole if t.tag[whole] == "NNP" else noun
        before = pronoun - 1
        while before > t.first[pronoun] and t.text[before] in {",", "-", "—"}:
            before -= 1
        return before if t.tag[before][0] == "N" else None

    def _past_dateline(self, subject: int, verb: int) -> int:
        """The subject proper where the parser made one of the dateline ("MOSCOW, May 7 (AP) -- Russia said")."""
        t = self.t
        if t.first[subject] + 2 < subject:
            return subject
        for at in range(min(verb, subject + 16), subject, -1):
            if t.text[at] in {"--", "—", "–", ")", ":"} or (t.text[at] == "-" and t.tag[at] == ":"):
                rest = [k for k in range(at + 1, verb) if t.tag[k][:2] in {"NN", "PR"} and not at < t.head[k] < verb]
                return rest[-1] if rest else subject
        return subject

    def _conjuncts(self, head: int) -> list[int]:
        t = self.t
        found = [head]
        whole = self.parties.at(head)
        while (kid := t.kid(found[-1], "conj")) is not None and t.tag[kid][0] in "NP" and len(found) < 8:
            if whole is not None and whole.start <= kid < whole.end:
                break
            found.append(kid)
        return found

    def _clause(self, index: int, verb: VerbCue, subject: int | None) -> Range:
        """The words that announce: verb, subject beside it, and whatever else of the verb's is not content."""
        t = self.t
        start, end = index, index + 1
        for kid in t.kids[index]:
            dep = t.dep[kid]
            if kid < index and (
                dep in {"aux", "neg", "auxpass"}
                or kid == subject
                or (dep in {"nsubj", "nsubjpass"} and subject is None)
            ):
                start = min(start, t.left(kid))
            elif kid > index:
                told = dep == "dobj" and verb.listener
                beside = dep in {"prep", "advmod"} and t.lower[kid] not in verb.takes and t.lower[kid] != "as"
                if told or beside or kid == subject or dep in {"nsubj", "npadvmod", "dative", "prt", "agent"}:
                    stop = t.right(kid)
                    if beside:
                        stop = next((k for k in range(kid, stop) if t.dep[k] == "mark" or t.tag[k] in _FINITE), stop)
                    end = max(end, stop)
                elif dep != "punct":
                    break
        if (
            subject is not None
            and subject < start
            and t.head[subject] != index
            and (index - subject < 4 or t.text[index - 1] == ",")
        ):
            start = self.namer.start(subject)
        for at in range(index + 1, end):  # a lost comma or quotation mark ends it
            if t.text[at] in {'"', "''"}:
                return start, at
        return start, end

    def _content(self, index: int, verb: VerbCue, clause: Range, subject: int | None) -> tuple[list[Range], set[Place]]:
        """Where the words stand, and in which places."""
        t, takes = self.t, verb.takes
        found: list[Range] = []
        places: set[Place] = set()

        def take(place: Place, span: Range) -> None:
            if place in takes:
                found.append(span)
                places.add(place)

        listener = False
        for kid in t.kids[index]:
            dep, span = t.dep[kid], t.subtree(kid)
            if dep in {"ccomp", "parataxis"} or (dep == "advcl" and t.lower[span[0]] == "that"):
                if self._infinitive(kid):
                    take("to", span)
                elif self._asks(span[0]):
                    take("question" if "question" in takes else "that", span)
                elif self._finite(kid) or (kid < index and t.kid(kid, "nsubj") is not None):
                    take("that", span)
                elif t.tag[kid] == "VBG" or t.tag[span[0]] == "VBG":
                    take("object", span)
                elif not self._infinitive(kid) and kid > index:
                    take("predicate", span)
            elif dep == "xcomp":
                take(
                    "to"
                    if self._infinitive(kid)
                    else "object"
                    if "VBG" in {t.tag[kid], t.tag[span[0]]}
                    else "predicate",
                    span,
                )
            elif dep == "oprd" and t.tag[kid] not in {"RB", "NNP"}:
                take("predicate", span)
            elif dep == "dobj" and t.lower[kid] not in verb.never:
                listener = listener or kid != subject
                if (
                    "predicate" in takes
                    and (called := next((k for k in t.kids[kid] if t.lower[k] == "as" and t.dep[k] == "prep"), None))
                    is not None
                ):
                    take("predicate", t.subtree(called))
                person = t.tag[kid] == "PRP" and t.lower[kid] != "it"
                if (
                    not verb.listener
                    and kid != subject
                    and not person
                    and (not verb.objects or t.lower[kid] in verb.objects)
                ):
                    take("object", span)
            elif dep == "prep" and kid > index:
                if t.lower[kid] == "as":
                    take("predicate", span)
                elif (
                    t.lower[kid] == "on"
                    and "plea" in takes
                    and any(t.tag[k] == "TO" for k in range(kid, t.right(index)))
                ):
                    take("plea", (kid, t.right(index)))
                elif (
                    t.lower[kid] in takes
                    and t.lower[kid] != "to"
                    and not (listener and verb.transitive and t.lower[kid] == "for")
                ):
                    take(t.lower[kid], span)  # type: ignore[arg-type]
        if (
            not found
            and "predicate" in takes
            and (what := t.kid(index, "dobj")) is not None
            and t.lower[what] == "what"
            and t.right(index) > clause[1]
        ):
            take("predicate", (clause[1], t.right(index)))
        if not found and "that" in takes and subject is not None and t.tag[index] not in {"VBG", "VB"}:
            found = self._comment(index, verb, clause, listener)
            places = {"that"} if found else places
        pieces = [piece for span in found for piece in _without(self._inside(index, span), clause)]
        return sorted(piece for piece in pieces if piece[1] > piece[0]), places

    def _inside(self, index: int, span: Range) -> Range:
        """A span cut to the quotation its cue stands in."""
        quote = self.in_quote.get(index)
        return (max(span[0], quote.start), min(span[1], quote.end)) if quote else span

    def _infinitive(self, index: int) -> bool:
        return self.t.tag[index] == "VB" and any(self.t.tag[k] == "TO" for k in self.t.kids[index])

    def _finite(self, index: int) -> bool:
        t = self.t
        return (
            t.tag[index] in _FINITE
            or t.lower[t.left(index)] == "that"
            or any(t.tag[k] in _FINITE or t.lower[k] in {"'s", "be"} for k in t.kids[index])
        )

    def _asks(self, at: int) -> bool:
        return self.t.tag[at] in {"WRB", "WP", "WDT"} or self.t.lower[at] in {"whether", "if"}

    def _comment(self, index: int, verb: VerbCue, clause: Range, listener: bool) -> list[Range]:
        """Content of a clause that comments on its sentence ("…, said X", "X, he said, …", "as X said"), or that the parse lost."""
        t = self.t
        first, end = t.first[index], t.end[index]
        if (quote := self.in_quote.get(index)) is not None:
            first, end = max(first, quote.start), min(end, quote.end)
        start, stop = clause
        busy = t.kid(index, "xcomp") is not None or (listener and not verb.listener)
        rest = (stop + 1, end) if stop < end and t.text[stop] == "," else (end, end)
        if start > first and t.lower[start - 1] == "as":
            if busy or not verb.inverts:
                return []
            return [r for r in ((first, start - 1), (stop, end)) if r[1] - r[0] > 2]
        if (
            not busy
            and start > first + 1
            and t.text[start - 1] in _BEFORE_COMMENT
            and t.dep[index] != "relcl"
            and (start - first > 3 or rest[1] > rest[0])
        ):
            opening = t.text[start - 1] == '"' and any(q.start == start for q in self.quotes)
            told = (
                t.text[start - 1] in {'"', "'", "''"}
                or rest[1] > rest[0]
                or any(t.tag[k] in _FINITE for k in range(first, start - 1))
            )
            if not (verb.inverts or verb.listener or stop - index == 1):
                return []
            return [] if opening or not told else [r for r in ((first, start - 1), rest) if r[1] - r[0] > 1]
        if busy or not (verb.inverts or verb.listener) or (t.tag[index] == "VBN" and t.kid(index, "aux") is None):
            return []
        that = next(
            (k for k in range(index + 1, min(end, index + 16)) if t.lower[k] == "that" and t.dep[k] == "mark"), None
        )
        begin = that if that is not None else stop
        if (
            begin < end
            and (that is not None or t.tag[begin] in _OPENS_CLAUSE)
            and any(t.tag[k] in _FINITE for k in range(begin, end))
        ):
            return [(begin, end)]
        return []

    def _hedged(self, index: int) -> None:
        """ "is said to have", "it is believed that": a claim of nobody named."""
        t = self.t
        kid = t.kid(index, "xcomp", "ccomp", "oprd")
        if kid is None:
            return
        subject = t.kid(index, "nsubjpass", "nsubj")
        start = (
            t.left(subject)
            if subject is not None and t.lower[subject] not in {"it", "who", "which", "that"}
            else t.left(kid)
        )
        content = [(start, index), (index + 1, t.right(kid))] if start < index else [t.subtree(kid)]
        self._keep(_Draft(index, "alleges", (index, index + 1), content, hedge=True))

    def _outlet_told(self, index: int) -> int | None:
        """The outlet that words were spoken to or carried by: "told AFP", "said in an interview with CNN", "quoted by Kyodo"."""
        t = self.t
        for kid in t.kids[index]:
            if t.dep[kid] in {"dobj", "dative"} and self.namer.is_outlet(kid):
                return kid
            if t.dep[kid] in {"prep", "agent", "advcl", "dative"} and kid > index:
                for below in range(kid + 1, t.right(kid)):
                    if self.namer.is_outlet(below):
                        return below
        return None

    def _outlet_quoting(self, index: int, subject: int | None) -> int | None:
        """The outlet of "Interfax quoted X as saying", "a source quoted by Interfax said"."""
        t = self.t
        over = t.head[t.head[index]] if t.dep[index] == "pcomp" else t.head[index]
        if self.cues.lemmas.get(t.lower[over]) in _QUOTING and over != index:
            outlet = t.kid(over, "nsubj")
            return outlet if outlet is not None and self.namer.is_outlet(outlet) else None
        for kid in t.kids[subject] if subject is not None else []:
            if t.dep[kid] == "acl" and self.cues.lemmas.get(t.lower[kid]) in _QUOTING:
                return next((k for k in range(kid, t.right(kid)) if self.namer.is_outlet(k)), None)
        return None

    # -- other announcements -----------------------------------------------------------------------------------------

    def _according(self, index: int) -> None:
        t = self.t
        name = t.kid(index + 1, "pobj")
        comma = next(
            (k for k in range(index + 2, t.end[index]) if t.text[k] in {",", ".", "-", "—", "–"}), t.end[index]
        )
        if name is None or name > comma:
            base = next(
                (k for k in range(index + 2, comma) if t.tag[k] in {"IN", "TO", "CC"} or t.tag[k] in _FINITE), comma
            )
            name = next((k for k in reversed(range(index + 2, base)) if t.tag[k][0] in "NP"), None)
        if name is None:
            return
        stop = (
            min(max(t.right(name), index + 2), max(comma, name + 1))
            if t.first[index] == index
            else max(t.right(name), index + 2)
        )
        spans = [r for r in ((t.first[index], index), (stop, t.end[index])) if r[1] - r[0] > 1]
        draft = _Draft(index, "asserts", (index, stop), [self._inside(index, span) for span in spans])
        self._say_by(draft, index, name, "according")
        if draft.content:
            self._keep(draft)

    def _noun(self, index: int) -> None:
        """ "X's claim that …", "the allegation that …": words named by a noun, inside somebody's sentence."""
        t = self.t
        noun = self.cues.nouns[t.lower[index]]
        for kid in t.kids[index]:
            if kid > index and t.dep[kid] in {"ccomp", "acl"} and t.lower[t.left(kid)] == "that" and self._finite(kid):
                author = self._author(index)
                draft = _Draft(index, noun.stance, (index, index + 1), [t.subtree(kid)], hedge=author is None)
                draft.speakers = [author] if author is not None else []
                draft.narrated = author is None
                self._keep(draft)
                return

    def _labels(self) -> None:
        """A transcript: lines that open with a name and a colon; each speaks until the next one."""
        t, lines = self.t, self.page.lines
        labelled: list[tuple[int, int, int]] = []
        for number, (start, end) in enumerate(lines):
            colon = next((k for k in range(start, min(start + 14, end)) if t.text[k] == ":"), None)
            if colon is None:
                continue
            dash = max(
                (k + 1 for k in range(start, colon) if t.text[k] in {"-", "–", "—"} and t.text[k - 1].isupper()),
                default=start,
            )
            name = [k for k in range(dash, colon) if t.text[k] not in {".", "'"}]
            if name and all(
                t.text[k][0].isupper() or t.text[k] == "," or t.lower[k] in self.namer.w.links for k in name
            ):
                labelled.append((number, dash, colon))
        keys = [t.lower[colon - 1] for _, _, colon in labelled]
        if len(labelled) < 3 or not any(keys.count(key) > 1 for key in keys):
            return
        stops = [lines[number][0] for number, _, _ in labelled[1:]] + [len(t.text)]
        for (_, start, colon), stop in zip(labelled, stops, strict=True):
            key = t.lower[colon - 1]
            clear = keys.count(key) > 1 or "," in t.text[start:colon] or t.lower[start] in self.namer.w.titles
            if clear and stop > colon + 1 and key not in self.namer.w.askers and not self.namer.is_outlet(colon - 1):
                self._keep(_Draft(None, "asserts", (start, colon), [(colon + 1, stop)], quoted=True, label=True))

    def _tweets(self) -> None:
        """An embedded post: "… — Ann Reed (@annreed) May 31, 2020" ends it with its author."""
        t = self.t
        for index in range(3, len(t.text)):
            if not (t.text[index][0] == "@" and t.text[index - 1] == "("):
                continue
            name = index - 2
            begin = name
            first = self.page.lines[self.page.line_of(index)][0]
            while begin > first and t.text[begin] not in {"—", "–", "--"}:
                begin -= 1
            if begin > first and name - begin <= 6:
                start = max(
                    (d.clause[1] for d in self.drafts if d.label and first <= d.clause[0] < begin), default=first
                )
                self._keep(_Draft(None, "asserts", (begin + 1, name + 1), [(start, begin)], quoted=True, label=True))

    # -- quotation marks ---------------------------------------------------------------------------------------------

    def _quotation(self, quote: Quote) -> None:
        """Join a quotation to its statement: one that covers it, one announced beside it, else the speaker is carried over."""
        draft: _Draft | None
        covering = [
            d for d in self.drafts if not d.hedge and any(s <= quote.start and quote.end <= e + 1 for s, e in d.content)
        ]
        if covering:
            draft = min(covering, key=lambda d: _size(d.content))
            draft.quoted, draft.narrated = True, False
        else:
            cue = self._cue_after(quote) if quote.speech else None
            cue = self._cue_before(quote) if cue is None else cue
            draft = self.by_cue[cue] if cue is not None else self._unlisted(quote) if quote.speech else None
            if draft is None and quote.speech:
                draft = self._carried(quote)
            if draft is None:
                return
            draft.add((quote.start, quote.end))
            draft.quoted, draft.narrated = True, False
            self._keep(draft)

    def _cue_after(self, quote: Quote) -> int | None:
        """The cue of `"…," X said`."""
        t = self.t
        at = quote.outer[1]
        while at < len(t.text) and t.text[at] in {",", "-", "—", "–", "--"}:
            at += 1
        if at >= len(t.text) or (t.first[at] == at and t.text[at - 1] in '"' and t.text[quote.end - 1] in ".!"):
            return None
        for index in range(at, min(t.end[at], at + 25)):
            if t.text[index] in {'"', ":"}:
                return None
            draft = self.by_cue.get(index)
            if draft and draft.quotable and (draft.clause[0] <= at or index <= at + 1):
                return index
            if t.tag[index] in _FINITE and draft is None and t.dep[index] != "relcl":
                return None
        return None

    def _cue_before(self, quote: Quote) -> int | None:
        """The cue of `X said: "…"`, `X called it "…"`."""
        t = self.t
        mark = quote.start - 1
        at = mark - 1
        if at < 0 or (t.first[mark] == mark and t.text[at] not in {":", ","}):
            return None
        if not quote.speech:
            up = quote.start
            for _ in range(8):
                if t.tag[up][0] == "V" and up not in self.by_cue and not quote.start <= up < quote.end:
                    return None
                if (draft := self.by_cue.get(up)) is not None and draft.quotable and up < mark:
                    return up if quote.end - quote.start > 1 or self.cues.verbs[t.lower[up]].transitive else None
                if t.head[up] == up:
                    return None
                up = t.head[up]
            return None
        for index in range(at, max(t.first[at], at - 40) - 1, -1):
            draft = self.by_cue.get(index)
            if draft and draft.quotable:
                return index
            if t.text[index] == '"':
                return None
        return None

    def _unlisted(self, quote: Quote) -> _Draft | None:
        """`"…," he shrugged`: a verb of no list, with a subject, right beside a quotation that ends in a comma."""
        t = self.t
        at = quote.outer[1]
        if (
            at >= len(t.text)
            or t.text[quote.end - 1] not in {",", "?", "!"}
            or not quote.closed
            or t.first[quote.start] < quote.start - 1
        ):
            return None
        for index in range(at, min(t.end[at], at + 12)):
            if t.tag[index] in {"VBD", "VBZ"} and index not in self.by_cue:
                subject = t.kid(index, "nsubj") or t.kid(index, "dobj")
                crowd = subject is not None and (seen := self.parties.at(subject)) is not None and seen.kind == "crowd"
                if (
                    subject is not None
                    and t.left(subject) in {at, index + 1}
                    and t.tag[subject][0] in "NP"
                    and not crowd
                ):
                    draft = _Draft(index, "asserts", (at, index + 1), quotable=True)
                    self._say_by(draft, index, subject, "")
                    return draft
                return None
        return None

    def _carried(self, quote: Quote) -> _Draft:
        """A quotation that stands alone: spoken by whoever spoke last in the paragraph, or in the one before if it opens its own."""
        page = self.page
        line = page.line_of(quote.start)
        before = [
            d
            for d in self.drafts
            if d.clause[0] < quote.start and not d.hedge and not d.narrated and (d.speakers or d.same or d.author)
        ]
        last = max(before, key=lambda d: d.clause, default=None)
        if last is not None:
            where = page.line_of(last.clause[0])
            opens = quote.start - 1 <= page.lines[line][0]
            if not (where == line or (opens and where == line - 1 and last.quoted)):
                last = None
        return _Draft(None, "asserts", (quote.start, quote.end), same=last)


def _without(span: Range, hole: Range) -> Iterator[Range]:
    """`span` less the tokens of `hole`."""
    if hole[1] <= span[0] or hole[0] >= span[1]:
        yield span
        return
    if span[0] < hole[0]:
        yield span[0], hole[0]
    if hole[1] < span[1]:
        yield hole[1], span[1]


def _parents(drafts: list[_Draft]) -> list[int | None]:
    """For each draft the smallest other one whose content holds its cue."""
    for outer in drafts:  # "Tokyo maintains that …, Suga said": the last one tells of the first
        for inner in drafts:
            if outer.cue is None or inner.cue is None or outer is inner or outer.cue < inner.cue:
                continue
            if any(s <= inner.cue < e for s, e in outer.content) and any(s <= outer.cue < e for s, e in inner.content):
                inner.content = [(s, min(e, outer.clause[0])) for s, e in inner.content if s < outer.clause[0]] or [
                    outer.clause
                ]
    found: list[int | None] = []
    for index, draft in enumerate(drafts):
        at = draft.cue if draft.cue is not None else draft.content[0][0]
        around = [
            i for i, d in enumerate(drafts)
            if i != index and any(s <= at < e for s, e in d.content)
            and not (d.cue is not None and any(s <= d.cue < e for s, e in draft.content))
        ]  # fmt: skip
        found.append(min(around, key=lambda i: _size(drafts[i].content), default=None))
    return found


def _voice(finder: _Finder, drafts: list[_Draft]) -> tuple[Voiced, ...]:
    """Drafts with their speakers named, outlets that relay told apart, and nesting found."""
    page, namer = finder.page, finder.namer
    for draft in drafts:
        if draft.same is not None:
            draft.who = draft.same.who
        elif draft.label:
            draft.who = [w for w in (namer.label(*draft.clause),) if w]
        elif draft.author:
            draft.who = [w for w in (namer.last_of_weight(),) if w]
        else:
            draft.who = [w for w in map(namer.describe, draft.speakers) if w]
        at = draft.cue if draft.cue is not None else draft.content[0][0]
        if not draft.narrated:
            for who in draft.who:
                namer.remember(at, who)
    _settle(finder, drafts)
    parents = _parents(drafts)
    relays: dict[int, str | None] = {}
    silent: set[int] = set()
    carried: set[int] = set()
    for index, parent in enumerate(parents):
        draft = drafts[index]
        if draft.relay is not None:
            relays[index] = namer.outlet(draft.relay)
        if (
            parent is not None
            and drafts[parent].who
            and drafts[parent].who[0].kind == "media"
            and not drafts[parent].quoted
        ):
            relays.setdefault(index, drafts[parent].who[0].name)
            carried.add(index)
            if (
                draft.who
                and _size(drafts[parent].content) <= _size(draft.content) + (draft.clause[1] - draft.clause[0]) + 8
            ):
                silent.add(parent)
    first: list[int] = []
    voiced: list[Voiced] = []
    for index in range(len(drafts)):
        first.append(sum(max(1, len(d.who)) for d in drafts[:index]))
    for index, draft in enumerate(drafts):
        parent = parents[index]
        told = parent is not None and not drafts[parent].hedge and index not in carried
        same = parent is not None and drafts[parent].who[:1] == draft.who[:1]
        spoken = draft.quoted and draft.cue is not None and draft.cue not in finder.in_quote
        own = not (draft.narrated or draft.echo) and index not in silent and (not told or same or spoken)
        speakers: list[Who | None] = [*draft.who] or [None]
        for speaker in speakers:
            voiced.append(
                _voiced(page, draft, speaker, None if parent is None else first[parent], own, relays.get(index))
            )
    return tuple(voiced)


def _mention(who: Who) -> Mention:
    """The party behind a speaker, with the state the speaker has; made here where the parties stage has none."""
    if who.mention is not None:
        return who.mention if who.mention.state == who.state else replace(who.mention, state=who.state)
    kind = who.party_kind or "individual"
    return Mention(
        who.start, who.end, who.end - 1, kind, who.state, name=who.name, role=who.role, plural=who.plural, why="speaks"
    )


def _settle(finder: _Finder, drafts: list[_Draft]) -> None:
    """One identity for who is first described and then named, and for who speaks in the headline and again below."""
    t = finder.t
    speakers = [(d, i) for d in drafts for i in range(len(d.who))]
    for place, (draft, i) in enumerate(speakers):
        named = draft.who[i]
        role = (named.role or "").casefold().removeprefix("the ").split()
        if not named.name or len(role) != 1:
            continue
        for earlier, j in reversed(speakers[:place]):
            other = earlier.who[j]
            if other.name is None and not other.plural and role[0] in (other.role or "").casefold().split():
                if t.lower[other.start] in {"a", "an"}:
                    earlier.who[j] = replace(named, start=other.start, end=other.end)
                break
    lines = finder.page.lines
    for draft in drafts:
        at = draft.clause[0]
        number = finder.page.line_of(at)
        start, end = lines[number]
        if number > 3 or number + 1 == len(lines) or t.text[end - 1] in {".", "!", "?", '"'} or end - start > 30:
            continue
        for i, who in enumerate(draft.who):
            if who.name and " " in who.name and not who.body:
                continue
            below = [w for d in drafts if d.clause[0] >= end and not d.narrated for w in d.who]
            words = set((who.role or who.name or "").casefold().split())
            same = [w for w in below if w.key == who.key] or [
                w
                for w in below
                if w.state == who.state and (who.body or words & set((w.role or "").casefold().split()))
            ]
            if same:
                draft.who[i] = replace(same[0], start=who.start, end=who.end)
            elif below:
                draft.echo = True


def _voiced(page: Page, draft: _Draft, who: Who | None, parent: int | None, own: bool, relay: str | None) -> Voiced:
    speaker = None
    if who:
        speaker = Speaker(
            name=who.name, role=who.role, state=who.state, kind=who.party_kind, span=page.span(who.start, who.end)
        )
    statement = Statement(
        speaker=speaker, relayed_by=relay, stance=draft.stance, quoted=draft.quoted,
        cue=page.span(draft.cue, draft.cue + 1) if draft.cue is not None else None,
        content=(page.starts[draft.content[0][0]], page.ends[draft.content[-1][1] - 1]),
    )  # fmt: skip
    return Voiced(
        statement, tuple(draft.content), _mention(who) if who else None, draft.cue, draft.stance, draft.quoted,
        draft.stance == "denies", draft.factive, draft.hedge, parent, own, relay,
    )  # fmt: skip

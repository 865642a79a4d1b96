"""One article's mentions in the making, in text order, and what the article is about."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from legation.reading.lexicon import words
from legation.reading.page import Page, lemma_of
from legation.reading.parties.forming import Draft
from legation.reading.parties.units import Words

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
STATE_KINDS = frozenset({"government", "mission", "diplomat", "staff", "police", "military", "security_service", "organisation", "media", "armed_group"})  # fmt: skip
_BELOW = frozenset({"dobj", "dative", "nsubjpass", "pobj", "prep", "conj", "appos", "nsubj", "compound", "poss"})
"""How what a verb is about hangs on it, or on words that do."""
_ALL = 10_000


class Story:
    """The drafts of a page with neighbours, clauses, quotes and counts of states."""

    def __init__(self, page: Page, text: Words, drafts: Sequence[Draft], outlet_state: str | None = None) -> None:
        self.page, self.text, self.outlet_state = page, text, outlet_state
        self.drafts = sorted(drafts, key=lambda d: (d.core[0], d.start))
        self._positions = [draft.core[0] for draft in self.drafts]
        self.by_head: dict[int, Draft] = {}
        for draft in self.drafts:
            self.by_head.setdefault(draft.head, draft)
        self.quoted = self._quotes()
        self._asked = self._controlled()
        self.dateline: str | None = None
        self.counts: Counter[str] = Counter()  # how often each state is named as one who acts or is acted on
        self.hosts: Counter[str] = Counter()  # how often each state is named as a place
        self.titled: list[str] = []  # the states that the first line names, in order

    def _quotes(self) -> list[bool]:
        """Whether each token stands between quotation marks; an open quote ends with its line."""
        inside = [False] * len(self.text.low)
        for start, end in self.text.lines:
            open_ = False
            for at in range(start, end):
                if self.text.low[at] in {'"', "``", "''"}:
                    open_ = not open_
                else:
                    inside[at] = open_
        return inside

    def _controlled(self) -> dict[int, int]:
        """Verb → the object that does it: "asked the United States to remove"."""
        text = self.text
        objects = {text.head[at]: at for at, dep in enumerate(text.dep) if dep == "dobj"}
        verbs = (at for at, dep in enumerate(text.dep) if dep == "xcomp" and objects.get(text.head[at], at) < at)
        return {at: objects[text.head[at]] for at in verbs}

    def count(self) -> None:
        """Counts the states of the drafts as far as they are known."""
        for draft in self.drafts:
            if draft.state is not None:
                if self.dateline is None and "dateline" in draft.why:
                    self.dateline = draft.state
                self.counts[draft.state] += draft.kind in STATE_KINDS
                self.hosts[draft.state] += draft.kind == "place"
                if draft.start < self.text.lines[0][1] and draft.state not in self.titled:
                    self.titled.append(draft.state)
            if draft.post_in:
                self.hosts[draft.post_in] += 2

    @property
    def host(self) -> str | None:
        """The state where the article plays: clearly more named as a place than any other."""
        hosts = Counter(self.hosts)
        if self.dateline is not None:
            hosts[self.dateline] += 3
        first, second = [*hosts.most_common(2), ("", 0), ("", 0)][:2]
        return first[0] if first[1] >= 2 and first[1] >= 1.5 * second[1] else None

    @property
    def main(self) -> list[str]:
        """The two states named most."""
        return [state for state, n in self.counts.most_common(2) if n]

    # -- neighbours

    def before(self, draft: Draft, sentences: int = _ALL) -> Iterator[Draft]:
        """Drafts before this one, nearest first, no farther back than a number of sentences."""
        here = self.text.sentence[draft.core[0]]
        for i in range(bisect_left(self._positions, draft.core[0]) - 1, -1, -1):
            other = self.drafts[i]
            if here - self.text.sentence[other.core[0]] > sentences:
                return
            yield other

    def after(self, draft: Draft) -> Iterator[Draft]:
        """Drafts after this one."""
        for i in range(bisect_left(self._positions, draft.core[0]), len(self.drafts)):
            if self.drafts[i] is not draft:
                yield self.drafts[i]

    def owned_by(self, pronoun: Draft) -> list[Draft]:
        """What a possessive pronoun stands before."""
        at = bisect_left(self._positions, pronoun.start)
        return [d for d in self.drafts[at : at + 5] if d.pronoun == pronoun.start]

    def at(self, token: int) -> Draft | None:
        """The draft with its head at a token, else the shortest over it."""
        if token in self.by_head:
            return self.by_head[token]
        covering = [d for d in self.drafts if d.start <= token < d.end]
        return min(covering, key=lambda d: d.end - d.start, default=None)

    def words(self, draft: Draft) -> str:
        """The start of a draft's own words, for `why`."""
        return self.page.text(draft.start, draft.end)[:40]

    def headline(self, draft: Draft) -> bool:
        """In a line of capitals, Capitals Like This, or the first line: the body of the article tells who is meant."""
        at, lines = draft.core[0], self.text.lines
        return self.text.shouted[at] or self.text.titled[at] or (len(lines) > 1 and at < lines[0][1])

    def called_from(self, draft: Draft) -> set[str]:
        """States of the places that follow "from" in the sentence: who is called home from there is not theirs."""
        here = self.text.sentence[draft.core[0]]
        found: set[str] = set()
        for other in self.after(draft):
            if self.text.sentence[other.core[0]] != here:
                break
            if other.kind == "place" and other.state and self.text.low[other.start - 1] == "from":
                found.add(other.state)
        return found

    # -- clauses

    def lemma(self, token: int) -> str:
        return lemma_of(self.text.low[token], self.text.tag[token])

    def verb_over(self, draft: Draft) -> int | None:
        """The verb whose subject a draft is, or that it is asked to do."""
        for at in (draft.head, draft.core[1] - 1):
            if self.text.dep[at] in SUBJECTS:
                return self.text.head[at]
            if self.text.dep[at] == "dobj":
                return next((verb for verb, asked in self._asked.items() if asked == at), None)
        return None

    def verbs_over(self, token: int) -> list[int]:
        """The verbs that govern a token, the nearest first."""
        found: list[int] = []
        for _ in range(12):
            up = self.text.head[token]
            if up == token:
                break
            token = up
            if self.text.tag[token][0] == "V":
                found.append(token)
        return found

    def leads(self, draft: Draft) -> bool:
        """Subject of a sentence's main verb, or of a verb of saying."""
        verb = self.verb_over(draft)
        return verb is not None and (self.text.dep[verb] == "ROOT" or self.lemma(verb) in words("cue_verbs"))

    def subject(self, verb: int, passive: bool = True) -> Draft | None:
        """The draft that is a verb's subject, or that is asked to do it."""
        if verb in self._asked:
            return self.at(self._asked[verb])
        for at in range(max(0, verb - 30), min(len(self.text.low), verb + 12)):
            if self.text.head[at] == verb and self.text.dep[at] in (SUBJECTS if passive else {"nsubj"}):
                return self.at(at)
        return None

    def _blamed(self, verb: int) -> int | None:
        """Who does what a verb in -ing after a preposition tells: "accused Mali of burning its flag"."""
        text, prep = self.text, self.text.head[verb]
        if text.dep[verb] != "pcomp" or text.low[prep] not in words("blame_prepositions"):
            return None
        over = text.head[prep]
        return next((at for at in range(over + 1, prep) if text.head[at] == over and text.dep[at] == "dobj"), None)

    def clause(self, draft: Draft) -> tuple[Draft | None, str]:
        """Subject and lemma of the verb whose object, receiver or passive subject a draft is; in headlines by order of words."""
        text, at = self.text, draft.core[1] - 1
        for _ in range(4):
            if text.dep[at] not in _BELOW:
                break
            at = text.head[at]
            if text.tag[at][0] == "V":
                break
        if text.tag[at][0] == "V":
            verb, lemma = at, self.lemma(at)
            for _ in range(4):
                subject = self.subject(verb, passive=False)
                if subject is not None and subject is not draft:
                    return subject, lemma
                blamed = self._blamed(verb)
                if blamed is not None:
                    return self.at(blamed), lemma
                if text.dep[verb] in {"acl", "relcl"}:  # "Iceland to suspend work at Moscow embassy"
                    return self.at(text.head[verb]), lemma
                if text.dep[verb] not in {"xcomp", "conj", "advcl", "pcomp", "prep"}:
                    break
                verb = text.head[verb]
            return None, lemma
        if not self.headline(draft):
            return None, ""
        start = text.lines[text.line[draft.start]][0]
        first = next((d for d in self.drafts if start <= d.start < draft.start and d.form == "geo" and d.states), None)
        if first is None or first.end >= draft.start:
            return first, ""
        return first, lemma_of(text.low[first.end], "VBZ")

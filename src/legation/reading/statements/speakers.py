"""Who speaks: one identity for every name, description and pronoun that one article uses for a speaker."""

from dataclasses import replace

from legation.reading.statements.tokens import Tokens
from legation.reading.statements.who import Phrases, Who


class Namer:
    """Names the speakers of one page, in the order of the text. `quoted`: tokens inside quotations."""

    def __init__(self, phrases: Phrases, tokens: Tokens, quoted: frozenset[int]) -> None:
        self.phrases, self.t, self.quoted = phrases, tokens, quoted
        self.said: list[tuple[int, Who]] = []
        self._known: dict[str, Who] = {}

    def describe(self, head: int) -> Who | None:
        """Who the noun phrase headed by a token is; None for words that stand for nobody who can speak."""
        if not self.phrases.speaks(head):
            return None
        if self.phrases.w.pronoun(self.t.lower[head]):
            return self._pronoun(head)
        if self.t.lower[head] in {"one", "another"} or any(
            self.t.lower[k] in {"one", "another"} and self.t.dep[k] in {"nummod", "det"} for k in self.t.kids[head]
        ):
            several = self._several(head)
            if several is not None or self.t.lower[head] in {"one", "another"}:
                return several
        who = self._same(head, self.phrases.phrase(head))
        titled = {self.t.lower[k] for k in range(max(who.start - 2, 0), head)}
        if who.name and (
            sure := next((state for state, titles in self.phrases.w.titles_of.items() if titled & titles), None)
        ):
            return replace(who, state=sure)
        if who.state is None:
            return replace(who, state=self.phrases.state(head, who))
        return who

    def _several(self, head: int) -> Who | None:
        """The speakers that "one of them", "one source" is of; "One of them, Ramon Sanchez" has his own name."""
        if self.phrases.named_after(head) is not None:
            return self.phrases.phrase(head)
        noun = self.t.lower[head]
        for _, who in reversed(self.said):
            if who.plural and (noun in {"one", "another"} or noun in (who.role or "").casefold()):
                return who.at(head, head + 1)
        return None

    def remember(self, token: int, who: Who) -> None:
        """Note that `who` speaks at a token: the nearest antecedent for what follows."""
        self.said.append((token, who))

    def last_of_weight(self) -> Who | None:
        """The last body, else the last speaker: the author of "the statement"."""
        said = [who for _, who in self.said]
        return next((who for who in reversed(said) if who.body), said[-1] if said else None)

    def label(self, start: int, end: int) -> Who | None:
        """Who a transcript's label names ("MICHAEL MCFAUL, FORMER AMBASSADOR"); None for "A" before anybody is named."""
        t = self.t
        comma = next((k for k in range(start, end) if t.text[k] == ","), end)
        begin = next(
            (k for k in range(start, comma) if t.lower[k] not in self.phrases.w.titles and t.text[k] != "."), comma
        )
        if begin >= comma or t.lower[comma - 1] in {"a", "answer"}:
            named = [who for who in self._known.values() if who.role]
            return named[0].at(start, end) if named else None
        mention = self.phrases.parties.at(comma - 1)
        name = mention.name if mention and mention.name else self.phrases.page.text(begin, comma)
        role = self.phrases.text(comma + 1, end) if comma < end else None
        who = Who(
            start,
            end,
            name,
            role,
            mention.state if mention else None,
            mention.kind if mention else "individual",
            mention,
        )
        return replace(self._known.setdefault(who.key, who), start=start, end=end)

    def _same(self, head: int, who: Who) -> Who:
        """`who` as the article first gave it: a surname takes its full name, "the spokesman" its name, "the ministry" its state."""
        t = self.t
        bare = (
            head - who.start <= 1 and t.lower[who.start] in {"the", "this"} and t.lower[head] in self.phrases.w.bodies
        )
        if who.name and not bare and (not who.body or t.text[head][:1].isupper()):
            known = self._known.get(who.key)
            if known is None and " " not in who.name:  # "Wang" after "Wang Wenbin", "Zia" after "Mohammad Zia ul-Haq"
                known = next(
                    (k for k in self._known.values() if who.key in (k.name or "").casefold().split()[:-1]), None
                )
            if known and (not who.state or not known.state or who.state == known.state):
                return replace(known, start=who.start, end=who.end, state=known.state or who.state)
            self._known[who.key] = who
            return who
        noun = t.lower[head]
        words = set(t.lower[who.start : head]) - {"the", "this", "that"}
        definite = t.lower[who.start] in {"the", "this"} or (who.plural and who.start == head)
        proper = {t.lower[k] for k in range(who.start, head) if t.text[k][0].isupper()} - {"the", "this"}
        if not definite or head + 1 < who.end:
            return who
        for _, earlier in reversed(self.said):
            known_words = f"{earlier.role or ''} {earlier.name or ''}".casefold().replace("'s", " 's").split()
            if earlier.plural == who.plural and noun in known_words and proper <= set(known_words):
                return earlier.at(who.start, who.end)
        if who.body and not words and (named := self._body_before(head, who)) is not None:
            return named
        if who.body and not words and t.lower[who.start] in {"the", "this"}:
            for _, earlier in reversed(self.said):
                if earlier.body and noun in self.phrases.w.anybody and earlier.kind != "place":
                    return earlier.at(who.start, who.end)
        like = frozenset() if words else self.phrases.w.like.get(noun, frozenset())
        for _, earlier in reversed(self.said):
            if earlier.plural == who.plural and like & set((earlier.role or "").casefold().split()):
                return earlier.at(who.start, who.end)
        return who

    def _body_before(self, head: int, who: Who) -> Who | None:
        """The nearest body named before with the same noun: "the British embassy in Cairo", then "the embassy"."""
        t = self.t
        for mention in reversed(self.phrases.parties.mentions):
            same = mention.end <= who.start and t.lower[mention.head] == t.lower[head] and not mention.plural
            if same and mention.state and (mention.start < mention.head - 1 or t.lower[mention.start] != "the"):
                full = self.phrases.phrase(mention.head)
                if full.name and full.body:
                    return replace(full, start=who.start, end=who.end, state=who.state or full.state)
        return None

    def _pronoun(self, head: int) -> Who | None:
        """Who "he", "it" or "they" is: the nearest fitting speaker or subject of a main clause before, outside quotations.

        Two sentences back at most for subjects that have said nothing; a speaker stays in reach for five.
        """
        t = self.t
        want = self.phrases.w.pronoun(t.lower[head]) or ""
        first = t.first[head]
        trails = head > first and t.text[head - 1] in {",", '"', "'"}
        reach = first if trails else head
        near = t.first[max(first - 1, 0)]
        near = t.first[max(near - 1, 0)]
        mine = t.head[head]
        best: tuple[int, Who] | None = None
        for token, who in reversed(self.said):
            if token < reach and token != mine and self._fits(who, want):
                best = (token, who)
                break
        at = reach - 1
        while at >= near and (best is None or at > best[0]):
            if (
                t.dep[at] in {"nsubj", "nsubjpass"}
                and at not in self.quoted
                and (self._main(t.head[at]) or (want == "body" and at >= first))
                and not self.phrases.w.pronoun(t.lower[at])
                and self.phrases.speaks(at)
            ):
                who = self._same(at, self.phrases.phrase(at))
                if self._fits(who, want) and (want != "one" or who.name or who.mention):
                    best = (at, who)
                    break
            at -= 1
        return best[1].at(head, head + 1) if best else None

    def _main(self, verb: int) -> bool:
        """Whether a verb heads its sentence, or is joined to one that does."""
        t = self.t
        while (
            t.dep[verb] in {"conj", "ccomp", "parataxis"}
            and t.head[verb] != verb
            and (t.dep[verb] != "ccomp" or t.head[verb] > verb)
        ):
            verb = t.head[verb]
        return t.dep[verb] == "ROOT"

    @staticmethod
    def _fits(who: Who, want: str) -> bool:
        if want == "many":
            return who.plural or who.body
        return who.body if want == "body" else not (who.plural or who.body)

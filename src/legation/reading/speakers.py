"""Naming who speaks: from the head token of a noun phrase to a name or a role, a state, and one identity per article."""

from dataclasses import dataclass, replace
from typing import cast, get_args

from spacy.attrs import DEP, HEAD, SENT_START, TAG

from legation.reading.cues import load_cues, load_words
from legation.reading.page import Mention, Page, Parties
from legation.schema import PartyKind

Range = tuple[int, int]
"""First token and end token (exclusive)."""
_U64 = 2**64 - 1
_BODIES = frozenset(
    ["organisation", "government", "media", "mission", "place", "police", "military", "security_service", "armed_group"]
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A page's parse as plain lists, read once: asking spaCy per token costs more than all the rules here.

    `kids` are children in text order, `first` and `end` the bounds of each token's sentence.
    """

    text: list[str]
    lower: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    kids: list[list[int]]
    first: list[int]
    end: list[int]

    @classmethod
    def of(cls, page: Page) -> "Tokens":
        doc, strings = page.doc, page.doc.vocab.strings
        columns = doc.to_array([TAG, DEP, HEAD, SENT_START]).view("int64").tolist() if len(doc) else []
        names = {key: strings[key & _U64] for row in columns for key in row[:2]}
        text = [token.text for token in doc]
        head = [at + row[2] for at, row in enumerate(columns)]
        kids: list[list[int]] = [[] for _ in head]
        for index, parent in enumerate(head):
            if parent != index:
                kids[parent].append(index)
        first, begin = [], 0
        for at, row in enumerate(columns):
            begin = at if row[3] == 1 else begin
            first.append(begin)
        end, stop = [0] * len(head), len(head)
        for at in reversed(range(len(head))):
            end[at] = stop
            stop = at if first[at] == at else stop
        tag, dep = [names[row[0]] for row in columns], [names[row[1]] for row in columns]
        return cls(text, [word.lower() for word in text], tag, dep, head, kids, first, end)

    def left(self, index: int) -> int:
        """Leftmost token of the subtree."""
        while (kids := self.kids[index]) and kids[0] < index:
            index = kids[0]
        return index

    def right(self, index: int) -> int:
        """End (exclusive) of the subtree."""
        while (kids := self.kids[index]) and kids[-1] > index:
            index = kids[-1]
        return index + 1

    def subtree(self, index: int) -> Range:
        return self.left(index), self.right(index)

    def kid(self, index: int, *deps: str) -> int | None:
        """First child with one of the dependency labels."""
        return next((k for k in self.kids[index] if self.dep[k] in deps), None)


@dataclass(frozen=True, slots=True)
class Who:
    """A speaker: tokens [start, end), name or role as the text gives it, the party mention behind it if any."""

    start: int
    end: int
    name: str | None
    role: str | None
    state: str | None = None
    kind: str | None = None
    mention: Mention | None = None
    plural: bool = False

    @property
    def key(self) -> str:
        """What later mentions repeat: the last word of the name, else of the role."""
        return (self.name or self.role or "").rsplit(" ", 1)[-1].casefold()

    @property
    def party_kind(self) -> PartyKind | None:
        return cast(PartyKind, self.kind) if self.kind in get_args(PartyKind) else None

    @property
    def body(self) -> bool:
        """An institution rather than people."""
        return self.kind in _BODIES and self.role is None

    def at(self, start: int, end: int) -> "Who":
        return replace(self, start=start, end=end)


_PRONOUNS = {
    "he": "one",
    "she": "one",
    "i": "one",
    "it": "body",
    "they": "many",
    "we": "many",
    "its": "body",
    "his": "one",
    "her": "one",
    "their": "many",
}
_STOPS = frozenset([",", ";", ":", "(", ")", "[", "]", "--", "—", "–", "who", "which", "that", "whose", "whom"])


class Namer:
    """Names the speakers of one page, in the order of the text."""

    def __init__(self, page: Page, parties: Parties, tokens: Tokens) -> None:
        self.page, self.parties, self.t = page, parties, tokens
        self.w = load_words()
        self.papers = frozenset(load_cues().nouns)
        self.said: list[tuple[int, Who]] = []
        self.quoted: frozenset[int] | set[int] = frozenset()
        self._known: dict[str, Who] = {}
        first = tokens.first
        self.proper = {
            tokens.lower[i]
            for i, tag in enumerate(tokens.tag)
            if tag[:3] == "NNP" and first[i] != i and tokens.text[i][0].isupper()
        }

    def describe(self, head: int) -> Who | None:
        """Who the noun phrase headed by a token is; None for words that stand for nobody who can speak."""
        if not self.speaks(head):
            return None
        if self.t.lower[head] in _PRONOUNS:
            return self._pronoun(head)
        if self.t.lower[head] in {"one", "another"} or any(
            self.t.lower[k] in {"one", "another"} and self.t.dep[k] in {"nummod", "det"} for k in self.t.kids[head]
        ):
            several = self._several(head)
            if several is not None or self.t.lower[head] in {"one", "another"}:
                return several
        who = self._same(head, self._phrase(head))
        titled = {self.t.lower[k] for k in range(max(who.start - 2, 0), head)}
        if who.name and (sure := next((state for state, titles in self.w.titles_of.items() if titled & titles), None)):
            return replace(who, state=sure)
        if who.state is None:
            return replace(who, state=self._state(head, who))
        return who

    def _several(self, head: int) -> Who | None:
        """The speakers that "one of them", "one source" is of; "One of them, Ramon Sanchez" has his own name."""
        if self._named_after(head) is not None:
            return self._phrase(head)
        noun = self.t.lower[head]
        for _, who in reversed(self.said):
            if who.plural and (noun in {"one", "another"} or noun in (who.role or "").casefold()):
                return who.at(head, head + 1)
        return None

    def speaks(self, head: int) -> bool:
        """Whether a noun can have words of its own ("figures", "the law" cannot)."""
        lower, tag = self.t.lower[head], self.t.tag[head]
        if (
            lower in self.w.mute
            or lower in self.w.nobody
            or lower in self.w.times
            or tag in {"EX", "VBG", "DT"}
            or not lower[:1].isalpha()
        ):
            return False
        word = self.t.text[head]
        if lower in self.papers:
            return True
        if word[0].isupper() and lower in self.proper:
            return True
        if (
            self.parties.at(head) is not None
            or lower in self.w.bodies
            or (word[0].isupper() and head != self.t.first[head])
            or tag[:3] == "NNP"
        ):
            return True
        return (
            lower in _PRONOUNS
            or lower in self.w.titles
            or lower in self.w.people
            or lower.endswith(self.w.personal)
            or (lower[-1] == "s" and lower[:-1] in self.w.people)
        )

    def leads(self, head: int) -> bool:
        """Whether a role stands in apposition to a name before it ("Ann Reed, publisher and editor of the Post, said")."""
        return self.t.text[head].islower() and self._lead(self.start(head)) is not None

    def remember(self, token: int, who: Who) -> None:
        """Note that `who` speaks at a token: the nearest antecedent for what follows."""
        self.said.append((token, who))

    def last_of_weight(self) -> Who | None:
        """The last body, else the last speaker: the author of "the statement"."""
        said = [who for _, who in self.said]
        return next((who for who in reversed(said) if who.body), said[-1] if said else None)

    def is_outlet(self, token: int) -> bool:
        mention = self.parties.at(token)
        return (
            mention is not None
            and mention.kind == "media"
            and (mention.name is not None or self.t.lower[token] in self.w.described)
        )

    def outlet(self, token: int) -> str | None:
        """Name of the outlet at a token; None when it is the article's own."""
        mention = self.parties.at(token)
        name = mention.name if mention and mention.name else self._phrase(token).name or self._phrase(token).role
        own = (self.page.article.outlet or "").casefold()
        return None if name and own and name.casefold() in own else name

    def label(self, start: int, end: int) -> Who | None:
        """Who a transcript's label names ("MICHAEL MCFAUL, FORMER AMBASSADOR"); None for "A" before anybody is named."""
        t = self.t
        comma = next((k for k in range(start, end) if t.text[k] == ","), end)
        begin = next((k for k in range(start, comma) if t.lower[k] not in self.w.titles and t.text[k] != "."), comma)
        if begin >= comma or t.lower[comma - 1] in {"a", "answer"}:
            named = [who for who in self._known.values() if who.role]
            return named[0].at(start, end) if named else None
        mention = self.parties.at(comma - 1)
        name = mention.name if mention and mention.name else self.page.text(begin, comma)
        role = self._text(comma + 1, end) if comma < end else None
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

    # -- noun phrases ------------------------------------------------------------------------------------------------

    def _phrase(self, head: int) -> Who:
        t = self.t
        mention = self.parties.at(head)
        start = self.start(head)
        end = head + 1
        plural = t.tag[head] in {"NNS", "NNPS"}
        state, kind = (mention.state, mention.kind) if mention else (None, None)
        if mention and mention.name and t.lower[head] not in {"source", "sources"}:
            return Who(start, end, mention.name, mention.role, state, kind, mention, plural)
        begin = self._name_start(start, head)
        if begin is not None:
            stop = self._name_end(head)
            role = self._text(start, begin) or self._apposition(head)
            body = t.lower[head] in self.w.bodies
            return Who(
                start,
                stop,
                self._text(begin, stop),
                None if body else role,
                state,
                kind or ("organisation" if body else None),
                mention,
                plural,
            )
        if not plural and (named := self._named_after(head)) is not None:
            at, stop = named
            return Who(start, stop, self._text(at, stop), self._text(start, self._role_end(head)), state, kind, mention)
        if (inner := self._name_inside(start, head)) is not None:
            return Who(
                start,
                max(inner[1], head + 1),
                self._text(*inner),
                self._text(start, head + 1),
                state,
                kind,
                mention,
                plural,
            )
        if t.lower[head] in self.w.bodies and t.lower[head] not in self.w.described:
            end = self._name_end(head)
            return Who(start, end, self._text(start, end), None, state, kind or "organisation", mention, plural)
        stop = self._role_end(head)
        if (lead := self._lead(start)) is not None and not plural:
            return lead
        return Who(start, stop, None, self._text(start, stop), state, kind, mention, plural)

    def _state(self, head: int, who: Who) -> str | None:
        """A state for who has none: named in the phrase ("British Prime Minister …"), borne by
        the same body named before ("the department"), or shown by the title ("Sen.")."""
        t = self.t
        if t.lower[head] in _PRONOUNS or who.kind == "media":
            return who.state
        before = [m.state for m in self.parties.within(who.start, head) if m.state]
        if before:
            return before[0]
        if who.body and head - who.start == 1 and t.lower[who.start] == "the":
            for mention in reversed(self.parties.mentions):
                if (
                    mention.end <= who.start
                    and t.lower[mention.head] == t.lower[head]
                    and mention.state
                    and not mention.plural
                ):
                    return mention.state
        words = {t.lower[k] for k in range(max(who.start - 2, 0), who.end)}
        return next((state for state, titles in self.w.titles_of.items() if words & titles), None)

    def start(self, head: int) -> int:
        """Where the base noun phrase begins."""
        t = self.t
        start = head
        for kid in reversed(t.kids[head]):
            if kid > head:
                continue
            if (
                t.dep[kid] in {"det", "amod", "compound", "nmod", "poss", "nummod", "quantmod", "predet", "advmod"}
                and t.right(kid) == start
            ):
                start = t.left(kid)
            elif t.text[kid] == "-" and kid == start - 1:
                start = kid
            else:
                break
        while start < head and (
            t.text[start] in _STOPS or t.text[start] in {'"', "'"} or t.tag[start] in {"CC", "IN", "RB"}
        ):
            start += 1
        return start

    def _name_start(self, start: int, head: int) -> int | None:
        """First token of the capitalised name that ends at `head`, titles and roles left out; None when there is none."""
        t = self.t
        if (
            not t.text[head][:1].isupper()
            or t.lower[head] in self.w.titles
            or (t.tag[head][:3] != "NNP" and head == t.first[head] and t.lower[head] not in self.proper)
        ):
            return None
        begin = head
        while begin > start:
            if t.lower[begin - 1] in self.w.titles or t.tag[begin - 1] in {"DT", "PRP$", "POS"}:
                break
            if not (t.text[begin - 1][:1].isupper() or t.lower[begin - 1] in self.w.links):
                break
            begin -= 1
        while begin < head and t.lower[begin] in self.w.links and not t.text[begin][:1].isupper():
            begin += 1
        return begin

    def _lead(self, start: int) -> Who | None:
        """The name that a role after a comma stands in apposition to: "Sen. Saxby Chambliss (R) of Georgia, the ranking member …"."""
        t = self.t
        if start == 0 or t.text[start - 1] != ",":
            return None
        at = start - 2
        while at >= t.first[start] and t.tag[at][0] != "V" and t.text[at] not in {",", '"'}:
            mention = self.parties.at(at)
            if (
                mention is not None
                and mention.head == at
                and mention.name
                and " " in mention.name
                and self._opens(mention.start)
            ):
                return Who(
                    mention.start,
                    mention.end,
                    mention.name,
                    mention.role or self._text(start, start + 1),
                    mention.state,
                    mention.kind,
                    mention,
                )
            at -= 1
        return None

    def _opens(self, at: int) -> bool:
        """Whether a phrase stands at the start of its sentence, titles aside, or right after a quotation."""
        t = self.t
        while at > t.first[at] and (
            t.tag[at - 1][:3] == "NNP" or t.lower[at - 1] in self.w.titles or t.tag[at - 1] == "RB"
        ):
            at -= 1
        return at == t.first[at] or t.text[at - 1] in {'"', "'", ","}

    def _name_inside(self, start: int, head: int) -> Range | None:
        """The name beside a common noun: "the Herald newspaper", "director of public health Tracy Daszkiewicz"."""
        t = self.t
        if t.lower[head] in self.w.described or t.lower[head] in {"agency", "service", "editorial"}:
            begin = head
            while (
                begin > start
                and t.tag[begin - 1][:3] == "NNP"
                and not any(True for m in self.parties.within(begin - 1, begin) if m.kind != "media")
            ):
                begin -= 1
            return (begin, head) if begin < head and t.text[begin - 1] != "." else None
        end = max(
            [
                head + 1,
                *(t.right(k) for k in t.kids[head] if k > head and t.dep[k] == "prep" and t.lower[k] in {"of", "to"}),
            ]
        )
        begin = end
        while begin > head + 2 and t.tag[begin - 1] == "NNP" and t.text[begin - 1][0].isupper():
            other = self.parties.at(begin - 1)
            if other is not None and other.end == begin and other.head != head:
                return (begin, end) if 1 < end - begin < 4 else None
            begin -= 1
        return (begin, end) if end - begin > 1 and t.tag[begin - 1] == "NN" and t.text[begin - 1].islower() else None

    def _name_end(self, head: int) -> int:
        """End of a body's name: "Ministry of Foreign Affairs", "Bureau of Statistics"."""
        t = self.t
        end = head + 1
        body = t.lower[head] in self.w.bodies
        if not (body or (t.tag[head] == "NNP" and all(t.tag[k] != "NNP" for k in range(self.start(head), head)))):
            return end
        for kid in t.kids[head]:
            if t.dep[kid] != "prep" or kid != end or not t.text[t.right(kid) - 1][:1].isupper():
                continue
            if t.lower[kid] in {"of", "for", "without"} or (t.lower[kid] == "in" and t.lower[head] in self.w.posts):
                end = next(
                    (
                        k
                        for k in range(kid, t.right(kid))
                        if t.text[k] in _STOPS or t.lower[k] in {"on", "at"} or (k > kid and t.lower[k] == "in")
                    ),
                    t.right(kid),
                )
        return end

    def _named_after(self, head: int) -> Range | None:
        """The name in apposition after a role: "the ministry's spokesman, Luc Bernier"."""
        t = self.t
        for kid in t.kids[head]:
            if t.dep[kid] == "appos" and kid > head and t.tag[kid][:3] == "NNP" and t.lower[kid] not in self.w.bodies:
                begin = self._name_start(self.start(kid), kid)
                return (begin, kid + 1) if begin is not None else None
        return None

    def _role_end(self, head: int) -> int:
        """End of a description: prepositional phrases and reduced relatives, up to a comma, a relative pronoun or a verb."""
        t = self.t
        late = [
            t.right(k)
            for k in t.kids[head]
            if k > head and (t.dep[k] in {"prep", "amod"} or t.tag[k] == "VBG" or t.lower[k] in {"here", "there"})
        ]
        end = max([head + 1, *late])
        for index in range(head + 1, end):
            if (
                t.tag[index] == "IN"
                and index + 1 < end
                and (t.tag[index + 1] == "CD" or t.lower[index + 1] in self.w.times)
            ):
                return index
            if t.text[index] in _STOPS or t.tag[index] in {"WP", "WDT", "WP$", "VBD", "VBZ", "VBN"}:
                return index
        return end

    def _apposition(self, head: int) -> str | None:
        t = self.t
        kid = t.kid(head, "appos")
        return self._text(t.left(kid), self._role_end(kid)) if kid is not None and kid > head else None

    def _text(self, start: int, end: int) -> str | None:
        while start < end and self.t.tag[start] in {"DT", ",", "``", "''", "POS", "HYPH"}:
            start += 1
        return self.page.text(start, end) if end > start else None

    # -- the same one again ------------------------------------------------------------------------------------------

    def _same(self, head: int, who: Who) -> Who:
        """`who` as the article first gave it: a surname takes its full name, "the spokesman" its name, "the ministry" its state."""
        t = self.t
        bare = head - who.start <= 1 and t.lower[who.start] in {"the", "this"} and t.lower[head] in self.w.bodies
        if who.name and not bare and (not who.body or t.text[head][:1].isupper()):
            known = self._known.get(who.key)
            if known is None and " " not in who.name:  # "Wang" after "Wang Wenbin"
                known = next(
                    (k for k in self._known.values() if k.name and k.name.casefold().startswith(who.key + " ")), None
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
                if earlier.body and noun in self.w.anybody and earlier.kind != "place":
                    return earlier.at(who.start, who.end)
        like = frozenset() if words else self.w.like.get(noun, frozenset())
        for _, earlier in reversed(self.said):
            if earlier.plural == who.plural and like & set((earlier.role or "").casefold().split()):
                return earlier.at(who.start, who.end)
        return who

    def _body_before(self, head: int, who: Who) -> Who | None:
        """The nearest body named before with the same noun: "the British embassy in Cairo", then "the embassy"."""
        t = self.t
        for mention in reversed(self.parties.mentions):
            if (
                mention.end <= who.start
                and t.lower[mention.head] == t.lower[head]
                and mention.state
                and not mention.plural
            ):
                if mention.start < mention.head - 1 or t.lower[mention.start] != "the":
                    full = self._phrase(mention.head)
                    if full.name and full.body:
                        return replace(full, start=who.start, end=who.end, state=who.state or full.state)
                return None
        return None

    def _pronoun(self, head: int) -> Who | None:
        """Who "he", "it" or "they" is: the nearest fitting speaker or subject of a main clause before, outside quotations.

        Two sentences back at most for subjects that have said nothing; a speaker stays in reach for five.
        """
        t = self.t
        want = _PRONOUNS[t.lower[head]]
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
                and t.lower[at] not in _PRONOUNS
                and self.speaks(at)
            ):
                who = self._same(at, self._phrase(at))
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

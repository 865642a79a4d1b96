"""From the head of a noun phrase to who it is: name or role, state, kind."""

from dataclasses import dataclass, replace
from typing import cast, get_args

from legation.reading.page import Mention, Page, Parties
from legation.reading.statements.cues import load_cues, load_words
from legation.reading.statements.tokens import Range, Tokens
from legation.schema import PartyKind

BODIES = frozenset(
    ["organisation", "government", "media", "mission", "place", "police", "military", "security_service", "armed_group"]
)
"""Kinds of mentions that can be institutions."""


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
        return self.kind in BODIES and self.role is None

    @property
    def role_words(self) -> set[str]:
        return set((self.role or "").casefold().split())

    def at(self, start: int, end: int) -> "Who":
        return replace(self, start=start, end=end)


class Phrases:
    """Reads the noun phrases of one page."""

    def __init__(self, page: Page, parties: Parties, tokens: Tokens) -> None:
        self.page, self.parties, self.t = page, parties, tokens
        self.w = load_words()
        self.papers = frozenset(load_cues().nouns)
        self.proper = {
            tokens.lower[i]
            for i, tag in enumerate(tokens.tag)
            if tag[:3] == "NNP" and tokens.first[i] != i and tokens.text[i][0].isupper()
        }

    def phrase(self, head: int) -> Who:
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
            role = self.text(start, begin) or self._apposition(head)
            body = t.lower[head] in self.w.bodies
            return Who(
                start,
                stop,
                self.text(begin, stop),
                None if body else role,
                state,
                kind or ("organisation" if body else None),
                mention,
                plural,
            )
        if not plural and (named := self.named_after(head)) is not None:
            at, stop = named
            return Who(start, stop, self.text(at, stop), self.text(start, self._role_end(head)), state, kind, mention)
        if (inner := self._name_inside(start, head)) is not None:
            return Who(
                start,
                max(inner[1], head + 1),
                self.text(*inner),
                self.text(start, head + 1),
                state,
                kind,
                mention,
                plural,
            )
        if (
            t.lower[head] in self.w.bodies
            and t.lower[head] not in self.w.described
            and not self._only_described(start, head)
        ):
            end = self._name_end(head)
            return Who(start, end, self.text(start, end), None, state, kind or "organisation", mention, plural)
        stop = self._role_end(head)
        if (lead := self._lead(start)) is not None and not plural:
            return lead
        return Who(start, stop, None, self.text(start, stop), state, kind, mention, plural)

    def _only_described(self, start: int, head: int) -> bool:
        """ "the outgoing government", "a group of senators": words about a body, not its name."""
        t = self.t
        if t.lower[head] in self.w.groups and any(t.lower[k] == "of" and k == head + 1 for k in t.kids[head]):
            return True
        adjectives = {t.lower[k] for k in range(start, head) if t.tag[k] == "JJ" and t.text[k].islower()}
        return t.text[head].islower() and t.lower[head] in self.w.describable and bool(adjectives - self.w.naming)

    def state(self, head: int, who: Who) -> str | None:
        """A state for who has none: named in the phrase ("British Prime Minister …"), borne by
        the same body named before ("the department"), or shown by the title ("Sen.")."""
        t = self.t
        if self.w.pronoun(t.lower[head]) or who.kind == "media":
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
            t.text[start] in self.w.stops or t.text[start] in {'"', "'"} or t.tag[start] in {"CC", "IN", "RB"}
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
                    mention.role or self.text(start, start + 1),
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
        if t.lower[head] in self.w.described or t.lower[head] in self.w.papers:
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
                        if t.text[k] in self.w.stops or t.lower[k] in {"on", "at"} or (k > kid and t.lower[k] == "in")
                    ),
                    t.right(kid),
                )
        return end

    def named_after(self, head: int) -> Range | None:
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
            if k > head
            and (t.dep[k] in {"prep", "amod"} or t.tag[k] == "VBG" or t.lower[k] in {"here", "there", "briefed"})
        ]
        end = max([head + 1, *late])
        for index in range(head + 1, end):
            if (
                t.lower[index] in {"on", "in", "at", "since", "by", "until"}
                and index + 1 < end
                and (t.tag[index + 1] == "CD" or t.lower[index + 1] in self.w.times)
            ):
                return index
            if t.text[index] in self.w.stops or t.tag[index] in {"WP", "WDT", "WP$", "VBD", "VBZ", "VBN"} - (
                {t.tag[index]} if t.lower[index] == "briefed" else set()
            ):
                return index
        return end

    def _apposition(self, head: int) -> str | None:
        t = self.t
        kid = t.kid(head, "appos")
        return self.text(t.left(kid), self._role_end(kid)) if kid is not None and kid > head else None

    def text(self, start: int, end: int) -> str | None:
        while start < end and self.t.tag[start] in {"DT", ",", "``", "''", "POS", "HYPH"}:
            start += 1
        return self.page.text(start, end) if end > start else None

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
            self.w.pronoun(lower) is not None
            or lower in self.w.titles
            or lower in self.w.people
            or lower.endswith(self.w.personal)
            or (lower[-1] == "s" and lower[:-1] in self.w.people)
        )

    def leads(self, head: int) -> bool:
        """Whether a role stands in apposition to a name before it ("Ann Reed, publisher and editor of the Post, said")."""
        return self.t.text[head].islower() and self._lead(self.start(head)) is not None

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
        name = mention.name if mention and mention.name else self.phrase(token).name or self.phrase(token).role
        own = (self.page.article.outlet or "").casefold()
        return None if name and own and name.casefold() in own else name

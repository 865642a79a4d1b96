"""A page's parse as plain lists, shared by the rules that find statements."""

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.attrs import DEP, HEAD, ORTH, SENT_START, TAG

from legation.reading.page import Page

Range = tuple[int, int]
"""First token and end token (exclusive)."""
_I64, _U64 = 2**63, 2**64
FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])
"""Tags of verbs that can head a clause of their own."""


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
    kids: list[Sequence[int]]
    first: list[int]
    end: list[int]

    @classmethod
    def of(cls, page: Page) -> "Tokens":
        doc, strings = page.doc, page.doc.vocab.strings
        if not len(doc):
            return cls([], [], [], [], [], [], [], [])
        orth, tag, dep, head, start = doc.to_array([ORTH, TAG, DEP, HEAD, SENT_START]).T.tolist()
        names = {key: strings[key] for key in {*orth, *tag, *dep}}
        text = [names[key] for key in orth]
        heads = [at + (offset if offset < _I64 else offset - _U64) for at, offset in enumerate(head)]
        kids: list[Sequence[int]] = [()] * len(heads)
        for index, parent in enumerate(heads):
            if parent != index:
                here = kids[parent]
                if isinstance(here, list):
                    here.append(index)
                else:
                    kids[parent] = [index]
        first, end = [0] * len(heads), [len(heads)] * len(heads)
        begins = [at for at, sign in enumerate(start) if sign == 1 or at == 0]
        for begin, stop in zip(begins, [*begins[1:], len(heads)], strict=True):
            first[begin:stop] = [begin] * (stop - begin)
            end[begin:stop] = [stop] * (stop - begin)
        lower = [word.lower() for word in text]
        return cls(text, lower, [names[key] for key in tag], [names[key] for key in dep], heads, kids, first, end)

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

    def infinitive(self, index: int) -> bool:
        """Whether a verb stands with "to"."""
        return self.tag[index] == "VB" and any(self.tag[k] == "TO" for k in self.kids[index])

    def finite(self, index: int) -> bool:
        """Whether a clause is finite, or a "that" clause in the subjunctive."""
        return (
            self.tag[index] in FINITE
            or self.lower[self.left(index)] == "that"
            or any(self.tag[k] in FINITE or self.lower[k] in {"'s", "be"} for k in self.kids[index])
        )

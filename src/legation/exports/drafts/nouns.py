"""What a draft consists of. All texts are plain; whoever prints them escapes them."""

from typing import Literal, TypeAlias

from legation.schema import Noun

Kind: TypeAlias = Literal["note", "briefing"]
Form: TypeAlias = Literal["docx", "html", "pdf"]
KINDS: tuple[Kind, ...] = ("note", "briefing")
FORMS: dict[Form, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}
"""Forms and their media types."""


class Run(Noun, frozen=True, kw_only=True):
    """Words of one kind: plain, a blank for a person, a mark that something is only claimed. `notes`: numbers of footnotes after it."""

    text: str
    kind: Literal["plain", "blank", "claim"] = "plain"
    notes: tuple[int, ...] = ()


class Block(Noun, frozen=True, kw_only=True):
    """A paragraph or heading."""

    kind: Literal["title", "warning", "heading", "paragraph", "item", "right"]
    runs: tuple[Run, ...]


class Draft(Noun, frozen=True, kw_only=True):
    """The whole; ``notes[n - 1]`` is footnote n."""

    kind: Kind
    title: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    notes_heading: str

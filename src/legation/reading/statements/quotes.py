"""Where quotation marks open and close, over the tokens of a page."""

from typing import NamedTuple

from legation.reading.page import Page


class Quote(NamedTuple):
    """Tokens [start, end) between two marks, the marks left out. `closed` is false for a running quotation (no closing
    mark by the end of its paragraph); `speech` when it holds a clause or a whole sentence rather than a word or a name."""

    start: int
    end: int
    closed: bool
    speech: bool

    @property
    def outer(self) -> tuple[int, int]:
        """The tokens with their marks."""
        return self.start - 1, self.end + self.closed


_MARKS = frozenset(['"', "''", "``", "'"])
_OPEN, _CLOSE = frozenset("“„«‘‚"), frozenset("”»")
_LEFT_OF_OPENING = frozenset("([{—–-/:")


def find_quotes(page: Page, text: list[str], tag: list[str]) -> list[Quote]:
    """All quotations in text order, given the words and tags of the page's tokens; those in single marks inside double ones are left to the outer one.

    A mark's direction comes from its own shape, else from the spaces around it. A mark that opens while another is
    open ends that one; a mark that closes nothing is passed over, so a stray mark spoils no other.
    """
    quotes: list[Quote] = []
    for first, end in page.lines:
        opened: int | None = None
        single = False
        for index in range(first, end):
            mark = text[index]
            if mark not in _MARKS:
                continue
            if mark == "'":
                if opened is not None and not single:
                    continue
                direction = _single(page, text, tag, index, first, end, opened)
            else:
                direction = _direction(page, text, index, first, end, opened is not None)
            if direction == "open":
                if opened is not None:
                    _keep(text, tag, quotes, opened, index, closed=False)
                opened, single = index, mark == "'"
            elif direction == "close" and opened is not None and single == (mark == "'"):
                _keep(text, tag, quotes, opened, index, closed=True)
                opened = None
        if opened is not None and not single:
            _keep(text, tag, quotes, opened, end, closed=False)
    return quotes


def _gaps(page: Page, index: int, first: int, end: int) -> tuple[bool, bool]:
    """Whether a space (or the line's edge) stands left and right of a token."""
    left = index == first or page.starts[index] > page.ends[index - 1]
    right = index + 1 >= end or page.starts[index + 1] > page.ends[index]
    return left, right


def _direction(page: Page, text: list[str], index: int, first: int, end: int, is_open: bool) -> str:
    shape = page.article.text[page.starts[index]]
    if shape in _OPEN:
        return "open"
    if shape in _CLOSE:
        return "close"
    left, right = _gaps(page, index, first, end)
    if left == right:
        if not left and index > first and text[index - 1][-1] in _LEFT_OF_OPENING:
            return "open"
        return "close" if is_open else "open"
    return "open" if left else "close"


def _single(
    page: Page, text: list[str], tag: list[str], index: int, first: int, end: int, opened: int | None
) -> str | None:
    """Direction of a single mark; None for an apostrophe."""
    left, right = _gaps(page, index, first, end)
    if opened is None:
        shape = page.article.text[page.starts[index]]
        return "open" if left and not right and shape != "’" else None
    if left or (not right and text[index + 1][0].isalnum()):
        return None
    before = text[index - 1]
    plural = before[-1:] == "s" and tag[index] == "POS" and right
    return None if plural else "close"


def _keep(text: list[str], tag: list[str], quotes: list[Quote], mark: int, end: int, *, closed: bool) -> None:
    start = mark + 1
    if end <= start:
        return
    verb = any(t[0] == "V" or t == "MD" for t in tag[start:end])
    stop = text[end - 1] in {",", ".", "?", "!", "…", "..."}
    speech = (end - start > 3 and verb) or (stop and end - start > 2) or end - start > 8
    quotes.append(Quote(start, end, closed, speech))

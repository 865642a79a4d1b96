"""Pages nested deeper than libxml2 reads: it drops what lies below 255 levels, with the text in it."""

import re
from collections import Counter

READ, KEPT = 200, 80
"""Levels that libxml2 surely reads, and those that are kept of a page that has more; a page in earnest has some thirty."""
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)[^<>]*>")
_STAY = {
    "html", "head", "title", "body", "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "tr", "td", "th", "option", "script", "style", "noscript",
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
}  # fmt: skip
"""Tags that hold no others, or whose end is often left out: they are no levels of their own."""


def shallow(page: str) -> str:
    """The page; one of more than `READ` levels without the tags below `KEPT`, while what stands in them stays."""
    stack: list[str] = []
    deepest = 0
    opened: Counter[str] = Counter()

    def kept(tag: re.Match[str]) -> str:
        nonlocal deepest
        name = tag[2].lower()
        if name in _STAY or (tag[1] and not opened[name]):
            return tag[0]
        if not tag[1]:
            stack.append(name)
            opened[name] += 1
            deepest = max(deepest, len(stack))
            return tag[0] if len(stack) <= KEPT else " "
        while (last := stack.pop()) != name:
            opened[last] -= 1
        opened[name] -= 1
        return tag[0] if len(stack) < KEPT else " "

    flat = _TAG.sub(kept, page)
    return flat if deepest > READ else page

"""The briefing: what happened between each two states, who says so, which duty is at stake, what followed, what is open.

`briefing(readings)` makes it, `briefing_of(record)` that of what is on a record; `in_terminal` prints it; `as_page` makes it one self-contained page, `as_document` a Word document.
"""

from legation.exports.briefing.document import as_document
from legation.exports.briefing.make import briefing
from legation.exports.briefing.nouns import Account, Briefing, Chapter, Line, OpenItem, Quote, Source, Stake
from legation.exports.briefing.page import as_page
from legation.exports.briefing.recorded import briefing_of
from legation.exports.briefing.terminal import in_terminal

__all__ = [
    "Account",
    "Briefing",
    "Chapter",
    "Line",
    "OpenItem",
    "Quote",
    "Source",
    "Stake",
    "as_document",
    "as_page",
    "briefing",
    "briefing_of",
    "in_terminal",
]

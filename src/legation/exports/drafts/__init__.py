"""Drafts from the record: a note verbale or a briefing on an incident, a pair of states or a period, as Word, page or PDF.

`draft` makes it, `write` prints it. Facts come in the voice the record allows, each with its sources in footnotes; claims are marked as
claims; what a person has to decide is left blank and looks so. The words are data (``wording.yaml``).
"""

from legation.exports.drafts.make import draft
from legation.exports.drafts.nouns import FORMS, KINDS, Block, Draft, Run
from legation.exports.drafts.write import write

__all__ = ["FORMS", "KINDS", "Block", "Draft", "Run", "draft", "write"]

"""The briefing as a Word document, for those who must edit it: the same lines, sources as a list at the end."""

from typing import IO, TYPE_CHECKING

from legation.exports.briefing.nouns import Briefing, Line
from legation.exports.briefing.terminal import SHAPES, date_words, details, headline, status_words

if TYPE_CHECKING:
    from docx.document import Document

_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
"""Characters that XML, and so Word, cannot hold."""


def as_document(briefing: Briefing, out: IO[bytes]) -> None:
    """Write the briefing as .docx."""
    import docx

    document = docx.Document()
    document.core_properties.title = headline(briefing)
    document.add_heading("Briefing", level=0)
    document.add_paragraph(headline(briefing).removeprefix("Briefing: "))
    for chapter in briefing.chapters:
        document.add_heading(_plain(chapter.title), level=1)
        for tally in chapter.tallies:
            document.add_paragraph(tally)
        for line in chapter.lines:
            _add(document, line, "List Bullet")
            for reaction in line.reactions:
                _add(document, reaction, "List Bullet 2")
        if chapter.open:
            document.add_heading("Still open", level=2)
            for item in chapter.open:
                document.add_paragraph(_plain(f"No. {item.line}: {item.says}"))
    document.add_heading("Sources", level=1)
    for source in briefing.sources:
        parts = (source.title, source.outlet, source.published, source.path)
        document.add_paragraph(_plain(" · ".join(part for part in parts if part)), style="List Number")
    document.save(out)


def _add(document: "Document", line: Line, style: str) -> None:
    paragraph = document.add_paragraph(style=style)
    paragraph.add_run(_plain(f"{line.number}. {date_words(line)}. ")).bold = True
    paragraph.add_run(f"{SHAPES[line.status]} {status_words(line)}. ").italic = True
    paragraph.add_run(_plain(line.sentence))
    for _, detail in details(line, nested=style == "List Bullet 2"):
        paragraph.add_run().add_break()
        paragraph.add_run(_plain(detail))


def _plain(text: str) -> str:
    return text.translate(_CONTROL)

"""The briefing as a Word document, for those who must edit it: the same lines, sources as a list at the end."""

from typing import IO, TYPE_CHECKING

from legation.exports.briefing.nouns import Briefing, Line
from legation.exports.briefing.terminal import SHAPES, date_words, details, headline, status_words
from legation.exports.briefing.wording import printable

if TYPE_CHECKING:
    from docx.document import Document


def as_document(briefing: Briefing, out: IO[bytes]) -> None:
    """Write the briefing as .docx."""
    import docx

    document = docx.Document()
    document.core_properties.title = headline(briefing)
    document.add_heading("Briefing", level=0)
    document.add_paragraph(headline(briefing).removeprefix("Briefing: "))
    for chapter in briefing.chapters:
        document.add_heading(printable(chapter.title), level=1)
        for tally in chapter.tallies:
            document.add_paragraph(tally)
        for line in chapter.lines:
            _add(document, line, "List Bullet")
            for reaction in line.reactions:
                _add(document, reaction, "List Bullet 2")
        if chapter.open:
            document.add_heading("Still open", level=2)
            for item in chapter.open:
                document.add_paragraph(printable(f"No. {item.line}: {item.says}"))
    document.add_heading("Sources", level=1)
    for source in briefing.sources:
        parts = (source.title, source.outlet, source.published, source.path)
        document.add_paragraph(printable(" · ".join(part for part in parts if part)), style="List Number")
    document.save(out)


def _add(document: "Document", line: Line, style: str) -> None:
    paragraph = document.add_paragraph(style=style)
    paragraph.add_run(printable(f"{line.number}. {date_words(line)}. ")).bold = True
    paragraph.add_run(f"{SHAPES[line.status]} {status_words(line)}. ").italic = True
    paragraph.add_run(printable(line.sentence))
    for _, detail in details(line, nested=style == "List Bullet 2"):
        paragraph.add_run().add_break()
        paragraph.add_run(printable(detail))

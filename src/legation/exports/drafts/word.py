"""A draft as a Word document with footnotes of its own (WordprocessingML, ECMA-376 part 1, 17.11), which python-docx does not make."""

from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from legation.exports.drafts.nouns import Block, Draft

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def write(draft: Draft, out: IO[bytes]) -> None:
    """Write the draft as .docx."""
    import docx

    document = docx.Document()
    document.core_properties.title = draft.title
    document.core_properties.author = ""
    for block in draft.blocks:
        _add(document, block)
    _footnotes(document, draft.notes)
    document.save(out)


def _add(document: "Document", block: Block) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX

    styles = {"item": "List Bullet", "warning": "Intense Quote"}
    if block.kind in ("title", "heading"):
        paragraph = document.add_heading(level=0 if block.kind == "title" else 1)
    else:
        paragraph = document.add_paragraph(style=styles.get(block.kind))
    if block.kind == "right":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for run in block.runs:
        made = paragraph.add_run(run.text)
        if run.kind == "blank":
            made.font.highlight_color = WD_COLOR_INDEX.YELLOW
        made.italic = True if run.kind == "claim" else None
        for note in run.notes:
            _refer(paragraph, note)


def _refer(paragraph: "Paragraph", note: int) -> None:
    """A footnote's number after what was added last."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = paragraph.add_run()
    made.font.superscript = True
    reference: Any = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), str(note))
    made._r.append(reference)


def _footnotes(document: "Document", notes: tuple[str, ...]) -> None:
    """The part that holds the footnotes; 0 and -1 are the lines above them, which Word asks for."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{id}"><w:p><w:r><w:{mark}/></w:r></w:p></w:footnote>'
        for kind, id, mark in (("separator", -1, "separator"), ("continuationSeparator", 0, "continuationSeparator"))
    )
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    for number, note in enumerate(notes, 1):
        text = f'<w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve"> {escape(note)}</w:t></w:r>'
        lines += f'<w:footnote w:id="{number}"><w:p>{mark}{text}</w:p></w:footnote>'
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes xmlns:w="{_W}">{lines}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), _PART, xml.encode(), document.part.package)
    document.part.relate_to(part, _REL)

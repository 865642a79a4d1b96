"""A draft as PDF, by fpdf2 in Source Serif Pro (Latin, Greek, Cyrillic); sources follow the text as numbered notes.

Letters the font has none of are set in a DejaVu or Noto font of the machine where there is one.
"""

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING

from legation.exports.drafts.nouns import Block, Draft

if TYPE_CHECKING:
    from fpdf import FPDF

_FACES = {"": "Regular", "B": "Semibold", "I": "It", "BI": "SemiboldIt"}
_MACHINE = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf",
)
_SIZE, _NOTE, _LINE = 11, 9, 5.4
"""Points of the text and of notes; millimetres of a line."""


def write(draft: Draft, out: IO[bytes]) -> None:
    """Write the draft as PDF."""
    from fpdf import FPDF

    class Pages(FPDF):
        """Pages with their number at the foot."""

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("serif", size=_NOTE)
            self.cell(0, 8, f"{draft.title}, page {self.page_no()} of {{nb}}", align="C")

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    pdf = Pages(format="A4")
    pdf.set_title(draft.title)
    pdf.set_lang("en")
    pdf.set_margins(25, 22, 25)
    pdf.set_auto_page_break(True, margin=22)
    _fonts(pdf)
    pdf.add_page()
    links = {n: pdf.add_link() for n in range(1, len(draft.notes) + 1)}
    item = 0
    for block in draft.blocks:
        item = item + 1 if block.kind == "item" else 0
        _add(pdf, block, item, links)
    if draft.notes:
        _heading(pdf, draft.notes_heading, 13)
        pdf.set_font("serif", size=_NOTE)
        for number, note in enumerate(draft.notes, 1):
            pdf.set_link(links[number], y=pdf.get_y(), page=pdf.page_no())
            pdf.set_left_margin(25)
            pdf.set_x(25)
            pdf.cell(8, 4.4, f"{number}")
            pdf.multi_cell(0, 4.4, note, align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(1)
    out.write(bytes(pdf.output()))


def _fonts(pdf: "FPDF") -> None:
    spec = find_spec("font_source_serif_pro")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'font_source_serif_pro'", name="font_source_serif_pro")
    folder = Path(next(iter(spec.submodule_search_locations))) / "files"
    for style, face in _FACES.items():
        pdf.add_font("serif", style, folder / f"SourceSerifPro-{face}.ttf")
    there = [path for path in _MACHINE if Path(path).exists()]
    for path in there:
        pdf.add_font(Path(path).stem, "", path)
    pdf.set_fallback_fonts([Path(path).stem for path in there], exact_match=False)


def _add(pdf: "FPDF", block: Block, item: int, links: dict[int, int]) -> None:
    text = "".join(run.text for run in block.runs)
    if block.kind in ("title", "heading"):
        _heading(pdf, text, 20 if block.kind == "title" else 13)
        return
    indent = 25 + (8 if item else 4 if block.kind == "warning" else 0)
    if item:
        pdf.set_x(25)
        pdf.set_font("serif", size=_SIZE)
        pdf.cell(8, _LINE, f"{item}.")
    pdf.set_left_margin(indent)
    pdf.set_x(indent)
    if block.kind == "right":
        pdf.set_font("serif", size=_SIZE)
        pdf.multi_cell(0, _LINE, text, align="R", new_x="LMARGIN", new_y="NEXT")
    else:
        _runs(pdf, block, links)
        pdf.ln(_LINE)
    pdf.set_left_margin(25)
    pdf.ln(2.2)


def _runs(pdf: "FPDF", block: Block, links: dict[int, int]) -> None:
    size = _NOTE + 0.5 if block.kind == "warning" else _SIZE
    for run in block.runs:
        pdf.set_font("serif", "B" if run.kind == "blank" else "I" if run.kind == "claim" else "", size)
        pdf.write(_LINE, run.text)
        pdf.set_font("serif", size=_SIZE)
        pdf.char_vpos = "SUP"
        for n, note in enumerate(run.notes):
            pdf.write(_LINE, f"{', ' if n else ''}{note}", links[note])
        pdf.char_vpos = "LINE"


def _heading(pdf: "FPDF", text: str, size: int) -> None:
    pdf.set_left_margin(25)
    pdf.ln(3)
    if pdf.will_page_break(30):
        pdf.add_page()
    pdf.set_font("serif", "B", size)
    pdf.multi_cell(0, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)

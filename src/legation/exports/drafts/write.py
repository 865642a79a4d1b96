"""A draft as a Word document, one self-contained page, or a PDF."""

from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from legation.exports.drafts.make import plain
from legation.exports.drafts.nouns import Draft, Form

if TYPE_CHECKING:
    from jinja2 import Template


def write(draft: Draft, form: Form, out: IO[bytes]) -> None:
    """Write a draft to a binary stream."""
    draft = plain(draft)
    match form:
        case "html":
            out.write(_template().render(draft=draft).encode())
        case "docx":
            from legation.exports.drafts.word import write as as_word

            as_word(draft, out)
        case "pdf":
            from legation.exports.drafts.pdf import write as as_pdf

            as_pdf(draft, out)


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(Path(__file__).with_name("page.html.j2").read_text(encoding="utf-8"))

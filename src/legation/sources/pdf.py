"""A PDF with a text layer, through pypdf (``pip install 'legation[pdf]'``): its lines put together into paragraphs."""

from io import BytesIO

from legation.schema import Article
from legation.sources import Raw, Unreadable, from_text
from legation.sources.wrapped import unwrapped

PAGES = 200
"""Pages read at most; an article has few."""


def from_pdf(raw: Raw) -> Article:
    """The article of a PDF. Raises Unreadable for what is broken, locked or only pictures."""
    try:
        import pypdf
    except ModuleNotFoundError:
        raise Unreadable(raw.source, "reading PDF needs pypdf", "pip install 'legation[pdf]'") from None
    try:
        file = pypdf.PdfReader(BytesIO(raw.data))
        locked = file.is_encrypted and not file.decrypt("")
        pages = [] if locked else [page.extract_text() for page in file.pages[:PAGES]]
        about = None if locked else file.metadata
        title, made = (about.title, about.creation_date_raw) if about else (None, None)
    except Exception as problem:  # pypdf raises whatever a broken file makes it stumble over
        raise Unreadable(
            raw.source, f"the PDF is broken ({type(problem).__name__})", "open and print it to a new PDF"
        ) from None
    if locked:
        raise Unreadable(raw.source, "it is locked by a password", "unlock it first")
    text = "\n\n".join(unwrapped(page) for page in pages).strip()
    if len(text) < 40:
        raise Unreadable(raw.source, "the PDF has no text layer, only pictures", "run it through OCR first")
    return from_text(text, raw.source, title=title or None, published=_day(made))


def _day(made: str | None) -> str | None:
    """The day of ``D:20240508…``: when the file was made, which for a printed article is near its publication."""
    digits = (made or "").removeprefix("D:")[:8]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 and digits.isdigit() else None

"""A message (.eml): a newsletter or a story somebody sent on. Its text, or what its HTML shows; subject, sender and date."""

from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from legation.schema import Article
from legation.sources import Raw, Unreadable, from_html, from_text
from legation.sources.wrapped import unwrapped


def from_mail(raw: Raw) -> Article:
    """The article of a message; attachments are left out. Raises Unreadable for what is no message or has no text."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw.data)
        plain = message.get_body(("plain",))
        page = message.get_body(("html",))
        text = str(plain.get_content()).strip() if plain else ""
        markup = str(page.get_content()) if page else ""
        said = {"title": message["subject"], "outlet": _sender(message["from"]), "published": _day(message)}
    except (MessageError, LookupError, ValueError, AttributeError) as problem:
        raise Unreadable(
            raw.source, f"it is no readable message ({problem})", "save it again as .eml, or its text as .txt"
        ) from None
    if message.defects and not message.keys():
        raise Unreadable(raw.source, "it is no message", "save it again as .eml, or its text as .txt")
    if len(text) < len(markup) / 50 or not text:
        if not markup:
            raise Unreadable(raw.source, "the message has no text", "save the attachment and give that")
        return from_html(markup, raw.source, said)
    return from_text(unwrapped(text.replace("\r\n", "\n")), raw.source, **said)


def _sender(address: str | None) -> str | None:
    name, mail = parseaddr(str(address or ""))
    return name or mail.rpartition("@")[2] or None


def _day(message: EmailMessage) -> str | None:
    date = message["date"]
    stamp = getattr(date, "datetime", None)
    return stamp.date().isoformat() if stamp else None

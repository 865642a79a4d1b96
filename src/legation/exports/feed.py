"""An Atom feed (RFC 4287), entry by entry."""

from collections.abc import Iterable
from xml.etree import ElementTree

from legation.exports.briefing.wording import printable

_ATOM = "http://www.w3.org/2005/Atom"


class Feed:
    """A feed of ours; times are RFC 3339. What is not `printable` is left out."""

    def __init__(self, id: str, title: str, updated: str) -> None:
        ElementTree.register_namespace("", _ATOM)
        self._feed = ElementTree.Element(f"{{{_ATOM}}}feed")
        self._texts(self._feed, id=id, title=title, updated=updated)
        self._texts(ElementTree.SubElement(self._feed, f"{{{_ATOM}}}author"), name="Legation")

    def entry(
        self,
        id: str,
        title: str,
        updated: str,
        summary: Iterable[str],
        *,
        terms: Iterable[str],
        link: str | None = None,
    ) -> None:
        """Add an entry: `summary` in lines, `terms` as categories."""
        entry = ElementTree.SubElement(self._feed, f"{{{_ATOM}}}entry")
        self._texts(entry, id=id, title=title, updated=updated)
        if link:
            ElementTree.SubElement(entry, f"{{{_ATOM}}}link", href=link)
        for term in terms:
            ElementTree.SubElement(entry, f"{{{_ATOM}}}category", term=term)
        self._texts(entry, summary="\n".join(summary))

    def __bytes__(self) -> bytes:
        ElementTree.indent(self._feed)
        told: bytes = ElementTree.tostring(self._feed, encoding="utf-8", xml_declaration=True)
        return told + b"\n"

    def _texts(self, parent: ElementTree.Element, **texts: str) -> None:
        for name, text in texts.items():
            ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = printable(text)

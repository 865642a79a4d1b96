"""Bytes to text: every encoding that news turns up in, and a refusal for what is no text."""

import codecs
import re

_BOMS = (  # UTF-32 before UTF-16, whose mark begins it
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = {
    b"\xff\xd8\xff": "a JPEG image",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"RIFF": "sound, video or a picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\x1f\x8b": "gzip data",
    b"\x28\xb5\x2f\xfd": "Zstandard data",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "an RTF document",
    b"SQLite format 3": "an SQLite database",
}
_CONTROL = frozenset(range(32)) - frozenset(b"\t\n\r\f\x00\x1b")
_MAC_APOSTROPHE = re.compile(rb"[a-z]\xd5[a-z]")  # "don\xd5t"; in Windows-1252 that byte is a capital O with tilde
_CP1252 = {i: bytes([i]).decode("cp1252", "ignore") or chr(i) for i in range(0x80, 0xA0)}
"""What Windows-1252 has where Latin-1 has control characters (it leaves five open)."""


class NotText(ValueError):
    """The bytes are no text; the message says what they are."""


def decode(data: bytes) -> str:
    """The text that the bytes hold, line ends as ``\\n``, a byte-order mark left out, nothing else changed.

    In this order: byte-order mark, UTF-16 by its zero bytes, UTF-8 (a few broken bytes become U+FFFD), then for text that is
    mostly ASCII Windows-1252, the usual rest in English news, and else what charset-normalizer says.
    Raises NotText for images, archives and other binary data.
    """
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise NotText(f"it is {what}, not text")
    text = _decode(data)
    sample = text[:10_000]
    if sum(ord(c) in _CONTROL or c == "\x00" for c in sample) > 0.05 * len(sample):
        raise NotText("it is binary data, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    head = data[:4000]
    even, odd, half = head[::2].count(0), head[1::2].count(0), len(head) // 2
    if half and max(even, odd) > 0.4 * half and min(even, odd) < 0.1 * half:
        return data.decode("utf-16-be" if even > odd else "utf-16-le", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data)


def _legacy(data: bytes) -> str:
    """Text that is not quite UTF-8, or not at all."""
    mended = data.decode("utf-8", "replace")
    high = sum(byte > 127 for byte in data)
    if 10 * mended.count("\ufffd") < high:
        return mended
    if high < 0.2 * len(data):
        return data.decode("mac-roman") if _MAC_APOSTROPHE.search(data) else data.decode("latin-1").translate(_CP1252)
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return str(best) if best else data.decode("latin-1")

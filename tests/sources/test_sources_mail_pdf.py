"""Messages and PDFs are articles too; their broken lines are made whole."""

from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from legation.sources import Raw, Unreadable, article, articles
from legation.sources.wrapped import unwrapped

WRAPPED = """The foreign ministry summoned the ambassador on Monday over the
attack on its consulate in the port city, a spokes-
man said.

A note was handed over, he said.
The embassy did not comment on the matter when it was asked for its
view by telephone on Tuesday.
"""
WHOLE = [
    "The foreign ministry summoned the ambassador on Monday over the attack on its consulate in the port city, a spokesman said.",
    "A note was handed over, he said.",
    "The embassy did not comment on the matter when it was asked for its view by telephone on Tuesday.",
]


def message(plain: str | None = WRAPPED, html: str | None = None, **headers: str) -> bytes:
    made = EmailMessage()
    for name, value in ({"Subject": "Envoy summoned", "From": "Desk Daily <desk@daily.example>"} | headers).items():
        made[name] = value
    if plain is not None:
        made.set_content(plain)
    if html is not None:
        made.add_alternative(html, subtype="html")
    return made.as_bytes()


def test_a_message_is_an_article(tmp_path: Path):
    path = tmp_path / "a.eml"
    path.write_bytes(message(Date="Tue, 14 Mar 2023 23:30:00 -0800"))
    (found,) = articles([str(tmp_path)])
    assert not isinstance(found, Unreadable)
    assert (found.title, found.outlet, found.published) == ("Envoy summoned", "Desk Daily", "2023-03-14")
    assert found.text.split("\n") == WHOLE


def test_a_message_with_only_a_page(tmp_path: Path):
    story = "<p>The ministry summoned the ambassador on Monday over the attack on its consulate in the city.</p>" * 6
    made = EmailMessage()
    made["Subject"] = "Envoy summoned"
    made.set_content(f"<html><body><article>{story}</article></body></html>", subtype="html")
    found = article(Raw("a.eml", "mail", made.as_bytes()))
    assert found.title == "Envoy summoned"
    assert found.text.startswith("The ministry summoned")


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n" * 50, b"Subject: empty\n\n"])
def test_what_is_no_message_says_so(data: bytes):
    with pytest.raises(Unreadable, match=r"no message|has no text|empty"):
        article(Raw("a.eml", "mail", data))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (WRAPPED, WHOLE),
        ("One line.\nAnother line.\n", ["One line.", "Another line."]),
        ("x" * 300 + "\nshort", ["x" * 300, "short"]),
        ("", [""]),
    ],
)
def test_unwrapped(text: str, whole: list[str]):
    assert unwrapped(text).split("\n") == whole


def pdf(lines: list[str], **made: Any) -> bytes:
    """A page with a line of text after another."""
    pypdf = pytest.importorskip("pypdf")
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    file = pypdf.PdfWriter()
    page = file.add_blank_page(612, 792)
    font = DictionaryObject(
        {
            NameObject(k): NameObject(v)
            for k, v in (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica"))
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F"): file._add_object(font)})}
    )
    stream = DecodedStreamObject()
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    stream.set_data(f"BT /F 10 Tf 14 TL 40 740 Td {shown} ET".encode("latin-1"))
    page[NameObject("/Contents")] = file._add_object(stream)
    file.add_metadata({"/Title": "Envoy summoned", "/CreationDate": "D:20230314120000Z"})
    if made.get("password"):
        file.encrypt(made["password"])
    out = BytesIO()
    file.write(out)
    return out.getvalue()


def test_a_pdf_is_an_article():
    found = article(Raw("a.pdf", "pdf", pdf([line for line in WRAPPED.split("\n") if line])))
    assert (found.title, found.published) == ("Envoy summoned", "2023-03-14")
    assert found.text.split("\n")[0] == WHOLE[0]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (lambda: pdf([]), "no text layer"),
        (lambda: pdf(["secret"], password="word"), "locked"),
        (lambda: b"%PDF-1.7 and then nothing", "broken"),
        (lambda: pdf(["words"] * 9)[:400], "broken|no text layer"),
    ],
)
def test_what_cannot_be_read_says_why(data: Any, says: str):
    with pytest.raises(Unreadable, match=says):
        article(Raw("a.pdf", "pdf", data()))

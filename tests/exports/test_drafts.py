"""Drafts: facts in the voice the record allows with their sources, claims as claims, blanks where a person decides, in three forms."""

import io
import re
import zipfile
from string import Formatter
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from telling import article, attack, expulsion

from legation.exports.drafts import FORMS, Draft, draft, write
from legation.exports.drafts.make import wording
from legation.record import Record, RecordError
from legation.record.nouns import Filter

PAIR = Filter(pair=("GBR", "RUS"))
HOSTILE = "<b>x</b> [[decided]] {sender} \u202eevil & co"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def where(tmp_path):
    post = {
        "state": "USA",
        "kind": "premises",
        "post": {"kind": "embassy", "of": "USA", "in": "IRQ", "city": "Baghdad"},
    }
    claimed = {"status": "claimed", "claimant": {"state": "RUS", "name": "Sergei Lavrov"}, "date": "2018-05-01"}
    back = expulsion(
        "RUS", "GBR", date="2018-03-17", words="Moscow expelled three in return", in_response_to=0, count=3
    )
    with Record.open(tmp_path / "record.db") as record:
        record.ingest([
            article(expulsion(count=3, words="London expelled three envoys"), title="Three to go"),
            article(expulsion(count=4, words="four were sent home"), outlet="The Evening", published="2018-03-16"),
            article(expulsion(words="London acted"), back, outlet="The Weekly", published="2018-03-18"),
            article(expulsion(words="London expelled one more", **claimed), outlet=HOSTILE, title=HOSTILE, published="2018-05-02"),
            article(attack(words="a crowd stormed the embassy", target=post, actor={"state": "IRQ", "kind": "crowd"}), published="2020-01-01"),
        ])  # fmt: skip
    return tmp_path / "record.db"


@pytest.fixture
def record(where):
    with Record.open(where) as record:
        yield record


def words(made: Draft) -> str:
    return "\n".join("".join(run.text for run in block.runs) for block in made.blocks)


def printed(made: Draft, form) -> bytes:
    out = io.BytesIO()
    write(made, form, out)
    return out.getvalue()


def test_a_note_speaks_in_the_third_person_between_two_states(record):
    made = draft(record, "note", PAIR)
    text = words(made)
    assert "of Russia presents its compliments to the Embassy of the United Kingdom" in text
    assert "avails itself of this opportunity to renew" in text
    assert not re.search(r"\b(we|our|us|I|you|your)\b", text.replace("our words", ""))
    assert "Article 9 of the Vienna Convention on Diplomatic Relations" in text
    assert "of the United Kingdom presents its compliments" in words(draft(record, "note", PAIR, sender="GBR"))


def test_every_fact_has_its_sources_and_every_note_is_referred_to(record):
    for kind in ("note", "briefing"):
        made = draft(record, kind, PAIR)
        numbers = [note for block in made.blocks for run in block.runs for note in run.notes]
        assert numbers == list(range(1, len(made.notes) + 1))
        facts = [b for b in made.blocks if b.kind == "item" and re.match(r"(On|At) ", b.runs[0].text)]
        assert len(facts) == record.count(PAIR)
        assert all(fact.runs[0].notes for fact in facts)
    assert any(
        "“London expelled three envoys”" in note and "The Daily" in note and "15 March 2018" in note
        for note in made.notes
    )


def test_a_claim_is_marked_as_one_and_stands_on_its_speaker(record):
    made = draft(record, "briefing", Filter(status=("claimed",)))
    (fact,) = [b for b in made.blocks if b.kind == "item" and b.runs[0].text.startswith("On ")]
    assert "Sergei Lavrov" in fact.runs[0].text
    assert re.search(r"According to|says that", fact.runs[0].text)
    assert fact.runs[1].kind == "claim"
    assert "This is a claim" in fact.runs[1].text
    assert "0 reported, 1 on somebody's word alone" in words(made)


def test_accounts_that_differ_stand_side_by_side(record):
    text = words(draft(record, "note", PAIR))
    assert re.search(r"Number: .*3 \(The Daily\)", text), text
    assert "4 (The Evening)" in text
    assert "(stated by the source, 3 days after)" in words(draft(record, "briefing", PAIR))


@pytest.mark.parametrize("kind", ["note", "briefing"])
def test_what_a_person_decides_is_left_blank_and_cannot_be_filled_by_an_article(record, kind):
    made = draft(record, kind, PAIR)
    blanks = [run.text for block in made.blocks for run in block.runs if run.kind == "blank"]
    assert all(text.startswith("[") and text.endswith("]") for text in blanks)
    assert not any("decided]" in text for text in blanks)
    assert any("decide" in text or "Recommendation" in text for text in blanks)
    assert any(HOSTILE.replace("\u202e", "") in note.replace("\u202e", "") for note in made.notes)


def test_each_form_holds_every_word_and_footnote(record):
    made = draft(record, "note", PAIR)
    page = printed(made, "html").decode()
    assert page.count('id="note-') == len(made.notes)
    assert "<b>x</b>" not in page
    assert "\u202e" not in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    with zipfile.ZipFile(io.BytesIO(printed(made, "docx"))) as word:
        notes = ElementTree.fromstring(word.read("word/footnotes.xml"))
        body = ElementTree.fromstring(word.read("word/document.xml"))
        assert b"footnotes.xml" in word.read("word/_rels/document.xml.rels")
    ids = [int(note.get(f"{W}id")) for note in notes]
    assert ids == [-1, 0, *range(1, len(made.notes) + 1)]
    assert [int(ref.get(f"{W}id")) for ref in body.iter(f"{W}footnoteReference")] == ids[2:]
    assert HOSTILE.replace("\u202e", "") in "".join(notes.itertext())
    assert "presents its compliments" in "".join(body.itertext())
    pypdf = pytest.importorskip("pypdf")
    pdf = " ".join(
        " ".join(leaf.extract_text() for leaf in pypdf.PdfReader(io.BytesIO(printed(made, "pdf"))).pages).split()
    )
    assert "presents its compliments to the Embassy of the United Kingdom" in pdf
    assert "“London expelled three envoys”" in pdf
    assert "<b>x</b> [[decided]] {sender} evil & co" in pdf


def test_names_in_other_letters_come_through_as_pdf(tmp_path):
    pypdf = pytest.importorskip("pypdf")
    with Record.open(tmp_path / "names.db") as record:
        record.ingest([article(attack(words="Śęk stormed Ωμέγα и Жуков ğış"), outlet="Głos", title="Жуков, Ωμέγα")])
        pdf = pypdf.PdfReader(io.BytesIO(printed(draft(record, "briefing", Filter()), "pdf")))
    text = " ".join(leaf.extract_text() for leaf in pdf.pages)
    assert "Жуков" in text
    assert "Ωμέγα" in text
    assert "Głos" in text


def test_one_incident_is_a_note_to_whoever_held_the_duty(record):
    one = record.incidents(Filter(group=("premises",))).items[0]
    text = words(draft(record, "note", Filter(), incident=one.id))
    assert "of the United States presents its compliments to the Embassy of Iraq" in text
    assert "Article 22" in text


@pytest.mark.parametrize(("kind", "wanted", "sender", "said"), [
    ("briefing", Filter(state="ZMB"), None, "no incident passes"), ("note", Filter(), None, "one State to another"),
    ("note", PAIR, "FRA", "not one of the two"),
])  # fmt: skip
def test_what_cannot_be_drafted_says_why(record, kind, wanted, sender, said):
    with pytest.raises(RecordError, match=said):
        draft(record, kind, wanted, sender=sender)


def test_every_template_asks_only_for_what_it_is_given():
    given = {
        "sender", "receiver", "matter", "count", "acts", "subject", "period", "reported", "claimed", "denied", "other", "open",
        "date", "day", "sentence", "field", "values", "value", "says", "number", "treaty", "holder", "toward", "state", "answer",
        "how", "delay", "days", "due", "fields", "outlet", "title", "quote", "claim", "relay", "where", "who", "stance", "sources",
    }  # fmt: skip

    def leaves(thing):
        return [leaf for value in thing.values() for leaf in leaves(value)] if isinstance(thing, dict) else [thing]

    for text in leaves(wording()):
        assert {name for _, name, *_ in Formatter().parse(text) if name} <= given, text
        assert text.count("[[") == text.count("]]"), text


@pytest.mark.parametrize("form", FORMS)
def test_the_command_writes_each_form(where, tmp_path, form):
    from legation.cli.draft import command

    out = tmp_path / f"note.{form}"
    got = CliRunner().invoke(command, ["note", "--pair", "GBR", "RUS", "--out", str(out), "--record", str(where)])
    assert got.exit_code == 0, got.output
    assert out.stat().st_size > 2000
    wrong = CliRunner().invoke(command, ["note", "--pair", "GBR", "RUS", "--out", "note.txt", "--record", str(where)])
    assert wrong.exit_code == 2

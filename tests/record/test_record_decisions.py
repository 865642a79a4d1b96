"""What people decide wins over every reading, is never lost, and can be undone; the log shows who did what."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from telling import article, attack, expulsion

from legation.record import Record, RecordError
from legation.record.nouns import Filter, Incident
from legation.record.store import Store
from legation.schema import Reading

WHO = {"author": "Ana", "reason": "seen the note"}


@pytest.fixture
def record(where: str) -> Any:
    with Record.open(where) as record:
        record.ingest(
            [
                article(expulsion(count=4), outlet="A"),
                article(expulsion(count=5), outlet="B"),
                article(expulsion(by="RUS", of="GBR", date="2018-03-17", count=23), outlet="A", published="2018-03-18"),
            ]
        )
        yield record


def only(record: Record, **filter: Any) -> Incident:
    (one,) = record.incidents(Filter(**filter)).items
    return one


def of(record: Record, by: str) -> Incident:
    return next(one for one in record.incidents().items if one.actor and one.actor.state == by)


def test_a_correction_is_the_value_shown_and_the_others_stay_beside_it(record: Record):
    one = of(record, "GBR")
    decision = record.review("correct", one.id, field="count", value="6", **WHO)
    found = record.incident(one.id)
    assert (found.incident.count, found.incident.review) == (6, "corrected")
    assert {mention.read.count for mention in found.mentions if mention.read} == {4, 5}
    assert found.decisions == (decision,)
    record.undo(decision.seq, author="Ana", reason="wrong note")
    assert of(record, "GBR") == one


def test_a_correction_moves_a_mention_where_it_now_belongs(record: Record):
    record.ingest([article(expulsion(of="IRN"), outlet="C")])
    wrong = only(record, pair=("GBR", "IRN"))
    record.review("correct", wrong.id, field="target.state", value="rus", **WHO)
    assert not record.incidents(Filter(pair=("GBR", "IRN"))).items
    assert of(record, "GBR").articles == 3
    assert record.incident(wrong.id).incident.id == of(record, "GBR").id


def test_split_and_merge_win_over_the_score_and_over_later_articles(record: Record):
    one = of(record, "GBR")
    first, second = (mention.id for mention in record.incident(one.id).mentions)
    split = record.review("split", one.id, mentions=[second], **WHO)
    assert record.incident(first).incident.id != record.incident(second).incident.id
    record.ingest([article(expulsion(count=5), outlet="C")])
    assert record.incident(first).incident.id != record.incident(second).incident.id
    merged = record.review("merge", first, other=second, **WHO)
    assert record.incident(first).incident == record.incident(second).incident
    assert record.incident(first).incident.articles == 3
    record.undo(merged.seq, **WHO)
    record.undo(split.seq, **WHO)
    assert record.incident(first).incident.articles == 3


def test_incidents_of_any_kind_can_be_merged(record: Record):
    record.review("merge", of(record, "GBR").id, other=of(record, "RUS").id, **WHO)
    assert only(record).mentions == 3


def test_a_rejected_incident_leaves_the_lists_and_comes_back_when_undone(record: Record):
    one = of(record, "RUS")
    decision = record.review("reject", one.id, **WHO)
    assert [left.id for left in record.incidents().items] == [of(record, "GBR").id]
    assert only(record, review=("rejected",)).id == one.id
    assert record.changes(record.last_change() - 1)[0].kind == "gone"
    record.undo(decision.seq, **WHO)
    assert of(record, "RUS") == one


def reread(one: Reading, **changes: Any) -> Reading:
    """The same article as a later reader reads it: its first event with changes, or without it."""
    first = msgspec.structs.replace(one.events[0], **changes) if changes else None
    return msgspec.structs.replace(one, events=(first,) if first else ())


def test_decisions_survive_a_reader_that_reads_otherwise(where: str):
    first, second = article(expulsion(count=4), outlet="A"), article(expulsion(count=5), outlet="B")
    with Record.open(where) as record:
        record.ingest([first, second])
        one = only(record)
        record.review("correct", one.id, field="city", value="London", **WHO)
        words = first.events[0].evidence
        wider = msgspec.structs.replace(words, start=words.start - 3, text=first.text[words.start - 3 : words.end])
        assert record.reread([reread(first, evidence=wider, count=7), reread(second)])
        found = record.incident(one.id)
        assert found.incident.city == "London"
        assert sorted(mention.kept for mention in found.mentions) == [False, True]
        assert {mention.event.count for mention in found.mentions} == {7, 5}
        assert record.verify() == ()


def test_what_nobody_decided_on_follows_the_reader(where: str):
    one = article(expulsion(count=4), outlet="A")
    with Record.open(where) as record:
        record.ingest([one])
        record.reread([reread(one)])
        assert record.count() == 0
        assert [change.kind for change in record.changes()] == ["new", "gone"]
        record.reread([one])
        assert only(record).count == 4


MISTAKES = [
    ({"action": "confirm", "incident": "nothing"}, "is not on the record"),
    ({"action": "correct", "field": "colour", "value": "red"}, "cannot be corrected"),
    ({"action": "correct", "field": "date", "value": "soon"}, "no EDTF date"),
    ({"action": "correct", "field": "type", "value": "party"}, "there is none"),
    ({"action": "correct", "field": "status", "value": "maybe"}, "Invalid enum value"),
    ({"action": "merge"}, "with which other"),
    ({"action": "split"}, "which of its mentions"),
    ({"action": "annotate"}, "say what"),
    ({"action": "confirm", "author": " "}, "who decides and why"),
    ({"action": "praise"}, "there are confirm, correct"),
]


@pytest.mark.parametrize(("given", "says"), MISTAKES, ids=[str(case[0]) for case in MISTAKES])
def test_a_decision_that_cannot_be_says_why_and_leaves_no_trace(record: Record, given: dict[str, Any], says: str):
    before = record.audit()
    with pytest.raises(RecordError, match=says):
        record.review(**({"incident": of(record, "GBR").id} | WHO | given))
    assert record.audit() == before


TAMPERED = [
    ("UPDATE article SET text = replace(text, 'expulsion', 'explosion') WHERE pk = 1", "text was altered"),
    ("UPDATE reading SET body = replace(body, '\"count\":4', '\"count\":9')", "reading was altered"),
    ("UPDATE event SET body = replace(body, '\"start\":', '\"start\":1')", "evidence is not what stands"),
    ("UPDATE audit SET author = 'Bob' WHERE seq = 2", "entry 2 was altered"),
    ("DELETE FROM audit WHERE seq = 1", "entry 1 is missing"),
    ("DELETE FROM reading WHERE article = 1", "does not vouch for its readings"),
    ("UPDATE decision SET reason = 'other'", "differs from its entry"),
    ("UPDATE decision SET undone = 1", "the audit log says it stands"),
    ("DELETE FROM anchor", "differs from its entry"),
]


@pytest.mark.parametrize(("statement", "says"), TAMPERED)
def test_verify_finds_tampering(where: str, statement: str, says: str):
    with Record.open(where) as record:
        record.ingest([article(expulsion(count=4), attack(), outlet="A")])
        record.review("confirm", record.incidents().items[0].id, **WHO)
        assert record.verify() == ()
    store = Store(where)
    with store.write() as tx:
        if not store.postgres:
            tx.execute(text("PRAGMA defer_foreign_keys = ON"))
        tx.exec_driver_sql(statement)
    store.close()
    with Record.open(where) as record:
        problems = record.verify()
    assert any(says in problem for problem in problems), problems

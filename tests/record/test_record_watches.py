"""Watches: what they tell, that they tell it once, and what becomes of deliveries that fail."""

from threading import Thread

import msgspec
import pytest
from telling import article, attack, expulsion

from legation.record import Record, RecordError
from legation.record import watches as module
from legation.record.nouns import Filter

PAIR = Filter(pair=("GBR", "RUS"))


@pytest.fixture
def record(where: str):
    with Record.open(where) as record:
        record.ingest([article(attack())])
        yield record


def kinds(record: Record, id: str) -> list[str]:
    return [notice.kind for notice in reversed(record.watches.notices(id))]


def test_tells_what_is_new_what_changed_and_what_is_gone_and_who_says_so(record):
    watch = record.watches.add("Russia", PAIR)
    assert record.watches.collect(watch.id) == 0
    record.ingest([article(expulsion(count=3)), article(attack(host="LBY"))])
    assert record.watches.collect(watch.id) == 1
    assert record.watches.collect(watch.id) == 0
    (notice,) = record.watches.notices(watch.id)
    assert notice.kind == "new"
    assert notice.incident.count == 3
    assert [(claim.outlet, claim.stance) for claim in notice.says] == [("The Daily", "asserts")]
    record.ingest([article(expulsion(count=3), outlet="The Evening", published="2018-03-16")])
    record.watches.collect(watch.id)
    changed = record.watches.notices(watch.id)[0]
    assert changed.kind == "changed"
    assert changed.fields["sources"] == (1, 2)
    decision = record.review("reject", notice.id, author="Ada", reason="none")
    record.watches.collect(watch.id)
    record.undo(decision.seq, author="Ada", reason="it is")
    record.watches.collect(watch.id)
    record.review("correct", notice.id, author="Ada", reason="read wrongly", field="target.state", value="UKR")
    record.watches.collect(watch.id)
    assert kinds(record, watch.id) == ["new", "changed", "gone", "new", "left"]


def test_what_was_within_before_the_watch_began_is_changed_and_not_new(record):
    record.ingest([article(expulsion(count=3))])
    id = record.incidents(PAIR).items[0].id
    pair, status = record.watches.add("Russia", PAIR), record.watches.add("Claims", Filter(status=("claimed",)))
    record.review("correct", id, author="Ada", reason="x", field="status", value="claimed")
    record.review("correct", id, author="Ada", reason="x", field="city", value="Leeds")
    for watch, kind in ((pair, "changed"), (status, "new")):
        record.watches.collect(watch.id)
        assert kinds(record, watch.id) == [kind]
    record.ingest([article(expulsion(count=3), outlet="The Evening", published="2018-03-16")])
    record.watches.collect(pair.id)
    assert kinds(record, pair.id) == ["changed", "changed"]


@pytest.mark.parametrize("wanted", [
    PAIR, Filter(state="RUS", status=("reported",)), Filter(text="expulsion"), Filter(sources=1), Filter(since="2018", until="2018"), Filter(group=("restriction",)),
])  # fmt: skip
def test_what_was_within_before_the_watch_began_and_is_retracted_is_told(record, wanted):
    record.ingest([article(expulsion(count=3))])
    id = record.incidents(PAIR).items[0].id
    watch = record.watches.add("some", wanted)
    decision = record.review("reject", id, author="Ada", reason="none")
    record.watches.collect(watch.id)
    (notice,) = record.watches.notices(watch.id)
    assert (notice.kind, notice.id, notice.fields["review"][1]) == ("gone", id, "rejected")
    record.undo(decision.seq, author="Ada", reason="it is")
    record.watches.collect(watch.id)
    assert kinds(record, watch.id) == ["gone", "new"]


def test_a_correction_that_takes_it_out_of_the_filter_is_told_and_one_outside_it_is_not(record):
    record.ingest([article(expulsion(count=3))])
    id = record.incidents(PAIR).items[0].id
    pair, other = record.watches.add("Russia", PAIR), record.watches.add("Libya", Filter(state="LBY"))
    record.review("correct", id, author="Ada", reason="read wrongly", field="target.state", value="UKR")
    for watch, told in ((pair, ["left"]), (other, [])):
        record.watches.collect(watch.id)
        assert kinds(record, watch.id) == told


def test_what_a_later_reading_no_longer_holds_is_told_with_what_it_was(where):
    with Record.open(where) as record:
        read = article(expulsion(count=3))
        record.ingest([read])
        before = record.incidents(PAIR).items[0]
        watch, other = record.watches.add("Russia", PAIR), record.watches.add("Libya", Filter(state="LBY"))
        record.reread([msgspec.structs.replace(read, events=(), relevant=False)])
        for one in (watch, other):
            record.watches.collect(one.id)
        (notice,) = record.watches.notices(watch.id)
        assert (notice.kind, notice.incident, notice.fields) == ("gone", before, {})
        assert record.watches.notices(other.id) == ()


def test_what_changed_between_two_looks_is_told_once(record):
    watch = record.watches.add("Russia", PAIR)
    record.ingest([article(expulsion(count=3))])
    id = record.incidents(PAIR).items[0].id
    record.review("correct", id, author="Ada", reason="x", field="count", value=4)
    record.review("correct", id, author="Ada", reason="x", field="count", value=5)
    assert record.watches.collect(watch.id) == 1
    assert record.watches.notices(watch.id)[0].incident.count == 5
    decision = record.review("reject", id, author="Ada", reason="x")
    record.undo(decision.seq, author="Ada", reason="x")
    record.watches.collect(watch.id)
    assert kinds(record, watch.id)[1:] in ([], ["changed"])


def test_an_incident_that_becomes_part_of_another_is_a_change_of_that(record):
    watch = record.watches.add("Russia", PAIR)
    record.ingest([article(expulsion(count=3)), article(expulsion(count=3, date="2019-05-01"), published="2019-05-02")])
    record.watches.collect(watch.id)
    one, other = (incident.id for incident in record.incidents(PAIR).items)
    record.review("merge", one, other=other, author="Ada", reason="one act")
    record.watches.collect(watch.id)
    assert kinds(record, watch.id) == ["new", "new", "changed"]


@pytest.mark.parametrize("wanted", [
    PAIR, Filter(state="RUS"), Filter(text="expulsion"), Filter(type=("expulsion",)), Filter(pair=("GBR", "RUS"), text="expulsion"),
])  # fmt: skip
def test_every_kind_of_filter_can_be_watched(record, wanted):
    watch = record.watches.add("some", wanted)
    record.ingest([article(expulsion()), article(attack(host="LBY"))])
    record.watches.collect(watch.id)
    assert [n.incident.type for n in record.watches.notices(watch.id)] == ["expulsion"]


def test_every_channel_gets_each_notice_once(record):
    watch = record.watches.add("Russia", PAIR, mail="desk@ministry.example", webhook="https://hook.example/x")
    got: list[tuple[str, int]] = []
    for day in (14, 15, 16):
        record.ingest([article(expulsion(date=f"2018-0{day - 10}-01"), published=f"2018-0{day - 10}-02")])
        record.watches.collect(watch.id)
        while delivery := record.watches.next():
            got += [(delivery.channel, notice.seq) for notice in delivery.notices]
            record.watches.sent(delivery.key)
    told = [notice.seq for notice in record.watches.notices(watch.id)]
    assert len(told) == 3
    assert sorted(got) == sorted((channel, seq) for channel in ("mail", "webhook") for seq in told)
    assert {one.state for one in record.watches.sendings(watch.id)} == {"sent"}


def test_two_at_once_collect_and_send_nothing_twice(record, where):
    watch = record.watches.add("Russia", PAIR, mail="desk@ministry.example")
    record.ingest([article(expulsion(date=f"20{n:02}-03-01"), published=f"20{n:02}-03-02") for n in range(10, 22)])
    made, got = [], []

    def run() -> None:
        with Record.open(where) as own:
            made.append(own.watches.collect(watch.id))
            while delivery := own.watches.next():
                got.append(delivery.key)
                own.watches.sent(delivery.key)

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == 12
    assert len(got) == len(set(got)) == 1


def test_what_fails_is_tried_later_and_later_and_then_no_more(record, monkeypatch):
    watch = record.watches.add("Russia", PAIR, webhook="https://hook.example/x")
    record.ingest([article(expulsion())])
    record.watches.collect(watch.id)
    now, waits = module._now(), []
    monkeypatch.setattr(module, "_now", lambda: now)
    for _ in range(module.TRIES):
        delivery = record.watches.next()
        assert record.watches.next() is None  # claimed
        record.watches.failed(delivery.key, "no answer")
        assert record.watches.next() is None  # not due yet
        (sending,) = record.watches.sendings(watch.id)
        waits.append(sending.due - module._now())
        now = sending.due
        monkeypatch.setattr(module, "_now", lambda now=now: now)
    assert waits == sorted(waits)
    assert waits[:2] == [60, 120]
    assert max(waits) == module.LATEST
    assert sending.state == "failed"
    assert sending.error == "no answer"
    assert record.watches.next() is None


@pytest.mark.parametrize(("channel", "again"), [("mail", False), ("webhook", True)])
def test_a_sender_that_died_leaves_no_mail_sent_twice(record, monkeypatch, channel, again):
    watch = record.watches.add(
        "Russia", PAIR, **{channel: {"mail": "a@b.example", "webhook": "https://b.example"}[channel]}
    )
    record.ingest([article(expulsion())])
    record.watches.collect(watch.id)
    first = record.watches.next()
    now = module._now() + module.LEASE + 1
    monkeypatch.setattr(module, "_now", lambda: now)
    second = record.watches.next()
    assert (second is not None) == again
    if again:
        assert second.key == first.key
    else:
        assert record.watches.sendings(watch.id)[0].state == "unsure"


def test_paused_renewed_removed(record):
    watch = record.watches.add("Russia", PAIR, owner=None)
    record.watches.pause(watch.id, True)
    record.ingest([article(expulsion())])
    assert record.watches.collect(watch.id) == 0
    record.watches.pause(watch.id, False)
    assert record.watches.collect(watch.id) == 0
    fresh = record.watches.renew(watch.id)
    assert fresh.feed != watch.feed
    assert fresh.key != watch.key
    assert record.watches.of_feed(watch.feed) is None
    assert record.watches.of_feed(fresh.feed).id == watch.id
    record.watches.remove(watch.id)
    with pytest.raises(RecordError, match="is not on the record"):
        record.watches.get(watch.id)


def test_the_feed_of_somebody_who_may_no_longer_sign_in_ends(record):
    record.accounts.add("Ada", "admin", None, by="test")
    record.accounts.add("Bo", "reader", None, by="test")
    watch = record.watches.add("Russia", PAIR, owner="Bo")
    assert record.watches.of_feed(watch.feed)
    assert [one.id for one in record.watches.every("Bo")] == [watch.id]
    assert record.watches.every("Ada") == ()
    record.accounts.set_disabled("Bo", True, by="Ada")
    assert record.watches.of_feed(watch.feed) is None


@pytest.mark.parametrize(("given", "said"), [
    ({"name": ""}, "1 to 200"), ({"mail": "x"}, "is no address"), ({"mail": "a@b\r\nBcc: c@d"}, "is no address"),
    ({"webhook": "ftp://x"}, "begins with https"), ({"wanted": Filter(type=("nosuch",))}, "there is none"),
])  # fmt: skip
def test_what_cannot_be_watched_is_refused(record, given, said):
    with pytest.raises(RecordError, match=said):
        record.watches.add(**({"name": "x", "wanted": PAIR} | given))

"""What answers what, the ledger of two states, duties, and what is still open."""

from typing import Any

import pytest
from telling import article, attack, expulsion

from legation.record import Record, RecordError
from legation.record.nouns import Filter, Item


def said(type: str, by: str, to: str | None, host: str | None, date: str | None, **more: Any) -> dict[str, Any]:
    """Words or a measure of a state."""
    target = {"state": to, "kind": "government"} if to else None
    return {
        "type": type,
        "actor": {"state": by, "kind": "government"},
        "target": target,
        "host": host,
        "date": date,
    } | more


def told(where: str, *articles: Any) -> Record:
    record = Record.open(where)
    record.ingest(articles)
    return record


def test_a_stated_answer_has_its_mentions_and_its_delay(where: str):
    answer = expulsion(by="RUS", of="GBR", date="2018-03-17", in_response_to=1)
    with told(where, article(answer, expulsion(), published="2018-03-18")) as record:
        (one,) = record.incidents(Filter(pair=("GBR", "RUS"), since="2018-03-17")).items
        (link,) = record.incident(one.id).answers
        assert (link.explicit, link.in_kind, link.delay, link.because) == (True, True, (3, 3), "an account says so")
        assert record.incident(link.answered.id).answered_by == (link,)


def test_the_next_measure_of_the_other_state_is_inferred_to_answer_and_says_so(where: str):
    first, other = expulsion(), said("post_closure_ordered", "RUS", "GBR", "RUS", "2018-03-20")
    late = expulsion(by="RUS", of="GBR", date="2018-06-20")
    with told(where, article(first), article(other, outlet="B"), article(late, outlet="C")) as record:
        ledger = record.pair("GBR", "RUS")
        (link,) = ledger.links
        assert (link.answer.type, link.explicit, link.in_kind, link.delay) == (
            "post_closure_ordered",
            False,
            False,
            (6, 6),
        )


def test_what_a_third_state_does_in_solidarity_is_not_in_kind(where: str):
    solidarity = expulsion(by="USA", date="2018-03-26", in_response_to=1)
    with told(where, article(solidarity, expulsion(), published="2018-03-27")) as record:
        (link,) = record.pair("USA", "RUS").links
        assert (link.explicit, link.in_kind) == (True, False)


def test_the_ledger_counts_people_in_both_columns_and_lists_what_nobody_answered(where: str):
    record = told(
        where,
        article(expulsion(count=23)),
        article(expulsion(count=21), outlet="B"),
        article(expulsion(by="RUS", of="GBR", date="2018-03-17", count=23), outlet="A", published="2018-03-18"),
        article(said("visa_restriction", "GBR", "RUS", "GBR", "2018-05-01"), outlet="A", published="2018-05-02"),
        article(expulsion(actor=None, host=None, count=342), outlet="C"),
    )
    with record:
        ledger = record.pair("GBR", "RUS")
        sums = {
            tally.type: (tally.incidents, tally.count, tally.count_low, tally.count_high)
            for tally in ledger.tally_first
        }
        assert sums["expulsion"] in ((1, 23, 21, 23), (1, 21, 21, 23))
        assert [one.type for one in ledger.unanswered] == [
            "visa_restriction"
        ]  # the Russian expulsion is an answer itself
        (total,) = (one for one in record.every() if one.aggregate)
        assert total.count == 342
        assert not {total.id} & {one.id for one in (*ledger.by_first.items, *ledger.by_second.items)}


def test_what_is_done_about_an_act_stands_where_the_act_stands(where: str):
    """An arrest names no other state; the killing it is about does."""
    killing = attack(on="RUS", host="TUR", type="killing", city="Ankara", date="2016-12-19")
    arrest = said("arrest_of_suspect", "TUR", None, "TUR", "2016-12-20", in_response_to=0)
    with told(where, article(killing, arrest, published="2016-12-21")) as record:
        assert [one.type for one in record.post("embassy RUS TUR").incidents.items] == ["arrest_of_suspect", "killing"]
        assert [one.type for one in record.pair("TUR", "RUS").by_first.items] == ["arrest_of_suspect", "killing"]
        dead = record.incidents(Filter(type=("killing",))).items[0]
        record.review("correct", dead.id, field="target.state", value="USA", author="Ana", reason="misread")
        assert [one.type for one in record.pair("TUR", "USA").by_first.items] == ["arrest_of_suspect", "killing"]


def test_words_of_the_host_are_about_the_mission_of_the_other(sqlite_where: str):
    with told(sqlite_where, article(said("demand", "FRA", "DZA", "FRA", "2025-04-14"))) as record:
        (one,) = record.every()
        assert (one.receiving, one.sending) == ("FRA", "DZA")
        assert record.pair("DZA", "FRA").by_second.items == (one,)


def test_a_third_state_has_no_column(sqlite_where: str):
    with told(sqlite_where, article(said("apology", "FRA", "RUS", "GBR", "2018-03-15"))) as record:
        ledger = record.pair("GBR", "RUS")
        assert (ledger.by_first.items, ledger.by_second.items) == ((), ())


def test_a_state_has_no_ledger_with_itself(sqlite_where: str):
    with Record.open(sqlite_where) as record, pytest.raises(RecordError, match="two different states"):
        record.pair("GBR", "GBR")


def items(record: Record) -> dict[str, tuple[str, str | None, str | None]]:
    """Kind → state, who owes it, what closed it."""
    found: list[Item] = [one for state in ("open", "answered", "overtaken") for one in record.open_items(state=state)]
    return {one.kind: (one.state, one.holder, one.because) for one in found}


DEMAND = said("demand", "USA", "IRQ", "IRQ", "2020-01-02")
CLOSERS = [
    ("nothing closes it", [], "open"),
    ("an inquiry of the state asked", [said("investigation", "IRQ", None, "IRQ", "2020-01-05", in_response_to=1), attack()], "answered"),
    ("an inquiry before it", [said("investigation", "IRQ", None, "IRQ", "2020-01-01", in_response_to=1), attack()], "open"),
    ("another state's apology", [said("apology", "IRN", "USA", "IRQ", "2020-01-05")], "open"),
    ("relations broken off", [said("relations_severed", "USA", "IRQ", None, "2020-01-05")], "overtaken"),
]  # fmt: skip


@pytest.mark.parametrize(("closers", "state"), [case[1:] for case in CLOSERS], ids=[case[0] for case in CLOSERS])
def test_a_demand_is_open_until_the_state_asked_answers_it(sqlite_where: str, closers: list[Any], state: str):
    record = told(
        sqlite_where, article(DEMAND, published="2020-01-03"), article(*closers, outlet="B", published="2020-01-06")
    )
    with record:
        found = items(record)["demand"]
        assert found[:2] == (state, "IRQ")
        assert (found[2] is None) is (state == "open")


def test_a_term_to_leave_is_open_until_the_record_goes_on_past_it(where: str):
    order = expulsion(words="Britain gave the diplomats a week to leave the country")
    with told(where, article(order, published="2018-03-15")) as record:
        (one,) = record.open_items()
        assert (one.kind, one.holder, one.opened, one.due) == ("deadline", "RUS", "2018-03-14", "2018-03-21")
        assert record.count(Filter(open=True)) == 1
        record.ingest([article(attack(), outlet="B", published="2018-03-21")])
        assert record.count(Filter(open=True)) == 1
        record.ingest([article(attack(host="IRN"), outlet="B", published="2018-03-22")])
        assert items(record)["deadline"] == ("overtaken", "RUS", None)
        assert record.count(Filter(open=True)) == 0


LAW = [
    ("GBR", "RUS", "2018-03-14", "treaty"),
    ("TUR", "USA", "1972-06-01", "customary law"),  # Turkey acceded in 1985
    ("GBR", "USA", "1955-06-01", "customary law"),  # before the convention
]


@pytest.mark.parametrize(("host", "sender", "date", "law"), LAW)
def test_a_duty_rests_on_the_treaty_only_where_both_were_bound_on_the_day(
    sqlite_where: str, host: str, sender: str, date: str, law: str
):
    with told(sqlite_where, article(attack(on=sender, host=host, date=date), published=date)) as record:
        duties = record.incident(record.incidents().items[0].id).duties
        assert {(duty.duty, duty.holder, duty.law) for duty in duties} == {("VCDR-22.2", host, law)}


def test_the_history_of_a_post(where: str):
    closed = said(
        "post_closed", "USA", "USA", "SYR", "2012-02-06", target={"state": "USA", "kind": "mission"}, city="Damascus"
    )
    hit = attack(on="USA", host="SYR", city="Damascus", date="2006-09-12")
    other = attack(on="USA", host="IRQ", city="Baghdad")
    with told(
        where, article(closed, published="2012-02-07"), article(hit, outlet="B", published="2006-09-13"), article(other)
    ) as record:
        for spec in ("embassy USA DAMASCUS", "embassy USA SYR"):
            history = record.post(spec)
            assert [one.type for one in history.incidents.items] == ["post_closed", "attack_on_premises"]
            assert (history.last_closed, history.last_opened) == ("2012-02-06", None)

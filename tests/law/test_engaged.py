"""Event → duty, relation, holder: every row of the table of duties, and what must never be said."""

from typing import Any, get_args

import msgspec
import pytest

from legation.law import answer_kinds, duties, duties_of, engaged
from legation.ontology import types
from legation.schema import Event, Evidence, Party, Post, Status

HOST, SENDER, THIRD = "TUR", "RUS", "DEU"


def party(text: str | None, post: Post | None = None) -> Party | None:
    """``"TUR police"`` → a party; a state of ``-`` is unknown."""
    if text is None:
        return None
    state, _, kind = text.partition(" ")
    return Party(state=None if state == "-" else state, kind=kind, post=post)  # type: ignore[arg-type]


def event(type: str, actor: str | None, target: str | None, *, post: str | None = "embassy", **more: Any) -> Event:
    where = Post(kind=post, of=SENDER, in_=more.get("host", HOST)) if post else None
    return Event(
        type=type,
        status=more.pop("status", "reported"),
        actor=party(actor),
        target=party(target, where),
        host=more.pop("host", HOST),
        evidence=Evidence(start=0, end=1, text="x"),
        **more,
    )


def main(event: Event, *others: Event) -> list[tuple[str, str, str | None]]:
    return [(d.duty, d.relation, d.holder) for d in duties_of(event, (event, *others))]


def all_of(event: Event, *others: Event) -> dict[str, tuple[str, str | None]]:
    """Duty id → relation and holder, the further ones included."""
    return {e.duty.id: (e.relation, e.holder) for e in engaged(event, (event, *others))}


ACCUSED = event("accusation_of_breach", "TUR government", "RUS government")
BLOCKED = event("blockade", "- crowd", "RUS mission")
ROWS = [
    ("D01", event("post_opened", "RUS government", "RUS mission"), "VCDR-2", "right_exercised", SENDER),
    ("D01", event("post_closed", "RUS government", "RUS mission"), "VCDR-2", "right_exercised", SENDER),
    ("D01", event("post_closure_ordered", "TUR government", "RUS mission"), "VCDR-2", "right_exercised", HOST),
    ("D01", event("post_closure_ordered", "TUR government", "RUS mission", post="consulate"), "VCCR-4.1", "right_exercised", HOST),
    ("D01", event("relations_severed", "TUR government", "RUS government", post=None, host=None), "VCDR-2", "right_exercised", HOST),
    ("D01", event("relations_downgraded", "TUR government", "RUS government", post=None, host=None), "VCDR-2", "right_exercised", HOST),
    ("D01", event("relations_restored", "TUR government", "RUS government", post=None, host=None), "VCDR-2", "right_exercised", HOST),
    ("D02", event("visa_restriction", "TUR government", "RUS diplomat"), "VCDR-4", "right_exercised", HOST),
    ("D02", event("visa_restriction", "TUR government", "RUS diplomat", post="consulate general"), "VCCR-12", "right_exercised", HOST),
    ("D03", event("expulsion", "TUR government", "RUS diplomat"), "VCDR-9", "right_exercised", HOST),
    ("D03", event("expulsion", "TUR government", "RUS diplomat", host=None, post=None), "VCDR-9", "right_exercised", HOST),
    ("D03", event("expulsion", "TUR government", "RUS diplomat", post="consulate"), "VCCR-23", "right_exercised", HOST),
    ("D04", event("staff_cap", "TUR government", "RUS mission"), "VCDR-11", "right_exercised", HOST),
    ("D04", event("expulsion", "TUR government", "RUS diplomat", count=60), "VCDR-11", "right_exercised", HOST),
    ("D05", event("post_opened", "RUS government", "RUS mission", post="consulate"), "VCCR-4.5", "duty_engaged", SENDER),
    ("D06", event("premises_status_revoked", "TUR government", "RUS premises"), "VCDR-21", "duty_engaged", HOST),
    ("D07", event("intrusion", "TUR police", "RUS premises"), "VCDR-22.1", "duty_engaged", HOST),
    ("D07", event("attack_on_premises", "TUR military", "RUS premises"), "VCDR-22.1", "duty_engaged", HOST),
    ("D07", event("seizure", "TUR government", "RUS premises"), "VCDR-22.1", "duty_engaged", HOST),
    ("D07", event("intrusion", "TUR police", "RUS premises", post="consulate"), "VCCR-31.2", "duty_engaged", HOST),
    ("D07", event("intrusion", "TUR police", "RUS premises", post="residence"), "VCDR-30.1", "duty_engaged", HOST),
    ("D08", event("attack_on_premises", "- crowd", "RUS premises"), "VCDR-22.2", "duty_engaged", HOST),
    ("D08", event("attack_on_premises", "DEU military", "RUS premises"), "VCDR-22.2", "duty_engaged", HOST),
    ("D08", event("intrusion", "- individual", "RUS premises", post="consulate"), "VCCR-31.3", "duty_engaged", HOST),
    ("D08", event("property_damage", None, "RUS property", post="honorary consulate"), "VCCR-59", "duty_engaged", HOST),
    ("D08", event("blockade", "TUR crowd", "RUS mission"), "VCDR-22.2", "duty_engaged", HOST),
    ("D08", event("threat", "- individual", "RUS mission"), "VCDR-22.2", "duty_engaged", HOST),
    ("D08", event("protection_reinforced", "TUR police", "RUS mission"), "VCDR-22.2", "duty_performed", HOST),
    ("D08", event("assurance", "TUR government", "RUS government"), "VCDR-22.2", "duty_performed", HOST),
    ("D09", event("seizure", "TUR government", "RUS property"), "VCDR-22.3", "duty_engaged", HOST),
    ("D09", event("property_damage", "- crowd", "RUS property"), "VCDR-22.3", "duty_engaged", HOST),
    ("D09", event("compensation", "TUR government", "RUS government"), "VCDR-22.3", "duty_performed", HOST),
    ("D09", event("seizure", "TUR government", "RUS property", post="consulate"), "VCCR-31.4", "duty_engaged", HOST),
    ("D10", event("privilege_revoked", "TUR government", "RUS diplomat"), "VCDR-34", "duty_engaged", HOST),
    ("D10", event("seizure", "TUR government", "RUS property"), "VCDR-34", "duty_engaged", HOST),
    ("D11", event("seizure", "TUR government", "RUS property"), "VCDR-24", "duty_engaged", HOST),
    ("D11", event("espionage_against_mission", "TUR security_service", "RUS mission"), "VCDR-24", "duty_engaged", HOST),
    ("D12", event("blockade", "TUR crowd", "RUS mission"), "VCDR-25", "duty_engaged", HOST),
    ("D12", event("harassment", "TUR security_service", "RUS diplomat"), "VCDR-25", "duty_engaged", HOST),
    ("D12", event("privilege_revoked", "TUR government", "RUS mission"), "VCDR-25", "duty_engaged", HOST),
    ("D13", event("movement_restriction", "TUR government", "RUS diplomat"), "VCDR-26", "duty_engaged", HOST),
    ("D13", event("detention", "TUR police", "RUS diplomat"), "VCDR-26", "duty_engaged", HOST),
    ("D14", event("espionage_against_mission", None, "RUS mission"), "VCDR-27", "duty_engaged", HOST),
    ("D14", event("seizure", "TUR government", "RUS property", post="consulate"), "VCCR-35", "duty_engaged", HOST),
    ("D14", event("blockade", "- crowd", "RUS mission"), "VCDR-27", "duty_engaged", HOST),
    ("D15", event("detention", "TUR police", "RUS diplomat"), "VCDR-29", "duty_engaged", HOST),
    ("D15", event("detention", "TUR police", "RUS diplomat", post="consulate"), "VCCR-41", "duty_engaged", HOST),
    ("D16", event("killing", "TUR individual", "RUS diplomat"), "VCDR-29", "duty_engaged", HOST),
    ("D16", event("killing", "DEU military", "RUS diplomat"), "VCDR-29", "duty_engaged", HOST),
    ("D16", event("assault", "TUR police", "RUS staff", post="consulate"), "VCCR-40", "duty_engaged", HOST),
    ("D16", event("abduction", "- armed_group", "RUS diplomat", post="honorary consulate"), "VCCR-64", "duty_engaged", HOST),
    ("D16", event("threat", "- individual", "RUS diplomat"), "VCDR-29", "duty_engaged", HOST),
    ("D16", event("harassment", "TUR security_service", "RUS diplomat"), "VCDR-29", "duty_engaged", HOST),
    ("D16", event("recruitment_approach", "TUR security_service", "RUS diplomat"), "VCDR-29", "duty_engaged", HOST),
    ("D17", event("prosecution", "TUR government", "RUS diplomat"), "VCDR-31", "duty_engaged", HOST),
    ("D17", event("detention", "TUR police", "RUS diplomat", post="consulate"), "VCCR-43", "duty_engaged", HOST),
    ("D18", event("detention", "DEU police", "RUS diplomat"), "VCDR-40", "duty_engaged", THIRD),
    ("D18", event("seizure", "DEU police", "RUS property"), "VCDR-40", "duty_engaged", THIRD),
    ("D18", event("movement_restriction", "DEU government", "RUS diplomat"), "VCDR-40", "duty_engaged", THIRD),
    ("D20", event("evacuation", "RUS government", "RUS staff"), "VCDR-44", "duty_engaged", HOST),
    ("D20", event("expulsion", "TUR government", "RUS diplomat", post="consulate"), "VCCR-26", "duty_engaged", HOST),
    ("D20", event("detention", "TUR police", "RUS diplomat"), "VCDR-44", "duty_engaged", HOST),
    ("D20", event("blockade", "- crowd", "RUS mission"), "VCDR-44", "duty_engaged", HOST),
    ("D21", event("post_closed", "RUS government", "RUS mission", post="consulate"), "VCCR-27", "duty_engaged", HOST),
    ("D21", event("recall", "RUS government", "RUS diplomat"), "VCDR-45", "duty_engaged", HOST),
    ("D21", event("seizure", "TUR government", "RUS property"), "VCDR-45", "duty_engaged", HOST),
    ("D22", event("privilege_revoked", "TUR government", "RUS mission"), "VCDR-47", "duty_engaged", HOST),
    ("D22", event("staff_cap", "TUR government", "RUS mission"), "VCDR-47", "duty_engaged", HOST),
    ("D22", event("retaliation_warning", "RUS government", "TUR government"), "VCDR-47", "none", HOST),
    ("D24", event("recall", "RUS government", "RUS diplomat"), "VCDR-39", "duty_engaged", HOST),
    ("D24", event("expulsion", "TUR government", "RUS diplomat", post="consulate"), "VCCR-53", "duty_engaged", HOST),
    ("I1", event("killing", "TUR individual", "RUS diplomat"), "IPP-2.1", "duty_engaged", HOST),
    ("I1", event("attack_on_premises", "- armed_group", "RUS premises"), "IPP-2.1", "duty_engaged", HOST),
    ("I2", event("threat", "- individual", "RUS diplomat"), "IPP-4", "duty_engaged", HOST),
    ("I2", event("security_measures", "RUS mission", "RUS mission"), "IPP-4", "none", HOST),
    ("I3", event("arrest_of_suspect", "TUR police", None), "IPP-7", "duty_performed", HOST),
    ("I3", event("prosecution", "DEU government", None), "IPP-7", "duty_performed", THIRD),
    ("I4", event("investigation", "TUR police", None), "IPP-5", "duty_performed", HOST),
    ("I5", event("arrest_of_suspect", "TUR police", None), "IPP-6", "duty_performed", HOST),
]  # fmt: skip


@pytest.mark.parametrize(
    ("duty", "told", "article", "relation", "holder"), ROWS, ids=lambda v: v.type if isinstance(v, Event) else ""
)
def test_row(duty: str, told: Event, article: str, relation: str, holder: str):
    found = [e for e in engaged(told, (told,)) if e.duty.id == duty]
    assert [(e.article, e.relation, e.holder) for e in found] == [(article, relation, holder)]


def test_rows_cover_every_duty_that_one_event_can_show():
    by_words_only = {"D19", "D23"}  # D19: below, with the accusation beside it; D23: nothing tells of denied access
    assert set(duties()) - {row[0] for row in ROWS} == by_words_only


def test_misuse_is_at_stake_only_beside_an_accusation():
    for told in (
        event("expulsion", "TUR government", "RUS diplomat"),
        event("summons", "TUR government", "RUS diplomat"),
    ):
        assert "D19" not in all_of(told)
        assert all_of(told, ACCUSED)["D19"] == ("duty_engaged", SENDER)
    assert main(ACCUSED) == [("VCDR-41", "breach_alleged", SENDER)]


def test_a_demonstration_engages_nothing_until_peace_is_hit():
    protest = event("demonstration", "TUR crowd", "RUS mission")
    assert main(protest) == []
    assert main(protest, BLOCKED) == [("VCDR-22.2", "duty_engaged", HOST)]
    assert main(protest, event("blockade", "- crowd", "RUS mission", host="DEU")) == []


def test_the_first_duty_is_that_of_the_contract():
    assert main(event("killing", "TUR individual", "RUS diplomat")) == [("VCDR-29", "duty_engaged", HOST)]


WORDS = [
    ("condemnation", "DEU government", "- armed_group", "duty_engaged"),
    ("summons", "TUR government", "RUS diplomat", "duty_engaged"),
    ("protest_note", "RUS government", "TUR government", "duty_engaged"),
    ("demand", "RUS government", "TUR government", "duty_engaged"),
    ("duty_invoked", "RUS government", "TUR government", "duty_engaged"),
    ("accusation_of_breach", "RUS government", "TUR government", "breach_alleged"),
    ("retaliation_warning", "RUS government", "TUR government", "duty_engaged"),
    ("apology", "TUR government", "RUS government", "duty_engaged"),
    ("assurance", "TUR government", "RUS government", "duty_performed"),
    ("investigation", "TUR police", None, "duty_performed"),
    ("arrest_of_suspect", "TUR police", None, "duty_performed"),
    ("prosecution", "TUR government", "- individual", "duty_performed"),
    ("compensation", "TUR government", "RUS government", "duty_performed"),
]


@pytest.mark.parametrize(("type", "actor", "target", "relation"), WORDS, ids=lambda v: str(v))
def test_words_and_answers_take_the_duty_of_what_they_are_about(
    type: str, actor: str, target: str | None, relation: str
):
    killing = event("killing", "- individual", "RUS diplomat", post="consulate")
    told = event(type, actor, target, post=None, in_response_to=0)
    events = (killing, told)
    assert [(d.duty, d.relation, d.holder) for d in duties_of(told, events)] == [("VCCR-40", relation, HOST)]


def test_nobody_owes_or_breaks_a_right():
    act = event("expulsion", "TUR government", "RUS diplomat")
    for type in ("apology", "assurance", "accusation_of_breach", "duty_invoked"):
        told = event(
            type,
            *(("TUR government", "RUS government")[:: 1 if type in ("apology", "assurance") else -1]),
            post=None,
            in_response_to=0,
        )
        assert duties_of(told, (act, told)) == (), type
    blame = event("condemnation", "RUS government", "TUR government", post=None, in_response_to=0)
    assert [d.relation for d in duties_of(blame, (act, blame))] == ["right_exercised"]


def test_words_about_words_go_back_to_the_act():
    events = (
        event("killing", "- individual", "RUS diplomat"),
        event("accusation_of_breach", "RUS government", "TUR government", in_response_to=0),
        event("condemnation", "TUR government", "RUS government", in_response_to=1),
    )
    assert [(d.duty, d.relation) for d in duties_of(events[1], events)] == [("VCDR-29", "breach_alleged")]
    assert [(d.duty, d.relation) for d in duties_of(events[2], events)] == [("VCDR-29", "duty_engaged")]


def test_words_about_protection_perform_nothing():
    guards = event("protection_reinforced", "TUR police", "RUS mission")
    demand = event("demand", "RUS government", "TUR government", post=None, in_response_to=0)
    assert [(d.duty, d.relation, d.holder) for d in duties_of(demand, (guards, demand))] == [
        ("VCDR-22.2", "duty_engaged", HOST)
    ]


def test_words_that_answer_each_other_in_a_circle_end():
    events = (
        event("condemnation", "TUR government", "RUS government", in_response_to=1),
        event("condemnation", "RUS government", "TUR government", in_response_to=0),
    )
    assert duties_of(events[0], events) == ()


def test_without_a_link_words_are_about_the_only_act_there():
    act, other = event("assault", "- crowd", "RUS staff"), event("intrusion", "- crowd", "RUS premises")
    demand = event("demand", "RUS government", "TUR government", post=None)
    assert main(demand, act) == [("VCDR-29", "duty_engaged", HOST)]
    assert main(demand, act, other) == []


def test_a_breach_is_alleged_of_the_holder_only():
    act = event("attack_on_premises", "DEU military", "RUS premises")
    blame = event("accusation_of_breach", "RUS government", "DEU government", post=None, in_response_to=1)
    assert [d.relation for d in duties_of(blame, (blame, act))] == ["duty_engaged"]


@pytest.mark.parametrize(
    ("status", "relations"),
    [
        ("reported", ("right_exercised", "duty_engaged", "duty_performed")),
        ("claimed", ("right_exercised", "duty_engaged", "duty_performed")),
        ("denied", ("none", "none", "none")),
        ("announced", ("right_exercised", "duty_engaged", "duty_engaged")),
        ("threatened", ("none", "duty_engaged", "duty_engaged")),
        ("demanded", ("none", "duty_engaged", "duty_engaged")),
    ],
)
def test_what_is_not_done_exercises_and_performs_nothing(status: Status, relations: tuple[str, ...]):
    told = (
        event("expulsion", "TUR government", "RUS diplomat", status=status),
        event("killing", "- individual", "RUS diplomat", status=status),
        event("protection_reinforced", "TUR police", "RUS mission", status=status),
    )
    assert tuple(duties_of(e, (e,))[0].relation for e in told) == relations


def test_missions_to_the_united_nations_and_its_own_offices():
    visa = event("visa_restriction", "USA government", "RUS diplomat", post="permanent mission", host="USA")
    assert main(visa) == [("HQA-13", "duty_engaged", "USA")]
    geneva = event("visa_restriction", "CHE government", "RUS diplomat", post="permanent mission", host="CHE")
    assert main(geneva) == [("VCDR-4", "right_exercised", "CHE")]
    mob = event("attack_on_premises", "USA crowd", "RUS premises", post="permanent mission", host="USA")
    assert main(mob) == [("VCDR-22.2", "duty_engaged", "USA")]
    office = event("attack_on_premises", "- crowd", "- premises", post="UN office")
    assert main(office) == [("GC-3", "duty_engaged", HOST)]
    official = msgspec.structs.replace(office, type="detention", target=Party(kind="staff", name="United Nations"))
    assert main(official)[0] == ("GC-18", "duty_engaged", HOST)


def test_no_event_of_any_type_makes_its_perpetrator_the_holder_or_finds_a_breach():
    for kind in types().values():
        for status in get_args(Status):
            told = event(kind.id, "DEU armed_group", "RUS diplomat", status=status)
            for e in engaged(told, (told, ACCUSED, BLOCKED)):
                assert e.relation not in ("breach_admitted", "breach_found")
                assert e.relation != "breach_alleged" or kind.id == "accusation_of_breach"
            if kind.group in ("harm", "premises") and kind.id != "detention" and kind.id != "seizure":
                assert all(e.holder == HOST for e in engaged(told, (told,))), kind.id


def test_no_host_no_holder():
    told = event("killing", "TUR individual", "RUS diplomat", post=None, host=None)
    assert main(told) == [("VCDR-29", "duty_engaged", None)]


def test_answers_to_measures():
    first = event("expulsion", "TUR government", "RUS diplomat", post=None)
    mirror = event("expulsion", "RUS government", "TUR diplomat", post=None, host="RUS")
    closure = event("post_closure_ordered", "RUS government", "TUR mission", post=None, host="RUS")
    grab = event("seizure", "RUS police", "TUR premises", post=None, host="RUS")
    assert answer_kinds(mirror, first) == ("retorsion", "in_kind")
    assert answer_kinds(closure, first) == ("retorsion",)
    assert answer_kinds(grab, first) == ("limit_50(2)(b)",)

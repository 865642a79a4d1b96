"""Broken lines are joined, capitals read in normal case, and not a character moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.cleaning.paragraphs import is_shouted, paragraphs, true_case

WORDS = frozenset(
    [
        "ambassador",
        "was",
        "killed",
        "last",
        "night",
        "when",
        "a",
        "shell",
        "struck",
        "his",
        "residence",
        "told",
        "to",
        "leave",
        "within",
        "two",
        "days",
        "said",
        "envoys",
        "out",
        "expelled",
        "over",
        "raid",
        "the",
        "consul",
        "general",
        "of",
        "friend",
        "crowd",
        "has",
        "asked",
        "for",
        "officials",
    ]
)

WRAPPED = """BEIRUT, 17 APR 89 (FJORD RADIO) -- [FROM THE 0615 NEWSCAST]
THE NORWEGIAN AMBASSADOR WAS TOLD LAST NIGHT THAT HE HAD TO LEAVE HIS
RESIDENCE IN THE EAST OF THE CITY, WHERE SHELLS HAD FALLEN SINCE THE
EARLY MORNING. HE LEFT.

A SPOKESMAN OF THE MINISTRY SAID THAT THE OTHER MISSIONS WOULD BE TOLD
BY NOON AND THAT NOBODY WAS TO GO TO THE PORT, WHERE THREE SHIPS WERE
BURNING."""


def test_lines_broken_at_a_width_are_joined():
    assert [WRAPPED[s:e].count("\n") for s, e in paragraphs(WRAPPED)] == [3, 2]


@pytest.mark.parametrize(
    "text",
    [
        "A headline of the day\nBy A. Person\n\nOne paragraph.\n\nAnother paragraph that is rather longer than the first one was.",
        "\n".join(f"Country number {n}: the embassy stays open until further notice there." for n in range(3))
        + "\n\nMore.\n\nEnd.",
    ],
)
def test_other_lines_stay_as_they_are(text):
    assert [text[s:e] for s, e in paragraphs(text)] == [line for line in text.split("\n") if line]


def test_clutter_is_left_out():
    assert [s for s, _ in paragraphs("ADVERTISEMENT\nThe envoy left.", ((0, 13),))] == [14]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("NORWEGIAN AMBASSADOR WAS TOLD TO LEAVE WITHIN TWO DAYS", "Norwegian ambassador was told to leave within two days"),
        ("THE AMBASSADOR WAS KILLED LAST NIGHT. OFFICIALS SAID A SHELL STRUCK", "The ambassador was killed last night. Officials said a shell struck"),
        ("CONSUL GENERAL KARI LUNDQVIST WAS TOLD TO LEAVE THE UNITED STATES", "Consul General Kari Lundqvist was told to leave the United States"),
        ("U.S. EXPELLED ENVOYS OF THE USSR OVER RAID IN NEW YORK", "U.S. expelled envoys of the USSR over raid in New York"),
        ("OFFICIALS SAID ON MONDAY, 9 MARCH, MR OKONJO HAS TOLD SYRIA'S ENVOYS", "Officials said on Monday, 9 March, Mr Okonjo has told Syria's envoys"),
    ],
)  # fmt: skip
def test_capitals_in_normal_case(line, expected):
    assert is_shouted(line)
    assert true_case(line, lambda word: word in WORDS or word in ("on", "in")) == expected


@pytest.mark.parametrize(
    "line", ["MOSCOW, December 20. /TASS/. The envoy left.", "USA TODAY", "The FBI and the CIA", "NATO, EU, UN, US"]
)
def test_not_shouted(line):
    assert not is_shouted(line)


@given(st.text(alphabet="ABÉİßŞ .'’-1", max_size=60))
def test_length_and_letters_stay(line):
    made = true_case(line, lambda word: len(word) % 2 == 0)
    assert len(made) == len(line)
    assert made.upper() == line.upper()

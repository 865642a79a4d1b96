"""States parties: entry into force, successors, dates too coarse to tell, and custom where no treaty binds."""

import pytest

from legation.law import basis, bound, icj_route, parties


@pytest.mark.parametrize(
    ("state", "treaty", "on", "answer", "why"),
    [
        ("TUR", "VCDR", "2016-12-19", True, "acceded 6 March 1985"),
        ("TUR", "VCDR", "1985-04-04", False, "the 29th day after its deposit"),
        ("TUR", "VCDR", "1985-04-05", True, "the 30th"),
        ("TUR", "VCDR", "1985", None, "a year that is half in, half out"),
        ("TUR", "VCDR", "1986", True, "any day of that year"),
        ("TUR", "VCDR", "XXXX-12-20", None, "no year"),
        ("TUR", "VCDR", None, None, "no date"),
        ("TUR", "VCDR", "soon", None, "no date"),
        ("TUR", "VCDR", "2016-13-45", None, "no day"),
        ("TUR", "VCDR", "2016-12?", True, "uncertain, but any day of it"),
        ("AFG", "VCCR", "2014", False, "not listed, and the list covers that year"),
        ("AFG", "VCCR", "2021", None, "not listed, but may have acceded after March 2015"),
        ("SUN", "VCDR", "1980", True, "Russia continues its participation"),
        ("SUN", "VCCR", "1980", False, "acceded in 1989 only"),
        ("YUG", "VCDR", "1980", None, "the lists do not tell"),
        ("XKX", "VCDR", "2020", None, "the lists do not tell"),
        ("GBR", "VCDR", "1964-04-23", False, "the convention was not yet in force"),
        ("CZE", "VCDR", "1993-02-22", True, "a successor, from the day given"),
        ("USA", "HQA", "1988", True, "host of the headquarters"),
        ("RUS", "HQA", "1988", False, "only the host"),
        ("USA", "GC", "1970-04-29", True, "binds from the day of accession"),
        ("FIN", "SMC", "2000", False, "signed, never ratified"),
    ],
)  # fmt: skip
def test_bound(state: str, treaty: str, on: str | None, answer: bool | None, why: str):
    assert bound(state, treaty, on) is answer, why


def test_unknown_treaty_names_the_known_ones():
    with pytest.raises(KeyError, match="no treaty 'ABC'; there are ARSIWA, GC, "):
        bound("TUR", "ABC", "2000")


def test_basis_between_two_states():
    assert basis("VCDR-29", ["TUR", "RUS"], "2016-12-19") == "treaty"
    assert basis("VCDR-29", ["TUR", "RUS"], "1980-05-01") == "custom"
    assert basis("VCDR-29", ["TUR", None], "2016-12-19") is None
    assert basis("VCDR-29", [], "2016") is None
    assert basis("IPP-2.1", ["TUR", "RUS"], "1980-05-01") == "none"
    assert basis("HQA-13", ["USA", "RUS"], "2020") == "treaty"
    assert basis("ARSIWA-49", ["TUR", "RUS"], "2020") == "custom"


def test_the_way_to_the_court():
    assert icj_route("USA", "IRN", "1979-11-04") is True
    assert icj_route("USA", "IRN", "2019-01-01") is False
    assert icj_route("USA", "MEX", "2003-01-01", consular=True) is True
    assert icj_route("USA", "MEX", "2006-01-01", consular=True) is False
    assert icj_route("TUR", "RUS", None) is None


def test_turkey_stands_as_in_the_source():
    entry = parties("VCDR")["TUR"]
    assert (entry.deposited, entry.how, entry.signed) == ("1985-03-06", "accession", None)

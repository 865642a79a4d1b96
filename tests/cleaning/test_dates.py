"""Dates as outlets write them, and what must not be taken for one."""

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from legation.cleaning.dates import dates, edtf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-12-19", "2016-12-19"),
        ("2016-12-19T20:15:00Z", "2016-12-19"),
        ("2020.10.05 16:20", "2020-10-05"),
        ("22 Feb, 2022 19:02", "2022-02-22"),
        ("Updated 14 November 2019", "2019-11-14"),
        ("Dec. 17, 1985", "1985-12-17"),
        ("JULY 21, 2015 12:14 AM", "2015-07-21"),
        ("Thu, October 31 2013, 9:14 AM", "2013-10-31"),
        ("Posted September. 30, 2011 03:12,", "2011-09-30"),
        ("Saturday, 21st December 2019, 6:00 am", "2019-12-21"),
        ("February 9th, 2011", "2011-02-09"),
        ("31st day of March, 2018", "2018-03-31"),
        ("11:24 GMT 11.02.2026 (Updated: 12:02 GMT)", "2026-02-11"),
        ("26.07.2023, 16:00", "2023-07-26"),
        ("7.7.2023 15:21", "2023-07-07"),
        ("18/08/2017 - 16:22", "2017-08-18"),
        ("06/13/2017 05:12 PM EDT", "2017-06-13"),
        ("Last updated 16-09-2020", "2020-09-16"),
        ("05/31/2023 May 31, 2023", "2023-05-31"),
        ("MOSCOW, December 20. /TASS/", "XXXX-12-20"),
        ("KABUL, 3 Sept (Reuters)", "XXXX-09-03"),
        ("BEIRUT, 17 APR 89 (VOICE OF LEBANON)", "1989-04-17"),
        ("02/26/03 01:12 ET", "2003-02-26"),
        ("in May 2024", "2024-05"),
        ("31 January 2026 - 08:40", "2026-01-31"),
        ("29 February 2024", "2024-02-29"),
        ("Wed Jan 29, 2020 6:48pm HKT", "2020-01-29"),
        ("1990 September 17", "1990-09-17"),
    ],
)
def test_first_date(text, expected):
    assert dates(text)[0].edtf == expected


@pytest.mark.parametrize(
    "text",
    ["Feb 30, 2022", "29 February 2023", "31.02.2020", "at 11.05 in the morning", "may 5 envoys", "1.2.3", "the 747-400",
     "Resolution 2231", "he may leave", "120 diplomats", "24/7 service", "2016-13-01"],
)  # fmt: skip
def test_no_day(text):
    assert dates(text) == []


@pytest.mark.parametrize(("order", "expected"), [(None, "2017"), ("dmy", "2017-06-05"), ("mdy", "2017-05-06")])
def test_a_numeric_date_is_settled_by_its_order_only(order, expected):
    assert dates("05/06/2017", order)[0].edtf == expected
    assert dates("05/05/2017", order)[0].edtf == "2017-05-05"
    assert dates("10/19/2020", order)[0].edtf == "2020-10-19"


def test_several_dates_and_their_places():
    text = "On 19 December 2016 he was shot; in August 2017 and on Jan. 5 there were trials."
    found = dates(text)
    assert [f.edtf for f in found] == ["2016-12-19", "2017-08", "XXXX-01-05"]
    assert [text[f.start : f.end] for f in found] == ["19 December 2016", "August 2017", "Jan. 5"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2016", "2016"), ("2016-12", "2016-12"), ("XXXX-12-20", "XXXX-12-20"), ("20161219", "2016-12-19"),
     ("Mon, 19 Dec 2016 20:15:00 +0300", "2016-12-19"), ("yesterday", None), ("", None), ("2016-02-30", None), ("2016-19", None)],
)  # fmt: skip
def test_metadata(value, expected):
    assert edtf(value) == expected


@given(st.text(alphabet="0123456789 /.-,XMayJunDec:th", max_size=30))
def test_whatever_is_found_is_edtf(text):
    for found in dates(text):
        parse_edtf(found.edtf)

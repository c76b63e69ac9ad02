"""Cuts: numbers as numbers, dates as times, and nothing else as either."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora.splits.cuts import TWITTER, as_number, as_time, check_cuts, cut_values, parts_by_cuts
from gatbert.errors import UserError
from gatbert.samples import Origin, Sample

ZONES = st.integers(-12 * 60, 12 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(2006, 3, 21), datetime(2030, 1, 1), timezones=ZONES).map(
    lambda time: time.replace(microsecond=0)
)


def parts(values: list[str], *cuts: str) -> list[int]:
    rows = [(Sample(str(n), "text", "target", origin=Origin("a.csv", n + 2)), v) for n, v in enumerate(values)]
    return parts_by_cuts(rows, cuts, "date")


@given(st.lists(st.integers(0, 2**64) | st.floats(-1e9, 1e9), min_size=1), st.integers(-100, 2**64))
def test_numbers_are_compared_exactly_as_python_does(values: list[float], cut: int) -> None:
    assert parts([*map(repr, values)], str(cut)) == [int(Decimal(repr(value)) >= cut) for value in values]


@given(st.lists(TIMES, min_size=1), TIMES, st.booleans())
def test_times_are_compared_across_zones_and_forms(values: list[datetime], cut: datetime, twitter: bool) -> None:
    written = [value.strftime(TWITTER) if twitter else value.isoformat() for value in values]
    assert parts(written, cut.isoformat()) == [int(value >= cut) for value in values]


def test_a_date_in_part_is_its_first_moment_and_without_a_zone_in_utc() -> None:
    values = ["2019", "2020-05-31T23:59:59", "2020-06", "2020-06-01T01:00:00+02:00", "Mon Jun 01 00:00:00 +0000 2020"]
    assert parts(values, "2020-06-01") == [0, 0, 1, 0, 1]
    assert parts(["2019", "2020", "2021"], "2020", "2020-06") == [0, 1, 2]
    assert as_time("2020-W01-1") == datetime(2019, 12, 30, tzinfo=timezone.utc)


def test_years_are_numbers_among_numbers_and_dates_among_dates() -> None:
    assert parts(["2019", "2020.5", "31"], "2020") == [0, 1, 0]
    assert parts(["2019", "2020-05"], "2020") == [0, 1]


@pytest.mark.parametrize("word", ["", "soon", "nan", "inf", "12:30", "2020-13", "10/11/2020", "5 May", "1,5"])
def test_what_is_neither(word: str) -> None:
    assert as_number(word) is None
    assert as_time(word) is None


@pytest.mark.parametrize(
    ("values", "cut", "words"),
    [
        (["1", "soon"], "5", r"a\.csv:3: the value 'soon' in the column 'date'; accepted is a number, a date of ISO"),
        (["1", ""], "5", r"a\.csv:3: no value in the column 'date'"),
        (
            ["2020-05", "17"],
            "2020-06",
            r"a\.csv:3: the value '17' in the column 'date'; accepted is a date, as the cut",
        ),
        (["17", "2020-05"], "17", r"a\.csv:3: the value '2020-05' in the column 'date'; accepted is a number, as the"),
    ],
)
def test_a_wrong_value_names_file_and_row(values: list[str], cut: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        parts(values, cut)


@pytest.mark.parametrize(
    ("cuts", "words"),
    [
        ([], "one value, from which on all is test, or two"),
        (["1", "2", "3"], "one value, from which on all is test, or two"),
        (["soon"], "values of one kind, a number, a date"),
        (["2020-06", "17"], "values of one kind"),
        (["2", "1"], "two values of which the first is the earlier"),
        (["2020-06", "2020-06-01"], "two values of which the first is the earlier"),
    ],
)
def test_cuts_that_cut_nothing_are_refused(cuts: list[str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        check_cuts(cuts)


def test_cuts_as_yaml_has_them() -> None:
    date = datetime(2020, 6, 1).date()
    assert [cut_values(value) for value in (None, 2020, [2019, date], "2020-06")] == [
        None,
        ["2020"],
        ["2019", "2020-06-01"],
        ["2020-06"],
    ]
    check_cuts(["2019", "2020-06-01"])

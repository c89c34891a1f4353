from datetime import UTC, date, datetime, timedelta

import pytest

from config import calendar
from config.calendar import (
    DaySpan,
    add_working_days,
    benefit_year,
    clock_at,
    completed_years,
    is_working_day,
    load_working_year,
    today,
    working_days_between,
    working_year,
    year_span,
)
from config.errors import NotKnown


def test_the_clock_is_that_of_shanghai():
    with clock_at(datetime(2022, 12, 31, 17, 0, tzinfo=UTC)):
        assert today() == date(2023, 1, 1)
        assert calendar.now().utcoffset() == timedelta(hours=8)


def test_the_clock_can_be_held_at_a_day_and_runs_on_afterwards():
    with clock_at(date(2021, 3, 5)):
        assert today() == date(2021, 3, 5)
    assert today() > date(2021, 3, 5)


def test_a_span_as_notices_write_it_includes_both_days():
    span = DaySpan.inclusive(date(2021, 1, 1), date(2021, 12, 31))
    assert span == year_span(2021)
    assert span.last == date(2021, 12, 31)
    assert span.day_count() == 365
    assert date(2021, 12, 31) in span
    assert date(2022, 1, 1) not in span
    assert date(2020, 12, 31) not in span


def test_an_open_span_has_no_end():
    span = DaySpan(date(2021, 1, 1))
    assert date(9999, 12, 31) in span
    assert span.last is None
    assert span.covers(year_span(2022))
    assert not year_span(2022).covers(span)
    with pytest.raises(ValueError, match="open"):
        span.day_count()


def test_spans_overlap_where_both_hold():
    first = DaySpan(date(2021, 1, 1), date(2021, 7, 1))
    assert first.overlap(DaySpan(date(2021, 6, 1))) == DaySpan(date(2021, 6, 1), date(2021, 7, 1))
    assert first.overlap(DaySpan(date(2021, 7, 1))) is None


def test_a_span_without_a_day_is_refused():
    with pytest.raises(ValueError, match="at least one day"):
        DaySpan(date(2021, 1, 1), date(2021, 1, 1))


def test_the_benefit_year_is_the_calendar_year():
    assert benefit_year(date(2021, 12, 31)) == 2021


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2004, 5, 1), date(2022, 4, 30), 17),
        (date(2004, 5, 1), date(2022, 5, 1), 18),
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
        (date(2022, 1, 1), date(2022, 1, 1), 0),
    ],
)
def test_completed_years(born, day, years):
    assert completed_years(born, day) == years


def test_nobody_has_an_age_before_birth():
    with pytest.raises(ValueError, match="before the birth"):
        completed_years(date(2022, 1, 2), date(2022, 1, 1))


@pytest.mark.parametrize(
    ("year", "count"),
    [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)],
)
def test_working_days_of_a_year(year, count):
    assert working_days_between(date(year, 1, 1), date(year + 1, 1, 1)) == count


@pytest.mark.parametrize("year", range(2020, 2027))
def test_each_year_names_its_document(year):
    assert all(number.startswith("国办发明电") for number in working_year(year).documents)


def test_holidays_weekends_and_make_up_days():
    assert not is_working_day(date(2022, 10, 3))  # Monday inside the holiday
    assert is_working_day(date(2022, 10, 8))  # Saturday, made up
    assert not is_working_day(date(2022, 10, 15))  # Saturday
    assert is_working_day(date(2022, 10, 14))


def test_working_days_are_counted_across_holidays_and_years():
    assert add_working_days(date(2022, 9, 30), 1) == date(2022, 10, 8)
    assert add_working_days(date(2022, 10, 8), -1) == date(2022, 9, 30)
    assert add_working_days(date(2021, 12, 31), 1) == date(2022, 1, 4)
    assert add_working_days(date(2022, 10, 1), 0) == date(2022, 10, 1)


def test_a_year_that_is_not_recorded_is_refused():
    with pytest.raises(NotKnown) as caught:
        add_working_days(date(2026, 12, 31), 1)
    assert caught.value.code == "calendar.year_not_loaded"
    assert caught.value.facts == {"year": 2027}


@pytest.mark.parametrize(
    "text",
    [
        "year: 2021\ndocuments: []\nholidays: []\nmade_up_on: []\n",
        "year: 2022\ndocuments: []\nholidays: []\nmade_up_on: [2022-01-03]\n",
        "year: 2022\ndocuments: []\nholidays: [{days: [2021-12-31]}]\nmade_up_on: []\n",
        "year: 2022\ndocuments: []\nholidays: [{days: [2022-01-29]}]\nmade_up_on: [2022-01-29]\n",
        "year: 2022\n",
        "[",
    ],
)
def test_a_wrong_file_is_refused(text, tmp_path):
    path = tmp_path / "2022.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotKnown) as caught:
        load_working_year(path, 2022)
    assert caught.value.code == "calendar.working_days_missing"

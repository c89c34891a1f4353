"""Days: the one clock, half-open spans, the benefit year, ages, Chinese working days.

Business code asks `today()` and `now()` here and nowhere else, so that a test or a
demonstration can set the clock; pure packages never ask at all. The clock is that of
Shanghai, whatever the server says.

Working days follow the yearly holiday arrangement of the State Council (国务院办公厅关于
部分节假日安排的通知), make-up days (调休上班) included: one dated file per year in
`config/calendar_days/`. A year without its file is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from config.errors import NotKnown

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR_DAYS = Path(__file__).parent / "calendar_days"
ONE_DAY = timedelta(days=1)


def _system_clock() -> datetime:
    return datetime.now(SHANGHAI)


_clock: Callable[[], datetime] = _system_clock


def now() -> datetime:
    """Return the present instant, with the time zone of Shanghai."""
    return _clock()


def today() -> date:
    """Return the present day in Shanghai."""
    return now().date()


@contextmanager
def clock_at(instant: datetime | date) -> Iterator[None]:
    """Hold the clock of this process at an instant, or at noon of a day.

    Args:
        instant: a day, or an instant with its time zone.
    """
    global _clock  # noqa: PLW0603  the one clock is one name on purpose
    if not isinstance(instant, datetime):
        instant = datetime(instant.year, instant.month, instant.day, 12, tzinfo=SHANGHAI)
    held = instant.astimezone(SHANGHAI)
    before = _clock
    _clock = lambda: held  # noqa: E731
    try:
        yield
    finally:
        _clock = before


@dataclass(frozen=True, order=True)
class DaySpan:
    """Days from `start`, inclusive, up to `end`, exclusive; `end` None is open.

    Raises:
        ValueError: the span holds no day.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        """Refuse a span without a day."""
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a span must hold at least one day: {self.start} to {self.end}")

    @classmethod
    def inclusive(cls, first: date, last: date | None) -> DaySpan:
        """Make a span as notices write it: both days belong to it."""
        return cls(first, None if last is None else last + ONE_DAY)

    @property
    def last(self) -> date | None:
        """The last day that belongs to the span; None where it is open."""
        return None if self.end is None else self.end - ONE_DAY

    def __contains__(self, day: object) -> bool:
        """Say whether a day belongs to the span."""
        if not isinstance(day, date):
            return False
        return self.start <= day and (self.end is None or day < self.end)

    def covers(self, other: DaySpan) -> bool:
        """Say whether every day of the other span belongs to this one."""
        if other.start < self.start:
            return False
        return self.end is None or (other.end is not None and other.end <= self.end)

    def overlap(self, other: DaySpan) -> DaySpan | None:
        """Return the days that belong to both, or None."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return None if end is not None and end <= start else DaySpan(start, end)

    def day_count(self) -> int:
        """Count the days; an open span has none to count and raises ValueError."""
        if self.end is None:
            raise ValueError("an open span has no number of days")
        return (self.end - self.start).days


def benefit_year(day: date) -> int:
    """Return the benefit year (待遇年度) of a day: the calendar year."""
    return day.year


def year_span(year: int) -> DaySpan:
    """Return the days of a benefit year."""
    return DaySpan(date(year, 1, 1), date(year + 1, 1, 1))


def completed_years(born_on: date, day: date) -> int:
    """Return the age in completed years (周岁) on a day.

    Who is born on 29 February completes a year on 1 March of an ordinary year: the age
    counts from the day after the birthday would have been.

    Raises:
        ValueError: the day lies before the birth.
    """
    if day < born_on:
        raise ValueError(f"{day} lies before the birth on {born_on}")
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


@dataclass(frozen=True)
class WorkingYear:
    """One year of the holiday arrangement.

    Attributes:
        year: the year the notice arranges.
        documents: numbers of the notices, in the order they were issued.
        days_off: days without work, weekends inside a holiday included.
        working_days: weekend days on which work is made up.
    """

    year: int
    documents: tuple[str, ...]
    days_off: frozenset[date]
    working_days: frozenset[date]


def _days(content: object) -> Iterator[date]:
    """Read a list of days and `{from, through}` spans."""
    if not isinstance(content, list):
        raise TypeError("a list of days is expected")
    for entry in content:
        if isinstance(entry, date):
            yield entry
            continue
        day, last = entry["from"], entry["through"]
        while day <= last:
            yield day
            day += ONE_DAY


def load_working_year(path: Path, year: int) -> WorkingYear:
    """Read the holiday arrangement of one year.

    Raises:
        NotKnown: there is no file for the year, or it cannot be read.
    """
    if not path.is_file():
        raise NotKnown("calendar.year_not_loaded", year=year)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        read = WorkingYear(
            year=content["year"],
            documents=tuple(document["number"] for document in content["documents"]),
            days_off=frozenset(
                day for holiday in content["holidays"] for day in _days(holiday["days"])
            ),
            working_days=frozenset(_days(content["made_up_on"])),
        )
        _check_working_year(read, year)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise NotKnown("calendar.working_days_missing", year=year, why=str(error)) from error
    return read


def _check_working_year(read: WorkingYear, year: int) -> None:
    if read.year != year:
        raise ValueError(f"the file is of {read.year}")
    stray = sorted(day for day in read.days_off | read.working_days if day.year != year)
    if stray:
        raise ValueError(f"{stray[0]} is not a day of {year}")
    both = sorted(read.days_off & read.working_days)
    if both:
        raise ValueError(f"{both[0]} is both a day off and a working day")
    weekdays = sorted(day for day in read.working_days if day.weekday() < 5)
    if weekdays:
        raise ValueError(f"{weekdays[0]} is no weekend day and cannot be a make-up day")


@cache
def working_year(year: int) -> WorkingYear:
    """Return the holiday arrangement of a year from the files of the product."""
    return load_working_year(CALENDAR_DAYS / f"{year}.yaml", year)


def is_working_day(day: date) -> bool:
    """Say whether offices work on a day.

    Raises:
        NotKnown: the arrangement of that year is not recorded.
    """
    arranged = working_year(day.year)
    if day in arranged.working_days:
        return True
    return day.weekday() < 5 and day not in arranged.days_off


def add_working_days(day: date, count: int) -> date:
    """Return the n-th working day after a day, or before it for a negative count.

    The day itself never counts. With 0 the day itself is returned, worked or not.

    Raises:
        NotKnown: a year on the way is not recorded.
    """
    step = ONE_DAY if count >= 0 else -ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Count the working days from `start`, inclusive, up to `end`, exclusive."""
    return sum(is_working_day(start + timedelta(days=place)) for place in range((end - start).days))

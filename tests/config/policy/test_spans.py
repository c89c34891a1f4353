import itertools
from datetime import date

from config.calendar import DaySpan
from config.policy.answers import Answer
from config.policy.citation import Citation
from config.policy.keys import Value
from config.policy.spans import boundaries, change_days, periods, winners

KNOWN = DaySpan(date(2021, 1, 1), date(2022, 1, 1))


def value(number, start, end, **selectors):
    answer = Answer("offered", number, False, None, None, Citation("source", where="a page"))
    return Value({name: (word,) for name, word in selectors.items()}, DaySpan(start, end), answer)


EARLY = value(1, date(2021, 1, 1), date(2021, 7, 1))
LATE = value(2, date(2021, 7, 1), date(2022, 1, 1))
POOR = value(3, date(2021, 3, 1), date(2021, 9, 1), category="orphan")


def test_periods_cover_the_known_days_without_hole():
    found = list(periods([EARLY, LATE, POOR], KNOWN))
    assert [span.start for span in found] == boundaries([EARLY, LATE, POOR], KNOWN)
    assert [span.start.month for span in found] == [1, 3, 7, 9]
    assert all(one.end == other.start for one, other in itertools.pairwise(found))
    assert found[-1].end == KNOWN.end


def test_the_value_with_most_selectors_wins():
    assert winners([EARLY, LATE, POOR], date(2021, 2, 28)) == [EARLY]
    assert winners([EARLY, LATE, POOR], date(2021, 3, 1)) == [POOR]
    assert winners([EARLY, LATE], date(2021, 7, 1)) == [LATE]
    assert winners([POOR], date(2021, 1, 1)) == []


def test_equal_values_side_by_side_are_no_change():
    again = value(1, date(2021, 7, 1), date(2022, 1, 1))
    assert change_days([EARLY, again], KNOWN) == [KNOWN.start]
    assert change_days([EARLY, LATE], KNOWN) == [KNOWN.start, date(2021, 7, 1)]

"""Working days of China: weekends, public holidays and the weekends worked instead of them.

May import: chinese_calendar. Days come from the State Council's yearly notices on holidays; a year that has not been
announced is unknown, never guessed from the weekdays.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache

import chinese_calendar

_FIRST_YEAR = 2004  # the first that the calendar knows
_DAY = datetime.timedelta(days=1)


@cache
def _workdays() -> tuple[datetime.date, ...]:
    """Every working day of all announced years, ascending."""
    days: list[datetime.date] = []
    day = datetime.date(_FIRST_YEAR, 1, 1)
    try:
        while True:
            if chinese_calendar.is_workday(day):
                days.append(day)
            day += _DAY
    except NotImplementedError:  # the first day of a year that has not been announced
        return tuple(days)


def last_known_day() -> datetime.date:
    """The last day of the last announced year."""
    return datetime.date(_workdays()[-1].year, 12, 31)


def workday_after(start: datetime.date, count: int) -> datetime.date | None:
    """The ``count``-th working day after ``start``, which itself does not count; None where it is not known yet."""
    days = _workdays()
    place = bisect_right(days, start) + count - 1
    return days[place] if start >= days[0] and place < len(days) else None


def workdays_between(start: datetime.date, end: datetime.date) -> int | None:
    """How many working days lie after ``start`` up to and with ``end``; negative where ``end`` comes first.

    None where one of the two lies in a year that has not been announced.
    """
    days = _workdays()
    if min(start, end) < days[0] or max(start, end) > last_known_day():
        return None
    return bisect_right(days, end) - bisect_right(days, start)


def workdays_in(spans: list[tuple[datetime.date, datetime.date]]) -> int | None:
    """How many working days lie in any of the spans (both ends included), each day counted once."""
    days = _workdays()
    counted, reached = 0, datetime.date.min
    for first, last in sorted(spans):
        begin = max(first, reached + _DAY) if reached > datetime.date.min else first
        if begin > last:
            continue
        if begin < days[0] or last > last_known_day():
            return None
        counted += bisect_right(days, last) - bisect_left(days, begin)
        reached = last
    return counted


def workdays_of(years: Iterable[int]) -> list[datetime.date]:
    """The working days of these years, ascending; of a year that has not been announced, none."""
    wanted = set(years)
    return [day for day in _workdays() if day.year in wanted]

import datetime

__all__ = ["month_bounds", "next_working_day"]


def month_bounds(year, month):
    first = datetime.date(year, month, 1)
    if month == 12:
        return first, datetime.date(year + 1, 1, 1)
    return first, datetime.date(year, month + 1, 1)


def next_working_day(day):
    day += datetime.timedelta(days=1)
    while day.weekday() >= 5:
        day += datetime.timedelta(days=1)
    return day

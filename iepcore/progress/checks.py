"""Checks on numbers that people type: finite, not negative, whole; each refusal is a code, never the value.

Two limits keep every later sum, product and ratio finite. ``AMOUNT_LIMIT`` bounds what can be counted or
timed in one session; ``MAGNITUDE_LIMIT`` bounds any number that enters a computation.
"""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite

from iepcore.errors import InvalidValue

AMOUNT_LIMIT = 1_000_000_000
"""No session holds more than this many counts or seconds."""

SMALLEST_POSITIVE = 1e-6
"""A length that something is divided by is at least this."""

MAGNITUDE_LIMIT = 1e300
"""Scores, baselines and targets stay within plus or minus this, so that their differences stay finite."""

LIST_LIMIT = 1_000
"""No session holds more than this many trials, durations or probes."""


def refuse(code: str, field: str, index: int | None = None) -> InvalidValue:
    """Build the error for ``field``; ``index`` (from 0) says which entry of a list is meant."""
    return InvalidValue(code, field=field, params={} if index is None else {"index": index})


def check_number(value: object, field: str, *, index: int | None = None) -> float:
    """Return ``value`` when it is a finite number within ``MAGNITUDE_LIMIT``.

    True and false, text, NaN and infinities are not numbers here. A whole number stays an int, as typed.

    Raises:
        InvalidValue: ``not_a_number`` or ``too_large``.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refuse("not_a_number", field, index)
    if isinstance(value, float) and not isfinite(value):
        raise refuse("not_a_number", field, index)
    if abs(value) > MAGNITUDE_LIMIT:
        raise refuse("too_large", field, index)
    return value


def check_amount(value: object, field: str, *, index: int | None = None) -> float:
    """Return ``value`` when it is a number from 0 to ``AMOUNT_LIMIT``.

    Raises:
        InvalidValue: ``not_a_number``, ``negative`` or ``too_large``.
    """
    amount = check_number(value, field, index=index)
    if amount < 0:
        raise refuse("negative", field, index)
    if amount > AMOUNT_LIMIT:
        raise refuse("too_large", field, index)
    return amount


def check_positive(value: object, field: str, *, index: int | None = None) -> float:
    """Return ``value`` when it is an amount of at least ``SMALLEST_POSITIVE``.

    Raises:
        InvalidValue: ``not_a_number``, ``negative``, ``not_positive`` or ``too_large``.
    """
    amount = check_amount(value, field, index=index)
    if amount < SMALLEST_POSITIVE:
        raise refuse("not_positive", field, index)
    return amount


def check_whole(value: object, field: str, *, low: int = 0, index: int | None = None) -> int:
    """Return ``value`` as an int when it is a whole amount of at least ``low``. 8.0 counts as 8.

    Raises:
        InvalidValue: ``not_a_number``, ``negative``, ``too_large``, ``not_whole`` or ``too_small``.
    """
    amount = check_amount(value, field, index=index)
    if amount != int(amount):
        raise refuse("not_whole", field, index)
    if amount < low:
        raise refuse("too_small", field, index)
    return int(amount)


def check_day(value: object, field: str) -> date:
    """Return ``value`` when it is a plain calendar day; an instant is refused, its day depends on a zone.

    Raises:
        InvalidValue: ``not_a_date``.
    """
    if isinstance(value, datetime) or not isinstance(value, date):
        raise refuse("not_a_date", field)
    return value

"""Every value comes back from a fixture as it went in."""

from __future__ import annotations

import json
import math
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_manage.data import scalars

ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=-9, minutes=-30))])
CASES = {
    "decode_integer": st.integers(),
    "decode_boolean": st.booleans(),
    "decode_float": st.floats(allow_nan=False),
    "decode_decimal": st.decimals(allow_nan=False),
    "decode_text": st.text(),
    "decode_bytes": st.binary(),
    "decode_datetime": st.datetimes(timezones=ZONES),
    "decode_local_datetime": st.datetimes(),
    "decode_date": st.dates(),
    "decode_time": st.times(),
    "decode_uuid": st.uuids(),
    "decode_duration": st.timedeltas(),
}


@pytest.mark.parametrize("decode", CASES)
@settings(max_examples=30)
@given(data=st.data())
def test_a_value_comes_back_through_json(decode: str, data: st.DataObject) -> None:
    value = data.draw(CASES[decode])
    back = getattr(scalars, decode)(json.loads(json.dumps(scalars.encode(value), allow_nan=False)))
    assert (type(back), back) == (type(value), value)


def test_nan_comes_back() -> None:
    assert scalars.encode(math.nan) == "NaN"
    assert math.isnan(scalars.decode_float("NaN"))
    assert scalars.decode_decimal(scalars.encode(Decimal("NaN"))).is_nan()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 04:05:06.5", timedelta(days=3, hours=4, minutes=5, seconds=6.5)),
        ("30:10:05", timedelta(hours=30, minutes=10, seconds=5)),
        ("-12:30:00", -timedelta(hours=12, minutes=30)),
        ("-1 day, 23:00:00", timedelta(hours=-1)),
        ("04:05:06", timedelta(hours=4, minutes=5, seconds=6)),
        ("-P1DT00H00M00S", timedelta(days=-1)),
        ("PT1H", timedelta(hours=1)),
        (90, timedelta(seconds=90)),
    ],
)
def test_spellings_of_a_time_span(text: Any, expected: timedelta) -> None:
    assert scalars.decode_duration(text) == expected


@pytest.mark.parametrize(
    ("decode", "value"),
    [
        ("decode_integer", True),
        ("decode_integer", 1.5),
        ("decode_integer", "x"),
        ("decode_boolean", 2),
        ("decode_float", "x"),
        ("decode_decimal", "x"),
        ("decode_text", []),
        ("decode_text", True),
        ("decode_bytes", "?"),
        ("decode_bytes", 1),
        ("decode_date", "2024-13-01"),
        ("decode_date", 1),
        ("decode_uuid", "x"),
        ("decode_duration", "x"),
        ("decode_duration", True),
    ],
)
def test_what_is_no_value_of_the_type(decode: str, value: Any) -> None:
    with pytest.raises(ValueError):
        getattr(scalars, decode)(value)


def test_a_zone_is_not_lost_in_silence() -> None:
    with pytest.raises(ValueError, match="has a time zone"):
        scalars.decode_local_datetime("2024-01-01T00:00:00Z")


def test_an_object_of_another_class_is_not_written() -> None:
    with pytest.raises(ValueError, match="a object cannot"):
        scalars.encode(object())


@pytest.mark.parametrize("value", [date(2024, 1, 2), time(3, 4), datetime(2024, 1, 2, 3, 4), uuid.UUID(int=5)])
def test_parts_of_lists_and_dicts_are_written_too(value: Any) -> None:
    assert scalars.encode({"a": [value, None]}) == {"a": [scalars.encode(value), None]}


@pytest.mark.parametrize(
    ("value", "text", "back"),
    [
        (timedelta(hours=11, minutes=30), "11:30:00", time(11, 30)),
        (timedelta(hours=1, microseconds=5), "01:00:00.000005", time(1, 0, 0, 5)),
        (time(23, 59), "23:59:00", time(23, 59)),
        (timedelta(days=1, hours=6), "30:00:00", "30:00:00"),
        (-timedelta(hours=12, minutes=30), "-12:30:00", "-12:30:00"),
        (-timedelta(microseconds=5), "-00:00:00.000005", "-00:00:00.000005"),
    ],
)
def test_what_is_no_time_of_day_is_written_as_it_is(value: time | timedelta, text: str, back: time | str) -> None:
    assert scalars.clock_text(value) == text
    assert scalars.decode_clock(text) == back

"""The size of a table moves the severity."""

from __future__ import annotations

import pytest

from alembic_manage.lint.finding import Severity, Size
from alembic_manage.lint.weight import LARGE_BYTES, LARGE_ROWS, SMALL_BYTES, SMALL_ROWS, weighed


@pytest.mark.parametrize(
    ("size", "severity"),
    [
        (None, Severity.WARNING),
        (Size(0, 0), Severity.NOTICE),
        (Size(SMALL_ROWS - 1, SMALL_BYTES - 1), Severity.NOTICE),
        (Size(SMALL_ROWS, 0), Severity.WARNING),
        (Size(1, SMALL_BYTES), Severity.WARNING),
        (Size(LARGE_ROWS, 0), Severity.ERROR),
        (Size(1, LARGE_BYTES), Severity.ERROR),
    ],
)
def test_a_warning_by_size(size: Size | None, severity: Severity) -> None:
    assert weighed(Severity.WARNING, size) is severity


def test_the_ends_hold() -> None:
    assert weighed(Severity.ERROR, Size(LARGE_ROWS, 0)) is Severity.ERROR
    assert weighed(Severity.NOTICE, Size(1, 0)) is Severity.NOTICE


def test_an_empty_table_is_a_notice_whatever_the_rule_says() -> None:
    assert weighed(Severity.ERROR, Size(0, 0)) is Severity.NOTICE

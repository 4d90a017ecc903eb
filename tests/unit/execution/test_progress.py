"""When progress shows, and how it reads."""

from __future__ import annotations

import pytest

from alembic_manage.execution.progress import Activity, LiveLine, LogLines


def statement(seconds: float, *, number: int = 2, revision_s: float | None = None, **fields) -> Activity:
    """A statement of 0007_index that has been running for so long."""
    return Activity(
        "0007_index",
        seconds if revision_s is None else revision_s,
        number,
        fields.pop("sent", number),
        "CREATE INDEX on orders",
        seconds,
        **fields,
    )


def logged(*activities: Activity) -> list[str]:
    lines: list[str] = []
    display = LogLines(lines.append)
    for activity in activities:
        display.tick(activity)
    display.clear()
    return lines


def test_a_log_gets_a_line_after_10_seconds_and_then_each_time_after_twice_as_long():
    lines = logged(*(statement(seconds) for seconds in range(81)))
    assert lines[0] == "0007_index: statement 2, CREATE INDEX on orders, 10 s so far"
    assert [line.rpartition(", ")[2] for line in lines] == [
        "10 s so far",
        "20 s so far",
        "40 s so far",
        "1 min so far",  # the migration itself
        "1 min 20 s so far",
    ]


def test_the_next_statement_counts_from_its_own_begin():
    lines = logged(
        statement(15), statement(5, number=3, revision_s=20), statement(10, number=3, revision_s=25), statement(11)
    )
    assert lines == [
        "0007_index: statement 2, CREATE INDEX on orders, 15 s so far",
        "0007_index: statement 3, CREATE INDEX on orders, 10 s so far; the migration 25 s",
        "0007_index: statement 2, CREATE INDEX on orders, 11 s so far",
    ]


def test_many_short_statements_give_a_line_each_time_the_migration_has_taken_twice_as_long():
    lines = logged(*(statement(0, number=100 * seconds, revision_s=seconds) for seconds in range(200)))
    assert lines == [
        "0007_index: statement 6000, CREATE INDEX on orders, 0 s so far; the migration 1 min",
        "0007_index: statement 12000, CREATE INDEX on orders, 0 s so far; the migration 2 min",
    ]


def test_another_revision_begins_anew():
    other = Activity("0008_totals", 5, 1, 1, "UPDATE orders", 5)
    assert len(logged(statement(15), other, Activity("0008_totals", 10, 1, 1, "UPDATE orders", 10))) == 2


@pytest.mark.parametrize(
    ("activity", "line"),
    [
        (Activity("a", 60), "a: Python before the first statement, 1 min so far"),
        (Activity("a", 200, 3, 4), "a: Python after statement 3, 3 min 20 s so far"),
        (Activity("a", 3900, 3, 4), "a: Python after statement 3, 1 h 5 min so far"),
        (
            Activity("a", 61, 3, 4, "SELECT FROM orders", 60, is_query=True),
            "a: query after statement 3, SELECT FROM orders, 1 min so far; the migration 1 min 1 s",
        ),
    ],
)
def test_what_is_not_a_statement_is_told_too(activity, line):
    assert logged(activity) == [line]


class Screen:
    """What the line of a terminal shows."""

    def __init__(self) -> None:
        self.text = ""
        self.line = LiveLine(lambda text: setattr(self, "text", text), lambda: setattr(self, "text", ""))

    def after(self, activity: Activity) -> str:
        self.line.tick(activity)
        return self.text


def test_a_statement_shows_on_a_terminal_from_its_first_second_on():
    screen = Screen()
    assert screen.after(statement(0.9)) == ""
    assert screen.after(statement(1.0)) == "1 s in statement 2, CREATE INDEX on orders"
    assert screen.after(statement(75.2, revision_s=80)) == (
        "1 min 15 s in statement 2, CREATE INDEX on orders; the migration 1 min 20 s"
    )
    assert screen.after(Activity("0007_index", 81, 2, 2)) == ""


def test_a_flow_of_short_statements_shows_on_a_terminal():
    screen = Screen()
    screen.line.tick(statement(0, number=100, revision_s=2))
    assert screen.after(statement(0, number=200, revision_s=3)) == "3 s, statement 200"
    assert screen.after(statement(0, number=203, revision_s=4)) == ""


def test_a_line_that_is_cleared_is_gone():
    screen = Screen()
    screen.line.tick(statement(5))
    screen.line.clear()
    assert screen.text == ""

"""Entries of the ledger as a person reads them."""

from dataclasses import replace
from datetime import UTC, datetime

from alembic_manage.console import Style
from alembic_manage.execution.ledger import FAILED, INTERRUPTED, RUNNING, Entry
from alembic_manage.reports.ledger_report import author, entry_lines, log_lines

PLAIN = Style(enabled=False)
ENTRY = Entry(
    revision="0001_orders",
    direction="upgrade",
    started_at=datetime(2026, 11, 25, 10, tzinfo=UTC),
    outcome="applied",
    duration_ms=2034,
    batch="9f2c61d07a3b58e4",
    host="web-1",
    pid=4711,
    user_name="deploy",
    application_version="2.4.1",
    checksum="53b0",
    statements=1,
)
OLD = Entry("0001_orders", "upgrade", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), "applied")


def test_a_run_stands_above_what_it_did_and_columns_one_under_another():
    slow = replace(ENTRY, revision="0002_order_lines", duration_ms=3_600_000, statements=12)
    assert list(log_lines([ENTRY, slow], PLAIN)) == [
        "Run 9f2c61d07a3b58e4 by deploy@web-1, process 4711, application 2.4.1",
        "  2026-11-25 10:00:00 UTC  up    0001_orders       applied          2.034 s  1 statement",
        "  2026-11-25 10:00:00 UTC  up    0002_order_lines  applied      3,600.000 s  12 statements",
    ]


def test_each_run_has_a_line():
    back = replace(ENTRY, direction="downgrade", batch="b", pid=4712)
    assert [line for line in log_lines([ENTRY, back, ENTRY], PLAIN) if line.startswith("Run")] == [
        author(ENTRY),
        author(back),
        author(ENTRY),
    ]


def test_what_did_not_end_has_no_time():
    for outcome in (RUNNING, INTERRUPTED):
        (_, line) = log_lines([replace(ENTRY, outcome=outcome, duration_ms=None, statements=None)], PLAIN)
        assert line == f"  2026-11-25 10:00:00 UTC  up    0001_orders  {outcome}"


def test_an_error_is_one_line_in_a_log_and_broken_where_a_terminal_ends():
    failed = replace(ENTRY, outcome=FAILED, error="word " * 20 + "end")
    assert list(log_lines([failed], PLAIN))[2:] == [f"    {failed.error}"]
    lines = list(log_lines([failed], PLAIN, width=50))[2:]
    assert len(lines) == 3
    assert max(map(len, lines)) <= 50
    assert " ".join(" ".join(lines).split()) == failed.error


def test_what_an_older_ledger_does_not_tell_is_left_out():
    assert list(log_lines([OLD], PLAIN)) == [
        "A run without a number",
        "  2025-01-02 03:04:05 UTC  up    0001_orders  applied",
    ]
    assert list(entry_lines(OLD)) == ["applied: began 2025-01-02 03:04:05 UTC", "A run without a number"]


def test_an_entry_in_words():
    taken_back = replace(ENTRY, direction="downgrade", outcome=FAILED, error="no such table")
    assert list(entry_lines(taken_back)) == [
        "taking it back failed: began 2026-11-25 10:00:00 UTC, 2.034 s, 1 statement",
        "    no such table",
        "Run 9f2c61d07a3b58e4 by deploy@web-1, process 4711, application 2.4.1",
        "checksum 53b0",
    ]
    assert next(entry_lines(replace(ENTRY, direction="downgrade"))).startswith("taken back: began")


def test_an_outcome_has_a_colour_that_does_not_move_the_columns():
    coloured = [line.replace("\x1b[32m", "").replace("\x1b[0m", "") for line in log_lines([ENTRY], Style(enabled=True))]
    assert coloured[1] == list(log_lines([ENTRY], PLAIN))[1]
    assert coloured[1] != list(log_lines([ENTRY], Style(enabled=True)))[1]

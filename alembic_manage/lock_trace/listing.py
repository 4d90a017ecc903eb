"""A trace as lines for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import wrap

from alembic_manage.lock_trace.trace import Effect, Lock, LockTrace, TracedStatement

LONGEST_SQL = 100
"""In characters; the whole of it is in --json and in sqlmigrate."""
Paint = Callable[[Effect, str], str]
"""Colours the mode of a lock."""


def lines_of(trace: LockTrace, paint: Paint = lambda effect, text: text, *, whole: bool = False) -> Iterator[str]:
    """The trace, a blank line between two statements.

    Args:
        trace: what was found.
        paint: colours.
        whole: whether statements are shown to their end.
    """
    how = "measured on a scratch copy of the schema" if trace.is_measured else "as the manual has it"
    yield f"{trace.revision} ({trace.direction}) on {trace.server}, {how}"
    for statement in trace.statements:
        yield ""
        yield from _statement(statement, paint, whole)
    yield ""
    if trace.error:
        yield f"It stopped there: {trace.error}"
    if not trace.statements and not trace.error:
        rows = " while the tables are empty; --no-server says what it does to rows" * trace.is_measured
        yield f"It sends no statement that takes a lock{rows}."
    for note in trace.notes if trace.statements else ():
        yield from wrap(note, LONGEST_SQL)
    yield f"Source: {trace.source}"


def _statement(statement: TracedStatement, paint: Paint, whole: bool) -> Iterator[str]:
    sql = " ".join(statement.sql.split())
    if len(sql) > LONGEST_SQL and not whole:
        sql = f"{sql[: LONGEST_SQL - 3]}..."
    yield f"{statement.number:3}  {sql}"
    yield from (f"     {line}" for line in found_lines(statement, paint))


def found_lines(statement: TracedStatement, paint: Paint) -> Iterator[str]:
    """What one statement does, a line each."""
    width = max((len(lock.table) for lock in statement.taken), default=0)
    modes = max((len(lock.mode) for lock in statement.taken), default=0)
    for lock in statement.taken:
        mode = paint(Effect.NONE if lock.is_new else lock.effect, f"{lock.mode:{modes}}")
        yield f"{lock.table:{width}}  {mode}  {lock.line}"
    yield from other_lines(statement)


def other_lines(statement: TracedStatement) -> Iterator[str]:
    """What one statement does besides taking locks."""
    for name in statement.found.rewrites:
        yield f"{name}: every row is written anew"
    for name in statement.found.scans:
        yield f"{name}: every row is read"
    yield from statement.found.notes
    if statement.worth_saying:
        yield f"still held: {', '.join(map(_held, statement.worth_saying))}"


def _held(lock: Lock) -> str:
    return f"{lock.table} {lock.mode} (since {lock.since})"

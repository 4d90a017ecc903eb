"""What the manuals say of statements, and how it is shown."""

import pytest
from support.histories import make_history

from alembic_manage.dialects import Dialect, dialect_named
from alembic_manage.lock_trace.listing import lines_of
from alembic_manage.lock_trace.lock_modes import CONFLICTS, MODES, effect_of, waits_for
from alembic_manage.lock_trace.manual import trace_of_sql
from alembic_manage.lock_trace.trace import Effect
from alembic_manage.plan import Direction, Step

STEP = Step(make_history({"a": ""}).find("a"), Direction.UPGRADE)


def found(name: str, *statements: str):
    return [each.found for each in trace_of_sql(dialect_named(name), STEP, statements).statements]


def test_who_waits_for_whom_is_the_same_from_both_sides():
    for place, mode in enumerate(MODES):
        assert all(place in CONFLICTS[MODES[other]] for other in CONFLICTS[mode])


def test_the_words_for_a_lock_come_from_its_conflicts():
    assert waits_for("ACCESS SHARE") == ("ALTER TABLE",)
    assert "SELECT" not in waits_for("EXCLUSIVE")
    assert [effect_of(mode) for mode in MODES] == [Effect.NONE] * 4 + [Effect.WRITES] * 3 + [Effect.EVERYTHING]


@pytest.mark.parametrize(
    ("name", "sql", "effect", "rewrites"),
    [
        ("mysql", "ALTER TABLE t ADD a int, ALGORITHM=INPLACE, LOCK=SHARED", Effect.WRITES, ()),
        ("mysql", "ALTER TABLE t ADD a int, ALGORITHM=COPY, LOCK=SHARED", Effect.WRITES, ("t",)),
        ("mysql", "CREATE INDEX ix ON t (a)", Effect.NONE, ()),
        ("mysql", "DROP TABLE t", Effect.EVERYTHING, ()),
        ("sqlite", "ALTER TABLE t DROP COLUMN a", Effect.WRITES, ("t",)),
        ("sqlite", "ALTER TABLE t ADD COLUMN a int", Effect.WRITES, ()),
        ("mssql", "ALTER TABLE t ADD a int", Effect.EVERYTHING, ()),
    ],
)
def test_what_is_said_without_a_server(name, sql, effect, rewrites):
    (one,) = found(name, sql)
    assert (max(lock.effect for lock in one.locks), one.rewrites) == (effect, rewrites)


def test_nobody_waits_for_a_table_that_the_migration_makes():
    _, index = found("postgresql", "CREATE TABLE t (a int)", "CREATE INDEX ix ON t (a)")
    assert [(lock.is_new, lock.line) for lock in index.locks] == [(True, "nobody waits: the table is new")]
    assert index.scans == ()


def test_a_database_that_is_not_known_is_taken_to_stop_everything():
    trace = trace_of_sql(Dialect(names=("other",), title="other"), STEP, ["ALTER TABLE t ADD a int"])
    assert trace.statements[0].effect is Effect.EVERYTHING


def test_the_listing_shows_statement_lock_and_who_waits():
    trace = trace_of_sql(dialect_named("postgresql"), STEP, ["CREATE INDEX ix ON orders (a)", f"SELECT {'x' * 200}"])
    lines = list(lines_of(trace, lambda effect, text: f"<{text}>"))
    assert lines[0] == "a (upgrade) on PostgreSQL, as the manual has it"
    assert "     orders  <SHARE>  INSERT, UPDATE, DELETE and DDL wait; SELECT goes on" in lines
    assert "     orders: every row is read" in lines
    assert max(map(len, lines)) <= 130
    assert lines[-1].startswith("Source: PostgreSQL manual, 13.3.1")

"""The backfill of a change without downtime is killed, again and again: the next command goes on with the rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Integer, MetaData, NullPool, String, Table, create_engine
from support.autodetection import Evolution
from support.databases import where
from support.faults import Nursery
from support.rollouts import roll_out
from support.tiny_projects import synchronous

from alembic_manage.operations.backfill import PORTION
from alembic_manage.questions import Given
from alembic_manage.sql.repeatable import REPEATABLE

ROWS = 2 * PORTION + PORTION // 2
# Before or after which UPDATE of a portion each command is killed; and how many rows may then be filled.
KILLS = (
    (1, {0}),  # before the first portion is sent
    (2, {0, PORTION}),  # after it was, and nobody has heard how that ended
    (3, {PORTION}),  # it is sent again; before the second one is
    (2, {PORTION, 2 * PORTION}),  # after that was
)
SETTINGS = """
import os

DATABASES = {"default": {"URL": os.environ["DATABASE_URL"]}}
MIGRATIONS_DIR = "alembic_database"
"""
# Count how often a row is written.
COUNTERS = {
    "PostgreSQL": (
        "CREATE FUNCTION count_writes() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.touched := OLD.touched + 1; RETURN NEW; END $$",
        "CREATE TRIGGER a_count BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION count_writes()",
    ),
    "MariaDB": ("CREATE TRIGGER a_count BEFORE UPDATE ON orders FOR EACH ROW SET NEW.touched = OLD.touched + 1",),
}


def models(column: str) -> MetaData:
    metadata = MetaData()
    columns = (Column("id", Integer, primary_key=True), Column(column, String(20)), Column("touched", Integer))
    Table("orders", metadata, *columns)
    return metadata


@pytest.fixture
def nursery(evolution: Evolution) -> Iterator[Nursery]:
    """Runs commands in the project of the evolution."""
    root = evolution.project.root
    (root / "settings.py").write_text(SETTINGS, encoding="utf-8")
    url = evolution.project.project.database().url.render_as_string(hide_password=False)
    with Nursery(root, url) as made:
        yield made


def filled(evolution: Evolution) -> int:
    return int(evolution.rows("SELECT count(*) FROM orders WHERE remark IS NOT NULL")[0][0])


def fill(evolution: Evolution) -> None:
    url = synchronous(evolution.project.project.database().url)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        rows = [{"id": number, "note": "a", "touched": 0} for number in range(1, ROWS + 1)]
        connection.execute(models("note").tables["orders"].insert(), rows)


@where(lambda dialect: not dialect.is_file)
def test_a_killed_backfill_goes_on_and_fills_each_row_once(evolution: Evolution, nursery: Nursery) -> None:
    evolution.become(models("note"))
    fill(evolution)
    evolution.execute(*COUNTERS[evolution.project.dialect.title])
    written = roll_out(evolution, models("remark"), given=Given(renames={"orders.note": "orders.remark"}))
    assert not written.notes
    command = ("migrate", "--phase", "expand")
    for number, rows in KILLS:
        ending = nursery.run(*command, at=number, beginning=REPEATABLE)
        assert ending.was_killed, (ending.out, ending.err)
        assert filled(evolution) in rows, ending.reached
    nursery.run(*command).require()
    assert evolution.rows("SELECT count(*), min(touched), max(touched) FROM orders WHERE remark = note") == [
        (ROWS, 1, 1)
    ]
    nursery.run("migrate").require()
    assert evolution.rows("SELECT count(*), min(remark) FROM orders") == [(ROWS, "a")]
    assert evolution.drift() == []

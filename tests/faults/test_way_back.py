"""The way back of a change without downtime is killed, again and again: the next command finishes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table
from support.autodetection import Evolution
from support.databases import where
from support.faults import Nursery, size
from support.faults_bank import empty
from support.faults_kills import Kills, Way
from support.rollouts import roll_out

from alembic_manage.drift.description import Description
from alembic_manage.drift.verification import differences
from alembic_manage.operations.backfill import PORTION
from alembic_manage.questions import Given
from alembic_manage.sql.repeatable import REPEATABLE

ROWS = PORTION + 7
FIRST = "0001_initial"
KILLS = size("FAULT_KILLS", 12)
BACK = ("rollback", FIRST, "--accept-data-loss", "--no-input")
SETTINGS = """
import os

DATABASES = {"default": {"URL": os.environ["DATABASE_URL"]}}
MIGRATIONS_DIR = "alembic_database"
"""


def models(column: str, number: type[Integer]) -> MetaData:
    metadata = MetaData()
    columns = (Column(column, String(20), nullable=False), Column("total", number, nullable=False, server_default="7"))
    table = Table("orders", metadata, Column("id", Integer, primary_key=True, autoincrement=False), *columns)
    Index("ix_it", table.c[column])
    return metadata


class Orders:
    """A table whose one column gets another name, and the other another type.

    Args:
        evolution: its project; has an empty database.
        nursery: runs commands there.
    """

    def __init__(self, evolution: Evolution, nursery: Nursery) -> None:
        self.evolution, self.nursery = evolution, nursery
        evolution.become(models("note", Integer))
        renames = Given(renames={"orders.note": "orders.remark"})
        self.phased = roll_out(evolution, models("remark", BigInteger), given=renames)
        self.expected: dict[str, Description] = {}

    def begin(self) -> None:
        """The table as it was at first, with rows."""
        self.evolution.project.project.database().dispose()
        empty(self.nursery.url)
        self.nursery.run("migrate", FIRST).require()
        rows = ", ".join(f"({number}, 'row {number}', {number})" for number in range(1, ROWS + 1))
        self.evolution.execute(f"INSERT INTO orders (id, note, total) VALUES {rows}")

    def problem(self, column: str) -> str:
        """What differs from an undisturbed run, which the first one is."""
        found = self.evolution.description()
        others = [each.line for each in differences(self.expected.setdefault(column, found), found)]
        rows = dict(self.evolution.rows(f"SELECT id, concat({column}, '/', total) FROM orders"))
        lost = {number: each for number, each in rows.items() if each != f"row {number}/{number}"}
        return ", ".join([*others, *([f"{len(lost)} rows differ: {next(iter(lost.items()))}"] if lost else [])])


@pytest.fixture
def orders(evolution: Evolution) -> Iterator[Orders]:
    """The table, and what runs commands."""
    (evolution.project.root / "settings.py").write_text(SETTINGS, encoding="utf-8")
    url = evolution.project.project.database().url.render_as_string(hide_password=False)
    with Nursery(evolution.project.root, url) as nursery:
        yield Orders(evolution, nursery)


@where(lambda dialect: not dialect.is_file)
def test_a_killed_way_back_is_finished_by_the_next_command(orders: Orders) -> None:
    ways = Way("up", ("migrate",), lambda: orders.problem("remark")), Way("down", BACK, lambda: orders.problem("note"))
    kills = Kills(orders.nursery, ways, orders.begin)
    orders.begin()
    for way in ways:
        orders.nursery.run(*way.arguments).require()
        assert way.problem() == ""
    trials = kills.at_boundaries(KILLS)
    assert sum(bool(trial.killed_at) for trial in trials if trial.way == "down") >= KILLS // 4
    assert [(trial.way, trial.killed_at, trial.problem) for trial in trials if trial.problem] == []


@where(lambda dialect: not dialect.is_file)
def test_a_row_that_changes_while_the_way_back_stands_still_keeps_what_it_holds(orders: Orders) -> None:
    orders.begin()
    orders.nursery.run("migrate").require()
    assert orders.nursery.run(*BACK, at=1, beginning=REPEATABLE).was_killed
    orders.evolution.execute("UPDATE orders SET id = id + 100000", "UPDATE orders SET id = id - 100000")
    orders.nursery.run(*BACK).require()
    assert orders.problem("note") == ""

"""Which steps are recorded without being run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from alembic_manage.outline import outline_of
from alembic_manage.plan import Direction, Step

if TYPE_CHECKING:
    from sqlalchemy import Connection

FakePolicy = Callable[["Connection", Step], bool]
"""Whether to record a step without running it."""


def run_all(connection: Connection, step: Step) -> bool:
    """No step is faked."""
    return False


def fake_all(connection: Connection, step: Step) -> bool:
    """Every step is faked."""
    return True


def fake_initial(connection: Connection, step: Step) -> bool:
    """A base is faked where every table that it creates and every column that it adds is there already.

    Names are compared, not types, as Django's --fake-initial does.
    """
    if step.direction is Direction.DOWNGRADE or step.revision.down_revisions:
        return False
    from sqlalchemy import inspect

    inspector = inspect(connection)
    changes = outline_of(step.revision.path, Direction.UPGRADE.value)
    tables = [change for change in changes if change.kind == "create_table"]
    columns = [change for change in changes if change.kind == "add_column"]
    if not tables and not columns:
        return False
    return all(inspector.has_table(change.name, schema=change.schema) for change in tables) and all(
        inspector.has_table(change.table, schema=change.schema)
        and change.name in {column["name"] for column in inspector.get_columns(change.table, schema=change.schema)}
        for change in columns
    )

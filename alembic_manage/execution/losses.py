"""What steps would destroy, counted in the live database before anything runs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import column, func, inspect, select, table
from sqlalchemy.exc import SAWarning

from alembic_manage.execution.copies import Copies
from alembic_manage.outline.change import Change
from alembic_manage.outline.revision import outline_of
from alembic_manage.plan import Plan, Step
from alembic_manage.quantity import counted

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Loss:
    """A table or a column that goes, with what is in it."""

    revision: str
    """The revision whose step drops it."""
    schema: str | None
    table: str
    """Its name now, before anything runs."""
    column: str | None
    """Its name now; None for a whole table."""
    count: int
    """Rows of the table, or values of the column that are not NULL."""

    @property
    def path(self) -> str:
        """The object, as questions and options name it."""
        return ".".join(part for part in (self.schema, self.table, self.column) if part)

    @property
    def line(self) -> str:
        """For a person: "drops column orders.note: 1,204 non-null values"."""
        if self.column is None:
            return f"drops table {self.path}: {counted(self.count, 'row')}"
        return f"drops column {self.path}: {counted(self.count, 'non-null value')}"


def losses_of(plan: Plan, connection: Connection) -> tuple[Loss, ...]:
    """What the steps of a plan would drop that is not empty, in their order.

    Read from the source of the files: what raw SQL or Python destroys is not seen. What an earlier step of the plan
    renames is looked for under the name that it has now; a column whose values an earlier step copies into another one,
    which stays, is not lost.

    Args:
        plan: the steps.
        connection: to the database, on which they have not run.
    """
    names, copies = _Names(), Copies()
    found = [loss for step in plan.steps for loss in _of_step(step, connection, names, copies)]
    return tuple(loss for loss in found if loss.count)


def _of_step(step: Step, connection: Connection, names: _Names, copies: Copies) -> Iterator[Loss]:
    for change in outline_of(step.revision.path, step.direction.value):
        place = names.now(change)
        names.follow(change)
        if change.kind == "drop_table" and inspect(connection).has_table(place[1], schema=place[0]):
            yield _counted(step, connection, place[0], place[1], None)
        elif change.kind == "add_column":
            copies.added(place, step.revision.path)
        elif change.kind == "fill_rows":
            copies.filled(change, *place[:2])
        elif change.kind == "drop_column":
            for origin in copies.dropped(place):
                if _has_column(connection, *origin):
                    yield _counted(step, connection, *origin)


def _has_column(connection: Connection, schema: str | None, name: str, column_name: str | None) -> bool:
    inspector = inspect(connection)
    if not inspector.has_table(name, schema=schema):
        return False
    with warnings.catch_warnings(action="ignore", category=SAWarning):  # of types that SQLAlchemy does not know
        columns = inspector.get_columns(name, schema=schema)
    return any(each["name"] == column_name for each in columns)


def _counted(step: Step, connection: Connection, schema: str | None, name: str, column_name: str | None) -> Loss:
    source = table(name, schema=schema)
    counted = func.count(column(column_name)) if column_name else func.count()
    count = connection.execute(select(counted).select_from(source)).scalar_one()
    return Loss(step.revision.id, schema, name, column_name, int(count))


class _Names:
    """What tables and columns are called now, by what they will be called when a step runs."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str | None, str], str] = {}
        self._columns: dict[tuple[str | None, str, str], str] = {}

    def now(self, change: Change) -> tuple[str | None, str, str]:
        """Schema, table and column of a change as they are now."""
        name = self._tables.get((change.schema, change.table), change.table)
        return change.schema, name, self._columns.get((change.schema, name, change.name), change.name)

    def follow(self, change: Change) -> None:
        """Remember a rename."""
        schema, name, column_name = self.now(change)
        if change.new_name and change.kind == "rename_table":
            self._tables[schema, change.new_name] = name
        elif change.new_name and change.kind == "alter_column":
            self._columns[schema, name, change.new_name] = column_name

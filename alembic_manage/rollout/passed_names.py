"""Names that go from one table or column to another: old code and new code mean different things by them."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.operations import MoveTable, RenameColumn, RenameTable
from alembic_manage.rollout.scene import Scene


def passed_name(scene: Scene) -> str | None:
    """A name that a table gives up and another one gets, or that a column takes from one that is dropped.

    None where there is none. Columns that exchange their names are not meant: they have a form of their own.
    """
    gone, come = _tables(scene)
    if gone & come:
        schema, table = min(gone & come, key=str)
        return f"{schema}.{table}" if schema else table
    for each in scene.operations:
        if isinstance(each, ops.DropColumnOp):
            for rename in scene.of(RenameColumn, each.table_name, each.schema):
                if rename.new == each.column_name:
                    return f"{each.table_name}.{rename.old}"
    return None


def _tables(scene: Scene) -> tuple[set[tuple[str | None, str]], set[tuple[str | None, str]]]:
    """The names that tables give up, and those that tables get, with their schemas."""
    gone, come = set(), set()
    for each in scene.operations:
        if isinstance(each, RenameTable):
            gone.add((each.schema, each.table_name))
            come.add((each.schema, each.new))
        elif isinstance(each, MoveTable):
            gone.add((each.schema, str(each.table_name)))
            come.add((each.new_schema, each.new_name))
        elif isinstance(each, ops.CreateTableOp):
            come.add((each.schema, each.table_name))
    return gone, come

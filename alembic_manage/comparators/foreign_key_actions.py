"""ON UPDATE and ON DELETE of keys that are written at a column, which SQLAlchemy does not read from SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.util import DispatchPriority, PriorityDispatchResult

from alembic_manage.alembic_api import inspected
from alembic_manage.comparators.catalog import connection_of, rules_of
from alembic_manage.comparators.comparator import compares

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations import ops
    from sqlalchemy import Table


@compares("table", "foreign key actions", DispatchPriority.FIRST)
def _complete(
    autogen_context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    schema: str | None,
    tname: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    """Give the keys of a real database what it says of them; the state tells all by itself."""
    connection, rules = connection_of(autogen_context), rules_of(autogen_context)
    if conn_table is not None and not rules.reflects_key_actions and not hasattr(connection.dialect, "catalog"):
        actions = rules.key_actions(connection, schema, tname)
        # The inspector gives the same dictionaries to Alembic's comparator.
        for key in inspected(autogen_context).get_foreign_keys(tname, schema=schema):
            found = actions.get((key["referred_table"], tuple(key["constrained_columns"])))
            key["options"] = {**key["options"], **options_of(found)} if found else key["options"]
    return PriorityDispatchResult.CONTINUE


def options_of(actions: tuple[str | None, str | None]) -> dict[str, str]:
    """ON UPDATE and ON DELETE as SQLAlchemy reflects them."""
    return {name: action for name, action in zip(("onupdate", "ondelete"), actions, strict=True) if action}

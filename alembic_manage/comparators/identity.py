"""Identity columns: added, removed, given other options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alembic.util import PriorityDispatchResult
from sqlalchemy import BigInteger, Column, Identity, SmallInteger

from alembic_manage.comparators.catalog import NAMES, rules_of

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import AlterColumnOp
    from alembic.runtime.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Register it; Alembic's own comparison of them does not run, see server_default."""
    for name in NAMES:
        plugin.add_autogenerate_comparator(_compare_identity, "column", "identity", qualifier=name)


def _compare_identity(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    dialect: Any = autogen_context.dialect
    if not dialect.supports_identity_columns:
        return PriorityDispatchResult.CONTINUE
    told, wanted = conn_col.identity, metadata_col.identity
    if told is None and wanted is None:
        return PriorityDispatchResult.CONTINUE
    if told is not None and wanted is not None:
        _compare_options(autogen_context, alter_column_op, told, wanted, metadata_col)
    elif wanted is not None or not _is_numbered(metadata_col):
        alter_column_op.existing_server_default = conn_col.server_default  # type: ignore[assignment]
        alter_column_op.modify_server_default = metadata_col.server_default  # type: ignore[assignment]
    return PriorityDispatchResult.CONTINUE


def _is_numbered(column: Column[Any]) -> bool:
    """Whether the models let the database number the rows, in whatever way: an identity does."""
    return column.table._autoincrement_column is column and column.server_default is None


def _compare_options(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    told: Identity,
    wanted: Identity,
    metadata_col: Column[Any],
) -> None:
    rules = rules_of(autogen_context)
    have, want = _given(told), _given(wanted)
    data_type = {"data_type": _data_type(metadata_col)}
    have_all = {"always": False, **rules.sequence_defaults({**have, **data_type}), **have}
    want_all = {"always": False, **rules.sequence_defaults({**want, **data_type}), **want}
    changed = [name for name in want_all if name != "data_type" and have_all[name] != want_all[name]]
    if changed:
        # Alembic writes a SET for each option that differs, with what the new identity says about it: that must be
        # something, on the way back too. Source: Alembic 1.20, ddl/postgresql.py, visit_identity_column.
        alter_column_op.existing_server_default = Identity(**have, **_missing(changed, have, have_all))  # type: ignore[assignment]
        alter_column_op.modify_server_default = Identity(**want, **_missing(changed, want, want_all))  # type: ignore[assignment]


def _missing(names: list[str], given: Mapping[str, Any], all_options: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: all_options[name] for name in names if name not in given}


def _given(identity: Identity) -> dict[str, Any]:
    names = ("always", "start", "increment", "minvalue", "maxvalue", "cycle", "cache")
    return {name: value for name in names if (value := getattr(identity, name)) is not None}


def _data_type(column: Column[Any]) -> str:
    if isinstance(column.type, BigInteger):
        return "bigint"
    return "smallint" if isinstance(column.type, SmallInteger) else "integer"

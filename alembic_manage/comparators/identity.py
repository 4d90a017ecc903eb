"""Identity columns: added, removed, given other options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import BigInteger, Column, Identity, SmallInteger

from alembic_manage.comparators.catalog import rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.numbering import stop_serial
from alembic_manage.comparators.table_pair import TablePair, pairs_of
from alembic_manage.operations.identity import ChangeIdentity, ContinueNumbers

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

_OPTIONS = ("always", "start", "increment", "minvalue", "maxvalue", "cycle", "cache")


@compares("schema", "identities", DispatchPriority.LAST)
def _compare_identities(
    autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Iterable[str | None]
) -> PriorityDispatchResult:
    """Compare; Alembic's own comparison of identities does not run, see server_default."""
    dialect: Any = autogen_context.dialect
    for pair in pairs_of(autogen_context) if dialect.supports_identity_columns else ():
        for new in pair.wanted.columns:
            old = pair.told.columns.get(new.name)
            if old is not None:
                _compare(autogen_context, upgrade_ops, pair, old, new)
    return PriorityDispatchResult.CONTINUE


def _compare(
    autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, pair: TablePair, old: Column[Any], new: Column[Any]
) -> None:
    told, wanted = old.identity, new.identity
    name = str(new.name)
    if told is not None and wanted is not None:
        have, want = _different(autogen_context, told, wanted, new)
        if have != want:
            pair.operations(upgrade_ops).ops.append(ChangeIdentity(pair.name, name, have, want, pair.schema))
    elif wanted is not None:
        pair.operations(upgrade_ops).ops += _added(autogen_context, pair, old, new, wanted)
    elif told is not None and not _is_numbered(new):
        pair.operations(upgrade_ops).ops[:0] = [
            ContinueNumbers(pair.name, name, pair.schema, is_upgrade=False),
            ChangeIdentity(pair.name, name, _given(told), None, pair.schema),
        ]
        if new.server_default is not None:
            pair.operations(upgrade_ops).ops.append(_default_change(pair, new, None, new.server_default))
        if new.nullable and not old.nullable:
            pair.operations(upgrade_ops).ops.append(_nullable_change(pair, new, nullable=True))


def _is_numbered(column: Column[Any]) -> bool:
    """Whether the models let the database number the rows, in whatever way: an identity does."""
    return column.table._autoincrement_column is column and column.server_default is None


def _added(
    autogen_context: AutogenContext, pair: TablePair, old: Column[Any], new: Column[Any], wanted: Identity
) -> Iterator[ops.MigrateOperation]:
    """A column has no default when it becomes an identity, and its numbers begin behind those that are there."""
    name = str(new.name)
    if old.server_default is not None:
        yield _default_change(pair, old, old.server_default, None)
    elif old.autoincrement is True:
        yield stop_serial(autogen_context, pair, name)
    if old.nullable:
        yield _nullable_change(pair, new, nullable=False)
    yield ChangeIdentity(pair.name, name, None, _given(wanted), pair.schema)
    yield ContinueNumbers(pair.name, name, pair.schema)


def _default_change(pair: TablePair, column: Column[Any], existing: Any, wanted: Any) -> ops.AlterColumnOp:
    return ops.AlterColumnOp(
        pair.name,
        str(column.name),
        schema=pair.schema,
        existing_type=column.type,
        existing_nullable=column.nullable,
        existing_server_default=existing,
        modify_server_default=wanted,
    )


def _nullable_change(pair: TablePair, column: Column[Any], *, nullable: bool) -> ops.AlterColumnOp:
    """Alembic leaves it out where one side is an identity."""
    return ops.AlterColumnOp(
        pair.name,
        str(column.name),
        schema=pair.schema,
        existing_type=column.type,
        existing_nullable=not nullable,
        modify_nullable=nullable,
    )


def _given(identity: Identity) -> dict[str, Any]:
    return {name: value for name in _OPTIONS if (value := getattr(identity, name)) is not None}


def _different(
    autogen_context: AutogenContext, told: Identity, wanted: Identity, column: Column[Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The options that differ, as they are and as they are to be."""
    rules = rules_of(autogen_context)
    data_type = {"data_type": _data_type(column)}
    have, want = (
        {"always": False, **rules.sequence_defaults({**side, **data_type}), **side}
        for side in (_given(told), _given(wanted))
    )
    names = [name for name in _OPTIONS if have[name] != want[name]]
    return {name: have[name] for name in names}, {name: want[name] for name in names}


def _data_type(column: Column[Any]) -> str:
    if isinstance(column.type, BigInteger):
        return "bigint"
    return "smallint" if isinstance(column.type, SmallInteger) else "integer"

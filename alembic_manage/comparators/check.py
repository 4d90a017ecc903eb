"""CHECK constraints: added, changed and removed; also those that the models give no name, and those of types.

Takes the place of Alembic's own comparator, which a project may have switched on and which sees names only.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import CheckConstraint, Column, MetaData, Table
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.types import SchemaType

from alembic_manage.alembic_api import final_name, inspected_checks
from alembic_manage.comparators.catalog import catalog_of, connection_of, rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.expression import same_expression, text_of
from alembic_manage.comparators.sql_text import as_text, named

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Check:
    """A CHECK of the models or of the database."""

    name: str | None
    text: str
    constraint: CheckConstraint
    """Of a table that holds nothing else; in the words of SQL text."""
    origin: CheckConstraint
    """What filters of env.py are asked about."""


@compares("table", "checkconstraints", DispatchPriority.FIRST)
def _compare(
    autogen_context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    schema: str | None,
    tname: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    """Compare; the group is that of alembic.ext.checkconstraint_byname, which does not run then."""
    if conn_table is not None and metadata_table is not None:
        try:
            told = checks_told(autogen_context, schema, tname)
        except NotImplementedError:
            return PriorityDispatchResult.STOP
        wanted = list(checks_wanted(autogen_context, metadata_table, schema))
        say_checks_apart(modify_ops)
        _Comparison(autogen_context, modify_ops, schema, tname).run(told, wanted)
    return PriorityDispatchResult.STOP


@compares("autogenerate", "checks of columns", DispatchPriority.LAST)
def _complete_tables(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> PriorityDispatchResult:
    """Give new tables the checks that the models have at columns, which Alembic does not write there."""
    for operation in upgrade_ops.ops:
        if isinstance(operation, ops.CreateTableOp):
            columns = [each for each in operation.columns if isinstance(each, Column)]
            for check in [each for column in columns for each in column.constraints]:
                if isinstance(check, CheckConstraint) and _belongs(autogen_context, check):
                    text = as_text(text_of(autogen_context, check.sqltext))
                    name = named(check, _name_of(autogen_context, check))
                    operation.columns = [*operation.columns, CheckConstraint(text, name=name, **check.dialect_kwargs)]
    return PriorityDispatchResult.CONTINUE


def say_checks_apart(modify_ops: ops.ModifyTableOps) -> None:
    """Take the checks out of the types that columns get: they are operations of their own.

    Alembic adds the check of a type together with its column, and cannot do so in a batch where it has no name, nor
    take it back there. Source: Alembic 1.20, operations/toimpl.py, operations/batch.py.
    """
    for operation in modify_ops.ops:
        if isinstance(operation, ops.AddColumnOp):
            type_ = _without_check(operation.column.type)
            if type_ is not operation.column.type:
                shown = copy(operation.column)
                shown.type = type_
                operation.column = shown._copy()
        elif isinstance(operation, ops.AlterColumnOp) and operation.modify_type is not None:
            operation.modify_type = _without_check(operation.modify_type)


def _without_check(type_: Any) -> Any:
    if not isinstance(type_, SchemaType) or not getattr(type_, "create_constraint", False):
        return type_
    copied: Any = type_.copy()  # type: ignore[no-untyped-call]
    copied.create_constraint = False
    return copied


class _Comparison:
    """The CHECKs of one table."""

    def __init__(
        self, autogen_context: AutogenContext, modify_ops: ops.ModifyTableOps, schema: str | None, table_name: str
    ) -> None:
        self.context = autogen_context
        self.ops = modify_ops.ops
        self.schema = schema
        self.table_name = table_name
        self.rules = rules_of(autogen_context)

    def run(self, told: Sequence[Check], wanted: Sequence[Check]) -> None:
        """Add the operations: what is dropped before everything else, what is made after it."""
        pairs = self._pairs(told, wanted)
        kept = [one for one, _ in pairs]
        added = [each for each in wanted if all(each is not other for _, other in pairs)]
        removed = [each for each in told if all(each is not other for other in kept)]
        changed = [(one, other) for one, other in pairs if not self._is_same(one, other)]
        added = self._without_hidden(added)
        drops = [self._drop(each, None) for each in removed] + [self._drop(one, other) for one, other in changed]
        makes = [self._add(each, None) for each in added] + [self._add(other, one) for one, other in changed]
        self.ops[:0] = [each for each in drops if each is not None]
        self.ops += [each for each in makes if each is not None]

    def _pairs(self, told: Sequence[Check], wanted: Sequence[Check]) -> list[tuple[Check, Check]]:
        """Those of the same name; then those of the same text, of which the models' has no name."""
        left = list(told)
        pairs = []
        for each in (one for one in wanted if one.name is not None):
            found = next((other for other in left if self._same_name(other.name, each.name)), None)
            if found is not None:
                left.remove(found)
                pairs.append((found, each))
        for each in (one for one in wanted if one.name is None):
            candidates = sorted(left, key=lambda other: other.name is not None)
            found = next((other for other in candidates if self._is_same(other, each)), None)
            if found is not None:
                left.remove(found)
                pairs.append((found, each))
        return pairs

    def _same_name(self, one: str | None, other: str | None) -> bool:
        return (
            one is not None
            and other is not None
            and (one == other or (self.rules.ignores_case and one.lower() == other.lower()))
        )

    def _is_same(self, told: Check, wanted: Check) -> bool:
        return self._is_equal(told.text, wanted)

    def _is_equal(self, text: str, wanted: Check) -> bool:
        return same_expression(self.context, self.schema, self.table_name, text, wanted.text)

    def _without_hidden(self, added: Sequence[Check]) -> list[Check]:
        """Those that the database has not as part of a column either, which no inspector tells."""
        if not added:
            return []
        catalog = catalog_of(self.context)
        hidden = catalog.column_checks(connection_of(self.context), self.schema, self.table_name)
        return [each for each in added if not any(self._is_equal(text, each) for text in hidden)]

    def _drop(self, check: Check, instead: Check | None) -> ops.DropConstraintOp | None:
        if instead is None and not self._is_wanted(check, is_reflected=True, other=None):
            return None
        if instead is not None and not self._is_wanted(instead, is_reflected=False, other=check):
            return None
        how = "changed" if instead is not None else "removed"
        log.info("Detected %s check constraint %r on %r", how, check.name, self.table_name)
        return ops.DropConstraintOp.from_constraint(check.constraint)

    def _add(self, check: Check, instead_of: Check | None) -> ops.AddConstraintOp | None:
        if not self._is_wanted(check, is_reflected=False, other=instead_of):
            return None
        if instead_of is None:
            log.info("Detected added check constraint %r on %r", check.name, self.table_name)
        return ops.AddConstraintOp.from_constraint(check.constraint)

    def _is_wanted(self, check: Check, *, is_reflected: bool, other: Check | None) -> bool:
        """What env.py's include_object says."""
        return self.context.run_object_filters(
            check.origin, check.name, "check_constraint", is_reflected, other.origin if other is not None else None
        )


def checks_told(autogen_context: AutogenContext, schema: str | None, table_name: str) -> list[Check]:
    """The CHECKs that the database or the state tells, by name.

    Raises:
        NotImplementedError: the dialect tells none.
    """
    found = inspected_checks(autogen_context, table_name, schema)
    parent: Any = {"table_name": table_name, "schema_name": schema}
    checks = []
    for each in sorted(found, key=lambda each: (each["name"] or "", each["sqltext"])):
        if autogen_context.run_name_filters(each["name"], "check_constraint", parent):
            made = _alone(each["sqltext"], each["name"], table_name, schema)
            checks.append(Check(each["name"], each["sqltext"], made, made))
    return checks


def checks_wanted(autogen_context: AutogenContext, table: Table, schema: str | None) -> Iterator[Check]:
    """The CHECKs of the models that DDL for this database would have, by name."""
    found = []
    for each in _checks_of(table):
        if not _belongs(autogen_context, each):
            continue
        name, text = _name_of(autogen_context, each), text_of(autogen_context, each.sqltext)
        made = _alone(text, named(each, name), str(table.name), schema, **each.dialect_kwargs)
        found.append(Check(name, text, made, each))
    yield from sorted(found, key=lambda each: (each.name or "", each.text))


def _name_of(autogen_context: AutogenContext, check: CheckConstraint) -> str | None:
    """Its name in DDL; None where it has none, and a naming convention needs one to make another of it."""
    try:
        return final_name(check, autogen_context.dialect)
    except InvalidRequestError:
        return None


def _checks_of(table: Table) -> Collection[CheckConstraint]:
    """Those of the table, those written at its columns, and those of its columns' types."""
    of_columns = [each for column in table.columns for each in column.constraints]
    return [each for each in (*table.constraints, *of_columns) if isinstance(each, CheckConstraint)]


def _belongs(autogen_context: AutogenContext, check: CheckConstraint) -> bool:
    """Whether the check is made on this database: that of an Enum is not where the type itself knows the values."""
    dialect = autogen_context.dialect
    compiler: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]
    if check._create_rule is not None and not check._create_rule(compiler):
        return False
    condition = getattr(check, "_ddl_if", None)
    return condition is None or bool(condition._should_execute(None, check, None, compiler=compiler))


def _alone(text: str, name: Any, table_name: str, schema: str | None, **options: Any) -> CheckConstraint:
    """A CHECK of a table that holds nothing else."""
    check = CheckConstraint(as_text(text), name=name, **options)
    Table(table_name, MetaData(), check, schema=schema)
    return check

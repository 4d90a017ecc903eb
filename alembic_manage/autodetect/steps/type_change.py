"""Another type for a column of a table that holds rows: values are converted, and those that do not fit asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import DefaultClause, String

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.named_types import enums_in
from alembic_manage.autodetect.steps.alteration import changes_of, part_of
from alembic_manage.autodetect.steps.columns import model_column, path_of, table_in, type_sql
from alembic_manage.autodetect.steps.conversion import Conversion, Fate, conversion
from alembic_manage.autodetect.steps.labels import checked_labels
from alembic_manage.autodetect.steps.neutral_value import neutral_value
from alembic_manage.autodetect.steps.type_kind import TypeKind, kind_of
from alembic_manage.operations import ConvertColumn, Remark, RewriteRows, Steps
from alembic_manage.questions import Later, TypeChangeQuestion, Value

if TYPE_CHECKING:
    from alembic_manage.state.objects import Column
    from alembic_manage.state.schema import Schema

_TEXT_LENGTH = 100
"""Characters of a text that a column is meanwhile: a value of a UUID, a number or a moment has fewer."""


def with_values_converted(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where each change of a type says what becomes of the values."""
    found: list[ops.MigrateOperation] = []
    for operation in operations:
        if isinstance(operation, ops.AlterColumnOp) and operation.modify_type is not None:
            found += _TypeChange(operation, detection).operations()
        else:
            found.append(operation)
    return found


@dataclass
class _TypeChange:
    operation: ops.AlterColumnOp
    detection: Detection

    def __post_init__(self) -> None:
        self.path = path_of(self.operation.table_name, self.operation.column_name, self.operation.schema)
        before, after = self.detection.before, self.detection.after
        self.old = self._kind(self._old_type, before)
        self.new = self._kind(self.operation.modify_type, after)
        self.up = self._conversion(self.old, self.new, self.operation.modify_type)
        self.down = self._conversion(self.new, self.old, self._old_type)

    @property
    def _column_before(self) -> Column | None:
        table = table_in(self.detection.before, self.operation.table_name, self.operation.schema)
        return table.columns.get(self.operation.column_name) if table is not None else None

    @property
    def _old_type(self) -> Any:
        """As the revision gave it, which says more than what is reflected."""
        return self._column_before.type if self._column_before is not None else self.operation.existing_type

    @property
    def _was_numbered(self) -> bool:
        return self._column_before is not None and self._column_before.autoincrement

    def _kind(self, type_: Any, schema: Schema) -> TypeKind:
        """Of the type; a text that a CHECK confines to labels is an enum."""
        found = kind_of(type_, self.detection.context.dialect, self.detection.rules)
        table = table_in(schema, self.operation.table_name, self.operation.schema)
        labels = checked_labels(table, self.operation.column_name, schema) if found.name == "text" else ()
        return TypeKind("enum", labels=tuple(labels)) if labels else found

    def _conversion(self, old: TypeKind, new: TypeKind, type_: Any) -> Conversion:
        rules = self.detection.rules
        return conversion(old, new, rules.quoted(self.operation.column_name), type_sql(type_, self.detection), rules)

    def operations(self) -> list[ops.MigrateOperation]:
        """What replaces the operation."""
        if (self.old.name, self.new.name) == ("enum", "enum") and not self._leaves_enum(self.operation):
            return [self.operation]
        answer = self._answer()
        if isinstance(answer, Later):
            others = changes_of(self.operation) - {"type"}
            return [part_of(self.operation, others)] if others else []
        value = self._filling(answer.sql) if isinstance(answer, Value) else None
        if self._is_plain and value is None:
            return [self.operation]
        return [Steps(self._upgrade(value), self._downgrade())]

    @property
    def _is_plain(self) -> bool:
        """Whether Alembic's own operation does it, in both directions."""
        return all(
            each.using is None
            and each.rewrite is None
            and each.later_rewrite is None
            and each.fate is Fate.FITS
            and not each.through_text
            for each in (self.up, self.down)
        ) and not (
            self._keeps_values(self.old)
            or self._keeps_values(self.new)
            or (_has_default(self.operation) and self._leaves_enum(self.operation))
        )

    def _leaves_enum(self, operation: ops.AlterColumnOp) -> bool:
        """Whether the old type is one of its own: a default that stays would go on using it, and it could not go."""
        return self.detection.rules.has_enum_types and any(enums_in(operation.existing_type))

    def _answer(self) -> Any:
        if self.up.fate is Fate.FITS:
            return None
        question = TypeChangeQuestion(
            path=self.path,
            old=type_sql(self._old_type, self.detection),
            new=type_sql(self.operation.modify_type, self.detection),
            loses=self.up.fate is Fate.LOSES,
            example=self._example(),
            stays=self.up.fate is Fate.STAYS,
            takes_value=self.up.misfit is not None,
            becomes_not_null=self._becomes_not_null,
        )
        return self.detection.questioner.ask(question)

    @property
    def _becomes_not_null(self) -> bool:
        operation = self.operation
        column = model_column(self.detection, operation.table_name, operation.column_name, operation.schema)
        was_nullable = self._column_before is not None and self._column_before.nullable
        return was_nullable and column is not None and not column.nullable

    def _example(self) -> str:
        new_type: Any = self.operation.modify_type
        sql = neutral_value(new_type, self.detection.context.dialect) or "NULL"
        return sql[1:-1] if sql[:1] == sql[-1:] == "'" and len(sql) > 1 else sql

    def _filling(self, value: str) -> RewriteRows:
        """The value for rows that do not fit, as the old type takes it where they get it before."""
        if self.new.name == "boolean" and self.old.name in ("integer", "number", "float"):
            value = f"CASE WHEN {value} THEN 1 ELSE 0 END"
        return self._update(value, str(self.up.misfit))

    def _update(self, value: str, where: str) -> RewriteRows:
        operation = self.operation
        return RewriteRows(operation.table_name, operation.column_name, value, operation.schema, where)

    def _upgrade(self, value: RewriteRows | None) -> list[ops.MigrateOperation]:
        if self.new.name != "integer":
            self.operation.kw.pop("autoincrement", None)
        early = [value] if value is not None and not self.up.misfit_shows_later else []
        late = [value] if value is not None and self.up.misfit_shows_later else []
        return [*early, *self._converted(self.operation, self.up), *late]

    def _downgrade(self) -> list[ops.MigrateOperation]:
        back = self.operation.reverse()
        back.kw.pop("autoincrement", None)
        # Only where it must be said: Alembic warns elsewhere.
        if self._was_numbered and any(rules.renamed_column_forgets for rules in self.detection.kinds):
            back.kw["autoincrement"] = True
        return [*self._remark(), *self._converted(back, self.down)]

    def _remark(self) -> list[ops.MigrateOperation]:
        """What a person must know of the way down."""
        if self.down.fate is Fate.FITS:
            return []
        text = f"Values of {self.path} that are no {type_sql(self._old_type, self.detection)}: {self.down.fate.value}."
        return [Remark(text)]

    def _converted(self, operation: ops.AlterColumnOp, way: Conversion) -> list[ops.MigrateOperation]:
        """The change of type in one direction, with what comes right before and after it."""
        steps: list[ops.MigrateOperation] = [self._update(*way.rewrite)] if way.rewrite else []
        if way.through_text:
            steps += self._through_text(operation, way)
        elif _has_default(operation) and (way.using is not None or self._leaves_enum(operation)):
            steps += self._around_default(operation, way)
        else:
            steps.append(self._convert(operation, way))
        return [*steps, *([self._update(*way.later_rewrite)] if way.later_rewrite else [])]

    def _through_text(self, operation: ops.AlterColumnOp, way: Conversion) -> list[ops.MigrateOperation]:
        """A text first, long enough for what such types have, and without a default."""
        text = part_of(operation, ())
        text.kw.pop("autoincrement", None)
        text.modify_type, text.existing_server_default = String(_TEXT_LENGTH), None
        typed = part_of(operation, changes_of(operation))
        typed.existing_type = text.modify_type
        return [text, self._convert(typed, way)]

    def _convert(self, operation: ops.AlterColumnOp, way: Conversion) -> ConvertColumn:
        target = self.new if way is self.up else self.old
        return ConvertColumn.of(operation, way.using, keeps_values=self._keeps_values(target))

    def _keeps_values(self, target: TypeKind) -> bool:
        """Whether a cast could destroy values, where a table is rebuilt: of whatever becomes no text."""
        is_rebuilt = any(rules.needs_batch for rules in self.detection.kinds)
        return is_rebuilt and self.old.name != self.new.name and target.name != "text"

    def _around_default(self, operation: ops.AlterColumnOp, way: Conversion) -> list[ops.MigrateOperation]:
        """Without the default meanwhile: USING says nothing about it, and the server cannot cast it by itself.

        Source: PostgreSQL 16 manual, ALTER TABLE, "SET DATA TYPE".
        """
        changed = changes_of(operation)
        default = operation.modify_server_default if "server_default" in changed else self._default_after(operation)
        dropped = part_of(operation, ())
        dropped.modify_server_default = None
        typed = part_of(operation, changed - {"server_default"})
        typed.existing_server_default = None
        steps: list[ops.MigrateOperation] = [dropped, self._convert(typed, way)]
        if default is not None:
            again = part_of(operation, (), after=changed - {"server_default"})
            again.existing_server_default, again.modify_server_default = None, default
            steps.append(again)
        return steps

    def _default_after(self, operation: ops.AlterColumnOp) -> Any:
        """The default that stays: as the models write it, or as it was."""
        column = model_column(self.detection, operation.table_name, operation.column_name, operation.schema)
        is_up = operation is self.operation
        if is_up and column is not None and isinstance(column.server_default, DefaultClause):
            return column.server_default
        return operation.existing_server_default


def _has_default(operation: ops.AlterColumnOp) -> bool:
    """Whether the column has a default that is an expression; not a numbering."""
    default = operation.existing_server_default
    return (
        default is not None
        and default is not False
        and not hasattr(default, "sqltext")
        and not hasattr(default, "always")
    )

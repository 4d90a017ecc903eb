"""What a pass knows besides the operations that it is given."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy.exc import SAWarning

from alembic_manage import alembic_api
from alembic_manage.alembic_plugin import OwnTables
from alembic_manage.autodetect.named_types import enums_in
from alembic_manage.dialects import Dialect, dialect_named
from alembic_manage.engine_guard import instead_of_every_engine
from alembic_manage.environment import Environment
from alembic_manage.questions import Given, Questioner
from alembic_manage.state.engine import state_dialect, state_engine
from alembic_manage.state.objects import EnumType
from alembic_manage.state.reflected import schema_of, schema_shown
from alembic_manage.state.schema import Schema

if TYPE_CHECKING:
    from alembic.operations import ops
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Table


@dataclass
class Detection:
    """One comparison of the models with the schema that a connection shows."""

    environment: Environment
    context: MigrationContext
    """Its connection shows the schema before the new revision; renames that were answered are done there."""
    questioner: Questioner
    given: Given = field(default_factory=Given)
    """Answers from the command line; the questioner knows those that are no renames."""
    tables: frozenset[str] | None = None
    """Keys of the only tables that count; None for all."""
    decided: dict[str, Any] = field(default_factory=dict)
    """What passes tell later ones; each key is described where it is set."""
    renamed_values: dict[str, str] = field(default_factory=dict)
    """The new label by the old one's path ("orders.status.open"), of enums without a type of their own: inline ENUM
    columns, and CHECKs that name labels. Rows are updated by whoever changes the column or the CHECK."""
    _before: Schema | None = None
    _original: Schema | None = None

    @property
    def rules(self) -> Dialect:
        """The facts about the database."""
        return dialect_named(self.context.dialect.name)

    @cached_property
    def kinds(self) -> list[Dialect]:
        """The facts about each kind of database that the project has, this one first."""
        project = self.environment.project
        found = [self.rules]
        for rules in (project.database(alias).dialect for alias in project.aliases):
            found += [rules] if all(rules is not other for other in found) else []
        return found

    @property
    def before(self) -> Schema:
        """The schema before the new revision, with the renames that were answered so far."""
        if self._before is None:
            own = OwnTables(self.context.version_table)
            self._before = schema_shown(alembic_api.connection_of(self.context), own)
        return self._before

    @property
    def original(self) -> Schema:
        """The schema before the new revision, without any of those renames."""
        return self.before if self._original is None else self._original

    @cached_property
    def after(self) -> Schema:
        """The schema that the models describe, by the rules of the database."""
        schema = Schema(self.rules, self.before.default_schema, self.before.server_version)
        for enum in (each for table in self.model_tables for column in table.columns for each in enums_in(column.type)):
            key = schema.key(enum.schema, str(enum.name))
            schema.create_enum(EnumType(key, tuple(enum.enums)), if_not_exists=True)
        return schema_of(self.model_tables, schema, state_dialect(schema, self.context.dialect.name))

    def apply(self, operation: ops.MigrateOperation) -> None:
        """Do an operation on the schema before; where that is a database not to be touched, on a copy in memory."""
        if self._original is None:
            self._original = self.before.copy()
        self.context = alembic_api.disposable(self.context) or self._copied(self.before)
        # Where a history is replayed, no connection but that to its state may be used.
        with instead_of_every_engine(alembic_api.connection_of(self.context).engine):
            alembic_api.invoke(self.context, operation)
        self._before = None

    def on(self, schema: Schema) -> Detection:
        """The same comparison on a copy of a schema in memory, on which operations can be done apart from this one."""
        return replace(self, context=self._copied(schema), _before=None)

    def _copied(self, schema: Schema) -> MigrationContext:
        connection = alembic_api.connection_of(self.context)
        engine = state_engine(schema.copy(), connection.dialect.name, connection.engine.url)
        engine.interpreter.show_all()  # type: ignore[attr-defined]
        with instead_of_every_engine(engine):
            return alembic_api.beside(self.context, engine.connect())

    @property
    def model_tables(self) -> list[Table]:
        """The tables of the models, in the order of their foreign keys as far as there is one."""
        metadata = self.context.opts["target_metadata"]
        found = metadata if isinstance(metadata, list | tuple) else [metadata]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Cannot correctly sort tables", SAWarning)
            return [table for each in found for table in each.sorted_tables]


Operation: TypeAlias = "ops.MigrateOperation"
Pass: TypeAlias = Callable[[list["ops.MigrateOperation"], Detection], list["ops.MigrateOperation"]]
"""Takes the operations of upgrade(), one after the other, and gives those that replace them."""

"""Writes the file that makes the tables which were there before the first revision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_manage import alembic_api
from alembic_manage.alembic_plugin import OwnTables
from alembic_manage.atomic_file import write_atomically
from alembic_manage.autodetect.named_types import enums_in
from alembic_manage.autodetect.type_source import TypeSource
from alembic_manage.dialects import Dialect
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, ModelsError, RecordError
from alembic_manage.location import display_path
from alembic_manage.plan import Plan
from alembic_manage.state.metadata import ddl_before_tables, metadata_of
from alembic_manage.state.objects import EnumType
from alembic_manage.state.reflected import schema_shown
from alembic_manage.state.replay import BASELINE, Replay
from alembic_manage.state.schema import Schema

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

_TEXT = '''"""The tables that were there before the first migration; the history state begins with them.

Written by: python manage.py historystate --write-baseline {origin}. `migrate` does not run it.
"""

import sqlalchemy as sa
from alembic import op
{imports}

def upgrade() -> None:
    {first}{body}
'''


def write_baseline(environment: Environment, origin: str) -> tuple[Path, int]:
    """Write baseline.py beside env.py; its path, and the number of its tables.

    Args:
        environment: of the project.
        origin: "models", or "database" for the tables of a database to which no migration is applied.

    Raises:
        CommandError: the file is there already, or cannot be written.
        ModelsError: there are no models.
        RecordError: a migration is applied to the database.
    """
    path = environment.project.migrations_dir / BASELINE
    shown = display_path(path, environment.project.root)
    if path.exists():
        raise CommandError(f"{shown} exists already.", hint=f"git rm {shown}")
    reflected = _reflected(environment) if origin == "database" else None
    # On an empty state: everything that there is must be made.
    found = Replay(environment, Schema(environment.database.dialect)).run(
        Plan("", ()), then=lambda context: _rendered(context, reflected, environment.database.dialect)
    )
    if found is None or not found[1]:
        raise ModelsError("There are no tables to write down.", hint="python manage.py diffsettings")
    text, count = found
    try:
        write_atomically(path, text.replace("{origin}", origin))
    except OSError as error:
        raise CommandError(f"{shown} cannot be written: {error.strerror}.", hint=f"ls -ld {shown}") from error
    return path, count


def _reflected(environment: Environment) -> Schema:
    def read(context: MigrationContext, recorded: tuple[str, ...]) -> Schema:
        if recorded:
            raise RecordError(
                f"The database '{environment.database.alias}' has migrations: it does not show what was there before.",
                hint="name one without any in DATABASES: python manage.py historystate --write-baseline database "
                "--database ALIAS",
            )
        return schema_shown(alembic_api.connection_of(context), OwnTables(context.version_table))

    return environment.read(read)[0]


def _rendered(context: MigrationContext, schema: Schema | None, dialect: Dialect) -> tuple[str, int]:
    if schema is not None:
        context.opts["target_metadata"] = metadata_of(schema)
    script = alembic_api.compare(context, lambda operation: True)
    assert script.upgrade_ops is not None
    needed = ddl_before_tables(schema or _needed(script.upgrade_ops, dialect))
    statements = (str(each.compile(dialect=context.dialect)).strip() for each in needed)
    first = "".join(f"op.execute({statement!r})\n    " for statement in statements)
    imports: set[str] = set(script.imports)
    # The file is for good: a type of the application's own is written as what it is made of.
    types = TypeSource([dialect], as_implementation=True)
    body = alembic_api.render(context, script.upgrade_ops, imports, types.render_item)
    lines = "".join(f"{line}\n" for line in sorted(imports))
    return _TEXT.replace("{imports}", lines).replace("{first}", first).replace("{body}", body), body.count(
        "op.create_table("
    )


def _needed(operations: ops.UpgradeOps, dialect: Dialect) -> Schema:
    """The schemas and the enum types of the tables that operations make."""
    schema = Schema(dialect)
    for table in operations.ops:
        if not isinstance(table, ops.CreateTableOp):
            continue
        if table.schema not in (None, schema.default_schema) and not dialect.schemas_are_databases:
            schema.schemas.add(str(table.schema))
        for column in table.columns:
            for enum in enums_in(getattr(column, "type", None)):
                key = dialect.enum_key(enum)
                if key is not None:
                    schema.enums.setdefault(schema.key(*key), EnumType(schema.key(*key), tuple(enum.enums)))
    return schema

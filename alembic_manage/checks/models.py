"""The models: modules that can be imported, tables that can be told apart and referred to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from alembic_manage.checks.problem import Level, Problem
from alembic_manage.errors import CommandError
from alembic_manage.project import Project
from alembic_manage.quantity import counted

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table

TAG = "models"
NEEDS_DATABASE = False
DEPLOY = False


def check(project: Project, databases: Sequence[str]) -> Iterator[Problem]:
    """Every problem of the models that shows without a database."""
    try:
        metadata = project.metadata
    except CommandError as error:
        yield Problem("models.E001", Level.ERROR, str(error), error.hint)
        return
    if not metadata:
        yield Problem("models.W001", Level.WARNING, "No models found.", "define a model in an app's models.py")
    yield from _tables_twice(metadata)
    for table in (table for each in metadata for table in each.tables.values()):
        yield from _broken_references(table)
        yield from _unnamed_constraints(table)


def _tables_twice(metadata: Sequence[MetaData]) -> Iterator[Problem]:
    seen: set[str] = set()
    for key in (key for each in metadata for key in each.tables):
        if key in seen:
            yield Problem(
                "models.E002",
                Level.ERROR,
                f"The table '{key}' is defined in two MetaData objects.",
                "give all models one Base, or name the MetaData to use: METADATA = 'package.module:Base'",
            )
        seen.add(key)


def _broken_references(table: Table) -> Iterator[Problem]:
    from sqlalchemy.exc import NoReferencedColumnError, NoReferencedTableError

    for key in table.foreign_keys:
        try:
            key.column  # noqa: B018 - resolving it is the test
        except (NoReferencedTableError, NoReferencedColumnError):
            yield Problem(
                "models.E003",
                Level.ERROR,
                f"{table.key}.{key.parent.name} refers to '{key.target_fullname}', which no model defines.",
                "add the app that defines it to INSTALLED_APPS",
            )


def _unnamed_constraints(table: Table) -> Iterator[Problem]:
    from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

    kinds = (UniqueConstraint, ForeignKeyConstraint, CheckConstraint)
    unnamed = [
        c
        for c in table.constraints
        if isinstance(c, kinds) and c.name is None and not table.metadata.naming_convention.get("uq")
    ]
    if unnamed:
        yield Problem(
            "models.W002",
            Level.WARNING,
            f"Table '{table.key}' has {counted(len(unnamed), 'constraint')} without a name: a later migration cannot "
            "drop them on every database.",
            "give the MetaData a naming_convention (https://alembic.sqlalchemy.org/en/latest/naming.html)",
        )

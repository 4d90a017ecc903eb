"""The text of a models module, and whether it says all that the database has."""

from __future__ import annotations

import sys
import textwrap
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError

from alembic_manage import alembic_api
from alembic_manage.alembic_plugin import OwnTables
from alembic_manage.drift.agreement import disagreements
from alembic_manage.errors import CommandError
from alembic_manage.inspection.choice import Choice, chosen
from alembic_manage.inspection.generator import source_of
from alembic_manage.inspection.tables import reflected
from alembic_manage.location import one_line
from alembic_manage.metadata import metadata_in

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

_HEAD = '"""Models of the tables of a database, as they were found there. Written by: python manage.py inspectdb"""\n\n'
_VIEWS = "# With managed=False: a view. Migrations do not make it.\n"
_TRIAL = "_alembic_manage_inspectdb"


def models_of(context: MigrationContext, choice: Choice, kind: str) -> str:
    """The source of a models module for the tables of a context's database.

    It was imported once, and compared with the database: what it cannot say stands at its end as a comment.

    Args:
        context: online.
        choice: the tables.
        kind: of models; see generator.KINDS.

    Raises:
        CommandError: there are no tables, or sqlacodegen is not installed.
        UsageError: a table is not there.
    """
    connection = alembic_api.connection_of(context)
    found = chosen(connection, choice, OwnTables(context.version_table))
    if not found.tables and not found.views:
        raise CommandError("The database has no tables.", hint="python manage.py dbshell")
    metadata = reflected(connection, found, choice.schema)
    source = source_of(metadata, connection, kind)
    left = (*_unsaid(metadata), *(each.line for each in disagreements(context, _imported(source))))
    return f"{_HEAD}{_VIEWS if found.views else ''}{source}{_comment(left)}"


def _unsaid(metadata: MetaData) -> Iterator[str]:
    """What SQLAlchemy has no word for, and comparators therefore do not look for."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.autoincrement is True and not column.primary_key and column.default is None:
                yield f"{table.fullname}.{column.name}: numbered by a sequence of its own"


def _imported(source: str) -> MetaData:
    """What the models of a source say.

    Raises:
        CommandError: it cannot be imported.
    """
    module = ModuleType(_TRIAL)
    # Mapped["Name"] is looked up in the module that sys.modules has.
    sys.modules[_TRIAL] = module
    try:
        with _own_metadata(source), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(source, "models.py", "exec"), vars(module))
            return next(iter(metadata_in(module)))
    except (ImportError, SQLAlchemyError, SyntaxError, TypeError, ValueError, NameError) as error:
        raise CommandError(
            f"The models that sqlacodegen wrote cannot be imported: {one_line(error)}",
            hint="try other models: python manage.py inspectdb --generator tables",
        ) from error
    finally:
        del sys.modules[_TRIAL]


@contextmanager
def _own_metadata(source: str) -> Iterator[None]:
    """SQLModel has one MetaData for all: meanwhile it is another, for the project may have these tables already."""
    if "from sqlmodel import" not in source:
        yield
        return
    from sqlmodel import SQLModel

    kept = SQLModel.metadata
    SQLModel.metadata = MetaData()
    try:
        yield
    finally:
        SQLModel.metadata = kept


def _comment(left: Collection[str]) -> str:
    if not left:
        return ""
    head = "\n\n# What the models above do not say, or say otherwise than the database:\n"
    return head + "".join(
        textwrap.indent(textwrap.fill(f"- {each}", 116, subsequent_indent="  "), "# ") + "\n" for each in left
    )

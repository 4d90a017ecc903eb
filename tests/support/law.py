"""One example of the laws of detection: models that become others, on a real database with rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import NullPool

from alembic_manage.autodetect.defaults import compare_server_default
from alembic_manage.dialects import dialect_named
from alembic_manage.drift.description import Description, describe
from alembic_manage.questions import Given
from support.autodetection import Evolution
from support.contents import connected
from support.created import lines_of_difference
from support.schemas import OTHER_SCHEMA, Drawing, Rows, SchemaSpec, as_read, edited, insert, read, rows_for
from support.tiny_projects import TinyProject
from support.truth import KnownEdits

OWN_TABLES = ("alembic_version", "alembic_version_ledger")


class LawBrokenError(AssertionError):
    """What a law says does not hold."""


@dataclass
class Example:
    """Two schemas, what leads from one to the other, and rows of the first."""

    before: SchemaSpec
    after: SchemaSpec
    rows: Rows
    edits: list[str] = field(default_factory=list)
    """The names of what was done; empty where the second schema was drawn freely."""
    by_option: bool = False
    """Whether renames are given by options instead of asked for."""


def example_of(seed: int, database: str, skipped: frozenset[int] = frozenset()) -> Example:
    """The example of a number.

    Args:
        seed: every choice comes from it.
        database: "postgresql", "mariadb" or "sqlite".
        skipped: which of the edits are left out, to make an example smaller.
    """
    draw = Drawing(Random(seed), database)
    before = draw.schema()
    by_option = draw.chance(50)
    if draw.chance(15):
        # Columns of one name may have any two types: only empty tables can hold that.
        # Names of indexes have numbers in them: one that moves to another table is another matter.
        other = Drawing(Random(seed + 1), database).schema(before.last_uid + 1000)
        # Revisions get their names from the convention of today's models: one that changes is another history.
        other.uses_convention = before.uses_convention
        return Example(before, other, {each.uid: [] for each in before.tables})
    rows = rows_for(before, draw)
    count = draw.random.randint(0, 5)
    after, names = before, list[str]()
    for number in range(count):
        if number not in skipped:
            after, done = edited(after, Drawing(Random(f"{seed}/{number}"), database), 1)
            names += [f"{number}: {name}" for name in done]
    return Example(before, after, rows, names, by_option)


class Laws:
    """Tries examples on one real database after the other of a kind; each is emptied before.

    Args:
        url: of a database that a project migrates.
        other: of one on which `create_all` runs.
        folder: for projects.
    """

    def __init__(self, url: sa.URL, other: sa.URL, folder: Path) -> None:
        self.url = url
        self.other = sa.create_engine(other, poolclass=NullPool)
        self.folder = folder
        self.ran = 0
        """How many examples were tried."""
        self.renames = 0
        """How many renames of tables, columns and values of enums nothing was told about beforehand."""
        self.missed = 0
        """How many of them nothing asked for."""
        self.operations = 0
        """How many changes the revisions hold."""

    @property
    def text_of_url(self) -> str:
        """The URL of the database that is migrated."""
        return self.url.render_as_string(hide_password=False)

    @contextmanager
    def _project(self) -> Iterator[Evolution]:
        root = self.folder / f"example{self.ran}"
        project = TinyProject(root, self.text_of_url)
        _empty(sa.create_engine(self.url, poolclass=NullPool))
        try:
            yield Evolution(project)
        finally:
            project.project.database().dispose()
            shutil.rmtree(root, ignore_errors=True)

    def nothing_changed(self, example: Example) -> None:
        """compare(a, a) is empty, on the state and on a database that create_all made.

        Raises:
            LawBrokenError: it is not.
        """
        self.ran += 1
        with self._project() as evolution, _telling(evolution):
            _begin(evolution, example)
            draft = evolution.detect(example.before.metadata())
            if draft.changes:
                raise LawBrokenError(f"compare(a, a) on the state: {draft.upgrade}")
            expected = self._created(example.before)
            found = evolution.description()
            _compare(expected, found, "the first revision makes another schema than create_all", self.url)
            others = self._autogenerated(example.before)
            if others:
                raise LawBrokenError(f"compare(a, a) on a database: {others}")

    def leads_there_and_back(self, example: Example) -> None:
        """replay(history(a) + autodetect(a, b)) equals b; up, down and up again is the identity and keeps the rows.

        Raises:
            LawBrokenError: it does not.
        """
        self.ran += 1
        with self._project() as evolution, _telling(evolution):
            _begin(evolution, example)
            before = evolution.description()
            with connected(self.text_of_url) as connection:
                insert(connection, example.before, example.rows)
            answers = KnownEdits(evolution.project.dialect, example.before, example.after)
            given = Given(renames=answers.options(), not_renamed=answers.dropped) if example.by_option else None
            path = evolution.write(example.after.metadata(), answers, given)
            if self._is_complete(example.by_option, answers):
                after = self._leads_there(evolution, example)
                if path is not None:
                    self._leads_back(evolution, example, before, after)

    def _is_complete(self, by_option: bool, answers: KnownEdits) -> bool:
        """Whether every rename is known: a table that nobody offers is lost with its rows, so nothing else holds."""
        if by_option:
            return True
        self.renames += len(answers.renames()) + len(answers.label_renames())
        self.missed += len(answers.missed)
        return not answers.missed

    def _created(self, spec: SchemaSpec) -> Description:
        """What create_all makes; it stays there."""
        _empty(self.other)
        with self.other.begin() as connection:
            _add_schema(connection)
            spec.metadata().create_all(connection)
        with self.other.connect() as connection:
            return describe(connection)

    def _autogenerated(self, spec: SchemaSpec) -> list[Any]:
        options = {
            "target_metadata": spec.metadata(),
            "compare_type": True,
            "compare_server_default": compare_server_default,
            "include_schemas": self.url.get_backend_name() == "postgresql",
        }
        with self.other.connect() as connection:
            context = MigrationContext.configure(connection, opts=options)
            script = produce_migrations(context, options["target_metadata"])
        assert script.upgrade_ops is not None
        return list(script.upgrade_ops.as_diffs())

    def _leads_there(self, evolution: Evolution, example: Example) -> Description:
        """What the database holds afterwards."""
        expected = self._created(example.after)
        evolution.migrate()
        self._rows_are_there(example, example.after, "up")
        found = evolution.description()
        orders = evolution.project.dialect.moves_columns
        _compare(expected, found, "upgrade() makes another schema than create_all", self.url, orders=orders)
        left = evolution.detect(
            example.after.metadata(), KnownEdits(evolution.project.dialect, example.after, example.after)
        )
        if left.changes:
            raise LawBrokenError(f"after upgrade() there is still to do: {left.upgrade}")
        return found

    def _leads_back(self, evolution: Evolution, example: Example, before: Description, after: Description) -> None:
        evolution.migrate("-1")
        orders = bool(example.edits) or evolution.project.dialect.moves_columns
        _compare(before, evolution.description(), "downgrade() does not lead back", self.url, orders=orders)
        self._rows_are_there(example, example.before, "down")
        evolution.migrate()
        _compare(after, evolution.description(), "the second upgrade() leads elsewhere", self.url)
        self._rows_are_there(example, example.after, "up again")

    def _rows_are_there(self, example: Example, now: SchemaSpec, where: str) -> None:
        """The rows of tables that both schemas have, with the values of the columns that both have."""
        for table in example.before.tables:
            then = next((each for each in now.tables if each.uid == table.uid), None)
            if then is None or not any(each.uid == table.uid for each in example.after.tables):
                continue
            uids = _kept(example, table.uid)
            expected = _expected(example, table.uid, uids)
            with connected(self.text_of_url) as connection:
                found = read(connection, now, then, uids)
            if found != expected:
                names = [then.column(uid).name for uid in uids]
                raise LawBrokenError(f"{where}: rows of {then.path} {names}: {expected} became {found}")


@contextmanager
def _telling(evolution: Evolution) -> Iterator[None]:
    """An error tells the last revision too."""
    try:
        yield
    except Exception as error:
        paths = sorted(evolution.project.versions.glob("*.py"))
        last = paths[-1].read_text(encoding="utf-8").partition("def upgrade")[2] if paths else ""
        raise LawBrokenError(f"{error}\n\ndef upgrade{last}") from error


def _expected(example: Example, table: int, uids: list[int]) -> list[str]:
    spec = example.before
    return as_read(spec, spec.table(table), uids, [[row.get(uid) for uid in uids] for row in example.rows[table]])


def _kept(example: Example, uid: int) -> list[int]:
    """The columns that both schemas have, without those that get their values from the database or from an answer.

    What referred to a table that goes refers to nothing, once that is back without its rows.
    """
    before, after = example.before.table(uid), example.after.table(uid)
    there = {table.uid for table in example.after.tables}
    emptied = {
        each for part in before.parts if part.kind == "foreignkey" and part.target not in there for each in part.columns
    }
    columns = {column.uid: column for column in after.columns}
    rows = example.rows[uid]
    return [
        column.uid
        for column in before.columns
        if column.uid in columns
        and column.uid not in emptied
        and all(each.computed is None and each.identity is None for each in (column, columns[column.uid]))
        and not (not columns[column.uid].nullable and any(row.get(column.uid) is None for row in rows))
    ]


def _begin(evolution: Evolution, example: Example) -> None:
    """The first models, and on PostgreSQL a schema besides the default one."""
    if evolution.dialect_name == "postgresql":
        evolution.project.change_env(
            '"target_metadata": target_metadata,', '"target_metadata": target_metadata,\n    "include_schemas": True,'
        )
        evolution.project.revision("0000_schema", f"op.execute('CREATE SCHEMA {OTHER_SCHEMA}')")
    evolution.become(example.before.metadata())


def _compare(expected: Description, found: Description, what: str, url: sa.URL, *, orders: bool = True) -> None:
    orders = orders and url.get_backend_name() != "postgresql"
    lines = lines_of_difference(expected, found, orders=orders)
    if lines:
        raise LawBrokenError("\n".join([what, *lines]))


def _add_schema(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"CREATE SCHEMA {OTHER_SCHEMA}")


def _empty(engine: sa.Engine) -> None:
    """Drop all that an example made."""
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).unlink(missing_ok=True)
        return
    with engine.begin() as connection:
        if dialect_named(engine.dialect.name).transactional_ddl:
            for schema in ("public", OTHER_SCHEMA):
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
            return
        connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
        for table in sa.inspect(connection).get_table_names():
            connection.exec_driver_sql(f"DROP TABLE {connection.dialect.identifier_preparer.quote(table)}")
        connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 1")

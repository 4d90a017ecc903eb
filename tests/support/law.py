"""One example of the laws of detection: models that become others, on a real database with rows."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
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
from alembic_manage.drift.verification import differences
from alembic_manage.questions import Given
from support.autodetection import Evolution
from support.schemas import OTHER_SCHEMA, Drawing, Rows, SchemaSpec, edited, insert, read, rows_for
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
        return Example(before, Drawing(Random(seed + 1), database).schema(), {each.uid: [] for each in before.tables})
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
        """How many renames of tables and columns nothing was told about beforehand."""
        self.missed = 0
        """How many of them nothing asked for."""
        self.operations = 0
        """How many changes the revisions hold."""

    @contextmanager
    def _project(self) -> Iterator[Evolution]:
        root = self.folder / f"example{self.ran}"
        project = TinyProject(root, self.url.render_as_string(hide_password=False))
        _empty(sa.create_engine(self.url, poolclass=NullPool))
        try:
            yield Evolution(project)
        finally:
            project.project.database().dispose()
            shutil.rmtree(root, ignore_errors=True)

    def try_example(self, example: Example) -> None:
        """Every law, on one example.

        Raises:
            LawBrokenError: one does not hold.
        """
        self.ran += 1
        with self._project() as evolution:
            _begin(evolution, example)
            first = evolution.text(max(evolution.project.versions.glob("*.py")))
            try:
                self._nothing_changed(evolution, example)
            except Exception as error:
                raise LawBrokenError(f"{error}\n\n{first}") from error
            before = evolution.description()
            with evolution.project._rows.begin() as connection:
                insert(connection, example.before, example.rows)
            answers = KnownEdits(evolution.project.dialect, example.before, example.after)
            given = Given(renames={old: new for old, (_, new) in answers.renames().items()})
            path = evolution.write(example.after.metadata(), answers, given if example.by_option else None)
            text = evolution.text(path) if path is not None else "nothing was written"
            try:
                if self._is_complete(example, answers):
                    self._up_down_up(evolution, example, before)
            except Exception as error:
                raise LawBrokenError(f"{error}\n\n{text}") from error

    def _is_complete(self, example: Example, answers: KnownEdits) -> bool:
        """Whether every rename is known: a table that nobody offers is lost with its rows, so nothing else holds."""
        if example.by_option:
            return True
        self.renames += len(answers.renames())
        self.missed += len(answers.missed)
        return not answers.missed

    def _nothing_changed(self, evolution: Evolution, example: Example) -> None:
        """compare(a, a) is empty, on the state and on a database that create_all made."""
        draft = evolution.detect(example.before.metadata())
        if draft.changes:
            raise LawBrokenError(f"compare(a, a) on the state: {draft.upgrade}")
        expected = self._created(example.before)
        _compare(expected, evolution.description(), "the first revision makes another schema than create_all", self.url)
        found = self._autogenerated(example.before)
        if found:
            raise LawBrokenError(f"compare(a, a) on a database: {found}")

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

    def _up_down_up(self, evolution: Evolution, example: Example, before: Description) -> None:
        expected = self._created(example.after)
        evolution.migrate()
        after = evolution.description()
        self._rows_are_there(evolution, example, example.after, "up")
        _compare(expected, after, "upgrade() makes another schema than create_all", self.url)
        left = evolution.detect(
            example.after.metadata(), KnownEdits(evolution.project.dialect, example.after, example.after)
        )
        if left.changes:
            raise LawBrokenError(f"after upgrade() there is still to do: {left.upgrade}")
        if len(evolution.project.environment.history) < 2 + (self.url.get_backend_name() == "postgresql"):
            return
        evolution.migrate("-1")
        _compare(before, evolution.description(), "downgrade() does not lead back", self.url, orders=False)
        self._rows_are_there(evolution, example, example.before, "down")
        evolution.migrate()
        _compare(after, evolution.description(), "the second upgrade() leads elsewhere", self.url, orders=False)
        self._rows_are_there(evolution, example, example.after, "up again")

    def _rows_are_there(self, evolution: Evolution, example: Example, now: SchemaSpec, where: str) -> None:
        """The rows of tables that both schemas have, with the values of the columns that both have."""
        for table in example.before.tables:
            then = next((each for each in now.tables if each.uid == table.uid), None)
            if then is None or not any(each.uid == table.uid for each in example.after.tables):
                continue
            uids = _kept(example, table.uid)
            expected = _expected(example, table.uid, uids)
            with evolution.project._rows.connect() as connection:
                found = read(connection, now, then, uids)
            if found != expected:
                names = [then.column(uid).name for uid in uids]
                raise LawBrokenError(f"{where}: rows of {then.path} {names}: {expected} became {found}")


def _expected(example: Example, table: int, uids: list[int]) -> list[str]:
    from support.schemas import as_read

    spec = example.before
    return as_read(spec, spec.table(table), uids, [[row.get(uid) for uid in uids] for row in example.rows[table]])


def _kept(example: Example, uid: int) -> list[int]:
    """The columns that both schemas have, without those that get their values from the database or from an answer."""
    before, after = example.before.table(uid), example.after.table(uid)
    columns = {column.uid: column for column in after.columns}
    rows = example.rows[uid]
    return [
        column.uid
        for column in before.columns
        if column.uid in columns
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
    lines = [
        f"{each.object}: {each.expected} / {each.found}"
        for each in differences(_with_names(expected, found), found)
        if not (each.object.startswith("order of the columns") and url.get_backend_name() == "postgresql")
    ]
    if lines:
        raise LawBrokenError("\n".join([what, *lines]))


def _with_names(expected: Description, found: Description) -> Description:
    """What create_all makes, with the names that a revision gives to primary keys for which the models have none."""
    given: dict[str, str] = {}
    unnamed: dict[str, str] = {}
    for name, key in expected.items():
        if name.startswith("primary key of ") and name in found:
            old, new = key.partition(" (")[0], found[name].partition(" (")[0]
            table = re.escape(name.removeprefix("primary key of ").rpartition(".")[2])
            if re.fullmatch(f"None|{table}_pkey", old) and re.fullmatch(f"pk_{table}|{table}_pkey", new):
                given[old] = new
                unnamed |= {name: found[name]} if old == "None" and found[name].endswith(key[4:]) else {}
    return {_replaced(name, given): _replaced(text, given) for name, text in expected.items()} | unnamed


def _replaced(text: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, text) if old != "None" else text
    return text


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

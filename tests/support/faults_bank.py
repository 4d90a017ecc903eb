"""The project that faults are done to (tests/faults/bank), and what its database must hold."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, inspect, make_url, text

from support.contents import connected, contents_of, schema_of
from support.faults import Nursery
from support.faults_kills import Kills, Way
from support.projects import ROOT, SKELETON

BANK = ROOT / "tests" / "faults" / "bank"
REVISIONS = tuple(sorted(path.stem for path in (BANK / "alembic_database" / "versions").glob("0*.py")))
HEAD = REVISIONS[-1]
_OWN = "alembic_version"


def make_bank(folder: Path) -> Path:
    """The project, in a folder that does not exist yet: what startproject writes, and the bank's own files."""
    for name in SKELETON:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    shutil.copytree(BANK, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@dataclass(frozen=True)
class Holdings:
    """What a database holds, but for the tables of the tools that migrate it."""

    schema: dict[str, Any]
    rows: dict[str, list[str]]
    objects: tuple[str, ...]
    """What only PostgreSQL has: enum types with their labels, and indexes that are not valid."""


def holdings_of(url: str) -> Holdings:
    """Look at a database over a connection of its own."""
    schema = {name: found for name, found in schema_of(url).items() if name != "django_migrations"}
    rows = {name: found for name, found in contents_of(url).items() if name in schema}
    return Holdings(schema, rows, _objects_of(url))


def _objects_of(url: str) -> tuple[str, ...]:
    if make_url(url).get_backend_name() != "postgresql":
        return ()
    labels = "SELECT typname || ' ' || string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum JOIN pg_type t "
    invalid = "SELECT 'not valid: ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid"
    with connected(url) as connection:
        found = [
            *connection.execute(text(f"{labels} ON t.oid = enumtypid GROUP BY typname")).scalars(),
            *connection.execute(text(invalid)).scalars(),
        ]
    return tuple(sorted(map(str, found)))


@dataclass(frozen=True)
class Records:
    """What the tables of the suite say."""

    versions: tuple[str, ...]
    applied: dict[str, int]
    """How often the ledger says that each revision was applied."""
    running: int
    """How many entries have not come to an end."""
    journal: int
    """How many statements are left in the journal."""


def records_of(url: str) -> Records:
    """Look at the suite's tables."""
    with connected(url) as connection:
        tables = set(inspect(connection).get_table_names())

        def rows(query: str, table: str) -> list[Any]:
            return list(connection.execute(text(query)).all()) if table in tables else []

        ledger = rows(
            f"SELECT revision FROM {_OWN}_ledger WHERE outcome = 'applied' AND direction = 'upgrade'", f"{_OWN}_ledger"
        )
        applied = [revision for (revision,) in ledger]
        return Records(
            versions=tuple(sorted(row[0] for row in rows(f"SELECT version_num FROM {_OWN}", _OWN))),
            applied={id: applied.count(id) for id in sorted(set(applied))},
            running=len(rows(f"SELECT id FROM {_OWN}_ledger WHERE outcome = 'running'", f"{_OWN}_ledger")),
            journal=len(rows(f"SELECT id FROM {_OWN}_journal", f"{_OWN}_journal")),
        )


def empty(url: str) -> None:
    """Take everything out of a database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        for path in Path(str(parsed.database)).parent.glob(f"{Path(str(parsed.database)).name}*"):
            path.unlink()
        return
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if parsed.get_backend_name() == "postgresql":
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
            return
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        for name in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE `{name}`"))


UP, DOWN = ("migrate",), ("rollback", "zero", "--accept-data-loss")
NOTHING = Holdings({}, {}, ())


class BankNursery(Nursery):
    """What runs the commands of the bank's project, on one database after the other.

    Args:
        folder: of the project; does not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self.flag = make_bank(folder) / "stands-still"
        """The file that is there while a command stands still."""
        super().__init__(folder, "")
        self._whole: dict[str, Holdings] = {}

    def whole(self, url: str) -> Holdings:
        """What an undisturbed run leaves in a database of this kind; the first time, in this one."""
        backend = make_url(url).get_backend_name()
        if backend not in self._whole:
            self.run(*UP).require()
            self._whole[backend] = holdings_of(url)
            empty(url)
        return self._whole[backend]


class Bank:
    """The project with a database.

    Args:
        nursery: runs its commands.
        url: an empty database.
    """

    def __init__(self, nursery: BankNursery, url: str) -> None:
        self.nursery = nursery
        self.nursery.url = url
        self.flag = nursery.flag
        self.url = url
        self.whole = nursery.whole(url)

    def empty(self) -> None:
        """Take everything out of the database."""
        empty(self.url)

    @property
    def problem_above(self) -> str:
        """What is other than after an undisturbed run up; empty where nothing is."""
        return _problem(self.url, self.whole, (HEAD,))

    @property
    def problem_below(self) -> str:
        """What is other than after an undisturbed run down; empty where nothing is."""
        return _problem(self.url, NOTHING, ())

    def kills(self) -> Kills:
        """What kills its commands."""
        ways = (Way("up", UP, lambda: self.problem_above), Way("down", DOWN, lambda: self.problem_below))
        return Kills(self.nursery, ways, self.empty)


def _problem(url: str, expected: Holdings, versions: tuple[str, ...]) -> str:
    records = records_of(url)
    if records.versions != versions or records.running or records.journal:
        return f"the records say {records}"
    return difference(expected, holdings_of(url))


def difference(expected: Holdings, found: Holdings) -> str:
    """The first thing that differs, in words; empty where nothing does."""
    for kind in ("schema", "rows"):
        ours, theirs = getattr(expected, kind), getattr(found, kind)
        for name in sorted(ours.keys() | theirs.keys()):
            if ours.get(name) != theirs.get(name):
                return f"{kind} of {name}: {theirs.get(name)} and not {ours.get(name)}"
    return "" if expected.objects == found.objects else f"{found.objects} and not {expected.objects}"

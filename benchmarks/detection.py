"""What each tool finds: `python benchmarks/detection.py [--database NAME ...] [--only WORD] [--check]`.

For each kind of change (benchmarks/detection_kinds.py) and each database it makes the models before on a fresh
database, and asks what leads to the models after: makemigrations (over the history, and plain Alembic with the suite's
plugin over the database), Alembic alone, and Django, in a tiny project of its own. Then it runs the file that
makemigrations wrote: up, down, up, with rows. It writes docs/detection.md; with --check it compares instead.

Needs the extras `dev` and `bench`, and the servers of the tests (TEST_POSTGRESQL_URL, TEST_MARIADB_URL).
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import re
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]
sys.dont_write_bytecode = True

import sqlalchemy  # noqa: E402
from alembic.autogenerate import produce_migrations  # noqa: E402
from alembic.operations import ops  # noqa: E402
from alembic.runtime.migration import MigrationContext  # noqa: E402
from detection_kinds import EVERYWHERE, GROUPS, KINDS, Kind  # noqa: E402
from sqlalchemy import URL, MetaData, NullPool, create_engine, text  # noqa: E402
from sqlalchemy.dialects import mysql, postgresql  # noqa: E402
from support.autodetection import Evolution  # noqa: E402
from support.created import lines_of_difference  # noqa: E402
from support.databases import fresh_database  # noqa: E402
from support.servers import MARIADB, POSTGRESQL  # noqa: E402
from support.tiny_projects import TinyProject  # noqa: E402
from support.truth import Truth  # noqa: E402

from alembic_manage.autodetect.defaults import compare_server_default  # noqa: E402
from alembic_manage.drift.description import describe  # noqa: E402

PAGE = ROOT / "docs" / "detection.md"
TITLES = {"postgresql": "PostgreSQL", "mariadb": "MariaDB", "sqlite": "SQLite"}
COLLATIONS = {
    "postgresql": ("C", "POSIX"),
    "mariadb": ("utf8mb4_bin", "utf8mb4_general_ci"),
    "sqlite": ("NOCASE", "RTRIM"),
}
TARGET, SCHEMAS = '"target_metadata": target_metadata,', '"include_schemas": True,'
"""A line of env.py, and what a project with several schemas adds to it."""
WITHOUT_SUITE = ["alembic.autogenerate.*", "~alembic.autogenerate.alembic_manage"]
DEFAULTS = {"compare_type": True, "autogenerate_plugins": WITHOUT_SUITE}
OPT_IN = {
    **DEFAULTS,
    "compare_server_default": True,
    "autogenerate_plugins": [*WITHOUT_SUITE, "alembic.ext.checkconstraint_byname"],
}
WITH_SUITE = {"compare_type": True, "compare_server_default": compare_server_default}
INTRODUCTION = """# What is detected

Written by `python benchmarks/detection.py`, which runs all three tools for every cell; no cell is written by hand.
{date}: {versions}.

- **makemigrations**: this suite, comparing the models with the history. "{star}" where plain `alembic revision
  --autogenerate` with the suite's plugin, on the database itself, does not find it.
- **runs**: the file that makemigrations wrote ran up, down and up again on the database, with rows in the tables. Each
  time it left the schema that `create_all` makes of the models (except for the order of the columns, where a database
  cannot change it), it kept the values, and nothing was left to detect.
- **Alembic**: with its default options; "opt-in" where `compare_server_default=True` or the plugin
  `alembic.ext.checkconstraint_byname` finds it.
- **Django**: `makemigrations`, where a person answers yes to each question about a rename; "—" if Django has no such
  thing.

"drop + add": the rename is written as a drop and an addition, so the data of a column or table is lost. SQLite cannot
rename indexes and constraints. "—" in all columns: the database has no such thing. On SQLite an enum is a VARCHAR with
a CHECK.
{laws}"""


LAWS = """
Two laws are tried too, on random models that become other ones, with rows in their tables
(tests/databases/test_autodetect_laws.py, which says what is left out). Where nothing changed, nothing is found. What is
written runs up, down and up, keeps the rows, and makes what `create_all` makes. CI runs 100 examples. The longer
runs, each for both laws, by the number of the first example:

| first example | SQLite | PostgreSQL | MariaDB |
| --- | --- | --- | --- |
| 50000 | 300, none failed | 300 of the second law, none failed | 300 of the second law, none failed |
| 60000 | | 300, one failed | 200, four failed |
| 710000 | 150, none failed | 150, none failed | 300, two failed |
| 730000 | 100, none failed | 80, none failed | |
| 740000 | | | 60, none failed |
| 750000 | 50, none failed | 70, none failed | |

All of these failures are mended (the runs from 50000 and from 730000 on are with the mended code), except for one,
which the laws now leave out: a new table takes the name of a dropped one, and has a key that the old rows do not have.
With --zero-downtime one more is known, on PostgreSQL (the example 57202): an index is built before its column, so far
JSON, has the type that an index can have. On MariaDB, JSON is a LONGTEXT known by its collation, so a LONGTEXT that
already has that collation gets no CHECK when it becomes JSON.

In the examples from 50000 there are 148 renames, whose new names are drawn by lot. 19 of them are not asked about: 6 of
53 on SQLite, 5 of 48 on PostgreSQL, 8 of 47 on MariaDB. These are mostly tables of one or two columns which get another
name at the same time, and values that are renamed and moved. The option `--rename` names them.

`AUTODETECT_EXAMPLES=300` runs more.
"""


@dataclass
class Cell:
    """What was found about one kind on one database."""

    ours: str = "no"
    runs: str = "no"
    alembic: str = "no"
    django: str = "—"
    django_note: str = ""
    star: bool = False
    """Whether plain Alembic with the suite's plugin does not find it."""
    problems: list[str] = field(default_factory=list)
    """Why a cell of ours is not "yes", for the terminal."""


def models(source: str, database: str) -> MetaData:
    """The MetaData that a text of detection_kinds describes, on one database."""
    metadata = MetaData()

    def items(*arguments: Any, name: str = "items", **keywords: Any) -> sqlalchemy.Table:
        key = sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True)
        return sqlalchemy.Table(name, metadata, key, *arguments, **keywords)

    def enum(*values: str) -> sqlalchemy.Enum:
        return sqlalchemy.Enum(*values, name="status", length=9, create_constraint=database == "sqlite")

    names = {
        **vars(sqlalchemy),
        "postgresql": postgresql,
        "mysql": mysql,
        "metadata": metadata,
        "items": items,
        "enum": enum,
        "collations": COLLATIONS[database],
    }
    exec(source, names)
    return metadata


@contextlib.contextmanager
def empty_database(database: str) -> Iterator[URL]:
    """A database of a kind, for a moment."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield URL.create("sqlite", database=f"{folder}/db.sqlite3")
        return
    with fresh_database({"postgresql": POSTGRESQL, "mariadb": MARIADB}[database].url) as url:
        yield url


# Alembic


def operations(connection: Any, target: MetaData, options: dict[str, Any]) -> dict[str, str]:
    """What autogenerate would do: the class of each operation by its text."""
    context = MigrationContext.configure(connection, opts={"target_metadata": target, **options})
    script = produce_migrations(context, target)
    found = {}
    for operation in _flat(script.upgrade_ops.ops if script.upgrade_ops else []):
        found[re.sub("0x[0-9a-f]+", "", repr(operation.to_diff_tuple()))] = type(operation).__name__
    return found


def _flat(operations: Sequence[Any]) -> Iterator[Any]:
    for operation in operations:
        if isinstance(operation, ops.ModifyTableOps):
            yield from _flat(operation.ops)
        else:
            yield operation


def autogenerated(kind: Kind, database: str, options: dict[str, Any]) -> list[str]:
    """The classes of the operations that autogenerate finds beyond those that it finds when nothing changed."""
    before, after = models(kind.before, database), models(kind.after, database)
    options = {**options, "include_schemas": bool(kind.setup)}
    with empty_database(database) as url:
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            for statement in kind.setup:
                connection.execute(text(statement))
            before.create_all(connection)
        with engine.connect() as connection:
            nothing = operations(connection, models(kind.before, database), options)
            found = operations(connection, after, options)
    return [name for shown, name in found.items() if shown not in nothing]


def word_for(kind: Kind, names: Sequence[str]) -> str:
    """The cell for the names of what a tool would do."""
    if not names:
        return "no"
    drops = any(name.startswith(("Drop", "Remove")) for name in names)
    if not kind.is_rename or (any("Rename" in name for name in names) and not drops):
        return "yes"
    return "drop + add" if drops else "other changes"


def alembic_cell(kind: Kind, database: str, cell: Cell) -> None:
    """Alembic by itself."""
    cell.alembic = word_for(kind, autogenerated(kind, database, DEFAULTS))
    if cell.alembic == "no" and word_for(kind, autogenerated(kind, database, OPT_IN)) == "yes":
        cell.alembic = "opt-in"


# Ours


def our_cell(kind: Kind, database: str, cell: Cell) -> None:
    """makemigrations, and the file that it writes."""
    with tempfile.TemporaryDirectory() as folder, empty_database(database) as url:
        project = TinyProject(Path(folder) / "project", url.render_as_string(hide_password=False))
        try:
            _detected(kind, database, Evolution(project), cell)
        except Exception as error:
            cell.problems.append(_reason(error))
        finally:
            project.project.database().dispose()
    if cell.ours == "yes" and not kind.is_rename:
        cell.star = not autogenerated(kind, database, WITH_SUITE)


def _reason(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "alembic_manage/" in frame.filename]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}: " if frames else ""
    return f"{place}{type(error).__name__}: {error}"


def _detected(kind: Kind, database: str, evolution: Evolution, cell: Cell) -> None:
    after = models(kind.after, database)
    if kind.setup:
        evolution.project.change_env(TARGET, f"{TARGET} {SCHEMAS}")
        evolution.project.revision("0000_setup", "\n".join(f"op.execute({each!r})" for each in kind.setup))
    evolution.become(models(kind.before, database))
    noise = evolution.detect(models(kind.before, database))
    if noise.changes:
        cell.problems.append(f"something is found where nothing changed: {noise.upgrade}")
        return
    evolution.execute(*kind.rows)
    path = evolution.write(after, Truth(evolution.project.dialect, kind.renames))
    if path is None:
        cell.problems.append("not found")
        return
    source = evolution.text(path)
    cell.ours = "yes" if not kind.is_rename else _rename_word(source)
    try:
        evolution.assert_up_down_up(look=lambda where: _look(kind, evolution, where))
        _as_created(kind, database, evolution)
        cell.runs = "yes"
        # What kept its value under the new name was renamed, by whatever statement.
        cell.ours = "yes" if kind.keeps else cell.ours
    except Exception as error:
        cell.problems.append(f"{_reason(error)}\n{source[source.index('def upgrade') :]}")


def _rename_word(source: str) -> str:
    upgrade = source[source.index("def upgrade") : source.index("def downgrade")]
    if re.search(r"new_column_name|rename_table|RENAME|SET SCHEMA|UPDATE", upgrade):
        return "yes"
    return "drop + add" if re.search(r"\bdrop_\w+\(", upgrade) else "other changes"


def _look(kind: Kind, evolution: Evolution, where: str) -> None:
    if kind.keeps and where.startswith("up"):
        query, value = kind.keeps
        found = evolution.rows(query)
        assert found == [(value,)], f"{where}, {query} gives {found}"


def _as_created(kind: Kind, database: str, evolution: Evolution) -> None:
    """The database is what create_all would have made of the models."""
    with empty_database(database) as url, create_engine(url, poolclass=NullPool).connect() as connection:
        for statement in kind.setup:
            connection.execute(text(statement))
        models(kind.after, database).create_all(connection)
        connection.commit()
        expected = describe(connection)
    wrong = lines_of_difference(expected, evolution.description(), orders=database != "postgresql")
    assert not wrong, "not what create_all makes: " + "; ".join(wrong)


# Django


def django_cells(kinds: Sequence[Kind], database: str, cells: dict[str, Cell]) -> None:
    """Django, in two processes for all kinds."""
    chosen = {str(number): kind for number, kind in enumerate(kinds) if kind.django}
    with tempfile.TemporaryDirectory() as folder, empty_database(database) as url:
        server = _django_server(url, database)
        _django(folder, "make", server, database, {number: kind.django.before for number, kind in chosen.items()})
        found = _django(
            folder, "find", server, database, {number: kind.django.after for number, kind in chosen.items()}
        )
    for number, kind in chosen.items():
        cell, names = cells[kind.title], json.loads(found)[number]
        cell.django = word_for(kind, names) if not names or not names[0].startswith("exit") else "no"
        cell.django_note = kind.django.note if kind.django and cell.django != "no" else ""


def _django_server(url: URL, database: str) -> dict[str, Any]:
    engines = {"postgresql": "postgresql", "mariadb": "mysql", "sqlite": "sqlite3"}
    given = {
        "NAME": url.database,
        "USER": url.username,
        "PASSWORD": url.password,
        "HOST": url.host,
        "PORT": url.port and str(url.port),
    }
    return {"ENGINE": f"django.db.backends.{engines[database]}", **{key: each for key, each in given.items() if each}}


def _django(folder: str, what: str, server: dict[str, Any], database: str, texts: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "detection_django.py"), what],
        input=json.dumps({"database": database, "server": server, "models": texts}),
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"Django failed on {database}:\n{done.stderr}")
    return done.stdout.splitlines()[-1] if done.stdout else ""


# The page


def measured(kinds: Sequence[Kind], database: str) -> dict[str, Cell]:
    """Every cell of one database."""
    kinds = [kind for kind in kinds if database in kind.databases]
    cells = {kind.title: Cell() for kind in kinds}
    for kind in kinds:
        cell = cells[kind.title]
        our_cell(kind, database, cell)
        alembic_cell(kind, database, cell)
        if cell.problems:
            print(f"## {database}: {kind.title}\n" + "\n".join(cell.problems) + "\n", flush=True)
    django_cells(kinds, database, cells)
    return cells


STAR = " \\*"


def page(cells: dict[str, dict[str, Cell]], notes: dict[str, int]) -> Iterator[str]:
    """The tables, a database each."""
    for database, found in cells.items():
        yield f"\n## {TITLES[database]}\n"
        yield "| change | makemigrations | runs | Alembic | Django |"
        yield "| --- | --- | --- | --- | --- |"
        for heading, group in GROUPS.items():
            rows = [_row(kind, found.get(kind.title), notes) for kind in group]
            if any(kind.title in found for kind in group):
                yield f"| **{heading}** | | | | |"
                yield from rows
        yield ""
        yield _sum(found)
    if notes:
        yield ""
        yield from (f"{number}. Django: {note}.  " for note, number in notes.items())


def _row(kind: Kind, cell: Cell | None, notes: dict[str, int]) -> str:
    if cell is None:
        return f"| {kind.title} | — | — | — | — |"
    note = f" ({notes.setdefault(cell.django_note, len(notes) + 1)})" if cell.django_note else ""
    ours = cell.ours + STAR * cell.star
    return f"| {kind.title} | {ours} | {cell.runs} | {cell.alembic} | {cell.django}{note} |"


def _sum(found: dict[str, Cell]) -> str:
    cells = list(found.values())
    ours, runs = sum(cell.ours == "yes" for cell in cells), sum(cell.runs == "yes" for cell in cells)
    alembic, opt_in = sum(cell.alembic == "yes" for cell in cells), sum(cell.alembic == "opt-in" for cell in cells)
    said = [cell for cell in cells if cell.django != "—"]
    django = sum(cell.django == "yes" for cell in said)
    return (
        f"Of {len(cells)} kinds: makemigrations finds {ours} and {runs} of the files run; Alembic finds {alembic}, "
        f"and {opt_in} more opt-in; Django finds {django} of the {len(said)} that it has a word for."
    )


def introduction(today: str) -> str:
    """The beginning, with the date and every version."""
    parts = [
        *(f"{name} {version(package)}" for name, package in _PACKAGES.items()),
        *(_server_version(database) for database in EVERYWHERE),
    ]
    return INTRODUCTION.format(date=today, versions=", ".join(parts), star=STAR.strip(), laws=LAWS)


_PACKAGES = {
    "alembic-manage": "alembic-manage",
    "Alembic": "alembic",
    "SQLAlchemy": "sqlalchemy",
    "Django": "django",
}


def _server_version(database: str) -> str:
    with empty_database(database) as url, create_engine(url, poolclass=NullPool).connect() as connection:
        numbers = connection.dialect.server_version_info or ()
    return f"{TITLES[database]} {'.'.join(str(each) for each in numbers[:2])}"


def main() -> int:
    """Measure, then write or compare; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=EVERYWHERE, action="append", help="only this one; nothing is written")
    parser.add_argument("--only", help="only kinds with this word in their title; nothing is written")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a cell is not as on the page")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    kinds = [kind for kind in KINDS if not options.only or options.only.lower() in kind.title.lower()]
    cells = {database: measured(kinds, database) for database in options.database or EVERYWHERE}
    tables = "\n".join(page(cells, {})) + "\n"
    if options.database or options.only:
        print(tables)
    elif not options.check:
        PAGE.write_text(introduction(datetime.date.today().isoformat()) + tables, encoding="utf-8")
    elif not PAGE.is_file() or not PAGE.read_text(encoding="utf-8").endswith(tables):
        print("docs/detection.md is not current. Hint: python benchmarks/detection.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

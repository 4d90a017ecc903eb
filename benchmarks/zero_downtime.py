"""What an application notices of a migration: the short form beside the form in phases, on a table that is in use.

    python benchmarks/zero_downtime.py --rows 100000 [--database postgresql] [--out docs/zero-downtime-figures.md]

Two sessions read, insert and update rows at a steady rate while each change is applied. The old code runs until two
seconds after the migration in its short form, or after its expand phase; the new code during the contract phase.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import sqlalchemy as sa  # noqa: E402
from sqlalchemy import Column, Index, Integer, MetaData, NullPool, String, Table  # noqa: E402
from support.autodetection import Evolution  # noqa: E402
from support.rollouts import roll_out  # noqa: E402
from support.tiny_projects import TinyProject, synchronous  # noqa: E402

from alembic_manage.drift.verification import differences  # noqa: E402
from alembic_manage.errors import CommandError  # noqa: E402
from alembic_manage.execution.policy import RunPolicy  # noqa: E402
from alembic_manage.questions import Given, Value  # noqa: E402

SERVERS = {
    "postgresql": "postgresql+psycopg://postgres@127.0.0.1:5432/{name}",
    "mariadb": "mysql+pymysql://root@127.0.0.1:3306/{name}",
}
SESSIONS = 2
PAUSE_S = 0.02
AFTERWARDS_S = 2.0


@dataclass
class Form:
    """A change, as what becomes of the columns of one table."""

    name: str
    change: Callable[[dict[str, Any]], None]
    """Changes the members of the table: what makes each, by name."""
    answers: Mapping[str, Any] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    only: str | None = None
    """The only database that has a form for it."""
    repair: str | None = None
    """What a person does where rows that were written meanwhile stop the migration."""


@dataclass
class Seen:
    """What the application noticed."""

    longest_ms: float = 0.0
    queries: int = 0
    failures: dict[str, int] = field(default_factory=dict)

    def add(self, seconds: float, error: Exception | None) -> None:
        """One query."""
        self.queries += 1
        self.longest_ms = max(self.longest_ms, seconds * 1000)
        if error is not None:
            first = str(getattr(error, "orig", error)).splitlines()[0][:80]
            self.failures[first] = self.failures.get(first, 0) + 1

    @property
    def failed(self) -> int:
        """How many queries failed."""
        return sum(self.failures.values())


def members() -> dict[str, Any]:
    """The table as it begins."""
    return {
        "id": lambda: Column("id", Integer, primary_key=True, autoincrement=True),
        "customer_id": lambda: Column("customer_id", Integer, nullable=False),
        "note": lambda: Column("note", String(20)),
        "total": lambda: Column("total", Integer, nullable=False),
        "placed": lambda: Column("placed", Integer, nullable=False, index=True),
        "code": lambda: Column("code", String(40), nullable=False),
        "old": lambda: Column("old", Integer, nullable=False),
    }


def models(parts: Mapping[str, Any]) -> MetaData:
    """The models."""
    metadata = MetaData()
    Table("customers", metadata, Column("id", Integer, primary_key=True))
    Table("orders", metadata, *(make() for make in parts.values()))
    return metadata


def forms(database: str) -> Iterator[Form]:
    """The changes, one after the other on the same table."""

    def put(name: str, make: Callable[[], Any]) -> Callable[[dict[str, Any]], None]:
        return lambda parts: parts.update({name: make})

    def rename(parts: dict[str, Any]) -> None:
        items = [
            ("placed_at", lambda: Column("placed_at", Integer, nullable=False, index=True))
            if name == "placed"
            else (name, make)
            for name, make in parts.items()
        ]
        parts.clear()
        parts.update(items)

    random_text = "gen_random_uuid()::text" if database == "postgresql" else "(uuid())"
    yield Form("index", put("ix", lambda: Index("ix_orders_customer", "customer_id")))
    yield Form("unique constraint", put("uq", lambda: sa.UniqueConstraint("code", name="uq_orders_code")))
    yield Form(
        "foreign key",
        put("fk", lambda: sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_orders_customer")),
    )
    yield Form("CHECK", put("ck", lambda: sa.CheckConstraint("old >= 0", name="ck_old")), only="postgresql")
    yield Form(
        "NOT NULL", put("note", lambda: Column("note", String(20), nullable=False)), {"orders.note": Value("'n'")}
    )
    yield Form(
        "new column, NOT NULL",
        put("country", lambda: Column("country", String(2), nullable=False)),
        {"orders.country": Value("'DE'")},
        repair="UPDATE orders SET country = 'DE' WHERE country IS NULL",
    )
    yield Form(
        "new column, a default of its own for each row",
        put("ref", lambda: Column("ref", String(40), server_default=sa.text(random_text), nullable=False)),
    )
    yield Form("another type", put("total", lambda: Column("total", sa.BigInteger, nullable=False)))
    yield Form("another name", rename, renames={"orders.placed": "orders.placed_at"})

    def drop(parts: dict[str, Any]) -> None:
        parts.pop("old")
        parts.pop("ck", None)

    yield Form("column dropped", drop)


class Application:
    """Sessions that use the table at a steady rate.

    Args:
        url: the database.
        rows: how many there are.
    """

    def __init__(self, url: Any, rows: int) -> None:
        self.engine = sa.create_engine(url, poolclass=NullPool)
        self.rows = rows
        self.seen = Seen()
        self.table: Table | None = None
        self._lock = threading.Lock()
        self._number = 0

    @contextmanager
    def running(self, table: Table) -> Iterator[Seen]:
        """The code that knows `table`, until the end of the block."""
        self.seen, self.table = Seen(), table
        stop = threading.Event()
        threads = [threading.Thread(target=self._session, args=(stop,), daemon=True) for _ in range(SESSIONS)]
        for thread in threads:
            thread.start()
        try:
            yield self.seen
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _session(self, stop: threading.Event) -> None:
        chance = random.Random(threading.get_ident())
        with self.engine.connect() as connection:
            while not stop.is_set():
                for statement in self._statements(chance):
                    begin, error = time.perf_counter(), None
                    try:
                        connection.execute(statement)
                        connection.commit()
                    except sa.exc.SQLAlchemyError as raised:
                        error = raised
                        connection.rollback()
                    with self._lock:
                        self.seen.add(time.perf_counter() - begin, error)
                time.sleep(PAUSE_S)

    def _statements(self, chance: random.Random) -> Iterator[Any]:
        table = self.table
        assert table is not None
        id = chance.randint(1, self.rows)
        columns = [column.name for column in table.columns if column.name not in ("id", "ref")]
        with self._lock:
            self._number += 1
            number = self._number
        values = {name: _value(name, number) for name in columns}
        yield table.select().where(table.c.id == id)
        yield table.insert().values(**values)
        yield table.update().where(table.c.id == id).values(total=number)


def _value(name: str, number: int) -> Any:
    texts = {"note": "n", "country": "FR", "code": f"new {number}"}
    return texts.get(name, 1)


class Side:
    """One database, on which all changes are written in one way.

    Args:
        kind: a key of SERVERS.
        rows: of the table.
        is_phased: whether changes are written in phases.
        folder: for the project.
    """

    def __init__(self, kind: str, rows: int, is_phased: bool, folder: Path) -> None:
        self.name = f"zero_downtime_{'phased' if is_phased else 'short'}"
        self.kind, self.is_phased = kind, is_phased
        self.server = sa.create_engine(
            SERVERS[kind].format(name="postgres" if kind == "postgresql" else ""), isolation_level="AUTOCOMMIT"
        )
        self.drop()
        with self.server.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {self.name}"))
        self.url = SERVERS[kind].format(name=self.name)
        self.evolution = Evolution(TinyProject(folder / self.name, self.url))
        self.evolution.become(models(members()))
        self.application = Application(synchronous(sa.make_url(self.url)), rows)
        self._load(rows)

    def drop(self) -> None:
        """No such database."""
        with self.server.connect() as connection:
            force = " WITH (FORCE)" if self.kind == "postgresql" else ""
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {self.name}{force}"))

    def _load(self, rows: int) -> None:
        numbers = f"generate_series(1, {rows}) AS n(seq)" if self.kind == "postgresql" else f"seq_1_to_{rows}"
        text = "'code ' || seq" if self.kind == "postgresql" else "concat('code ', seq)"
        self.evolution.execute(
            "INSERT INTO customers (id) VALUES (1)",
            "INSERT INTO orders (customer_id, note, total, placed, code, old) "
            f"SELECT 1, CASE WHEN seq % 2 = 0 THEN 'n' END, seq, seq, {text}, seq FROM {numbers}",
        )
        with self.application.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE orders" if self.kind == "postgresql" else "ANALYZE TABLE orders"))

    def apply(self, form: Form, before: MetaData, after: MetaData) -> dict[str, Any]:
        """Write the change and run it; what the application noticed."""
        old, new = before.tables["orders"], after.tables["orders"]
        begin = time.perf_counter()
        if not self.is_phased:
            self.evolution.write(after, form.answers, Given(renames=form.renames))
            with self.application.running(old) as seen:
                time.sleep(0.5)
                stopped = self._migrate()
                time.sleep(AFTERWARDS_S)
            if stopped:
                self.evolution.execute(*([form.repair] if form.repair else []))
                self.evolution.migrate()
            return {**_figures(seen, time.perf_counter() - begin), "stopped": stopped}
        written = roll_out(self.evolution, after, form.answers, Given(renames=form.renames))
        assert not written.notes, written.notes
        with self.application.running(old) as expand:
            time.sleep(0.5)
            if written.last_expand is not None:
                self.evolution.migrate(written.last_expand)
            time.sleep(AFTERWARDS_S)
        with self.application.running(new) as contract:
            time.sleep(0.5)
            self.evolution.migrate()
            time.sleep(AFTERWARDS_S)
        both = Seen(max(expand.longest_ms, contract.longest_ms), expand.queries + contract.queries)
        both.failures = {**expand.failures, **contract.failures}
        return _figures(both, time.perf_counter() - begin)

    def _migrate(self) -> str:
        """Run what is pending, once; what stopped it, or nothing. By default it would be tried ten times more."""
        try:
            self.evolution.project.migrate("heads", policy=RunPolicy(lock_retries=0))
        except CommandError as error:
            return str(error).splitlines()[0]
        return ""


def _figures(seen: Seen, seconds: float) -> dict[str, Any]:
    return {
        "longest_ms": round(seen.longest_ms),
        "queries": seen.queries,
        "failed": seen.failed,
        "why": sorted(seen.failures, key=lambda each: -seen.failures[each])[:2],
        "seconds": round(seconds, 1),
    }


def run(kind: str, rows: int, names: list[str]) -> Iterator[dict[str, Any]]:
    """The figures of each form on one server."""
    with tempfile.TemporaryDirectory() as folder:
        sides = {False: Side(kind, rows, False, Path(folder)), True: Side(kind, rows, True, Path(folder))}
        try:
            parts = members()
            for form in forms(kind):
                if form.only not in (None, kind) or (names and form.name not in names):
                    continue
                changed = dict(parts)
                form.change(changed)
                found = {}
                for is_phased, side in sides.items():
                    found[is_phased] = side.apply(form, models(parts), models(changed))
                lines = differences(sides[False].evolution.description(), sides[True].evolution.description())
                unequal = [each.line for each in lines if not each.object.startswith("order of")]
                yield {
                    "database": kind,
                    "rows": rows,
                    "form": form.name,
                    "short": found[False],
                    "phased": found[True],
                    "same_schema": not unequal,
                    "unequal": unequal,
                }
                parts = changed
        finally:
            for side in sides.values():
                side.application.engine.dispose()
                side.drop()


def main() -> None:
    """Print a line of JSON for each form; that is what `--table` makes a table of."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", choices=sorted(SERVERS), action="append")
    parser.add_argument("--form", action="append", default=[], help="only these, by name")
    parser.add_argument("--table", type=Path, help="print the table of figures that a run has printed, and stop")
    options = parser.parse_args()
    if options.table is not None:
        print(table([json.loads(line) for line in options.table.read_text().splitlines() if line.startswith("{")]))
        return
    for kind in options.database or sorted(SERVERS):
        for found in run(kind, options.rows, options.form):
            print(json.dumps(found), flush=True)


def table(found: list[dict[str, Any]]) -> str:
    """The figures side by side, as Markdown."""
    lines = [
        "| database | rows | change | short: longest query | failed | phases: longest query | failed | same schema |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for each in found:
        short, phased = each["short"], each["phased"]
        stopped = ", and the migration" if short.get("stopped") else ""
        lines.append(
            f"| {each['database']} | {each['rows']:,} | {each['form']} | {short['longest_ms']:,} ms | "
            f"{short['failed']} of {short['queries']:,}{stopped} | {phased['longest_ms']:,} ms | "
            f"{phased['failed']} of {phased['queries']:,} | {'yes' if each['same_schema'] else 'no'} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()

"""The floor under every tool: the database's own client reads the SQL of the migrations, a transaction each."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from databases import Database
from process import Run, run
from tools import PlainAlembic

_HEADING = re.compile(r"^-- Running upgrade .*$", re.MULTILINE)
_AROUND = re.compile(r"^(BEGIN|START TRANSACTION|COMMIT);$", re.MULTILINE)


class Floor:
    """No tool at all.

    Args:
        alembic: writes the SQL; its own database is not touched.
        database: what the client reads into.
        folder: for the files of SQL.
    """

    title, name = "client", "floor"

    def __init__(self, alembic: PlainAlembic, database: Database, folder: Path) -> None:
        self.database = database
        self.schema = alembic.schema
        text = run([sys.executable, "-m", "alembic", "upgrade", "head", "--sql"], alembic.folder).stdout
        first, *blocks = _HEADING.split(_AROUND.sub("", text))
        self._each = folder / f"{database.name}_each.sql"
        begin = database.begin
        self._each.write_text(first + "\n".join(f"{begin}\n{block.strip()}\nCOMMIT;" for block in blocks))
        self._once = folder / f"{database.name}_once.sql"
        self._once.write_text("\n".join([begin, first, *blocks, "COMMIT;"]))

    def run(self, job: str) -> Run:
        """Read it; the database is empty."""
        return self.database.read(self._once if job == "once" else self._each)

    def can(self, job: str) -> bool:
        """Only that."""
        return job in ("upgrade", "once")

    def fill(self, database: Database, rows: Sequence[str]) -> None:
        """Make another tool's database as its own upgrade leaves it, in a fraction of the time."""
        text = self._once.read_text()
        ours = text.replace("alembic_version", "alembic_version_of_the_client")
        drop = "DROP TABLE alembic_version_of_the_client;\n"
        file = self._once.with_name(f"{database.name}_fill.sql")
        file.write_text("\n".join([ours, drop, *(f"{row};" for row in rows)]) + "\n")
        database.empty()
        database.read(file)
        file.unlink()

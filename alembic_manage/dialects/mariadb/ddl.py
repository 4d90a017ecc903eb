"""Names and statements of DDL as MariaDB has them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from alembic_manage.dialects.dialect import Dialect


class MariaDBDDL(Dialect):
    """Writes DDL of MariaDB."""

    def generated_name(self, kind: str, table: str, columns: Sequence[str], taken: Collection[str]) -> str | None:
        """`first_column`, `first_column_2`; `table_ibfk_1`; `CONSTRAINT_1`.

        Source: MariaDB documentation, "CREATE TABLE": Index Definitions, "Foreign Keys", and "CONSTRAINT".
        """
        if kind == "primary":
            return None
        if kind in ("unique", "index"):
            return next(name for name in _numbered(columns[0]) if name not in taken)
        stem = f"{table}_ibfk_" if kind == "foreignkey" else "CONSTRAINT_"
        used = [int(name.removeprefix(stem)) for name in taken if re.fullmatch(re.escape(stem) + r"\d+", name)]
        return f"{stem}{max(used, default=0) + 1}"

    def rename_index_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """ALTER TABLE ... RENAME INDEX. Source: MariaDB documentation, "ALTER TABLE", since 10.5.2."""
        name = ".".join(self.quoted(part) for part in (schema, table) if part)
        return f"ALTER TABLE {name} RENAME INDEX {self.quoted(old)} TO {self.quoted(new)}"

    def rename_constraint_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """As for an index: a UNIQUE is one."""
        return self.rename_index_sql(schema, table, old, new)

    def move_table_sql(
        self, table: tuple[str | None, str], new: tuple[str | None, str], default_schema: str | None
    ) -> Sequence[str]:
        """RENAME TABLE, to another database too. Source: MariaDB documentation, "RENAME TABLE"."""
        old, path = (".".join(self.quoted(part) for part in (schema, name) if part) for schema, name in (table, new))
        return [f"RENAME TABLE {old} TO {path}"]

    def table_options_sql(self, schema: str | None, table: str, options: Mapping[str, str | None]) -> Sequence[str]:
        """Character set and collation by CONVERT TO, which takes the columns along; DEFAULT is the database's.

        Source: MariaDB documentation, "ALTER TABLE", "CONVERT TO CHARACTER SET"; "CREATE TABLE", "Table Options".
        """
        place = ".".join(self.quoted(part) for part in (schema, table) if part)
        rest = {name: value for name, value in options.items() if name not in ("default_charset", "collate")}
        found = (
            [f"ALTER TABLE {place} {' '.join(_option(name, value) for name, value in rest.items())}"] if rest else []
        )
        if len(rest) < len(options):
            collation = options.get("collate")
            charset = options.get("default_charset") or (collation.partition("_")[0] if collation else "DEFAULT")
            suffix = f" COLLATE {collation}" if collation else ""
            found.append(f"ALTER TABLE {place} CONVERT TO CHARACTER SET {charset}{suffix}")
        return found

    def number_rows_sql(self, table: str, column: str, value: str, start: str) -> str:
        """UPDATE with a variable that counts. Source: MariaDB documentation, "User-Defined Variables"."""
        counted = value.format(number="(@number := @number + 1)")
        return f"UPDATE {table}, (SELECT @number := {start}) AS start SET {column} = {counted} WHERE {column} IS NULL"

    def one_spelling(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """DEFAULT CHARACTER SET and COLLATE have several names. Source: MariaDB documentation, "CREATE TABLE"."""
        return {_OPTIONS.get(name.lower().replace(" ", "_"), name): value for name, value in options.items()}


def _option(name: str, value: str | None) -> str:
    return f"{name.upper()}={value or 'DEFAULT'}"


_OPTIONS = {
    **dict.fromkeys(
        (f"mysql_{name}" for name in ("charset", "character_set", "default_charset", "default_character_set")),
        "mysql_default_charset",
    ),
    **dict.fromkeys(
        (f"mariadb_{name}" for name in ("charset", "character_set", "default_charset", "default_character_set")),
        "mariadb_default_charset",
    ),
    "mysql_collate": "mysql_collate",
    "mysql_default_collate": "mysql_collate",
    "mariadb_default_collate": "mariadb_collate",
    **{f"{name}_{option}": f"{name}_{option}" for name in ("mysql", "mariadb") for option in ("engine", "row_format")},
}


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        yield f"{name}_{number}"

"""The types of MariaDB, one spelling for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.dialect import Dialect

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.types import TypeEngine


class MariaDBTypes(Dialect):
    """Knows types of MariaDB."""

    def long_text_type(self) -> TypeEngine[Any]:
        """LONGTEXT: a TEXT ends at 64 KiB. Source: MariaDB documentation, "TEXT"."""
        from sqlalchemy.dialects.mysql import LONGTEXT

        return LONGTEXT()

    def dialect_class(self, name: str) -> type[SQLAlchemyDialect]:
        """The one that has this name in URLs."""
        from sqlalchemy.dialects.mysql.base import MySQLDialect
        from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect

        return MariaDBDialect if name == "mariadb" else MySQLDialect

    def assume_version(self, dialect: Any, version: tuple[int, ...]) -> tuple[int, ...]:
        """As if the server had said so: only then does SQLAlchemy's dialect speak MariaDB."""
        return tuple(dialect._parse_server_version(f"{'.'.join(map(str, version))}-MariaDB"))

    def canonical_type(self, text: str) -> str | None:
        """Synonyms resolved, lengths filled in, widths left out. Source: MariaDB documentation, "Data Types".

        JSON is a LONGTEXT with a collation of its own, which SQLAlchemy reads back as such.
        Source: MariaDB documentation, "JSON Data Type".
        """
        is_binary = _BINARY.search(text)
        text = _CHARSET.sub("", text)
        name, _, rest = text.partition("(")
        inside, _, after = rest.rpartition(")")
        name = " ".join(name.lower().split())
        said = [word for word in _ATTRIBUTES if word in f"{name} {after.lower()}".split()]
        # What is filled with zeros has no sign.
        words = " ".join(_ATTRIBUTES if "zerofill" in said else said)
        name = " ".join(word for word in name.split() if word not in _ATTRIBUTES)
        name = self.type_aliases.get(name, name).partition("(")[0]
        name = "json" if name == "longtext" and is_binary else _SYNONYMS.get(name, name)
        if name in ("enum", "set"):
            return f"{name}({inside})"
        arguments = _arguments(name, [part.strip() for part in inside.split(",") if part.strip()])
        if name in ("text", "blob") and arguments:
            name, arguments = _sized(name, int(arguments[0])), []
        if name == "float" and len(arguments) == 1:
            name, arguments = ("float" if int(arguments[0]) < 25 else "double"), []
        return " ".join(part for part in (name + (f"({','.join(arguments)})" if arguments else ""), words) if part)

    def is_json(self, text: str, column: str, checks: Sequence[str]) -> bool:
        """With that collation and this CHECK. Source: MariaDB documentation, "JSON Data Type", since 10.4.3."""
        wanted = f"json_valid({column})".lower()
        return self.canonical_type(text) == "json" and any(check.replace("`", "").lower() == wanted for check in checks)


_BINARY = re.compile(r"\bCOLLATE\s+utf8mb4_bin\b", re.IGNORECASE)


_CHARSET = re.compile(
    r"\s+(?:CHARACTER\s+SET|CHARSET|COLLATE)\s+\w+|\bNATIONAL\s+|\s+(?:ASCII|UNICODE|BINARY)\b", re.IGNORECASE
)


_ATTRIBUTES = ("unsigned", "zerofill")


_SYNONYMS = {"numeric": "decimal", "fixed": "decimal", "int": "integer", "nvarchar": "varchar"}


# Of utf8mb4.
_CHARACTER_BYTES = 4


_INTEGERS = ("tinyint", "smallint", "mediumint", "integer", "bigint", "year")


def _arguments(name: str, given: list[str]) -> list[str]:
    """Those of a type with what is said in vain, or not said at all, in one way."""
    if name in _INTEGERS:
        return []
    if name == "decimal":
        return [*given, *("10", "0")[len(given) :]]
    if name in ("char", "binary", "bit"):
        return given or ["1"]
    if name in ("datetime", "timestamp", "time") and given == ["0"]:
        return []
    return given


def _sized(name: str, length: int) -> str:
    """The smallest type that holds so much. Source: MariaDB documentation, "TEXT" and "BLOB"."""
    size = length * (_CHARACTER_BYTES if name == "text" else 1)
    return (
        next((prefix for prefix, most in (("tiny", 2**8), ("", 2**16), ("medium", 2**24)) if size < most), "long")
        + name
    )

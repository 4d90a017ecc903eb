"""The types of PostgreSQL, one spelling for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.dialect import Dialect

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.types import TypeEngine


class PostgreSQLTypes(Dialect):
    """Knows types of PostgreSQL."""

    def enum_key(self, type_: TypeEngine[Any]) -> tuple[str | None, str] | None:
        """Of an enum that is a type of its own, also as the element of an array."""
        from sqlalchemy import ARRAY, Enum

        if isinstance(type_, ARRAY):
            return self.enum_key(type_.item_type)
        real = getattr(type_, "impl", type_) if not isinstance(type_, Enum) else type_
        if isinstance(real, Enum) and real.native_enum and real.name:
            return real.schema, str(real.name)
        return None

    def without_domain(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        """What CREATE DOMAIN says behind AS."""
        from sqlalchemy.dialects.postgresql import DOMAIN

        return self.without_domain(type_.data_type) if isinstance(type_, DOMAIN) else type_

    def enum_source(self, enum: Any) -> tuple[str, str]:
        """postgresql.ENUM(..., create_type=False).

        Source: SQLAlchemy 2.0.31 and 2.1: other databases have it as they have sqlalchemy.Enum; that one has no
        create_type before 2.1.
        """
        arguments = [*map(repr, map(str, enum.enums)), f"name={str(enum.name)!r}"]
        arguments += [f"schema={str(enum.schema)!r}"] if enum.schema else []
        return (
            "from sqlalchemy.dialects import postgresql",
            f"postgresql.ENUM({', '.join(arguments)}, create_type=False)",
        )

    def enum_type(
        self, type_: TypeEngine[Any], schema: str | None, name: str, labels: Sequence[str]
    ) -> TypeEngine[Any]:
        """An ENUM that creates no type by itself; of an array, an array of it."""
        from sqlalchemy import ARRAY
        from sqlalchemy.dialects.postgresql import ENUM

        enum = ENUM(*labels, name=name, schema=schema, create_type=False)
        if isinstance(type_, ARRAY):
            return type(type_)(enum, dimensions=type_.dimensions)
        return enum

    def array_type(self, item: TypeEngine[Any], dimensions: int) -> TypeEngine[Any]:
        """PostgreSQL's own ARRAY."""
        from sqlalchemy.dialects.postgresql import ARRAY

        return ARRAY(item, dimensions=dimensions if dimensions > 1 else None)

    def create_enum(self, schema: str | None, name: str, labels: Sequence[str]) -> Any:
        """CreateEnumType."""
        from sqlalchemy.dialects.postgresql import ENUM, CreateEnumType

        return CreateEnumType(ENUM(*labels, name=name, schema=schema))

    def numbered_type(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        """SERIAL, in the size of the type."""
        from sqlalchemy.types import BigInteger, SmallInteger, UserDefinedType

        words = {BigInteger: "BIGSERIAL", SmallInteger: "SMALLSERIAL"}
        word = next((word for kind, word in words.items() if isinstance(type_, kind)), "SERIAL")

        class Serial(UserDefinedType[int]):
            cache_ok = True

            def get_col_spec(self, **_: Any) -> str:
                return word

        return Serial()

    def canonical_type(self, text: str) -> str | None:
        """Synonyms resolved, lengths filled in. Source: PostgreSQL 16 manual, chapter 8 "Data Types"."""
        text = re.sub(r'\s+COLLATE\s+(?:(?:"[^"]*"|[\w.]+)\.?)+', "", text, flags=re.IGNORECASE)
        words, _, dimensions = text.partition("[")
        arguments = re.search(r"\(([^)]*)\)", words)
        given = [part.strip() for part in arguments[1].split(",")] if arguments else []
        name = " ".join(re.sub(r"\([^)]*\)", " ", words).split())
        name = name if '"' in name else name.lower()
        name = {"timestamp": "timestamp without time zone", "time": "time without time zone"}.get(name, name)
        name = self.type_aliases.get(name, name).removeprefix(f"{self.default_schema}.")
        if name == "float":
            return ("real" if given and int(given[0]) < 25 else "double precision") + "[]" * bool(dimensions)
        if name == "numeric" and len(given) == 1:
            given = [*given, "0"]
        if name in ("character", "bit") and not given:
            given = ["1"]
        return name + (f"({','.join(given)})" if given else "") + "[]" * bool(dimensions)

    def exclude_constraint(self, elements: Sequence[tuple[str, str]], **options: Any) -> Any:
        """ExcludeConstraint; Alembic needs a name for each of its elements."""
        from sqlalchemy import literal_column
        from sqlalchemy.dialects.postgresql import ExcludeConstraint

        return ExcludeConstraint(*((literal_column(text), operator) for text, operator in elements), **options)

    def dialect_class(self, name: str) -> type[SQLAlchemyDialect]:
        """PGDialect."""
        from sqlalchemy.dialects.postgresql.base import PGDialect

        return PGDialect

"""The types of any database, one spelling for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.facts import Facts

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.types import TypeEngine


class AnyTypes(Facts):
    """Knows types; the defaults are those of a database of which nothing is known."""

    def enum_key(self, type_: TypeEngine[Any]) -> tuple[str | None, str] | None:
        """Schema and name of the type whose labels the database keeps apart from the column; None for other types."""
        return None

    def without_domain(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        """The type that a domain is made of; any other type as it is."""
        return type_

    def enum_source(self, enum: Any) -> tuple[str, str] | None:
        """The import and the Python of an enum that makes no type by itself; None where enums are no types.

        What it says is understood by every database.
        """
        return None

    def enum_type(
        self, type_: TypeEngine[Any], schema: str | None, name: str, labels: Sequence[str]
    ) -> TypeEngine[Any]:
        """The type of a column whose named type is now called `name` and has these labels."""
        return type_

    def numbered_type(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        """A type that says that the database numbers the rows; the type itself where there is none."""
        return type_

    def long_text_type(self) -> TypeEngine[Any]:
        """The type of a text of any length."""
        from sqlalchemy import Text

        return Text()

    def array_type(self, item: TypeEngine[Any], dimensions: int) -> TypeEngine[Any]:
        """An array of a type."""
        from sqlalchemy import ARRAY

        return ARRAY(item, dimensions=dimensions if dimensions > 1 else None)

    def create_enum(self, schema: str | None, name: str, labels: Sequence[str]) -> Any:
        """SQLAlchemy's CREATE TYPE for an enum."""
        raise NotImplementedError(f"{self.title} has no types of the user's")

    def exclude_constraint(self, elements: Sequence[tuple[str, str]], **options: Any) -> Any:
        """SQLAlchemy's EXCLUDE constraint of these pairs of expression and operator."""
        raise NotImplementedError(f"{self.title} has no exclusion constraints")

    def dialect_class(self, name: str) -> type[SQLAlchemyDialect]:
        """SQLAlchemy's dialect without what belongs to one driver.

        Args:
            name: the backend name in the URL.
        """
        from sqlalchemy import URL

        return URL.create(name).get_dialect()

    def assume_version(self, dialect: Any, version: tuple[int, ...]) -> tuple[int, ...] | None:
        """Tell SQLAlchemy's dialect of a server's version, and return it."""
        return version or None

    def canonical_type(self, text: str) -> str | None:
        """A type in DDL in one spelling for all that mean the same; None where nothing is known about spellings."""
        return None

    def is_json(self, text: str, column: str, checks: Sequence[str]) -> bool:
        """Whether a column of a text type is what the database makes of JSON.

        Args:
            text: the type in DDL.
            column: the column's name.
            checks: the CHECKs that are written at it.
        """
        return False

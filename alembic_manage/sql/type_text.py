"""The text of a type in DDL."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import CompileError
from sqlalchemy.types import TypeEngine


def type_text(type_: TypeEngine[Any], dialect: Any) -> str | None:
    """The type as DDL of a SQLAlchemy dialect has it; None where that database does not know it."""
    try:
        return str(dialect.type_compiler_instance.process(type_))
    except (CompileError, NotImplementedError, AttributeError):
        return None

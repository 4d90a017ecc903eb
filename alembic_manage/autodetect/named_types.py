"""The named types that a column's type is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from sqlalchemy import ARRAY, Enum, TypeDecorator


def enums_in(type_: Any) -> Iterator[Enum]:
    """The enums that are types of their own where the database has such: in arrays, variants and decorators too."""
    for each in (type_, *getattr(type_, "_variant_mapping", {}).values()):
        if isinstance(each, ARRAY):
            yield from enums_in(each.item_type)
        elif isinstance(each, TypeDecorator):
            yield from enums_in(each.impl_instance)
        elif is_enum_type(each):
            yield each


def is_enum_type(type_: Any) -> TypeGuard[Enum]:
    """Whether it is an enum that is a type of its own where the database has such."""
    return isinstance(type_, Enum) and bool(type_.native_enum and type_.name)


def named_types_in(type_: Any) -> Iterator[tuple[str | None, str]]:
    """Schema and name of each of `enums_in`."""
    for enum in enums_in(type_):
        yield enum.schema, str(enum.name)

"""One record as the values to be bound for its columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from alembic_manage.data.formats.csv_format import value_of
from alembic_manage.data.layout import Field, Layout, Reference
from alembic_manage.data.record import Place, Record, bad_record


@dataclass(frozen=True)
class Named:
    """A parent that a record names by its natural key."""

    reference: Reference
    values: tuple[Any, ...]

    def __str__(self) -> str:
        names = ", ".join(field.name for field in self.reference.natural)
        return f"no row of {self.reference.parent.key} with {names} = {', '.join(map(str, self.values))}"


@dataclass(frozen=True)
class Row:
    """A row to be loaded; `values` has every column that the record says."""

    layout: Layout
    values: dict[str, Any]
    record: Record

    @property
    def place(self) -> Place | None:
        """Where the record stands."""
        return self.record.place

    @cached_property
    def identity(self) -> tuple[str, ...]:
        """The columns by which a row that is there already is found; empty where nothing tells."""
        for fields in (self.layout.key, self.layout.natural):
            if fields and all(self.values.get(field.name) is not None for field in fields):
                return tuple(field.name for field in fields)
        return ()

    @property
    def names(self) -> list[Named]:
        """The parents that are named by natural keys."""
        return [value for value in self.values.values() if isinstance(value, Named)]

    def resolved(self, keys: Mapping[tuple[str, tuple[Any, ...]], Any]) -> Row:
        """The row with keys in the place of names, those that are known."""
        values = {
            name: keys.get(lookup_key(value), value) if isinstance(value, Named) else value
            for name, value in self.values.items()
        }
        return Row(self.layout, values, self.record)


def lookup_key(named: Named) -> tuple[str, tuple[Any, ...]]:
    """What tells a named parent from others."""
    return f"{named.reference.parent.key}.{named.reference.target.name}", named.values


class RowReader:
    """Makes rows of the records of a table.

    Args:
        layout: of the table.
        ignores_unknown: whether fields that are no columns are left out.
    """

    def __init__(self, layout: Layout, *, ignores_unknown: bool) -> None:
        self._layout = layout
        self._ignores_unknown = ignores_unknown

    def row(self, record: Record) -> Row:
        """The row of a record.

        Raises:
            FixtureError: a field is no column, or its value is none of its type.
        """
        values = {**dict(record.fields), **self._key_of(record)}
        known = {name: value for name, value in values.items() if self._is_known(record, name)}
        found = {name: self._value(record, self._layout.by_name[name], value) for name, value in known.items()}
        for field in self._layout.key:
            if field.name in found and found[field.name] is None:
                del found[field.name]  # the database numbers it
        return Row(self._layout, found, record)

    def _key_of(self, record: Record) -> Mapping[str, Any]:
        if isinstance(record.key, Mapping):
            return record.key
        names = [field.name for field in self._layout.key]
        if record.key and len(record.key) != len(names):
            said = f"'pk' has {len(record.key)} value(s), the primary key {len(names)}"
            raise bad_record(record.place, f"{record.model}: {said}")
        return dict(zip(names, record.key, strict=False))

    def _is_known(self, record: Record, name: str) -> bool:
        if name in self._layout.by_name:
            return True
        if name not in self._layout.computed and not self._ignores_unknown:
            raise bad_record(record.place, f"{record.model} has no field '{name}'")
        return False

    def _value(self, record: Record, field: Field, value: Any) -> Any:
        try:
            return self._decoded(record, field, value)
        except ValueError as error:
            raise bad_record(record.place, f"{record.model}, field '{field.name}': {error}") from error

    def _decoded(self, record: Record, field: Field, value: Any) -> Any:
        codec, reference = field.codec, self._layout.references.get(field.name)
        if record.is_text:
            is_list = reference is not None and value.startswith("[")
            value = _cell(value, is_structured=codec.is_structured or is_list, may_be_empty=codec.may_be_empty)
        if reference is not None and isinstance(value, list) and not codec.is_structured:
            return self._named(reference, value)
        return field.decode(value)

    def _named(self, reference: Reference, values: list[Any]) -> Named:
        if len(values) != len(reference.natural):
            raise ValueError(f"{values!r} is no natural key of {reference.parent.key}")
        return Named(reference, tuple(map(_decode, reference.natural, values)))


_decode: Callable[[Field, Any], Any] = Field.decode


def _cell(text: str, *, is_structured: bool, may_be_empty: bool) -> Any:
    try:
        return value_of(text, is_structured=is_structured, may_be_empty=may_be_empty)
    except json.JSONDecodeError as error:
        raise ValueError(f"{text!r} is no JSON") from error

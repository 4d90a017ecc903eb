"""One row as it stands in a fixture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alembic_manage.errors import FixtureError


@dataclass(frozen=True)
class Place:
    """Where in a fixture something stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Record:
    """A row of a table: values as a fixture has them, by the names of columns."""

    model: str
    """The table, as the fixture names it."""
    fields: Mapping[str, Any]
    key: Mapping[str, Any] | list[Any] = field(default_factory=dict)
    """The primary key: by column, or in the order of its columns; empty where the record says none."""
    place: Place | None = None
    is_text: bool = False
    """Whether all values are text, as CSV has it."""

    def as_mapping(self) -> dict[str, Any]:
        """The record as Django writes it; without "pk" where it has no key."""
        values = list(self.key.values() if isinstance(self.key, Mapping) else self.key)
        pk: dict[str, Any] = {"pk": values[0] if len(values) == 1 else values} if values else {}
        return {"model": self.model, **pk, "fields": self.fields}


def record_from(value: Any, place: Place) -> Record:
    """The record that a fixture holds at a place.

    Raises:
        FixtureError: it has another shape.
    """
    if not isinstance(value, dict):
        raise bad_record(place, f'a record is {{"model": ..., "pk": ..., "fields": {{...}}}}, not {_shown(value)}')
    model, fields = value.get("model"), value.get("fields", {})
    if not isinstance(model, str):
        raise bad_record(place, "the record has no model")
    if not isinstance(fields, dict):
        raise bad_record(place, f"{model}: 'fields' must be an object, not {_shown(fields)}")
    unknown = sorted(map(str, value.keys() - {"model", "pk", "fields"}))
    if unknown:
        raise bad_record(place, f"{model}: a record has no '{unknown[0]}'; columns stand in 'fields'")
    pk = value.get("pk")
    return Record(model, fields, [] if pk is None else pk if isinstance(pk, list) else [pk], place)


def bad_record(place: Place | None, text: str) -> FixtureError:
    """The error for a record that cannot be loaded."""
    return FixtureError(
        f"{place}: {text}. Nothing was loaded.", hint="mend that line and run loaddata again; it loads all or nothing"
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


_SHOWN = 40

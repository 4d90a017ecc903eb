"""Reads the definition of a column, with the constraints that are written at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON

from alembic_manage.sql.type_text import type_text
from alembic_manage.state.objects import Check, Column, Computed, Constraint, PrimaryKey, Unique
from alembic_manage.state.sql.constraint_text import conflict_option, read_reference, timing
from alembic_manage.state.sql.ddl_reader import DdlReader
from alembic_manage.state.sql.sql_types import COLUMN_WORDS


class ColumnText:
    """One definition: `column`, its `constraints`, and the `table_options` that it implies.

    Args:
        read: stands before the column's name.
    """

    def __init__(self, read: DdlReader) -> None:
        self.read = read
        self.constraints: list[Constraint] = []
        self.table_options: dict[str, Any] = {}
        self.name = read.name()
        self._fields: dict[str, Any] = {}
        self._options: dict[str, Any] = {}
        self._on_update = ""
        if read.token.text.lower() in read.rules.numbered_types:
            self._fields |= {"autoincrement": True, "nullable": False}
        if read.token.text.lower() in read.rules.unread_types:
            raise read.opaque(f"the type {read.token.text.upper()} is not read")
        self._type: Any = read.type()
        while not self._is_at_end():
            self._read_attribute()

    @property
    def column(self) -> Column:
        """The column."""
        fields = dict(self._fields)
        if self._on_update:
            fields["default"] = f"{fields.get('default') or 'NULL'} ON UPDATE {self._on_update}"
        if self._is_json(fields.get("checks", ())):
            return Column(self.name, JSON(), options=self._options, **{**fields, "checks": ()})
        return Column(self.name, self._type, options=self._options, **fields)

    def _is_json(self, checks: Sequence[str]) -> bool:
        text = type_text(self._type, self.read.dialect) if checks else None
        return text is not None and self.read.rules.is_json(text, self.name, checks)

    def _is_at_end(self) -> bool:
        return self.read.is_done or self.read.at(",", ")", "FIRST", "AFTER")

    def _read_attribute(self) -> None:
        name = self.read.name() if self.read.accept("CONSTRAINT") else None
        phrase = self.read.expect(*_ATTRIBUTES)
        _ATTRIBUTES[phrase](self, name)

    def _not_null(self, name: str | None) -> None:
        self._fields["nullable"] = False
        self._options |= conflict_option(self.read, "on_conflict_not_null")

    def _null(self, name: str | None) -> None:
        self._fields["nullable"] = True

    def _default(self, name: str | None) -> None:
        text = self.read.expression(COLUMN_WORDS)
        self._fields["default"] = None if text.upper() == "NULL" else text

    def _update(self, name: str | None) -> None:
        self._on_update = self.read.expression(COLUMN_WORDS)

    def _primary_key(self, name: str | None) -> None:
        read = self.read
        read.accept("ASC", "DESC")
        options = conflict_option(read, "on_conflict")
        if read.accept("AUTOINCREMENT"):
            self.table_options[read.option("autoincrement")] = True
        timing(read)
        self.constraints.append(PrimaryKey(name, (self.name,), options))

    def _unique(self, name: str | None) -> None:
        read = self.read
        read.accept("KEY")
        options: dict[str, Any] = {}
        if nulls := read.accept("NULLS NOT DISTINCT", "NULLS DISTINCT"):
            options |= {read.option("nulls_not_distinct"): True} if "NOT" in nulls else {}
        options |= conflict_option(read, "on_conflict")
        self.constraints.append(Unique(name, (self.name,), **timing(read), options=options))

    def _check(self, name: str | None) -> None:
        check = Check(name, self.read.group())
        self.read.accept("NO INHERIT")
        if self.read.rules.keeps_column_checks:
            self.constraints.append(check)
        else:
            self._fields["checks"] = (*self._fields.get("checks", ()), check.text)

    def _references(self, name: str | None) -> None:
        self.constraints.append(read_reference(self.read, name, (self.name,)))

    def _generated(self, name: str | None) -> None:
        read = self.read
        always = read.expect("ALWAYS", "BY DEFAULT") == "ALWAYS"
        read.expect("AS")
        if read.accept("IDENTITY"):
            self._fields |= {"identity": read_identity(read, always), "nullable": False}
        else:
            self._computed(name)

    def _computed(self, name: str | None) -> None:
        text = self.read.group()
        word = self.read.accept("STORED", "PERSISTENT", "VIRTUAL")
        self._fields["computed"] = Computed(text, word != "VIRTUAL" if word else None)

    def _collate(self, name: str | None) -> None:
        set_collation(self.read, self._type, self.read.collation())

    def _comment(self, name: str | None) -> None:
        self._fields["comment"] = self.read.string() or None

    def _autoincrement(self, name: str | None) -> None:
        self._fields["autoincrement"] = True

    def _word(self, name: str | None) -> None:
        """An option that says how the column is stored."""
        self.read.scalar()

    def _nothing(self, name: str | None) -> None:
        """A word that changes nothing here."""


_ATTRIBUTES: Mapping[str, Callable[[ColumnText, str | None], None]] = {
    "NOT NULL": ColumnText._not_null,
    "NULL": ColumnText._null,
    "DEFAULT": ColumnText._default,
    "ON UPDATE": ColumnText._update,
    "PRIMARY KEY": ColumnText._primary_key,
    "KEY": ColumnText._primary_key,
    "UNIQUE": ColumnText._unique,
    "CHECK": ColumnText._check,
    "REFERENCES": ColumnText._references,
    "GENERATED": ColumnText._generated,
    "AS": ColumnText._computed,
    "COLLATE": ColumnText._collate,
    "COMMENT": ColumnText._comment,
    "AUTO_INCREMENT": ColumnText._autoincrement,
    "STORAGE": ColumnText._word,
    "COMPRESSION": ColumnText._word,
    "VISIBLE": ColumnText._nothing,
    "INVISIBLE": ColumnText._nothing,
}


def read_identity(read: DdlReader, always: bool) -> Mapping[str, Any]:
    """The arguments of sqlalchemy.Identity, from the parentheses on."""
    options: Mapping[str, Any] = {}
    if read.accept("("):
        options = read.sequence_options()
        read.expect(")")
    return {"always": always, **{name: value for name, value in options.items() if name != "data_type"}}


def set_collation(read: DdlReader, type_: Any, name: str) -> None:
    """Give a type that was just made its collation."""
    target = getattr(type_, "item_type", type_)
    if not hasattr(target, "collation"):
        raise read.opaque("a collation of this type is not read")
    target.collation = name

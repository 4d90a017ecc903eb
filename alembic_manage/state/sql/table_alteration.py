"""ALTER TABLE: reads all of its actions, then applies them in the order in which a database does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from alembic_manage.state.objects import Constraint, Index, Key, PrimaryKey, Unique
from alembic_manage.state.schema import SchemaError
from alembic_manage.state.sql.column_alteration import alter_column
from alembic_manage.state.sql.column_text import ColumnText
from alembic_manage.state.sql.constraint_text import (
    CONSTRAINT_PHRASES,
    INDEX_PHRASES,
    read_constraint,
    read_inline_index,
    timing,
)
from alembic_manage.state.sql.ddl_reader import DdlReader
from alembic_manage.state.sql.table_text import read_table_option

Change = Callable[[], None]
_DROP_CONSTRAINT, _DROP_INDEX, _DROP_COLUMN, _CHANGE, _ADD, _MOVE = range(6)
"""In which order the actions of one statement count.

Source: PostgreSQL 16, AlterTablePass (src/backend/commands/tablecmds.c); MariaDB looks at all of them together.
"""


def alter_table(read: DdlReader) -> None:
    """Apply an ALTER TABLE, from IF EXISTS or the name on."""
    if_exists = read.if_exists()
    read.accept("ONLY")
    key = read.key()
    read.accept("*")
    if key in read.schema.ignored:
        _follow(read, key)
        return
    if if_exists and read.schema.find(key) is None:
        read.skip_rest()
        return
    alteration = TableAlteration(read, key)
    alteration.read_actions()
    alteration.apply()


def _follow(read: DdlReader, key: Key) -> None:
    """A table of which nothing is remembered but its name may get another one."""
    if read.accept("RENAME TO", "RENAME AS"):
        read.schema.ignored.discard(key)
        read.schema.ignored.add(_new_key(read, key))
    read.skip_rest()


class TableAlteration:
    """The actions of one ALTER TABLE.

    Args:
        read: stands before the first action.
        key: of the table.
    """

    def __init__(self, read: DdlReader, key: Key) -> None:
        self.read = read
        self.schema = read.schema
        self.key = key
        self._changes: list[tuple[int, Change]] = []
        self._renames: list[tuple[str, str, bool]] = []

    def apply(self) -> None:
        """Apply what was read, wholly or not at all."""
        self._rename_together()
        changes = [change for _, change in sorted(self._changes, key=lambda pair: pair[0])]
        if len(changes) == 1:
            changes[0]()
            return
        with self.schema.atomic():
            for change in changes:
                change()

    def read_actions(self) -> None:
        """Read all actions."""
        if self.read.is_done:
            raise self.read.unexpected()
        while not self.read.is_done:
            is_option = self._read_action()
            if not self.read.accept(",") and not self.read.is_done and not is_option:
                raise self.read.unexpected()

    def _read_action(self) -> bool:
        """Read an action; whether it is a table option, which no comma needs to follow."""
        if phrase := self.read.accept(*_ACTIONS):
            _ACTIONS[phrase](self)
            return False
        if self.read.accept(*_WITHOUT_EFFECT):
            if not self.read.is_done and not self.read.at(","):
                self.read.expression()
            return False
        self._option()
        return True

    def _later(self, phase: int, change: Callable[..., Any], *arguments: Any, **keywords: Any) -> None:
        self._changes.append((phase, partial(change, *arguments, **keywords)))

    def _refuse_rebuild(self, what: str) -> None:
        """A database whose tables must be rebuilt for most changes does not know the words for them."""
        if self.read.rules.needs_batch:
            raise SchemaError(f"{what} is not known here")

    # Names

    def _rename(self) -> None:
        read = self.read
        if read.accept("TO", "AS"):
            self._later(_MOVE, self._rename_table, _new_key(read, self.key))
        elif kind := read.accept("CONSTRAINT", "INDEX", "KEY") if self._is_not_column() else "":
            self._refuse_rebuild(f"RENAME {kind}")
            old, new = self._pair()
            rename = self._rename_constraint if kind == "CONSTRAINT" else self._rename_index
            self._later(_CHANGE, rename, old, new)
        else:
            self._rename_column()

    def _is_not_column(self) -> bool:
        return self.read.rules.has_inline_indexes or self.read.at("CONSTRAINT")

    def _rename_column(self) -> None:
        read = self.read
        is_column = read.accept("COLUMN") and not read.at("TO")
        if_exists = read.if_exists()
        name = read.name()
        if read.is_done and not is_column:
            self._later(_MOVE, self._rename_table, replace(self.key, name=name))
            return
        read.expect("TO")
        self._renames.append((name, read.name(), if_exists))

    def _rename_together(self) -> None:
        """Columns may take one another's names. Source: MariaDB documentation, "ALTER TABLE", "RENAME COLUMN"."""
        new = {each for _, each, _ in self._renames}
        for old, name, if_exists in self._renames:
            meanwhile = f"{name}\0" if old in new else name
            self._changes.insert(0, (_CHANGE, partial(self._rename_column_to, old, meanwhile, if_exists)))
        for old, name, if_exists in self._renames:
            if old in new:
                self._later(_CHANGE, self._rename_column_to, f"{name}\0", name, if_exists)

    def _rename_column_to(self, old: str, new: str, if_exists: bool) -> None:
        if if_exists and not self.schema.has_column(self.key, old):
            return
        self.schema.rename_column(self.key, old, new)

    def _pair(self) -> tuple[str, str]:
        old = self.read.name()
        self.read.expect("TO")
        return old, self.read.name()

    def _rename_constraint(self, old: str, new: str) -> None:
        self.schema.rename_constraint(self.key, old, new)

    def _rename_index(self, old: str, new: str) -> None:
        self.schema.rename_index(old, new, self.key)

    def _rename_table(self, new: Key) -> None:
        """ALTER TABLE may also rename an index or a sequence. Source: PostgreSQL 16 manual, ALTER TABLE, Notes."""
        schema = self.schema
        if schema.find(self.key) is not None:
            schema.rename_table(self.key, new)
        elif self.key in schema.sequences:
            schema.rename_sequence(self.key, new)
        else:
            schema.rename_index(self.key.name, new.name, schema=self.key.schema)

    def _set_schema(self) -> None:
        self._later(_MOVE, self.schema.rename_table, self.key, self.schema.key(self.read.name(), self.key.name))

    # Additions

    def _add(self) -> None:
        read = self.read
        if read.at("SYSTEM VERSIONING", "PERIOD FOR"):
            raise read.opaque("system versioning is not read")
        if read.at(*CONSTRAINT_PHRASES):
            self._refuse_rebuild("ADD CONSTRAINT")
            self._add_constraint()
        elif read.rules.has_inline_indexes and read.at(*INDEX_PHRASES):
            self._add_index()
        elif read.rules.has_inline_indexes and read.accept("PARTITION"):
            read.skip_rest()
        else:
            read.accept("COLUMN")
            if_not_exists = read.if_not_exists()
            add = partial(self._add_column, if_not_exists)
            read.parenthesized(add) if read.at("(") else add()

    def _add_constraint(self) -> None:
        read = self.read
        if (from_index := self._read_using_index()) is not None:
            self._later(_ADD, self._adopt_index, *from_index)
            return
        read.said_if_not_exists = False
        found = read_constraint(read)
        if isinstance(found, Index):
            self._later(_ADD, self.schema.create_index, self.key, found, if_not_exists=read.said_if_not_exists)
        else:
            self._later(_ADD, self._add_read_constraint, found, read.said_if_not_exists)

    def _add_read_constraint(self, found: Constraint, if_not_exists: bool) -> None:
        if if_not_exists and found.name is not None:
            same_index = self.schema.rules.unique_is_index and self.schema.index(found.name, self.key)
            if same_index or self.schema.constraint(self.key, found.name) is not None:
                return
        self.schema.add_constraint(self.key, found)

    def _read_using_index(self) -> tuple[str | None, str, str, dict[str, Any]] | None:
        """Name, kind, index and timing of a constraint that an index becomes."""
        ahead = DdlReader(self.read.rest(), self.schema, self.read.dialect)
        name = ahead.name() if ahead.accept("CONSTRAINT") else None
        if not (kind := ahead.accept("UNIQUE USING INDEX", "PRIMARY KEY USING INDEX")) or ahead.at("TABLESPACE"):
            return None
        if name is not None:
            self.read.accept("CONSTRAINT")
            self.read.name()
        self.read.expect(kind)
        return name, kind.split()[0], self.read.name(), timing(self.read)

    def _adopt_index(self, name: str | None, kind: str, index_name: str, timing: dict[str, Any]) -> None:
        found = self.schema.index(index_name, self.key)
        if found is None:
            raise SchemaError(f'there is no index "{index_name}"')
        columns = found[1].columns
        self.schema.drop_index(index_name, self.key)
        final = name or index_name
        constraint = PrimaryKey(final, columns) if kind == "PRIMARY" else Unique(final, columns, **timing)
        self.schema.add_constraint(self.key, constraint)

    def _add_index(self) -> None:
        self.read.said_if_not_exists = False
        index = read_inline_index(self.read)
        self._later(_ADD, self.schema.create_index, self.key, index, if_not_exists=self.read.said_if_not_exists)

    def _add_column(self, if_not_exists: bool) -> None:
        text = ColumnText(self.read)
        if self.read.rules.needs_batch and any(isinstance(each, PrimaryKey | Unique) for each in text.constraints):
            raise SchemaError(f'the column "{text.name}" cannot be added with a key')
        self._later(_CHANGE, self._add_column_text, text, if_not_exists, self._place())

    def _add_column_text(self, text: ColumnText, if_not_exists: bool, after: str | None) -> None:
        if if_not_exists and self.schema.has_column(self.key, text.name):
            return
        with self.schema.atomic():
            self.schema.add_column(self.key, text.column, after=after)
            for constraint in text.constraints:
                self.schema.add_constraint(self.key, constraint)

    def _place(self) -> str | None:
        if self.read.accept("FIRST"):
            return ""
        return self.read.name() if self.read.accept("AFTER") else None

    # Removals

    def _drop(self) -> None:
        read = self.read
        if read.at("SYSTEM VERSIONING", "PERIOD FOR"):
            raise read.opaque("system versioning is not read")
        if read.at(*_DROPPED_CONSTRAINTS):
            self._refuse_rebuild("DROP CONSTRAINT")
            self._drop_constraint(read.expect(*_DROPPED_CONSTRAINTS))
        elif read.rules.has_inline_indexes and read.accept("INDEX", "KEY"):
            if_exists = read.if_exists()
            self._later(_DROP_INDEX, self.schema.drop_index, read.name(), self.key, if_exists=if_exists)
        elif read.rules.has_inline_indexes and read.accept("PARTITION"):
            read.skip_rest()
        else:
            read.accept("COLUMN")
            if_exists = read.if_exists()
            name = read.name()
            cascade = read.cascade()
            self._later(_DROP_COLUMN, self.schema.drop_column, self.key, name, if_exists=if_exists, cascade=cascade)

    def _drop_constraint(self, phrase: str) -> None:
        read = self.read
        kind = _DROPPED_CONSTRAINTS[phrase]
        if_exists = read.if_exists()
        name = None if phrase == "PRIMARY KEY" else read.name()
        if kind is None and self.read.rules.one_primary_key_name and name == "PRIMARY":
            name, kind = None, "primary"
        cascade = read.cascade()
        drop = self.schema.drop_constraint
        self._later(_DROP_CONSTRAINT, drop, self.key, name, kind, if_exists=if_exists, cascade=cascade)

    def _attach(self) -> None:
        name = self.read.key()
        self.read.expression()
        self._later(_CHANGE, self.schema.ignore_table, name)

    # Columns

    def _alter(self) -> None:
        read = self.read
        self._refuse_rebuild("ALTER COLUMN")
        if read.accept("CONSTRAINT"):
            self._later(_CHANGE, self._set_timing, read.name(), timing(read))
        elif read.rules.has_inline_indexes and read.accept("INDEX", "KEY"):
            read.expression()
        else:
            read.accept("COLUMN")
            if_exists = read.if_exists()
            name = read.name()
            change = alter_column(read, self.key, name)
            self._later(_CHANGE, self._if_column(change, name) if if_exists else change)

    def _if_column(self, change: Change, name: str) -> Change:
        return lambda: change() if self.schema.has_column(self.key, name) else None

    def _set_timing(self, name: str, found: dict[str, Any]) -> None:
        self._replace_constraint(name, lambda each: replace(each, **found))

    def _validate(self) -> None:
        option = self.read.option("not_valid")

        def validated(each: Any) -> Any:
            return replace(each, options={name: value for name, value in each.options.items() if name != option})

        self._later(_CHANGE, self._replace_constraint, self.read.name(), validated)

    def _replace_constraint(self, name: str, change: Callable[[Any], Constraint]) -> None:
        self.schema.change_constraint(self.key, name, change)

    def _modify(self) -> None:
        self._respecify(None)

    def _change(self) -> None:
        self.read.accept("COLUMN")
        self._respecify(self.read.if_exists())

    def _respecify(self, change_if_exists: bool | None) -> None:
        """MODIFY, or where an old name comes first CHANGE: whatever is not said is gone."""
        read = self.read
        if not read.rules.has_inline_indexes:
            raise read.opaque("MODIFY and CHANGE are not read")
        read.accept("COLUMN")
        if_exists = read.if_exists() or bool(change_if_exists)
        old = read.name() if change_if_exists is not None else None
        text = ColumnText(read)
        self._later(_CHANGE, self._set_column, old or text.name, text, if_exists, self._place())

    def _set_column(self, old: str, text: ColumnText, if_exists: bool, after: str | None) -> None:
        schema, key, new = self.schema, self.key, text.column
        if if_exists and not schema.has_column(key, old):
            return
        schema.rename_column(key, old, new.name)
        fields = {name: getattr(new, name) for name in new.__dataclass_fields__ if name != "name"}
        primary = schema.table(key).primary_key
        if primary is not None and new.name in primary.columns:
            fields["nullable"] = False
        schema.alter_column(key, new.name, **fields)
        for constraint in text.constraints:
            schema.add_constraint(key, constraint)
        if after is not None:
            schema.move_column(key, new.name, after)

    # The table

    def _option(self) -> None:
        read = self.read
        self._refuse_rebuild(read.token.text.upper())
        if read.accept("COMMENT"):
            read.accept("=")
            self._later(_CHANGE, self.schema.set_table_comment, self.key, read.string() or None)
        elif read.rules.has_inline_indexes:
            self._later(_CHANGE, self.schema.set_table_options, self.key, read_table_option(read))
        else:
            raise read.unexpected()

    def _convert(self) -> None:
        """CONVERT TO CHARACTER SET: the columns have the table's from now on."""
        read = self.read
        read.expect("CHARACTER SET", "CHARSET")
        charset = None if read.accept("DEFAULT") else read.scalar()
        collation = read.scalar() if read.accept("COLLATE") else None
        options = {read.option("charset"): charset, read.option("collate"): collation}
        self._later(_CHANGE, self.schema.set_table_options, self.key, options)
        self._later(_CHANGE, self._forget_charsets)

    def _forget_charsets(self) -> None:
        for column in list(self.schema.table(self.key).columns.values()):
            if getattr(column.type, "charset", None) or getattr(column.type, "collation", None):
                type_: Any = column.type.copy()
                type_.charset = type_.collation = None
                self.schema.alter_column(self.key, column.name, type=type_)


def _new_key(read: DdlReader, old: Key) -> Key:
    schema, name = read.qualified()
    return read.schema.key(schema, name) if schema is not None else replace(old, name=name)


_DROPPED_CONSTRAINTS = {"CONSTRAINT": None, "PRIMARY KEY": "primary", "FOREIGN KEY": "foreignkey", "CHECK": "check"}
_ACTIONS: Mapping[str, Callable[[TableAlteration], None]] = {
    "RENAME": TableAlteration._rename,
    "SET SCHEMA": TableAlteration._set_schema,
    "ADD": TableAlteration._add,
    "DROP": TableAlteration._drop,
    "ALTER": TableAlteration._alter,
    "ATTACH PARTITION": TableAlteration._attach,
    "VALIDATE CONSTRAINT": TableAlteration._validate,
    "MODIFY": TableAlteration._modify,
    "CHANGE": TableAlteration._change,
    "CONVERT TO": TableAlteration._convert,
}
_WITHOUT_EFFECT = (
    *("OWNER TO", "ENABLE", "DISABLE", "FORCE", "NO FORCE", "CLUSTER ON", "REPLICA IDENTITY", "DETACH PARTITION"),
    *(
        "SET",
        "RESET",
        "INHERIT",
        "NO INHERIT",
        "ALGORITHM",
        "LOCK",
        "ORDER BY",
        "DISCARD TABLESPACE",
        "IMPORT TABLESPACE",
        "NOWAIT",
    ),
    *("WAIT", "TRUNCATE PARTITION", "REORGANIZE PARTITION", "OPTIMIZE PARTITION", "ANALYZE PARTITION"),
)
"""Actions after which the state is as it was."""

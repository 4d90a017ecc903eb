"""ALTER TABLE: reads all of its actions, then applies them in the order in which a database does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from alembic_manage.state.objects import Key
from alembic_manage.state.sql.addition_actions import AdditionActions
from alembic_manage.state.sql.alteration import Phase
from alembic_manage.state.sql.column_actions import ColumnActions
from alembic_manage.state.sql.ddl_reader import DdlReader
from alembic_manage.state.sql.removal_actions import RemovalActions
from alembic_manage.state.sql.renaming_actions import RenamingActions, new_key
from alembic_manage.state.sql.table_text import read_table_option


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
        read.schema.ignored.add(new_key(read, key))
    read.skip_rest()


class TableAlteration(RenamingActions, AdditionActions, RemovalActions, ColumnActions):
    """The actions of one ALTER TABLE.

    Args:
        read: stands before the first action.
        key: of the table.
    """

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

    def _attach(self) -> None:
        name = self.read.key()
        self.read.expression()
        self._later(Phase.CHANGE, self.schema.ignore_table, name)

    def _option(self) -> None:
        read = self.read
        self._refuse_rebuild(read.token.text.upper())
        if read.accept("COMMENT"):
            read.accept("=")
            self._later(Phase.CHANGE, self.schema.set_table_comment, self.key, read.string() or None)
        elif read.rules.has_inline_indexes:
            self._later(Phase.CHANGE, self.schema.set_table_options, self.key, read_table_option(read))
        else:
            raise read.unexpected()

    def _convert(self) -> None:
        """CONVERT TO CHARACTER SET: the columns have the table's from now on."""
        read = self.read
        read.expect("CHARACTER SET", "CHARSET")
        charset = None if read.accept("DEFAULT") else read.scalar()
        collation = read.scalar() if read.accept("COLLATE") else None
        options = {read.option("charset"): charset, read.option("collate"): collation}
        self._later(Phase.CHANGE, self.schema.set_table_options, self.key, options)
        self._later(Phase.CHANGE, self._forget_charsets)

    def _forget_charsets(self) -> None:
        for column in list(self.schema.table(self.key).columns.values()):
            if getattr(column.type, "charset", None) or getattr(column.type, "collation", None):
                type_: Any = column.type.copy()
                type_.charset = type_.collation = None
                self.schema.alter_column(self.key, column.name, type=type_)


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

"""Savepoints of a schema in memory."""

from __future__ import annotations

import re

from alembic_manage.state.schema import Schema
from alembic_manage.state.sql.statements import NeedsDatabaseError

_STATEMENT = re.compile(
    r"\s*(?P<word>SAVEPOINT|RELEASE(?:\s+SAVEPOINT)?|ROLLBACK(?:\s+(?:WORK|TRANSACTION))?(?:\s+TO(?:\s+SAVEPOINT)?)?)\b"
    r"\s*(?P<name>[^\s;]*)",
    re.IGNORECASE,
)


class Savepoints:
    """What a schema was at each savepoint.

    Args:
        schema: what is kept and taken back.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._kept: dict[str, Schema] = {}

    def run(self, statement: str) -> None:
        """SAVEPOINT, RELEASE and ROLLBACK TO; nothing where DDL cannot be rolled back, nor for other statements.

        Raises:
            NeedsDatabaseError: the whole transaction is rolled back, and with it what the revision did.
        """
        match = _STATEMENT.match(statement)
        if match is None or not self.schema.rules.transactional_ddl:
            return
        word, name = match["word"].upper(), match["name"].strip('"`').lower()
        if word == "SAVEPOINT":
            self._kept[name] = self.schema.copy()
        elif word.startswith("RELEASE"):
            self._kept.pop(name, None)
        elif "TO" in word.split():
            if name in self._kept:
                self.schema.replace_with(self._kept[name])
        else:
            raise NeedsDatabaseError(statement, "it rolls the transaction back")

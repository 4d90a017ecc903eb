"""What kind of statement a text is, and where one ends and the next begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from alembic_manage.dialects import Dialect
from alembic_manage.sql.tokens import ANY_DATABASE, Token, TokenKind, tokens_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

    from alembic_manage.state.schema import Schema


class StatementKind(Enum):
    """What a statement is about."""

    QUERY = "query"
    """It answers rows."""
    ROWS = "rows"
    """It changes rows."""
    DDL = "ddl"
    """It concerns tables, columns, constraints, indexes, types, sequences or schemas; or nobody knows."""
    NOTHING = "nothing"
    """It concerns nothing that the state holds."""


class OpaqueStatementError(Exception):
    """Raised where a statement may change the schema, and cannot be read.

    Args:
        statement: the text.
        reason: why, for a person.
    """

    def __init__(self, statement: str, reason: str) -> None:
        super().__init__(f"{reason}: {shortened(statement)}")
        self.statement = statement
        self.reason = reason


class NeedsDatabaseError(Exception):
    """A statement whose answer only a real database knows.

    Args:
        statement: the statement.
        reason: why, in a few words.
    """

    def __init__(self, statement: str, reason: str) -> None:
        super().__init__(f"{reason}: {statement}")
        self.statement = statement
        self.reason = reason


def shortened(statement: str, length: int = 80) -> str:
    """The beginning of a statement, on one line."""
    line = " ".join(statement.split())
    return line if len(line) <= length else f"{line[: length - 3]}..."


def kind_of(statement: str, rules: Dialect = ANY_DATABASE) -> StatementKind:
    """What kind of statement a text is, by its leading keywords; DDL where they are not known."""
    tokens = tokens_of(statement, rules)
    first = next((token for token in tokens if token.keyword not in ("(", ";")), None)
    if first is None:
        return StatementKind.NOTHING
    word = first.keyword
    if word in _BY_REST:
        return _BY_REST[word](statement, tokens)
    return _BY_FIRST_WORD.get(word, StatementKind.DDL)


def split_statements(sql: str, rules: Dialect = ANY_DATABASE) -> list[str]:
    """The statements of a text, without the semicolons between them and without empty ones.

    A semicolon in quotes, in a comment, between dollar quotes, or in the body of a trigger or function ends nothing.
    """
    text = sql.strip()
    if ";" not in text.removesuffix(";"):
        return [part for part in (text.removesuffix(";").rstrip(),) if part]
    return list(_parts(sql, rules))


def apply_ddl(schema: Schema, statement: str, dialect: SQLAlchemyDialect) -> None:
    """Apply one DDL statement, wholly or not at all.

    Raises:
        SchemaError: the database would refuse it.
        OpaqueStatementError: it is not read.
    """
    from alembic_manage.state.sql import raw_ddl  # most histories hold none

    raw_ddl.apply_ddl(schema, statement, dialect)


def _parts(sql: str, rules: Dialect) -> Iterator[str]:
    """The texts between the semicolons, with the comments around the statements, for some of those are code."""
    current: list[Token] = []
    body = _Body()
    start = 0
    for token in tokens_of(sql, rules):
        if token.keyword == ";" and not body.is_open(current):
            if current:
                yield sql[start : token.start].strip()
            current, body, start = [], _Body(), token.end
        else:
            body.feed(token)
            current.append(token)
    if current:
        yield sql[start:].strip()


class _Body:
    """Counts what BEGIN and CASE open, for a CREATE whose body holds statements."""

    def __init__(self) -> None:
        self.depth = 0
        self._ending = False

    def feed(self, token: Token) -> None:
        """Take the next token of the statement."""
        word = token.keyword
        if self._ending and word in ("IF", "LOOP", "WHILE", "REPEAT", "FOR"):
            self.depth += 1  # END IF closes an IF, and those were not counted
        elif word in ("BEGIN", "CASE") and not self._ending:
            self.depth += 1
        elif word == "END":
            self.depth -= 1
        self._ending = word == "END"

    def is_open(self, tokens: Sequence[Token]) -> bool:
        """Whether a semicolon after these tokens belongs to the body."""
        if self.depth <= 0 or tokens[0].keyword not in ("CREATE", "ALTER"):
            return False
        head = {token.keyword for token in tokens[:12]}
        return bool(head & {"TRIGGER", "FUNCTION", "PROCEDURE", "EVENT", "PACKAGE"})


def _of_with(statement: str, tokens: Iterator[Token]) -> StatementKind:
    """The first verb outside of the parentheses counts."""
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.keyword, 0)
        if depth == 0 and token.keyword in ("SELECT", "VALUES", "TABLE"):
            return StatementKind.QUERY
        if depth == 0 and token.keyword in ("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"):
            return StatementKind.ROWS
    return StatementKind.QUERY


def _of_definition(statement: str, tokens: Iterator[Token]) -> StatementKind:
    """CREATE, ALTER and DROP: by the kind of object."""
    for token in tokens:
        if token.keyword in _DDL_NOUNS:
            return StatementKind.DDL
        if token.keyword in _OTHER_NOUNS:
            return StatementKind.NOTHING
        if token.keyword == "OWNED":
            return StatementKind.DDL
    return StatementKind.DDL


def _of_comment(statement: str, tokens: Iterator[Token]) -> StatementKind:
    words = [token.keyword for token, _ in zip(tokens, range(2), strict=False)]
    return StatementKind.DDL if words in (["ON", "TABLE"], ["ON", "COLUMN"]) else StatementKind.NOTHING


def _of_block(statement: str, tokens: Iterator[Token]) -> StatementKind:
    """DO: by the words in its body, those in its strings included."""
    body = next((token for token in tokens if token.kind in (TokenKind.BODY, TokenKind.STRING)), None)
    if body is None:
        return StatementKind.DDL
    words = {token.keyword for token in tokens_of(body.value)}
    words |= {
        word.upper() for token in tokens_of(body.value) if token.value != token.text for word in token.value.split()
    }
    if words & {"PERFORM", "CREATE", "ALTER", "DROP", "RENAME", "EXECUTE", "CALL"}:
        return StatementKind.DDL
    has_rows = words & {"INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "COPY"}
    return StatementKind.ROWS if has_rows else StatementKind.NOTHING


def _of_pragma(statement: str, tokens: Iterator[Token]) -> StatementKind:
    sets = any(token.keyword == "=" for token in tokens)
    return StatementKind.NOTHING if sets else StatementKind.QUERY


def _of_load(statement: str, tokens: Iterator[Token]) -> StatementKind:
    word = next(tokens, None)
    return StatementKind.ROWS if word is not None and word.keyword in ("DATA", "XML") else StatementKind.NOTHING


_BY_REST = {
    "WITH": _of_with,
    "CREATE": _of_definition,
    "ALTER": _of_definition,
    "DROP": _of_definition,
    "COMMENT": _of_comment,
    "DO": _of_block,
    "PRAGMA": _of_pragma,
    "LOAD": _of_load,
}
_BY_FIRST_WORD = {
    **dict.fromkeys(["SELECT", "VALUES", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "TABLE", "FETCH"], StatementKind.QUERY),
    **dict.fromkeys(["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "COPY", "TRUNCATE"], StatementKind.ROWS),
    **dict.fromkeys(
        [
            "GRANT",
            "REVOKE",
            "SET",
            "RESET",
            "LOCK",
            "UNLOCK",
            "ANALYZE",
            "ANALYSE",
            "VACUUM",
            "REINDEX",
            "OPTIMIZE",
            "CHECK",
            "REPAIR",
            "FLUSH",
            "BEGIN",
            "START",
            "COMMIT",
            "END",
            "ABORT",
            "ROLLBACK",
            "SAVEPOINT",
            "RELEASE",
            "USE",
            "NOTIFY",
            "LISTEN",
            "UNLISTEN",
            "REFRESH",
            "CLUSTER",
            "CHECKPOINT",
            "DISCARD",
            "PREPARE",
            "DEALLOCATE",
            "DECLARE",
            "CLOSE",
            "MOVE",
            "SECURITY",
            "REASSIGN",
            "ATTACH",
            "DETACH",
            "KILL",
            "HANDLER",
            "XA",
            "INSTALL",
            "UNINSTALL",
            "PURGE",
            "CACHE",
            "HELP",
        ],
        StatementKind.NOTHING,
    ),
}
_DDL_NOUNS = frozenset(["TABLE", "INDEX", "TYPE", "DOMAIN", "SEQUENCE", "SCHEMA"])
# In CREATE TRIGGER x ... ON TABLE, and wherever else two nouns stand in a statement, the first one counts.
_OTHER_NOUNS = frozenset(
    [
        "VIEW",
        "FUNCTION",
        "PROCEDURE",
        "ROUTINE",
        "TRIGGER",
        "EXTENSION",
        "POLICY",
        "RULE",
        "ROLE",
        "USER",
        "GROUP",
        "AGGREGATE",
        "CAST",
        "OPERATOR",
        "PUBLICATION",
        "SUBSCRIPTION",
        "EVENT",
        "STATISTICS",
        "SERVER",
        "COLLATION",
        "CONVERSION",
        "DATABASE",
        "LANGUAGE",
        "TABLESPACE",
        "TEXT",
        "TRANSFORM",
        "ACCESS",
        "WRAPPER",
        "PRIVILEGES",
        "SYSTEM",
        "LARGE",
        "PACKAGE",
        "LOGFILE",
        "INSTANCE",
    ]
)

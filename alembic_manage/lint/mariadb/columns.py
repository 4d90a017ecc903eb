"""Which change of a column MariaDB makes in its catalog alone."""

from __future__ import annotations

from itertools import pairwise

from alembic_manage.dialects import Dialect
from alembic_manage.lint.effects import AlterColumn
from alembic_manage.lint.mariadb.character_sets import bytes_of_character, charset_of, keeps_rows
from alembic_manage.sql.tokens import tokens_of
from alembic_manage.state.schema import Table

_CONSTANTS = ("CURRENT_TIMESTAMP", "NOW", "NULL", "TRUE", "FALSE", "LOCALTIME", "LOCALTIMESTAMP")


def is_instant_type(effect: AlterColumn, table: Table) -> bool:
    """Whether only the catalog changes: a VARCHAR that gets longer, an ENUM that gets values at its end.

    Another collation is one more such change; another character set is, where it stores the values in the same way.

    A VARCHAR of 128 to 255 bytes that gets more than 255 is copied. Measured on MariaDB 10.11.
    Source: MariaDB documentation, "InnoDB Online DDL Operations with the INSTANT Alter Algorithm", Changing Data Type.
    """
    old, new = effect.before.type, effect.after.type
    charsets = [charset_of(each, table) for each in (old, new)]
    if charsets[0] != charsets[1] and not keeps_rows(new, *charsets):
        return False
    labels = [list(getattr(each, "enums", ())) for each in (old, new)]
    if labels[0] and labels[1][: len(labels[0])] == labels[0]:
        return True
    if type(old).__visit_name__ != type(new).__visit_name__:
        return False
    if hasattr(old, "enums") and hasattr(new, "enums"):
        return bool(list(new.enums[: len(old.enums)]) == list(old.enums))
    was, now = getattr(old, "length", None), getattr(new, "length", None)
    if was is None or now is None or was > now or "VARCHAR" not in str(type(old)).upper():
        return False
    least, most = (length * bytes_of_character(charset) for length, charset in zip((was, now), charsets, strict=True))
    return bool(least <= 127 or least > 255 or most <= 255)


def varies(default: str, rules: Dialect) -> bool:
    """Whether a default calls a function other than for the time of the statement: each row then gets its own value."""
    words = [token.keyword for token in tokens_of(default, rules)]
    return any(
        following == "(" and word not in _CONSTANTS and word.isidentifier() for word, following in pairwise(words)
    )

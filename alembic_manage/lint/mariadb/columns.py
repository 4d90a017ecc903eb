"""Which change of a column MariaDB makes in its catalog alone."""

from __future__ import annotations

from itertools import pairwise

from alembic_manage.dialects import Dialect
from alembic_manage.lint.effects import AlterColumn
from alembic_manage.lint.mariadb.character_sets import bytes_of_character, charset_of, keeps_rows
from alembic_manage.rollout import mariadb_types
from alembic_manage.sql.tokens import tokens_of
from alembic_manage.state.schema import Table

_CONSTANTS = ("CURRENT_TIMESTAMP", "NOW", "NULL", "TRUE", "FALSE", "LOCALTIME", "LOCALTIMESTAMP")


def is_instant_type(effect: AlterColumn, table: Table) -> bool:
    """Whether only the catalog changes, by the character sets of the column before and after.

    Another collation is one more such change; another character set is, where it stores the values in the same way.
    """
    old, new = effect.before.type, effect.after.type
    charsets = [charset_of(each, table) for each in (old, new)]
    if charsets[0] != charsets[1] and not keeps_rows(new, *charsets):
        return False
    return mariadb_types.is_instant_type(old, new, *(bytes_of_character(each) for each in charsets))


def varies(default: str, rules: Dialect) -> bool:
    """Whether a default calls a function other than for the time of the statement: each row then gets its own value."""
    words = [token.keyword for token in tokens_of(default, rules)]
    return any(
        following == "(" and word not in _CONSTANTS and word.isidentifier() for word, following in pairwise(words)
    )

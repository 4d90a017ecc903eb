"""Tables of both schemas that share a name and little else: another table may have taken the name."""

from __future__ import annotations

from alembic_manage.autodetect.candidates.references import references
from alembic_manage.autodetect.candidates.vocabulary import USUAL_COLUMNS
from alembic_manage.state.objects import Key
from alembic_manage.state.schema import Schema, Table

_FEW = 1 / 3
"""A table that keeps no more of its columns than this may be another one."""

_TELLING = 2
"""One column may have moved to another table; so many together are the table."""


def strangers(before: Schema, after: Schema) -> frozenset[Key]:
    """The keys of the tables that may have got another name, although there is a table of their old one.

    Columns that tables of any kind have do not count. A table to which the same foreign keys refer is the same.

    Args:
        before: the schema that is.
        after: what the models say.
    """
    return frozenset(
        key
        for key, table in before.shown_tables.items()
        if key in after.tables
        and _keeps_few(table, after.tables[key])
        and not references(before, key) & references(after, key)
    )


def _keeps_few(old: Table, new: Table) -> bool:
    were, are = _telling(old), _telling(new)
    return len(were) >= _TELLING and len(were & are) <= _FEW * min(len(were), len(are))


def _telling(table: Table) -> set[str]:
    """The columns that tell something about their table."""
    return {name for name in table.columns if name.lower() not in USUAL_COLUMNS}

"""A full-text or spatial index, which nobody may write beside: when it is made, and when its table is rebuilt."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import CreateIndex
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.mariadb.alterations import alterations_of
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.rollout.alter_way import has_full_text, is_without_order, way_of

TITLE = "A full-text index stops writes"
SEVERITY = Severity.WARNING
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each such index that is built on a table in use, and each rebuild of a table that has a full-text index."""
    built = [each for each in statement.of(CreateIndex) if is_without_order(each.index.options)]
    for effect in built:
        if not view.is_new(effect.table, statement):
            way = "COPY" if len(built) > 1 else "INPLACE"
            yield Concern(
                f"Index {effect.index.name} is built while writes to {effect.table} wait.",
                subject=f"{effect.table}.{effect.index.name}",
                lock=f"ALGORITHM={way}, LOCK=SHARED on {effect.table}: reads go on, writes wait.",
                fix="A statement each: two at once copy the table." if len(built) > 1 else None,
                table=effect.table,
            )
    kinds = alterations_of(statement, view)
    for key in {effect.table: None for effect in statement.effects}:
        table = statement.before.find(key)
        if table is None or not kinds or not has_full_text(table) or view.is_new(key, statement):
            continue
        if way_of(kinds, table) is None:
            yield Concern(
                f"{key} has a full-text index: it is written anew, and the index built, while writes wait.",
                subject=str(key),
                lock=f"ALGORITHM=INPLACE, LOCK=SHARED on {key}: reads go on, writes wait.",
                fix="Several changes of the table in one ALTER TABLE, so that it is written once.",
                table=key,
            )

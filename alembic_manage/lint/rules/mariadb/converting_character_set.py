"""Another character set for a table and all of its columns, for which most tables are copied."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import OtherEffect
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.mariadb.character_sets import charset_of, charset_of_table, holds_text, keeps_rows
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import listed

TITLE = "Another character set copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each CONVERT TO CHARACTER SET of a table in use with a column whose values are stored in another way."""
    if not statement.says("CONVERT TO"):
        return
    for key in {effect.table: None for effect in statement.of(OtherEffect)}:
        table = statement.before.find(key)
        if table is None or view.is_new(key, statement):
            continue
        new = charset_of_table(statement.after.table(key))
        texts = [each for each in table.columns.values() if holds_text(each.type)]
        copied = [each.name for each in texts if not keeps_rows(each.type, charset_of(each.type, table), new)]
        if copied:
            yield Concern(
                f"Table {key} is copied: {listed(copied)} {'are' if len(copied) > 1 else 'is'} stored in another way "
                f"in {new or 'the new character set'}.",
                subject=str(key),
                lock=f"LOCK=SHARED on {key}: reads go on, writes wait until every row is copied.",
                fix=_fix(str(key), len(copied) < len(texts)),
                table=key,
            )


def _fix(table: str, is_mixed: bool) -> str:
    quiet = "Do it while nobody writes; or give each of these columns a second one, and fill that in batches."
    if not is_mixed:
        return quiet
    return (
        f"The other columns first, a statement each:\n"
        f'    op.execute("ALTER TABLE {table} MODIFY ... CHARACTER SET utf8mb4, ALGORITHM=INPLACE, LOCK=NONE")\n'
        f"Then the rest: {quiet[0].lower()}{quiet[1:]}"
    )

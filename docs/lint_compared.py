"""A hook of mkdocs: the tables of docs/lint-compared.md, from rules and corpus; run by itself it prints them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = "lint-compared.md"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.lint_corpus import Case, cases  # noqa: E402

from alembic_manage.dialects import dialect_named  # noqa: E402
from alembic_manage.lint.rule import ANY  # noqa: E402
from alembic_manage.lint.rules import all_rules  # noqa: E402

NO_SQUAWK = {
    "ban-duplicate-column-assignments": "PostgreSQL refuses the statement, and `migrate` tries nothing before it",
    "prefer-robust-stmts": "`migrate` keeps a journal, and goes on at the statement where it stopped",
    "prefer-text-field": "a longer VARCHAR is free on PostgreSQL; a shorter one is `narrowing-column`",
    "require-statement-timeout": "a setting: `STATEMENT_TIMEOUT`",
    "require-table-schema": "off in squawk too; the default schema is the connection's",
    "require-timeout-settings": "another name for both time-outs",
    "syntax-error": "the replay says which statement it cannot read: `unread-statement`",
    "unused-ignore": "`unused-silence`, about our own comments",
}
"""Squawk's rules that none of ours stands for, and why."""
NO_STRONG = {
    "change_column_default": "about how Active Record writes rows; SQLAlchemy leaves out what has no value",
    "change_table": "a block of Rails that it cannot look into; here a batch is looked into",
    "add_foreign_key_mysql": "MariaDB",
    "add_check_constraint_mysql": "MariaDB",
    "change_column_null_mysql": "MariaDB",
    "copy_algorithm": "MariaDB",
    "lock_option": "MariaDB",
}
"""The checks of strong_migrations that no rule for PostgreSQL stands for, and why."""


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Put the tables below the page's own text."""
    return f"{markdown}\n{tables()}" if page.file.src_uri == PAGE else markdown


def tables() -> str:
    """All tables, as Markdown."""
    corpus = list(cases())
    parts = [*_rules(corpus), "", *_differences(corpus), *_without(NO_SQUAWK, NO_STRONG)]
    return "\n".join(parts).rstrip() + "\n"


def _rules(corpus: Sequence[Case]) -> Iterator[str]:
    yield "| rule | database | severity | cases | squawk | agree | strong_migrations |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for rule in all_rules():
        own = [case for case in corpus if case.rule == rule.id]
        shared = [case for case in own if rule.squawk and case.is_for_squawk]
        agree = sum("squawk" not in case.values for case in shared)
        cells = [
            f"[{rule.id}](rules/{rule.id}.md)",
            "any" if rule.database == ANY else dialect_named(rule.database).title,
            rule.severity.word,
            str(len(own)),
            ", ".join(f"`{name}`" for name in rule.squawk),
            f"{agree} of {len(shared)}" if shared else "",
            ", ".join(f"`{name}`" for name in rule.strong_migrations),
        ]
        yield f"| {' | '.join(cells)} |"


def _differences(corpus: Sequence[Case]) -> Iterator[str]:
    yield "## Where squawk differs\n\n| rule | the case | here | squawk |\n| --- | --- | --- | --- |"
    shared = {rule.id for rule in all_rules() if rule.squawk}
    for case in corpus:
        if case.rule in shared and case.is_for_squawk and "squawk" in case.values:
            here = "reported" if case.values["finds"] or case.values.get("silenced") else "not reported"
            yield f"| {case.rule} | {case.name} | {here} | {case.values['squawk']} |"


def _without(squawk: Mapping[str, str], strong: Mapping[str, str]) -> Iterator[str]:
    for title, reasons in (("squawk", squawk), ("strong_migrations", strong)):
        yield f"\n## What {title} has and this has not\n\n| {title} | why |\n| --- | --- |"
        yield from (f"| `{name}` | {why} |" for name, why in sorted(reasons.items()))


if __name__ == "__main__":
    sys.stdout.write(tables())

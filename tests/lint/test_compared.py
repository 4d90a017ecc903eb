"""The page that compares the rules with squawk's and strong_migrations' has all of theirs, and all of ours."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from support.projects import ROOT

from alembic_manage.lint.rules import all_rules

SQUAWK = """
adding-field-with-default adding-foreign-key-constraint adding-not-nullable-field adding-required-field
adding-serial-primary-key-field ban-alter-domain-with-add-constraint ban-char-field
ban-concurrent-index-creation-in-transaction ban-create-domain-with-constraint ban-drop-column ban-drop-database
ban-drop-not-null ban-drop-table ban-duplicate-column-assignments ban-truncate-cascade ban-uncommitted-transaction
changing-column-type constraint-missing-not-valid disallowed-unique-constraint identifier-too-long
prefer-bigint-over-int
prefer-bigint-over-smallint prefer-identity prefer-repack prefer-robust-stmts prefer-text-field prefer-timestamp-tz
renaming-column renaming-table require-concurrent-index-creation require-concurrent-index-deletion
require-concurrent-partition-detach require-concurrent-reindex require-enum-value-ordering require-lock-timeout
require-statement-timeout require-table-schema require-timeout-settings syntax-error transaction-nesting unused-ignore
"""
"""All rules of squawk 2.70. Source: crates/squawk_linter/src/lib.rs, `Rule`."""
STRONG_MIGRATIONS = """
add_check_constraint add_check_constraint_mysql add_column_auto_incrementing add_column_default
add_column_default_callable add_column_generated_stored add_column_json add_exclusion_constraint add_foreign_key
add_foreign_key_mysql add_index add_index_columns add_index_corruption add_reference add_unique_constraint change_column
change_column_constraint change_column_default change_column_null change_column_null_mysql change_column_with_not_null
change_table copy_algorithm create_table execute lock_option remove_column remove_index rename_column rename_enum_value
rename_schema rename_table validate_check_constraint validate_foreign_key
"""
"""All checks of strong_migrations 2.8. Source: lib/strong_migrations/checks.rb, `raise_error`."""


def load_page() -> ModuleType:
    path = ROOT / "docs" / "lint_compared.py"
    spec = importlib.util.spec_from_file_location("lint_compared", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_rule_is_in_the_table_once() -> None:
    lines = load_page().tables().splitlines()
    for rule in all_rules():
        assert sum(line.startswith(f"| [{rule.id}](rules/{rule.id}.md) |") for line in lines) == 1


def test_each_rule_of_squawk_has_one_here_or_a_reason() -> None:
    ours = {name for rule in all_rules() for name in rule.squawk}
    assert sorted(ours | set(load_page().NO_SQUAWK)) == sorted(SQUAWK.split())
    assert not ours & set(load_page().NO_SQUAWK)


def test_each_check_of_strong_migrations_has_a_rule_here_or_a_reason() -> None:
    ours = {name for rule in all_rules() for name in rule.strong_migrations}
    assert sorted(ours | set(load_page().NO_STRONG)) == sorted(STRONG_MIGRATIONS.split())

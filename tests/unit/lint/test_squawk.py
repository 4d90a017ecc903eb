"""What is handed over to squawk, and what comes back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support.lint_views import View

from alembic_manage.errors import CommandError
from alembic_manage.lint.finding import Severity
from alembic_manage.lint.rules import all_rules
from alembic_manage.lint.squawk import squawk_findings, squawk_program
from alembic_manage.plan import CONTRACT

VERSION = (16,)


@pytest.fixture
def program() -> str:
    found = squawk_program()
    assert found is not None, "pip install squawk-cli"
    return found


def test_each_finding_has_the_line_of_its_operation(program: str, view: View) -> None:
    seen = view(
        'op.execute("SELECT 1")\n'
        'op.create_check_constraint("ck", "orders", "id > 0")\n'
        'op.create_index("ix", "orders", ["note"])'
    )
    found = squawk_findings(program, [seen], [], VERSION)
    lines = {each.rule: each.line for each in found}
    assert lines["squawk-constraint-missing-not-valid"] == 14
    assert lines["squawk-require-concurrent-index-creation"] == 15


def test_what_a_rule_of_ours_says_is_not_said_twice(program: str, view: View) -> None:
    seen = view('op.create_index("ix", "orders", ["note"])')
    assert squawk_findings(program, [seen], all_rules(), VERSION) == []


def test_opinions_are_notices(program: str, view: View) -> None:
    seen = view('op.create_table("notes", sa.Column("id", sa.Integer(), primary_key=True))')
    assert {each.severity for each in squawk_findings(program, [seen], [], VERSION)} == {Severity.NOTICE}


def test_an_autocommit_block_is_outside_of_the_transaction(program: str, view: View) -> None:
    seen = view(
        'op.execute("ALTER TABLE orders ADD COLUMN a integer")\n'
        "with op.get_context().autocommit_block():\n"
        '    op.create_index("ix", "orders", ["note"], postgresql_concurrently=True)'
    )
    assert not any("concurren" in each.rule for each in squawk_findings(program, [seen], [], VERSION))


def test_in_the_contract_phase_no_old_client_is_there_to_mind(program: str, view: View) -> None:
    seen = view(
        'op.drop_constraint("ck", "orders")\nop.alter_column("orders", "note", server_default=None)',
        given="CREATE TABLE orders (id integer, note text DEFAULT 'x', CONSTRAINT ck CHECK (id > 0))",
    )
    contract = replace(seen, revision=replace(seen.revision, phase=CONTRACT))
    rules = {each.rule for each in squawk_findings(program, [seen], [], VERSION)}
    assert {"squawk-ban-drop-constraint", "squawk-ban-drop-default"} <= rules
    assert not {each.rule for each in squawk_findings(program, [contract], [], VERSION)} & {
        "squawk-ban-drop-constraint",
        "squawk-ban-drop-default",
    }


def test_a_migration_without_ddl_is_not_handed_over(program: str, view: View) -> None:
    assert squawk_findings(program, [view('op.execute("SELECT 1")')], [], VERSION) == []


def test_a_program_that_cannot_be_run_is_an_error(tmp_path: Path, view: View) -> None:
    broken = tmp_path / "squawk"
    shutil.copy("/bin/false", broken)
    broken.write_text("#!/bin/sh\necho no json\n")
    with pytest.raises(CommandError, match="squawk cannot be run"):
        squawk_findings(str(broken), [view('op.drop_column("orders", "note")')], [], VERSION)

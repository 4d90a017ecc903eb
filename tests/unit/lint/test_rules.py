"""Every rule is complete: code, page, and a place among the others."""

from __future__ import annotations

import pytest

from alembic_manage.lint.finding import Severity
from alembic_manage.lint.rule import Rule
from alembic_manage.lint.rules import all_rules, rule_named

HEADINGS = ["## Problem", "## Lock", "## Solution", "## When to ignore"]


def test_no_two_rules_have_the_same_id() -> None:
    ids = [rule.id for rule in all_rules()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_rule_says_what_is_wrong_and_how_serious_it_is(rule: Rule) -> None:
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.severity in Severity
    assert isinstance(rule.module.BY_SIZE, bool)
    assert rule.module.__doc__


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_rule_looks_at_something(rule: Rule) -> None:
    checks = [name for name in vars(rule.module) if name.startswith("check_")]
    assert checks
    assert set(checks) <= {"check_statement", "check_revision", "check_history", "check_silence"}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_page_of_a_rule_has_its_headings(rule: Rule) -> None:
    lines = rule.page.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# {rule.id}"
    assert [line for line in lines if line.startswith("## ")] == HEADINGS


def test_every_page_has_a_rule() -> None:
    folder = all_rules()[0].page.parent
    assert {path.stem for path in folder.glob("*.md")} == {rule.id for rule in all_rules()}


def test_unknown_rule_is_none() -> None:
    assert rule_named("no-such-rule") is None

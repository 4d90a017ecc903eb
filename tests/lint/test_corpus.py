"""Each case of the corpus has the findings that it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.lint_corpus import Case, cases, linted
from support.tiny_projects import TinyProject

from alembic_manage.lint.rules import all_rules, rule_named

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, make_tiny_project: Callable[[str], TinyProject]) -> None:
    result, squawk = linted(case, make_tiny_project)
    if not case.values.get("stops"):
        assert not result.unseen, [(each.line, each.reason) for each in result.unseen]
    assert [f"{each.severity.word} {each.subject}" for each in result.findings] == case.values["finds"]
    assert result.silenced == case.values.get("silenced", 0)
    if "fix" in case.values:
        assert result.findings[0].fix == case.values["fix"]
    unfinished = [each.fix for each in result.findings if each.has_code and "..." in (each.fix or "")]
    assert not unfinished
    rule = rule_named(case.rule)
    if rule is not None and rule.squawk and case.is_for_squawk:
        found = bool(case.values["finds"] or case.values.get("silenced"))
        agrees = bool(set(rule.squawk) & set(squawk)) == found
        assert agrees != ("squawk" in case.values), squawk


@pytest.mark.parametrize("rule", [rule.id for rule in all_rules()])
def test_every_rule_has_a_finding_no_finding_and_a_silenced_one(rule: str) -> None:
    own = [case.values for case in CASES if case.rule == rule]
    assert any(each["finds"] for each in own)
    assert any(not each["finds"] and not each.get("silenced") for each in own)
    assert any(each.get("silenced") for each in own)

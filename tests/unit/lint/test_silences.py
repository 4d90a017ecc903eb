"""Comments that silence findings: which lines they hold for."""

from __future__ import annotations

import pytest

from alembic_manage.lint.finding import Finding, Severity
from alembic_manage.lint.silences import silences_of, without_silenced

SOURCE = """\
from alembic import op
{top}

def upgrade():
    {first}
    op.create_index("a", "orders", ["a"]){behind}
    with op.batch_alter_table("orders") as batch_op:{at_with}
        {above}
        batch_op.drop_column("b")
        batch_op.drop_column(
            "c",{inside}
        )
"""
COMMENT = "# lint: ignore a-rule -- why"
LINES = {"index": 6, "b": 9, "c": 10}


def source(place: str, comment: str = COMMENT) -> str:
    blanks = {"top": "", "first": "", "behind": "", "at_with": "", "above": "", "inside": ""}
    return SOURCE.format(**{**blanks, place: ("  " if place in ("behind", "at_with", "inside") else "") + comment})


def finding(line: int | None, rule: str = "a-rule") -> Finding:
    return Finding(rule, Severity.ERROR, "m", "r", None, line)


@pytest.mark.parametrize(
    ("place", "silenced"),
    [
        ("top", {"index", "b", "c"}),
        ("first", {"index"}),
        ("behind", {"index"}),
        ("at_with", {"b", "c"}),
        ("above", {"b"}),
        ("inside", {"c"}),
    ],
)
def test_a_comment_holds_for_the_statement_that_it_belongs_to(place: str, silenced: set[str]) -> None:
    silences = silences_of(source(place))
    assert {name for name, line in LINES.items() if not without_silenced([finding(line)], silences)} == silenced


def test_another_rule_is_not_silenced() -> None:
    assert without_silenced([finding(6, "other")], silences_of(source("behind")))


def test_several_rules_in_one_comment() -> None:
    (silence,) = silences_of(source("behind", "# lint: ignore a-rule, b-rule -- why"))
    assert (silence.rules, silence.reason) == (("a-rule", "b-rule"), "why")


def test_without_a_reason() -> None:
    (silence,) = silences_of(source("behind", "# lint: ignore a-rule"))
    assert silence.reason is None


def test_what_was_used_is_remembered() -> None:
    (silence,) = silences_of(source("behind", "# lint: ignore a-rule, b-rule -- why"))
    without_silenced([finding(6)], [silence])
    assert silence.is_used == {"a-rule"}


def test_a_finding_without_a_line_is_silenced_for_the_whole_file_only() -> None:
    assert without_silenced([finding(None)], silences_of(source("behind")))
    assert not without_silenced([finding(None)], silences_of(source("top")))


@pytest.mark.parametrize("text", ["x = '# lint: ignore a-rule -- why'", "# lint ignores nothing", "def f(:"])
def test_no_comment_no_silence(text: str) -> None:
    assert silences_of(text) == []

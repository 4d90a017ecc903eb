"""What people and other programs read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from alembic_manage.commands.lint import FORMATS
from alembic_manage.history import Revision
from alembic_manage.lint.finding import Finding, Severity, Size
from alembic_manage.lint.formats import names, renderer
from alembic_manage.lint.linter import LintResult
from alembic_manage.lint.run import LintRun
from alembic_manage.lint.selection import Selection
from alembic_manage.lint.summary import size_text
from alembic_manage.state.replay import Opaque

ROOT = Path("/shop")
PATH = ROOT / "versions" / "0002_note.py"
FINDING = Finding(
    "adding-index",
    Severity.ERROR,
    "Index ix_a is built, 100% of it.",
    "0002_note",
    PATH,
    14,
    "orders.ix_a",
    "SHARE on orders",
    "first\nsecond",
    Size(5_000_000, 3 * 1024**3),
)
HEADS = Finding("several-heads", Severity.ERROR, "b and c", "", None, None)


def rendered(name: str, *findings: Finding, silenced: int = 0, known: int = 0) -> str:
    revision = Revision("0002_note", PATH)
    opaque = Opaque("0002_note", PATH, 20, "rows", "it needs rows")
    result = LintResult((revision,), findings, silenced, (opaque,), ("a note",))
    return renderer(name)(LintRun(Selection((revision,), frozenset(), "not in main"), result, known, None), ROOT)


def test_the_command_knows_the_formats_that_there_are() -> None:
    assert names() == FORMATS


def test_text_has_place_lock_size_and_the_better_way() -> None:
    assert rendered("text", FINDING) == (
        "versions/0002_note.py:14: error: Index ix_a is built, 100% of it. [adding-index]\n"
        "    Lock: SHARE on orders\n"
        "    Size: 5,000,000 rows, 3.0 GiB\n"
        "    Instead:\n"
        "        first\n"
        "        second\n"
        "    Why: python manage.py lint --explain adding-index\n"
        "\n"
        "versions/0002_note.py:20: not checked from here on, or not in full: it needs rows\n"
        "a note\n"
        "1 migration (not in main): 1 error, 0 warnings, 0 notices."
    )


def test_text_counts_what_was_passed_over() -> None:
    assert rendered("text", silenced=2, known=3).splitlines()[-1] == (
        "1 migration (not in main): no findings; 2 silenced, 3 in the baseline."
    )


def test_a_finding_about_the_history_has_no_place() -> None:
    assert rendered("text", HEADS).splitlines()[0] == "error: b and c [several-heads]"


def test_github_has_a_command_with_everything_escaped() -> None:
    assert rendered("github", FINDING).splitlines()[0] == (
        "::error file=versions/0002_note.py,line=14,title=adding-index::Index ix_a is built, 100%25 of it."
        "%0ALock: SHARE on orders%0AInstead:%0Afirst%0Asecond"
    )


def test_github_has_no_file_for_the_history() -> None:
    assert rendered("github", HEADS).splitlines()[0] == "::error title=several-heads::b and c"


def test_markdown_escapes_names_and_fences_the_fix() -> None:
    text = rendered("markdown", FINDING)
    assert "### error: Index ix\\_a is built, 100% of it." in text
    assert "\n```python\nfirst\nsecond\n```" in text


def test_markdown_has_sentences_as_sentences() -> None:
    text = rendered("markdown", replace(FINDING, fix="Look for ix_a first:\n    SELECT 1\nThen go on."))
    assert "Look for ix\\_a first:\n\n    SELECT 1\n\nThen go on." in text


def test_markdown_escapes_html() -> None:
    assert "<script" not in rendered("markdown", Finding("r", Severity.ERROR, "<script>", "", None, None)).replace(
        "\\<script", ""
    )


def test_sarif_has_level_place_and_a_fingerprint_without_the_line() -> None:
    (run,) = json.loads(rendered("sarif", FINDING, HEADS))["runs"]
    first, second = run["results"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["adding-index", "several-heads"]
    assert (first["level"], first["ruleIndex"]) == ("error", 0)
    location = first["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "versions/0002_note.py"
    assert location["region"] == {"startLine": 14}
    assert first["partialFingerprints"] == {"finding/v1": "0002_note:adding-index:orders.ix_a"}
    assert "locations" not in second


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "1 row"), (1023, "1 row, 1,023 bytes"), (1536, "1 row, 1.5 KiB"), (5 * 1024**5, "1 row, 5,120.0 TiB")],
)
def test_sizes_for_people(size_bytes: int, text: str) -> None:
    assert size_text(Size(1, size_bytes)) == text

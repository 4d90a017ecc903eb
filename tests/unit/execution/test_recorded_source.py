"""What is shown of recorded code, and how its errors are named."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from alembic_manage.errors import CommandError, RevisionFailedError, RevisionStoppedError
from alembic_manage.execution.missing import MissingRevision
from alembic_manage.execution.recorded_source import RecordedSources, code_that_runs
from alembic_manage.history import Revision
from alembic_manage.reports.run_report import recorded_code

SOURCE = dedent(
    """
    \"\"\"Notes.\"\"\"

    import sqlalchemy as sa
    from alembic import op

    revision: str = "b"
    down_revision = "a"
    LENGTH = 40


    def upgrade():
        op.add_column("orders", sa.Column("note", sa.String(LENGTH)))


    @decorated
    def downgrade():
        # The index goes with it.
        op.drop_column("orders", "note")


    def helper():
        pass
    """
)


def test_what_runs_is_all_but_imports_ids_and_upgrade():
    assert code_that_runs(SOURCE) == (
        "LENGTH = 40\n\n"
        '@decorated\ndef downgrade():\n    # The index goes with it.\n    op.drop_column("orders", "note")\n\n'
        "def helper():\n    pass"
    )


def test_code_at_the_top_of_a_file_is_shown_because_it_runs():
    source = "import os\nos.remove('x')\nif True:\n    y = 1\nrevision = z = 'b'\ndef downgrade(): pass\n"
    assert code_that_runs(source).startswith("os.remove('x')\n\nif True:\n    y = 1\n\nrevision = z = 'b'\n\ndef down")


def test_all_is_shown_when_that_is_asked_for_or_downgrade_comes_from_elsewhere():
    assert recorded_code(SOURCE, whole=True) == SOURCE.rstrip()
    assert recorded_code(SOURCE, whole=False) == code_that_runs(SOURCE)
    imported = "from shop.steps import downgrade\nrevision = 'b'\n"
    assert recorded_code(imported, whole=False) == imported.rstrip()


REVISION = Revision("b", Path("/somewhere/0/b.py"))
SOURCES = RecordedSources(environment=None, missing=(MissingRevision("b", revision=REVISION),))


def named(error):
    with pytest.raises(CommandError) as caught, SOURCES.named():
        raise error
    return caught.value


def test_an_error_names_the_recorded_code_and_leads_to_the_real_file():
    error = named(RevisionFailedError("b failed at /somewhere/0/b.py:3: no", hint="mend the file"))
    assert str(error) == "b failed at the recorded b.py:3: no"
    assert (
        error.hint == "get the code that has it: git log --all -- '*b*'; mend it there, then: python manage.py rollback"
    )


def test_a_hint_that_leads_on_has_the_flag():
    hint = "mend it, then: python manage.py rollback --resume-at 2"
    error = named(RevisionStoppedError("b failed at /somewhere/0/b.py:3: no", hint=hint))
    assert error.hint == "mend it, then: python manage.py rollback --from-record --resume-at 2"


def test_an_error_about_something_else_stays_as_it_is():
    error = named(RevisionFailedError("a failed at versions/a.py:3: no", hint="mend the file"))
    assert (str(error), error.hint) == ("a failed at versions/a.py:3: no", "mend the file")


def test_what_has_no_file_is_found_among_the_revisions_of_a_plan():
    other = replace(REVISION, id="a")
    assert [each.id for each in SOURCES.of([other, REVISION])] == ["b"]
    assert SOURCES.ids == {"b"}

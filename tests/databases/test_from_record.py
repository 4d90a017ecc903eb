"""A database that is ahead of the code: explained in words, and taken back with the code that the ledger keeps."""

import json
import tempfile

import pytest
from support.commands import run_command as run
from support.terminal import on_terminal

from alembic_manage import MissingFileError, RecordError, RefusedError, RevisionFailedError
from alembic_manage.checks.record import check
from alembic_manage.commands import migrate, rollback, showmigrations

ORDERS = 'op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))'
TAGS = 'op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))'
NOTE = 'op.add_column("orders", sa.Column("note", sa.String(40)))'
DROP_NOTE = 'op.drop_column("orders", "note")'


@pytest.fixture
def shop(tiny_project):
    """Three revisions, applied; the files of the last two are gone."""
    tiny_project.revision("0001_orders", ORDERS, 'op.drop_table("orders")')
    files = [
        tiny_project.revision("0002_tags", TAGS, 'op.drop_table("tags")', down="0001_orders"),
        tiny_project.revision("0003_note", NOTE, DROP_NOTE, down="0002_tags"),
    ]
    tiny_project.migrate()
    for file in files:
        file.unlink()
    return tiny_project


def from_record(project, *argv):
    return run(rollback, project, "--from-record", *argv)


def statement(project, what):
    project.execute(f"UPDATE alembic_version_ledger SET {what}")


# What is said


@pytest.mark.parametrize("command", [migrate, rollback])
def test_it_is_explained_when_and_by_whom_what_has_no_file_was_applied(shop, command):
    statement(shop, "user_name = 'deploy', host = 'web-1', application_version = '1.4.2' WHERE revision = '0003_note'")
    with pytest.raises(MissingFileError, match="at migration '0003_note', which has no file here") as caught:
        run(command, shop)
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines[1:]] == ["  0002_tags", "  0003_note"]
    assert lines[2].startswith("  0003_note: applied 20")
    assert lines[2].endswith(" UTC by deploy@web-1, application 1.4.2")
    assert caught.value.hint.endswith("python manage.py rollback --from-record")
    assert "git log --all -- '*0003_note*'" in caught.value.hint


def test_the_first_line_of_the_docstring_is_told(shop):
    shop.revision("0003_note", NOTE, DROP_NOTE, down="0002_tags")
    statement(shop, 'source = REPLACE(source, \'"""0003_note"""\', \'"""Notes of orders."""\')')
    (shop.versions / "0003_note.py").unlink()
    with pytest.raises(MissingFileError, match=r"0003_note \(Notes of orders\.\): applied"):
        run(migrate, shop)


def test_without_a_ledger_the_hint_says_how_to_tell_where_the_database_is(shop):
    shop.execute("DROP TABLE alembic_version_ledger")
    with pytest.raises(MissingFileError, match="0003_note: the ledger does not know when or by whom") as caught:
        run(migrate, shop)
    assert caught.value.hint.endswith("python manage.py migrate REVISION --fake --prune")
    assert "--from-record" not in caught.value.hint


def test_showmigrations_knows_what_is_applied_below_what_has_no_file(shop):
    lines = run(showmigrations, shop).splitlines()
    assert [line[:6] + line[6:].split(" ")[0] for line in lines[1:]] == [
        " [X] 0001_orders",
        " [!] 0002_tags",
        " [!] 0003_note",
    ]
    document = json.loads(run(showmigrations, shop, "--json"))["migrations"]
    assert [(each["revision"], each["applied"], each["missing"]) for each in document] == [
        ("0001_orders", True, False),
        ("0002_tags", True, True),
        ("0003_note", True, True),
    ]
    assert document[2]["down_revisions"] == ["0002_tags"]
    assert document[2]["applied_at"] is not None


def test_check_names_each_and_does_not_call_the_rest_pending(shop):
    problems = list(check(shop.project, ["default"]))
    assert [problem.id for problem in problems] == ["record.E002", "record.E002"]
    assert "'0002_tags', which has no file (applied 20" in problems[0].message
    assert problems[0].hint.endswith("rollback --from-record")


def test_nothing_recorded_is_run_to_explain(shop, tmp_path):
    run_it = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    path = shop.revision("0004_computed", down="0003_note")
    source = path.read_text()
    path.write_text(
        source.replace("down_revision = ", "down_revision = str() or ").replace("import sqla", run_it + "import sqla")
    )
    for id, down, up in (("0002_tags", "0001_orders", TAGS), ("0003_note", "0002_tags", NOTE)):
        shop.revision(id, up, down=down)
    shop.migrate()
    for file in shop.versions.glob("000[234]*.py"):
        file.unlink()
    (tmp_path / "ran").unlink()
    with pytest.raises(MissingFileError, match="0004_computed: applied"):
        run(migrate, shop)
    run(showmigrations, shop)
    with pytest.raises(RecordError, match="What 0004_computed follows is not known"):
        from_record(shop)
    assert not (tmp_path / "ran").exists()


# Taking it back


def test_the_default_target_is_the_newest_revision_that_has_a_file(shop):
    said = from_record(shop)
    assert shop.recorded == {"0001_orders"}
    assert shop.tables == {"orders"}
    assert shop.columns("orders") == {"id"}
    assert said.index("Recorded code of 0003_note") < said.index("Unapply: 0003_note") < said.index("Unapplying")
    assert '    op.drop_column("orders", "note")' in said
    assert "def upgrade" not in said
    assert not shop.migrate().done


def test_the_whole_code_is_shown_with_more_verbosity(shop):
    assert "def upgrade" in from_record(shop, "--plan", "-v2")


def test_the_code_is_shown_also_with_none(shop):
    assert 'op.drop_column("orders", "note")' in from_record(shop, "-v0")


@pytest.mark.parametrize(
    ("target", "recorded"),
    [("1", {"0002_tags"}), ("0002", {"0002_tags"}), ("0001_orders", {"0001_orders"}), ("3", set()), ("zero", set())],
)
def test_targets_count_with_what_has_no_file(shop, target, recorded):
    from_record(shop, target)
    assert shop.recorded == recorded


def test_the_last_run_can_be_taken_back_too(shop):
    from_record(shop, "--batch")
    assert shop.recorded == set()


def test_nothing_is_taken_back_where_everything_has_a_file(tiny_project):
    tiny_project.revision("0001_orders", ORDERS)
    tiny_project.migrate()
    assert from_record(tiny_project).splitlines() == ["Running migrations:", "  No migrations to unapply."]
    assert tiny_project.recorded == {"0001_orders"}


def test_a_plan_takes_nothing_back(shop):
    said = from_record(shop, "--plan")
    assert "Recorded code of 0003_note" in said
    assert "Remove column note from orders" in said
    assert json.loads(from_record(shop, "--plan", "--json"))["steps"][0]["revision"] == "0003_note"
    assert shop.recorded == {"0003_note"}


def test_the_project_gets_no_file_and_the_temporary_folder_is_gone(shop, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    from_record(shop)
    assert [path.name for path in shop.versions.iterdir()] == ["0001_orders.py"]
    assert list((tmp_path / "temporary").iterdir()) == []


def test_it_is_in_the_ledger_like_any_rollback(shop):
    from_record(shop)
    rows = shop.rows("SELECT revision, outcome FROM alembic_version_ledger WHERE direction = 'downgrade' ORDER BY id")
    assert rows == [("0003_note", "applied"), ("0002_tags", "applied")]


def test_branches_without_a_file_are_taken_back_both(shop):
    for id, down, up in (("0002_tags", "0001_orders", TAGS), ("0003_note", "0002_tags", NOTE)):
        shop.revision(id, up, {TAGS: 'op.drop_table("tags")', NOTE: DROP_NOTE}[up], down=down)
    shop.revision("0003_other", down="0002_tags")
    shop.revision("0004_merge", down=("0003_note", "0003_other"))
    shop.migrate()
    for file in shop.versions.glob("000[234]*.py"):
        file.unlink()
    from_record(shop)
    assert shop.recorded == {"0001_orders"}
    assert shop.tables == {"orders"}


def test_a_branch_that_has_its_files_stays(shop):
    shop.revision("0002_here", down="0001_orders")
    with pytest.raises(MissingFileError):
        run(migrate, shop)
    from_record(shop)
    assert shop.migrate().done == ["0002_here"]


# Data


def test_what_would_be_lost_is_refused(shop):
    shop.execute("INSERT INTO orders (id, note) VALUES (1, 'a')")
    with pytest.raises(RefusedError, match=r"drops column orders\.note: 1 non-null value\.") as caught:
        from_record(shop)
    assert caught.value.hint.startswith("python manage.py rollback --from-record --keep-data")
    assert shop.recorded == {"0003_note"}
    from_record(shop, "--accept-data-loss")
    assert shop.recorded == {"0001_orders"}


def test_what_is_kept_comes_back_with_the_code(shop):
    shop.execute("INSERT INTO orders (id, note) VALUES (1, 'a')", "INSERT INTO tags (id) VALUES (7)")
    from_record(shop, "--keep-data")
    assert shop.tables == {"orders"}
    shop.revision("0002_tags", TAGS, down="0001_orders")
    shop.revision("0003_note", NOTE, down="0002_tags")
    shop.migrate()
    assert shop.rows("SELECT id, note FROM orders") == [(1, "a")]
    assert shop.rows("SELECT id FROM tags") == [(7,)]


# What cannot be trusted, or is not there


@pytest.mark.parametrize(
    "change",
    [
        "source = REPLACE(source, 'drop_column', 'drop_table')",
        "checksum = NULL",
        "source = ')'",
        "source = REPLACE(source, '0002_tags', '0001_orders')",
    ],
)
def test_recorded_code_that_was_changed_is_refused(shop, change):
    statement(shop, f"{change} WHERE revision = '0003_note'")
    with pytest.raises(RefusedError, match="The recorded code of 0003_note is not what ran") as caught:
        from_record(shop)
    assert "git log --all" in caught.value.hint
    assert shop.recorded == {"0003_note"}


def test_the_code_of_another_revision_is_refused(shop):
    (row,) = shop.rows("SELECT id FROM alembic_version_ledger WHERE revision = '0003_note'")
    shop.execute("UPDATE alembic_version SET version_num = '0004_forged'")
    statement(shop, f"revision = '0004_forged' WHERE id = {row[0]}")
    with pytest.raises(RefusedError, match="The recorded code of 0004_forged calls itself 0003_note"):
        from_record(shop)


def test_code_that_was_not_kept_is_said_and_what_to_do(shop):
    statement(shop, "source = NULL WHERE revision = '0002_tags'")
    with pytest.raises(RecordError, match="0002_tags has no file here, and the ledger kept no code of it") as caught:
        from_record(shop)
    assert "migrate REVISION --fake --prune" in caught.value.hint
    assert shop.recorded == {"0003_note"}


def test_what_was_applied_by_other_means_since_is_not_taken_back_with_old_code(shop):
    from_record(shop, "1")
    shop.execute("UPDATE alembic_version SET version_num = '0003_note'")
    with pytest.raises(
        RecordError, match="0003_note has no file here, and the ledger does not know how it was applied"
    ):
        from_record(shop)


def test_a_recorded_revision_without_a_way_down_is_found_before_anything_runs(shop):
    shop.revision("0002_tags", TAGS, down="0001_orders")
    shop.revision("0003_note", NOTE, down="0002_tags")
    shop.revision("0004_oneway", "pass", "raise NotImplementedError", down="0003_note")
    shop.revision("0005_next", down="0004_oneway")
    shop.migrate()
    for file in shop.versions.glob("000[2345]*.py"):
        file.unlink()
    with pytest.raises(
        RefusedError, match=r"the recorded 0004_oneway\.py has a downgrade\(\) that only raises"
    ) as caught:
        from_record(shop)
    assert caught.value.hint == "python manage.py rollback --from-record 0004_oneway"
    assert shop.recorded == {"0005_next"}


def test_recorded_code_that_fails_is_named_with_its_line(shop):
    shop.revision("0002_tags", TAGS, down="0001_orders")
    shop.revision("0003_note", NOTE, down="0002_tags")
    shop.revision("0004_fails", "pass", "x = 1\nraise ValueError('no such thing')", down="0003_note")
    shop.migrate()
    for file in shop.versions.glob("000[234]*.py"):
        file.unlink()
    with pytest.raises(RevisionFailedError, match=r"at the recorded 0004_fails\.py:\d+: ValueError: no such") as caught:
        from_record(shop)
    assert "git log --all -- '*0004_fails*'" in caught.value.hint
    assert shop.recorded == {"0004_fails"}


# On a terminal


@pytest.fixture
def library(make_project, database_url):
    project = make_project("library", database_url)
    project.ok("migrate", "-v0")
    (project.versions / "0003_authors_country.py").unlink()
    return project


@pytest.mark.parametrize("flags", [[], ["--accept-data-loss"]])
def test_a_person_is_asked_after_the_code_was_shown(library, flags):
    question = "Take these back with their recorded code? [y/n] "
    refused = on_terminal(library, "rollback", "--from-record", *flags, answers={question: "n"})
    assert refused.returncode == 1
    assert "Rollback cancelled; nothing was changed." in refused.stdout
    assert "def downgrade" in refused.stdout.partition(question)[0]
    done = on_terminal(library, "rollback", "--from-record", *flags, answers={question: "y"})
    assert "Unapplying 0003_authors_country... OK" in done.stdout
    assert "No migrations to apply." in library.ok("migrate")


def test_another_process_is_told_what_to_type(library):
    result = library.run("migrate")
    assert result.returncode == 1
    assert "Hint: get the code that has it" in result.stderr
    assert "Traceback" not in result.stderr
    assert library.ok("rollback", "--from-record").splitlines()[-1] == "  Unapplying 0003_authors_country... OK"


# Around it


def test_several_schemas_are_taken_back_each_from_its_own_ledger(make_tiny_project, postgresql_url):
    project = make_tiny_project(postgresql_url)
    project.execute("CREATE SCHEMA one", "CREATE SCHEMA two")
    project.change_env(
        """    context.configure(connection=connection, **options)
    with context.begin_transaction():
        context.run_migrations()""",
        """    from sqlalchemy import text
    for schema in ("one", "two"):
        connection.execute(text(f"SET search_path TO {schema}"))
        connection.commit()
        connection.dialect.default_schema_name = schema
        context.configure(connection=connection, version_table_schema=schema, **options)
        with context.begin_transaction():
            context.run_migrations(schema=schema)""",
    )
    project.revision("0001_orders", ORDERS, 'op.drop_table("orders")')
    later = project.revision("0002_note", NOTE, DROP_NOTE, down="0001_orders")
    project.migrate()
    later.unlink()
    said = from_record(project)
    assert said.count("Recorded code of 0002_note") == 1
    assert project.rows("SELECT version_num FROM one.alembic_version") == [("0001_orders",)]
    assert project.rows("SELECT version_num FROM two.alembic_version") == [("0001_orders",)]


def test_a_file_that_is_there_is_used_although_its_code_is_recorded(shop):
    shop.revision("0002_tags", TAGS, 'op.drop_table("tags")', down="0001_orders")
    said = from_record(shop, "0001")
    assert "Recorded code of 0003_note" in said
    assert "Recorded code of 0002_tags" not in said
    assert shop.tables == {"orders"}


def test_it_is_asked_for_by_no_other_command(shop):
    for argv in ([], ["--batch"], ["0001"], ["zero"]):
        with pytest.raises((MissingFileError, RecordError)):
            run(rollback, shop, "--no-input", *argv)
    with pytest.raises(MissingFileError):
        run(migrate, shop, "zero", "--accept-data-loss")
    assert shop.recorded == {"0003_note"}
    assert shop.tables == {"orders", "tags"}

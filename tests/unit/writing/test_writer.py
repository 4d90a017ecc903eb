"""Writing a revision file: all of it or nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from alembic_manage import CommandError, EnvironmentFailedError, atomic_file
from alembic_manage.atomic_file import write_atomically
from alembic_manage.history import read_revision
from alembic_manage.writing import formatter
from alembic_manage.writing.draft import Draft, NewRevision
from alembic_manage.writing.writer import compose, run_hooks, write

ADD = Draft(
    'op.add_column("orders", sa.Column("note", sa.Text()))',
    'op.drop_column("orders", "note")',
    ("from sqlalchemy.dialects import postgresql",),
)


@pytest.fixture
def project(make_tiny_project, sqlite_url):
    made = make_tiny_project(sqlite_url)
    made.revision("0001_initial")
    return made


@pytest.fixture
def no_formatter(monkeypatch):
    monkeypatch.setattr(formatter, "_formatters", lambda path: [])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != "__pycache__"}


# The text


def test_a_revision_is_a_file_named_after_its_id(project):
    new = compose(project.environment, ADD, "0002_orders_note", ["0001_initial"], "orders note")
    assert new.path == project.versions / "0002_orders_note.py"
    write(project.environment, new)
    revision = read_revision(new.path)
    assert revision.id == "0002_orders_note"
    assert revision.down_revisions == ("0001_initial",)
    assert revision.message == "orders note"


def test_the_file_holds_both_directions_and_the_imports(project):
    text = compose(project.environment, ADD, "b", ["0001_initial"], "b").text
    assert 'op.add_column("orders"' in text
    assert 'op.drop_column("orders", "note")' in text
    assert "from sqlalchemy.dialects import postgresql" in text
    compile(text, "b.py", "exec")


def test_a_merge_names_all_its_parents(project):
    project.revision("0002_other")
    new = compose(project.environment, Draft.empty(), "0003_merge", ["0001_initial", "0002_other"], "merge")
    write(project.environment, new)
    assert read_revision(new.path).down_revisions == ("0001_initial", "0002_other")


def test_a_first_revision_follows_nothing(project):
    new = compose(project.environment, Draft.empty(), "0001_first", [], "first")
    assert new.path.parent == project.versions
    write(project.environment, new)
    assert read_revision(new.path).down_revisions == ()


def test_an_empty_draft_does_nothing(project):
    assert Draft.empty().changes == ()
    text = compose(project.environment, Draft.empty(), "b", [], "b").text
    assert text.count("pass") == 2


def test_the_changes_of_a_draft_are_those_of_its_upgrade():
    assert [change.line for change in ADD.changes] == ["+ Add column note to orders"]


def test_without_a_header_the_docstring_is_the_message_alone(project):
    text = compose(project.environment, ADD, "b", ["0001_initial"], "orders note", header=False).text
    assert text.startswith('"""orders note"""\n')
    assert "Create Date" not in text
    assert "Revises" not in text


def test_the_new_file_lies_beside_its_parent(project):
    folder = project.versions / "2026"
    folder.mkdir()
    (project.versions / "0001_initial.py").rename(folder / "0001_initial.py")
    (project.root / "alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/alembic_database\nrecursive_version_locations = true\n", encoding="utf-8"
    )
    new = compose(project.environment, ADD, "0002_x", ["0001_initial"], "x")
    assert new.path == folder / "0002_x.py"


def test_the_users_own_template_counts(project):
    template = project.folder / "script.py.mako"
    template.write_text('"""${message}"""\n# ours\nrevision = ${repr(up_revision)}\n${upgrades}\n', encoding="utf-8")
    assert "# ours" in compose(project.environment, ADD, "b", [], "b").text


def test_the_template_of_alembic_itself_counts(project):
    import alembic

    template = Path(alembic.__file__).parent / "templates" / "generic" / "script.py.mako"
    (project.folder / "script.py.mako").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    new = compose(project.environment, ADD, "b", ["0001_initial"], "b")
    write(project.environment, new)
    assert read_revision(new.path).down_revisions == ("0001_initial",)


@pytest.mark.parametrize("text", ["${unknown_name}", "% if", None])
def test_a_template_that_cannot_be_rendered_is_named(project, text):
    template = project.folder / "script.py.mako"
    template.unlink() if text is None else template.write_text(text, encoding="utf-8")
    with pytest.raises(EnvironmentFailedError, match=r"script\.py\.mako"):
        compose(project.environment, ADD, "b", [], "b")


# The formatter


def test_a_formatter_that_is_installed_formats(project, monkeypatch):
    command = [sys.executable, "-c", "import sys; print('# formatted'); print(sys.stdin.read())"]
    monkeypatch.setattr(formatter, "_formatters", lambda path: [command])
    assert compose(project.environment, ADD, "b", [], "b").text.startswith("# formatted\n")


@pytest.mark.parametrize(
    "command",
    [["/no/such/program"], [sys.executable, "-c", "raise SystemExit(1)"], [sys.executable, "-c", ""]],
)
def test_a_formatter_that_fails_leaves_the_text(project, monkeypatch, command):
    monkeypatch.setattr(formatter, "_formatters", lambda path: [command])
    assert compose(project.environment, ADD, "b", [], "b").text.startswith('"""b')


def test_a_formatter_that_hangs_leaves_the_text(project, monkeypatch):
    def hang(*args, **options):
        raise subprocess.TimeoutExpired("ruff", options["timeout"])

    monkeypatch.setattr(formatter, "_formatters", lambda path: [["ruff"]])
    monkeypatch.setattr(subprocess, "run", hang)
    assert compose(project.environment, ADD, "b", [], "b").text.startswith('"""b')


# The disk


def test_a_file_is_written_with_the_rights_of_a_new_file(tmp_path):
    path, plain = tmp_path / "a.py", tmp_path / "plain"
    write_atomically(path, "x = 1\n")
    plain.touch()
    assert path.read_text(encoding="utf-8") == "x = 1\n"
    assert path.stat().st_mode == plain.stat().st_mode


def test_an_interrupted_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.py", "x = 1\n")
    assert names(tmp_path) == set()


def test_a_half_written_file_is_no_revision(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.extend(tmp_path.iterdir()))
    write_atomically(tmp_path / "a.py", "x = 1\n")
    assert [path.suffix for path in seen] == [".tmp"]


def test_an_existing_file_is_not_written_over(project):
    new = compose(project.environment, ADD, "0001_initial", [], "again")
    before = new.path.read_text(encoding="utf-8")
    with pytest.raises(CommandError, match=r"0001_initial\.py exists already"):
        write(project.environment, new)
    assert new.path.read_text(encoding="utf-8") == before


def test_a_replaced_file_goes_once_the_new_one_is_there(project):
    old = project.revision("0002_old", down="0001_initial")
    new = compose(project.environment, ADD, "0002_new", ["0001_initial"], "new")
    write(project.environment, new, replaces=old)
    assert names(project.versions) == {"0001_initial.py", "0002_new.py"}


def test_a_file_can_be_replaced_by_one_of_the_same_name(project):
    old = project.revision("0002_same", down="0001_initial")
    new = compose(project.environment, ADD, "0002_same", ["0001_initial"], "same")
    write(project.environment, new, replaces=old)
    assert "add_column" in old.read_text(encoding="utf-8")


def test_a_missing_folder_is_one_line_and_nothing_is_written(project):
    new = compose(project.environment, ADD, "0002_x", ["0001_initial"], "x")
    gone = NewRevision(new.id, project.root / "nowhere" / "0002_x.py", new.text)
    with pytest.raises(CommandError, match=r"nowhere/0002_x\.py cannot be written: No such file") as caught:
        write(project.environment, gone)
    assert caught.value.hint.startswith("ls -ld")


def test_a_read_only_folder_is_one_line_and_nothing_is_left(project, monkeypatch):
    # Root may write anywhere, so the refusal is the operating system's in word only.
    def refuse(**options):
        raise PermissionError(13, "Permission denied")

    new = compose(project.environment, ADD, "0002_x", ["0001_initial"], "x")
    monkeypatch.setattr(atomic_file.tempfile, "mkstemp", refuse)
    with pytest.raises(CommandError, match=r"0002_x\.py cannot be written: Permission denied"):
        write(project.environment, new)
    assert names(project.versions) == {"0001_initial.py"}


def test_a_full_disk_is_one_line_and_nothing_is_left(project, monkeypatch):
    def fail(descriptor):
        raise OSError(28, "No space left on device")

    new = compose(project.environment, ADD, "0002_x", ["0001_initial"], "x")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(CommandError, match="No space left on device"):
        write(project.environment, new)
    assert names(project.versions) == {"0001_initial.py"}


def test_the_post_write_hooks_of_alembic_ini_run(project):
    (project.root / "hook.py").write_text(
        "import sys\nwith open(sys.argv[1], 'a') as file:\n    file.write('# hooked')\n", encoding="utf-8"
    )
    (project.root / "alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/alembic_database\n[post_write_hooks]\nhooks = one\none.type = exec\n"
        f"one.executable = {sys.executable}\none.options = {project.root / 'hook.py'} REVISION_SCRIPT_FILENAME\n",
        encoding="utf-8",
    )
    environment = project.environment
    new = compose(environment, ADD, "0002_x", ["0001_initial"], "x")
    write(environment, new)
    assert run_hooks(environment, [new]) is None
    assert new.path.read_text(encoding="utf-8").endswith("# hooked")

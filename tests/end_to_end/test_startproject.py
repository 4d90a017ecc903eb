"""`startproject`, and the project that it leaves: its first commands, as the newcomer types them."""

import io
import subprocess
import tarfile
from pathlib import Path

import pytest
from support.failures import assert_fails, files_of
from support.nursery import nursery
from support.projects import ROOT, ProjectFolder, Result


@pytest.fixture
def here(tmp_path: Path) -> ProjectFolder:
    """An empty folder; what is run in it is `alembic-manage`, with no settings module anywhere."""
    (tmp_path / "here").mkdir()
    return ProjectFolder(tmp_path / "here", "")


def suite(here: ProjectFolder, *arguments: str) -> Result:
    """`alembic-manage ARGUMENTS`, where no settings of a project are to be found."""
    code = "import sys; sys.argv[0] = 'alembic-manage'; from alembic_manage.cli import main; main()"
    environment = {**here.environment(), "SETTINGS_MODULE": "no_settings"}
    del environment["DATABASE_URL"]
    done = nursery(str(ROOT)).run(["-c", code, *arguments], here.path, environment, None)
    return Result(done.returncode, done.stdout, done.stderr)


def started(here: ProjectFolder, name: str, url: str, *options: str) -> ProjectFolder:
    """A new project, whose database is the one at `url`."""
    done = suite(here, "startproject", name, *options)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout.startswith(f"Created project '{name}' in {name}/\n\nNext:\n    cd {name}\n"), done
    return ProjectFolder(here.path / name, url)


def assert_migrates_at_once(project: ProjectFolder) -> None:
    """The newcomer's first commands, with nothing changed."""
    name = project.path.name
    assert project.ok("makemigrations").splitlines() == [
        f"Migrations for '{name}':",
        "  alembic_database/versions/0001_initial.py",
        "    + Create table notes",
        "    + Create index ix_notes_title on notes",
    ]
    assert project.ok("migrate").splitlines()[-1] == "  Applying 0001_initial... OK"


def test_project_runs_at_once(here: ProjectFolder) -> None:
    project = started(here, "zebra", "")
    assert_migrates_at_once(project)
    assert (project.path / "db.sqlite3").is_file()
    assert "5 passed" in project.ok("test", "-q", "-p", "no:cacheprovider")
    assert project.alembic_ok("current") == "0001_initial (head)\n"
    assert project.ok("rollback", "--accept-data-loss").splitlines()[-1] == "  Unapplying 0001_initial... OK"

    project.replace("zebra/models.py", "String(200), index=True", "String(300), index=True")
    failed = project.run("test", "tests/test_migrations.py", "-q", "-p", "no:cacheprovider")
    assert failed.returncode == 1
    assert "The models have changes that no migration makes:" in failed.stdout


def test_project_with_asyncio_runs_at_once(here: ProjectFolder, async_database_url: str) -> None:
    scheme = async_database_url.partition("://")[0]
    kind = {"sqlite": "sqlite", "mysql": "mariadb"}.get(scheme.partition("+")[0], "postgresql")
    project = started(here, "zebra", async_database_url, "--database", kind, "--async")
    assert f"DATABASE_URL={scheme}://" in project.read(".env.example")
    assert_migrates_at_once(project)


def test_project_in_the_current_folder(here: ProjectFolder) -> None:
    (here.path / "LICENSE").write_text("mine", encoding="utf-8")
    assert suite(here, "startproject", "zebra", ".").stdout.startswith(
        "Created project 'zebra' in ./\n\nNext:\n    python"
    )
    assert (here.path / "manage.py").stat().st_mode & 0o100
    before = files_of(here.path)
    assert_fails(
        suite(here, "startproject", "zebra", "."),
        says="Already there, and not to be overwritten: .env.example, ",
        hint="alembic-manage startproject zebra another_folder",
    )
    assert files_of(here.path) == before


@pytest.mark.parametrize(
    ("arguments", "code", "says", "hint"),
    [
        (["my-site"], 1, "'my-site' is not a valid project name", "alembic-manage startproject my_site"),
        (["json"], 1, "'json' conflicts with the name of an existing Python module", "startproject json_project"),
        ([], 2, "You must provide a project name.", "Hint: alembic-manage startproject --help"),
        (["x", "--database", "oracle"], 2, "invalid choice: 'oracle'", "alembic-manage startproject --help"),
        (["x", "--template", "nowhere"], 1, "The template nowhere is not there.", "ls -l nowhere"),
        (
            ["x", "--template", "https://example.org/t.zip"],
            1,
            "https://example.org/t.zip is a URL; templates are read from this machine.",
            "curl -LO https://example.org/t.zip && alembic-manage startproject x --template t.zip",
        ),
    ],
)
def test_mistakes_are_one_line_and_nothing_is_written(here: ProjectFolder, arguments, code, says, hint) -> None:
    assert_fails(suite(here, "startproject", *arguments), code, says=says, hint=hint)
    assert not list(here.path.iterdir())


def test_template_from_an_archive(here: ProjectFolder) -> None:
    with tarfile.open(here.path / "template.tgz", "w:gz") as archive:
        for name, text in {
            "t/manage.py-tpl": "#!/bin/sh\necho {{ project_name }}",
            "t/project_name/a.txt": "a",
        }.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    done = suite(here, "startproject", "zebra", "--template", "template.tgz", "-v2")
    assert done == Result(0, "manage.py\nzebra/a.txt\nCreated project 'zebra' in zebra/\n\nNext:\n    cd zebra\n", "")
    assert subprocess.check_output([here.path / "zebra" / "manage.py"], text=True) == "zebra\n"


def test_archive_cannot_write_outside(here: ProjectFolder) -> None:
    with tarfile.open(here.path / "evil.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("good.py"), io.BytesIO())
        archive.addfile(tarfile.TarInfo("../evil.py"), io.BytesIO())
    result = suite(here, "startproject", "zebra", "--template", "evil.tar")
    assert_fails(result, says="would lie outside of the project: ../evil.py", hint="take it out of the template")
    assert [path.name for path in here.path.iterdir()] == ["evil.tar"]
    assert not (here.path.parent / "evil.py").exists()


def test_help_outside_of_a_project_tells_how_one_begins(here: ProjectFolder) -> None:
    shown = suite(here, "help")
    assert shown.returncode == 0
    assert "    startproject " in shown.stdout
    assert "a new project: alembic-manage startproject mysite" in shown.stderr
    assert suite(here, "help", "startproject").stderr == ""

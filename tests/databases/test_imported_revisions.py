"""Of a long history only those revisions are imported that run."""

import importlib
from collections.abc import Callable

import pytest
from support.commands import run_command
from support.tiny_projects import TinyProject

COUNT = 40


@pytest.fixture
def run(make_tiny_project, sqlite_url, monkeypatch) -> Callable[..., list[str]]:
    """Runs a command on a history of which all but the last is applied; the names of the imported files."""
    project: TinyProject = make_tiny_project(sqlite_url)
    for number in range(1, COUNT + 1):
        project.revision(
            f"r{number:02}",
            down=f"r{number - 1:02}" if number > 1 else None,
            upgrade=f'op.create_table("t{number}", sa.Column("id", sa.Integer, primary_key=True))',
            downgrade=f'op.drop_table("t{number}")',
        )
    imported: list[str] = []

    def call(name: str, *argv: str) -> list[str]:
        imported.clear()
        run_command(importlib.import_module(f"alembic_manage.commands.{name}"), project, *argv)
        return list(imported)

    call("migrate", f"r{COUNT - 1}")
    module = importlib.import_module("alembic_manage.alembic_api.revision_map")
    real = module.load_module
    monkeypatch.setattr(module, "load_module", lambda path: imported.append(path.stem) or real(path))
    return call


@pytest.mark.parametrize(
    ("command", "imported"),
    [
        ("showmigrations", []),
        ("showmigrations -v 2", []),
        ("migrate --plan", []),
        ("rollback --plan", []),
        ("sqlmigrate r20", ["r20"]),
        ("migrate", [f"r{COUNT}"]),
        ("rollback --accept-data-loss", [f"r{COUNT - 1}"]),
    ],
)
def test_only_what_runs_is_imported(run, command, imported):
    assert run(*command.split()) == imported

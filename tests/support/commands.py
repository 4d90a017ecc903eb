"""Commands within the test's own process, on a tiny project."""

from __future__ import annotations

from io import StringIO
from types import ModuleType

from support.tiny_projects import TinyProject


def run_command(module: ModuleType, project: TinyProject, *argv: str) -> str:
    """Standard output of the command in a module of alembic_manage.commands; it raises what it raises."""
    out = StringIO()
    command = module.Command(stdout=out, stderr=StringIO())
    command.project = project.project
    parser = command.create_parser("manage.py", module.__name__.rpartition(".")[2])
    options = vars(command.parse(parser, argv))
    command.handle(*options.pop("args", ()), **options)
    return out.getvalue()

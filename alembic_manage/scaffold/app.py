"""A new app: which name and folder it may have, and its files."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic_manage.apps import App, find_apps, import_models
from alembic_manage.errors import CommandError, SettingsError
from alembic_manage.location import display_path
from alembic_manage.models import declarative_bases
from alembic_manage.project import Project
from alembic_manage.scaffold.name import is_taken, refuse_name
from alembic_manage.scaffold.template import File, read_template, rendered
from alembic_manage.scaffold.tree import write_tree

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


@dataclass(frozen=True)
class NewApp:
    """An app that may be written: its name is free, and its folder empty."""

    label: str
    name: str
    """The dotted name, for INSTALLED_APPS."""
    path: Path
    """The folder that it will have."""


def plan_app(project: Project, label: str, directory: Path | None = None) -> NewApp:
    """The app to be written.

    Args:
        project: the one that gets the app.
        label: the name of its package.
        directory: the package's folder, named like the app; beside manage.py where None.

    Raises:
        CommandError: the name is none or taken, or the folder exists, is outside of the project or has another name.
    """
    _refuse_name(label)
    path = (directory.absolute() if directory else project.root / label).resolve()
    name = _dotted_name(project.root, label, path)
    if path.exists() and not _is_empty_folder(path):
        raise CommandError(
            f"{display_path(path, project.root)} exists already.", hint="python manage.py startapp another_name"
        )
    owner = next((app.name for app in _found_apps(project) if app.label == label and app.path != path), None)
    if owner is not None:
        conflict = f"the label of the installed app '{owner}'"
    elif is_taken(name, path):
        conflict = "the name of an existing Python module"
    else:
        return NewApp(label, name, path)
    raise CommandError(
        f"'{name}' conflicts with {conflict} and cannot be used as an app name.",
        hint=f"python manage.py startapp {label}_app",
    )


def write_app(project: Project, app: NewApp) -> None:
    """Write the app's folder: all of it, or nothing.

    Its models use the project's declarative base where there is exactly one, and have a base of their own where not.

    Raises:
        CommandError: the folder cannot be written.
        ModelsError: the models of another app cannot be imported.
    """
    files = _files(app.label, _only_base(project))
    try:
        app.path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".startapp-", dir=app.path.parent) as temporary:
            folder = Path(temporary) / app.label
            write_tree(folder, files)
            folder.rename(app.path)
    except OSError as error:
        raise CommandError(
            f"{display_path(app.path, project.root)} cannot be written: {error.strerror}.",
            hint=f"ls -ld {app.path.parent}",
        ) from error


def remove_app(app: NewApp) -> None:
    """Take a folder away again that `write_app` has just written."""
    shutil.rmtree(app.path)


def _refuse_name(label: str) -> None:
    parent, _, last = label.rpartition(".")
    refuse_name(label, "app", better=f"{last} {'/'.join([*parent.split('.'), last])}" if parent else None)


def _dotted_name(root: Path, label: str, path: Path) -> str:
    if path.name != label:
        raise CommandError(
            f"The folder of the app '{label}' must be called {label}, not {path.name}.",
            hint=f"python manage.py startapp {label} {display_path(path / label, root)}",
        )
    if not path.is_relative_to(root):
        raise CommandError(f"{path} lies outside of the project ({root}).", hint=f"python manage.py startapp {label}")
    parts = path.relative_to(root).parts
    if not all(part.isidentifier() for part in parts):
        raise CommandError(
            f"{'/'.join(parts)} cannot be imported: every folder must be called like a Python identifier.",
            hint=f"python manage.py startapp {label}",
        )
    return ".".join(parts)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _found_apps(project: Project) -> Iterator[App]:
    """The installed apps that are there: the one to be written may be among INSTALLED_APPS already."""
    for name in project.settings.installed_apps:
        try:
            yield from find_apps([name])
        except SettingsError:
            continue


def _only_base(project: Project) -> type | None:
    """The project's declarative base, where there is one, no more, and it can be imported by its name."""
    modules = [module for app in _found_apps(project) for module in import_models(app, project.root)]
    bases = declarative_bases(modules)
    importable = [base for base in bases if getattr(sys.modules.get(base.__module__), base.__name__, None) is base]
    return bases[0] if len(bases) == len(importable) == 1 else None


def _files(label: str, base: type | None) -> Sequence[File]:
    values = {"app_name": label}
    if base is not None:
        values |= {"base": base.__name__, "base_module": base.__module__}
    with_base = read_template(TEMPLATES / "app_with_base") if base is None else ()
    files = {file.path: file for file in [*read_template(TEMPLATES / "app"), *with_base]}
    return rendered(files.values(), label, values)

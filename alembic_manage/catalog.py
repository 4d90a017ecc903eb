"""The commands there are: found by listing folders, loaded when they are called."""

from __future__ import annotations

import importlib
import os

from alembic_manage.errors import CommandError, SettingsError, UnknownCommandError
from alembic_manage.settings.settings_module import ONLY_AST, plain_installed_apps, settings_module_name

TYPE_CHECKING = False  # `help` waits for every import here: typing is one, pathlib another
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

    from alembic_manage.apps import App
    from alembic_manage.command import BaseCommand

CORE = "alembic_manage"
BEGINNINGS = ("adopt", "startproject")
"""Commands before there is a project: a module called settings would be something else, and is not imported."""

ALEMBIC_WORDS = {
    "branches": "showmigrations --graph",
    "current": "showmigrations",
    "downgrade": "rollback",
    "heads": "showmigrations --graph",
    "history": "showmigrations --graph",
    "init": "startproject",
    "merge": "makemigrations --merge",
    "revision": "makemigrations",
    "stamp": "migrate --fake",
    "upgrade": "migrate",
}
"""What Alembic calls them: the nearest name would be another command (startapp for stamp), or none."""


class CommandEntry:
    """A command that can be called.

    Args:
        name: what is typed.
        owner: the app that has it: its label, or "alembic_manage".
        module: the dotted name of its module, not imported yet.
        file: where that is.
    """

    __slots__ = ("file", "module", "name", "owner")

    def __init__(self, name: str, owner: str, module: str, file: str) -> None:
        self.name = name
        self.owner = owner
        self.module = module
        self.file = file

    @property
    def path(self) -> Path:
        """The file of its module."""
        from pathlib import Path

        return Path(self.file)

    @property
    def summary(self) -> str:
        """The first sentence of the command's `help`, read from its source; "" where it is not a plain string."""
        try:
            with open(self.file, "rb") as stream:
                source = stream.read()
            text = _plain_help(source) if self.owner == CORE else None
            text = _parsed_help(source) if text is None else text
        except (OSError, SyntaxError, ValueError):
            return ""
        return text.partition(". ")[0].strip().rstrip(".")

    def load(self) -> BaseCommand:
        """A new command object.

        Raises:
            CommandError: the module raises, or has no `Command`.
        """
        from alembic_manage.command import BaseCommand

        try:
            module = importlib.import_module(self.module)
        except CommandError:
            raise
        except Exception as error:
            from alembic_manage.location import location_of, one_line

            raise CommandError(
                f"The command '{self.name}' cannot be imported: {location_of(error)}: {one_line(error)}",
                hint=f"python -c 'import {self.module}'",
            ) from error
        command: Any = getattr(module, "Command", None)
        if not (isinstance(command, type) and issubclass(command, BaseCommand)):
            raise CommandError(
                f"{self.path} has no class Command(BaseCommand).", hint="from alembic_manage import BaseCommand"
            )
        return command()


def find_commands(apps: Iterable[App]) -> dict[str, CommandEntry]:
    """Every command by name; an app's command hides one of the suite with the same name, a later app's an earlier's."""
    entries = _listed(CORE, f"{CORE}.commands", os.path.join(os.path.dirname(__file__), "commands"))
    for app in apps:
        folder = os.path.join(app.folder, "management", "commands")
        entries |= _listed(app.label, f"{app.name}.management.commands", folder)
    return entries


def entry_named(name: str, entries: dict[str, CommandEntry]) -> CommandEntry:
    """The command called `name`.

    Raises:
        UnknownCommandError: there is none; the message suggests the nearest name.
    """
    if name in entries:
        return entries[name]
    from difflib import get_close_matches

    near = [ALEMBIC_WORDS[name]] if name in ALEMBIC_WORDS else get_close_matches(name, entries, n=1)
    suggestion = f" Did you mean {near[0]}?" if near else ""
    raise UnknownCommandError(f"Unknown command: '{name}'.{suggestion}", hint="python manage.py help")


def find_command(name: str, settings_module: str | None = None) -> CommandEntry:
    """The command called `name`; settings that are missing or broken matter only where the suite has no such command.

    Raises:
        UnknownCommandError: there is none; the message suggests the nearest name.
        SettingsError: the settings cannot be loaded, and an app could have had it.
    """
    own = find_commands([])
    if name in BEGINNINGS:
        return own[name]
    try:
        return entry_named(name, find_commands(installed_apps(settings_module)))
    except SettingsError:
        if name in own:
            return own[name]
        raise


def installed_apps(settings_module: str | None = None) -> tuple[App, ...]:
    """The apps of the project, in order; the settings are imported only where their source does not say which.

    Args:
        settings_module: a dotted name; None for the environment's SETTINGS_MODULE, else "settings".

    Raises:
        SettingsError: they cannot be loaded, or name an app that is not there.
    """
    name = settings_module or settings_module_name()
    plain = plain_installed_apps(name)
    if plain is None:
        from alembic_manage.project import Project

        return Project.load(name).apps
    from alembic_manage.apps import find_apps

    return find_apps(plain)


def _listed(owner: str, package: str, folder: str) -> dict[str, CommandEntry]:
    """The commands in a folder; a name that begins with "_", or is none that a module can have, is no command."""
    try:
        files = sorted(os.listdir(folder))
    except OSError:
        return {}
    names = (file[:-3] for file in files if file.endswith(".py") and file[0] != "_")
    return {
        name: CommandEntry(name, owner, f"{package}.{name}", os.path.join(folder, f"{name}.py"))
        for name in names
        if name.isidentifier()
    }


def _plain_help(source: bytes) -> str | None:
    """The text behind `help = ` in a class, where it is one line and one text; else None.

    A test holds it against the parsed source of each of the suite's commands, for which alone it is used: parsing them
    all is most of what `help` would take.
    """
    _, found, rest = source.partition(b'\n    help = "')
    text, _, _ = rest.partition(b'"\n')
    return text.decode() if found and b"\\" not in text and b'"' not in text else None


def _parsed_help(source: bytes) -> str:
    tree: Any = compile(source, "command", "exec", ONLY_AST)
    for statement in (inner for node in tree.body if type(node).__name__ == "ClassDef" for inner in node.body):
        names = [getattr(target, "id", None) for target in getattr(statement, "targets", ())]
        if names == ["help"]:
            return str(getattr(statement.value, "value", ""))
    return ""

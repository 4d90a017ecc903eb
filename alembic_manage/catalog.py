"""The commands there are: found by listing folders, loaded when they are called."""

from __future__ import annotations

import argparse
import ast
import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from alembic_manage.apps import App
from alembic_manage.command import BaseCommand
from alembic_manage.errors import CommandError, SettingsError, UnknownCommandError
from alembic_manage.location import location_of, one_line
from alembic_manage.project import Project

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


@dataclass(frozen=True)
class CommandEntry:
    """A command that can be called."""

    name: str
    owner: str
    """The app that has it: its label, or "alembic_manage"."""
    module: str
    """The dotted name of its module, not imported yet."""
    path: Path

    @property
    def summary(self) -> str:
        """The first sentence of the command's `help`, read from its source; "" where it is not a plain string."""
        try:
            tree = ast.parse(self.path.read_text(encoding="utf-8"))
        except (OSError, SyntaxError, UnicodeDecodeError):
            return ""
        for statement in (s for node in tree.body if isinstance(node, ast.ClassDef) for s in node.body):
            if isinstance(statement, ast.Assign) and [ast.unparse(target) for target in statement.targets] == ["help"]:
                value = statement.value.value if isinstance(statement.value, ast.Constant) else ""
                return str(value).partition(". ")[0].strip().rstrip(".")
        return ""

    def load(self) -> BaseCommand:
        """A new command object.

        Raises:
            CommandError: the module raises, or has no `Command`.
        """
        try:
            module = importlib.import_module(self.module)
        except CommandError:
            raise
        except Exception as error:
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
    entries = _listed(CORE, f"{CORE}.commands", Path(__file__).parent / "commands")
    for app in apps:
        entries |= _listed(app.label, f"{app.name}.management.commands", app.path / "management" / "commands")
    return entries


def entry_named(name: str, entries: dict[str, CommandEntry]) -> CommandEntry:
    """The command called `name`.

    Raises:
        UnknownCommandError: there is none; the message suggests the nearest name.
    """
    if name in entries:
        return entries[name]
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
        return entry_named(name, find_commands(Project.load(settings_module).apps))
    except SettingsError:
        if name in own:
            return own[name]
        raise


def call_command(command_name: str | BaseCommand, *args: object, **options: Any) -> Any:
    """Run a command from Python, as Django's function of this name does.

    Args:
        command_name: its name, or a command object.
        args: arguments as on the command line ("0002", "--plan").
        options: options by their name in Python (`plan=True`, `verbosity=0`), and `stdout` / `stderr` streams.

    Returns:
        What the command's `handle` returned.

    Raises:
        UnknownCommandError: there is no such command.
        TypeError: the command has no such option.
        CommandError: the command failed; `returncode` is what the process would have ended with.
    """
    if isinstance(command_name, BaseCommand):
        command, name = command_name, type(command_name).__module__.rpartition(".")[2]
    else:
        name = command_name
        command = find_command(name, options.get("settings")).load()
    command.settings_module = options.get("settings")
    parser = command.create_parser("manage.py", name)
    actions = list(_actions(parser))
    named = {_by_destination(actions, option): value for option, value in options.items()}
    _refuse_unknown(name, named, [*(action.dest for action in actions), *command.stealth_options, *_STREAMS])
    words = [str(word) for arg in args for word in (arg if isinstance(arg, list | tuple) else [arg])]
    parsed = vars(command.parse(parser, [*words, *_required_words(parser, actions, named)]))
    positional = parsed.pop("args", ())
    return command.execute(*positional, **{**parsed, "skip_checks": True, **named})


_STREAMS = ("stdout", "stderr", "skip_checks")


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of a parser and of its sub-parsers."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from _actions(child)
        if action.dest not in ("help", argparse.SUPPRESS):
            yield action


def _by_destination(actions: Iterable[argparse.Action], option: str) -> str:
    """The destination of an option that is given by it, or by its flag: `check` for --check."""
    for action in actions:
        if option in (flag.lstrip("-").replace("-", "_") for flag in action.option_strings):
            return action.dest
    return option


def _required_words(
    parser: argparse.ArgumentParser, actions: Iterable[argparse.Action], named: dict[str, Any]
) -> list[str]:
    """The named options that the parser would miss, as words of a command line."""
    groups = [group for group in parser._mutually_exclusive_groups if group.required]
    required = {id(action) for group in groups for action in group._group_actions}
    words: list[str] = []
    for action in actions:
        chosen = action.dest in named and action.option_strings and (action.required or id(action) in required)
        # Of two flags with one destination, the one that stands for the value.
        if chosen and (action.nargs != 0 or getattr(action, "const", None) == named[action.dest]):
            words += [min(action.option_strings), *(_texts(named[action.dest]) if action.nargs != 0 else ())]
    return words


def _refuse_unknown(name: str, options: dict[str, Any], known: Sequence[str]) -> None:
    unknown = sorted(set(options).difference(known))
    if unknown:
        raise TypeError(f"{name} has no option {', '.join(unknown)}; it has: {', '.join(sorted(set(known)))}.")


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def _listed(owner: str, package: str, folder: Path) -> dict[str, CommandEntry]:
    names = (found.name for found in pkgutil.iter_modules([str(folder)]) if not found.ispkg)
    return {
        name: CommandEntry(name, owner, f"{package}.{name}", folder / f"{name}.py")
        for name in names
        if not name.startswith("_")
    }

"""argv to command to exit code; the only file that ends the process."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from alembic_manage.catalog import CORE, find_command, find_commands, installed_apps
from alembic_manage.console import OutputWrapper, Style, folded, wants_colour
from alembic_manage.errors import AlreadyReportedError, CommandError, ExitCode, SettingsError, UnknownCommandError
from alembic_manage.garbage import collect_seldom
from alembic_manage.settings.settings_module import add_to_path
from alembic_manage.version import VERSION

TYPE_CHECKING = False  # `help` waits for every import here: typing is one, pathlib and argparse are others
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from alembic_manage.apps import App
    from alembic_manage.catalog import CommandEntry

REQUIREMENTS = ("sqlalchemy", "alembic", "dotenv", "rich")


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command that `argv` names, and end the process with its exit code.

    Args:
        argv: program name and arguments; sys.argv where None.
    """
    collect_seldom()
    arguments = list(sys.argv if argv is None else argv)
    code = run(arguments)
    for stream in (sys.stdout, sys.stderr):
        with suppress(CommandError):
            OutputWrapper(stream).flush()
    sys.exit(code)


def run(argv: Sequence[str]) -> int:
    """The exit code of the command that `argv` names; errors are written to standard error.

    Args:
        argv: program name and arguments.
    """
    prog = program_name(argv[0])
    early = EarlyOptions(argv[1:])
    try:
        _dispatch(prog, list(argv[1:]), early)
        OutputWrapper(sys.stdout).flush()
    except AlreadyReportedError as error:
        return error.returncode
    except CommandError as error:
        if early.traceback:
            raise
        _print_error(error, prog, early)
        return error.returncode
    except ModuleNotFoundError as error:
        if early.traceback or error.name not in REQUIREMENTS:
            raise
        missing = CommandError(
            f"The package '{error.name}' is not installed for {sys.executable}.", hint="pip install alembic-manage"
        )
        _print_error(missing, prog, early)
        return missing.returncode
    except KeyboardInterrupt:
        hint = _as_typed("python manage.py showmigrations", prog)
        OutputWrapper(sys.stderr).write(f"\nInterrupted; what was not committed is rolled back.\nHint: {hint}")
        return ExitCode.INTERRUPTED
    except SystemExit as stop:
        if stop.code is None or isinstance(stop.code, int):
            return stop.code or ExitCode.DONE
        OutputWrapper(sys.stderr).write(str(stop.code))
        return ExitCode.FAILED
    return ExitCode.DONE


def program_name(path: str) -> str:
    """What the user typed: "manage.py", "alembic-manage" or "-m alembic_manage"."""
    name = os.path.basename(path)
    return "-m alembic_manage" if name == "__main__.py" else name


class EarlyOptions:
    """The options that count before the command, and with it its parser, is known.

    Each is read as that parser reads it. Where it would refuse one (a value is missing, or is one too many), none
    counts here, and the parser reports it.

    Args:
        arguments: what was typed behind the program's name.
    """

    _VALUES = ("--settings", "--pythonpath")
    _FLAGS = ("--traceback", "--no-color", "--force-color")

    def __init__(self, arguments: Sequence[str]) -> None:
        self.settings: str | None = None
        self.pythonpath: str | None = None
        self.traceback = self.no_color = self.force_color = False
        self.rest: list[str] = []
        """What they leave over."""
        words = _before_double_dash(arguments)
        if not self._read(words):
            self.settings = self.pythonpath = None
            self.traceback = self.no_color = self.force_color = False
            self.rest = words

    def _read(self, words: Sequence[str]) -> bool:
        waiting = iter(words)
        for word in waiting:
            name, equals, value = word.partition("=")
            if name in self._VALUES:
                if not equals:
                    value = next(waiting, "-")
                    if value[:1] == "-" and " " not in value:
                        return False
                setattr(self, name[2:], value)
            elif name in self._FLAGS:
                if equals:
                    return False
                setattr(self, name[2:].replace("-", "_"), True)
            else:
                self.rest.append(word)
        return True


def _before_double_dash(arguments: Sequence[str]) -> list[str]:
    return list(arguments[: arguments.index("--")] if "--" in arguments else arguments)


def _dispatch(prog: str, arguments: list[str], early: EarlyOptions) -> None:
    if not sys.argv[0].endswith(".py"):
        # A script's own folder is on the path already, and goes before the current one; a console script has none.
        add_to_path(os.getcwd())
    if early.pythonpath:
        add_to_path(early.pythonpath)
    name = arguments[0] if arguments else "help"
    if name in ("--version", "version"):
        OutputWrapper(sys.stdout).write(VERSION)
    elif name in ("help", "--help", "-h"):
        _help(prog, early.rest[1:], early)
    else:
        find_command(name, early.settings).load().run(prog, name, arguments[1:])


def _help(prog: str, arguments: Sequence[str], early: EarlyOptions) -> None:
    named = [argument for argument in arguments if not argument.startswith("-")]
    if named:
        find_command(named[0], early.settings).load().print_help(prog, named[0])
        return
    apps: tuple[App, ...]
    trouble: SettingsError | None
    try:
        apps, trouble = installed_apps(early.settings), None
    except SettingsError as error:
        apps, trouble = (), error
    entries = find_commands(apps)
    out = OutputWrapper(sys.stdout)
    if "--commands" in arguments:
        out.write("\n".join(sorted(entries)))
    else:
        _write_listing(out, prog, entries, _style(sys.stdout, early))
    if trouble is not None:
        _print_error(trouble, prog, early, note="Only the suite's own commands are listed. ")


def _write_listing(out: OutputWrapper, prog: str, entries: dict[str, CommandEntry], style: Style) -> None:
    out.write(f"\nType '{prog} help <subcommand>' for help on a specific subcommand.\n\nAvailable subcommands:")
    owners = sorted({entry.owner for entry in entries.values()}, key=lambda owner: (owner != CORE, owner))
    width = max(len(name) for name in entries) + 2
    for owner in owners:
        out.write(f"\n{style.MIGRATE_HEADING(f'[{owner}]')}")
        for name in sorted(entries):
            if entries[name].owner == owner:
                line = f"    {name:<{width}}{entries[name].summary}".rstrip()
                out.write(folded(out, line, indent=width + 4))


def _print_error(error: CommandError, prog: str, early: EarlyOptions, note: str = "") -> None:
    # Django writes an unknown command without the prefix, and so do we.
    prefix = "" if isinstance(error, UnknownCommandError) else "CommandError: "
    with suppress(CommandError):
        OutputWrapper(sys.stdout).flush()
    out = OutputWrapper(sys.stderr)
    out.write(f"{note}{prefix}{error}", _style(sys.stderr, early).ERROR)
    if error.hint:
        out.write(f"Hint: {_as_typed(error.hint, prog)}")


def _as_typed(hint: str, prog: str) -> str:
    """Hints are written for manage.py; a user of another entry is shown what works there."""
    typed = {"manage.py": "python manage.py", "-m alembic_manage": "python -m alembic_manage"}.get(prog, prog)
    return hint.replace("python manage.py", typed)


def _style(stream: object, early: EarlyOptions) -> Style:
    return Style(wants_colour(stream, no_color=early.no_color, force_color=early.force_color))

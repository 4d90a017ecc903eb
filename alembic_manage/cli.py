"""argv to command to exit code; the only file that ends the process."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from alembic_manage.apps import App
from alembic_manage.catalog import CORE, CommandEntry, find_command, find_commands
from alembic_manage.console import OutputWrapper, Style, folded, wants_colour
from alembic_manage.errors import AlreadyReportedError, CommandError, ExitCode, SettingsError, UnknownCommandError
from alembic_manage.project import Project
from alembic_manage.settings import add_to_path, settings_module_name
from alembic_manage.version import VERSION

REQUIREMENTS = ("sqlalchemy", "alembic", "dotenv", "rich")


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command that `argv` names, and end the process with its exit code.

    Args:
        argv: program name and arguments; sys.argv where None.
    """
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
    early = _early_options(argv[1:])
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
    name = Path(path).name
    return "-m alembic_manage" if name == "__main__.py" else name


def _early_options(arguments: Sequence[str]) -> argparse.Namespace:
    """The options that count before the command, and with it its parser, is known; `rest` is what they leave over."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--settings")
    parser.add_argument("--pythonpath")
    for flag in ("--traceback", "--no-color", "--force-color"):
        parser.add_argument(flag, action="store_true")
    words = _before_double_dash(arguments)
    try:
        options, rest = parser.parse_known_args(words)
    except argparse.ArgumentError:
        # The command's own parser reports it.
        options, rest = parser.parse_args([]), words
    options.rest = rest
    return options


def _before_double_dash(arguments: Sequence[str]) -> list[str]:
    return list(arguments[: arguments.index("--")] if "--" in arguments else arguments)


def _dispatch(prog: str, arguments: list[str], early: argparse.Namespace) -> None:
    if Path(sys.argv[0]).suffix != ".py":
        # A script's own folder is on the path already, and goes before the current one; a console script has none.
        add_to_path(str(Path.cwd()))
    if early.pythonpath:
        add_to_path(early.pythonpath)
    name = arguments[0] if arguments else "help"
    if name in ("--version", "version"):
        OutputWrapper(sys.stdout).write(VERSION)
    elif name in ("help", "--help", "-h"):
        _help(prog, early.rest[1:], early)
    else:
        find_command(name, early.settings).load().run(prog, name, arguments[1:])


def _apps(early: argparse.Namespace) -> tuple[App, ...]:
    return Project.load(early.settings or settings_module_name()).apps


def _help(prog: str, arguments: Sequence[str], early: argparse.Namespace) -> None:
    named = [argument for argument in arguments if not argument.startswith("-")]
    if named:
        find_command(named[0], early.settings).load().print_help(prog, named[0])
        return
    try:
        apps, trouble = _apps(early), None
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


def _print_error(error: CommandError, prog: str, early: argparse.Namespace, note: str = "") -> None:
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


def _style(stream: object, early: argparse.Namespace) -> Style:
    return Style(wants_colour(stream, no_color=early.no_color, force_color=early.force_color))

"""BaseCommand: what a command is. Same face as Django's, so that a command moves over by its import line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, ClassVar

from alembic_manage.console import OutputWrapper, Style, sigterm_interrupts, wants_colour
from alembic_manage.errors import CommandError, SystemCheckError, UsageError
from alembic_manage.settings.alias import DEFAULT_ALIAS
from alembic_manage.version import VERSION

if TYPE_CHECKING:
    from alembic_manage.checks import Problem
    from alembic_manage.project import Project

ALL_CHECKS = "__all__"


class CommandParser(argparse.ArgumentParser):
    """An argument parser that raises UsageError instead of ending the process."""

    def __init__(self, *, missing_args_message: str | None = None, **options: Any) -> None:
        self.missing_args_message = missing_args_message
        options.setdefault("allow_abbrev", False)
        super().__init__(**options)

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Parse; with `missing_args_message`, no argument at all is an error with that text."""
        if self.missing_args_message and not (args or any(not arg.startswith("-") for arg in args or ())):
            self.error(self.missing_args_message)
        return super().parse_args(args, namespace)

    def error(self, message: str) -> Any:
        """Raise what argparse would print and exit with.

        Raises:
            UsageError: always.
        """
        first = self.prog.split()[0]
        python = "python " if first == "-m" or first.endswith(".py") else ""
        raise UsageError(f"{self.prog}: {message}", hint=f"{python}{self.prog} --help")

    def add_subparsers(self, **options: Any) -> Any:
        """Sub-parsers of the same kind."""
        options.setdefault("parser_class", type(self))
        return super().add_subparsers(**options)


class BaseCommand:
    """One command: `help`, `add_arguments(parser)` and `handle(*args, **options)`.

    A file `management/commands/NAME.py` of an app that holds `class Command(BaseCommand)` is the command NAME.
    """

    help: ClassVar[str] = ""
    missing_args_message: ClassVar[str | None] = None
    requires_system_checks: ClassVar[Sequence[str] | str] = ()
    """Tags of the checks that must pass before `handle` runs; "__all__" for all that need no database."""
    output_transaction: ClassVar[bool] = False
    """Whether what `handle` returns is SQL to be wrapped in BEGIN and COMMIT."""
    stealth_options: ClassVar[Sequence[str]] = ()
    """Options that `call_command` accepts although the parser does not know them."""
    sigterm_interrupts: ClassVar[bool] = False
    """Whether SIGTERM does to the command what Ctrl-C does, where it was typed; by default it ends on the spot."""
    suppressed_base_arguments: ClassVar[frozenset[str] | set[str]] = frozenset()
    """Options of every command that this one leaves out of its help."""

    def __init__(
        self,
        stdout: IO[str] | None = None,
        stderr: IO[str] | None = None,
        no_color: bool = False,
        force_color: bool = False,
    ) -> None:
        self.settings_module: str | None = None
        self._use_streams(stdout or sys.stdout, stderr or sys.stderr, no_color, force_color)

    @cached_property
    def project(self) -> Project:
        """The project that the command works on.

        Raises:
            SettingsError: there is no usable settings module.
        """
        from alembic_manage.project import Project

        return Project.load(self.settings_module)

    def get_version(self) -> str:
        """The version that `--version` prints: the suite's own, unless the command has another."""
        return VERSION

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The command's parser, with the options of every command at its end."""
        parser = CommandParser(
            prog=f"{prog_name} {subcommand}",
            description=self.help or None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            missing_args_message=self.missing_args_message,
            **options,
        )
        self.add_arguments(parser)
        self._add_base_arguments(parser.add_argument_group("options of every command"))
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's own arguments to `parser`."""

    def print_help(self, prog_name: str, subcommand: str) -> None:
        """Write the command's help to standard output."""
        self.stdout.write(self.create_parser(prog_name, subcommand).format_help(), ending="")

    def run(self, prog_name: str, subcommand: str, argv: Sequence[str]) -> None:
        """Parse the command line and execute.

        Raises:
            UsageError: the command line is wrong.
            CommandError: the command failed.
        """
        parser = self.create_parser(prog_name, subcommand)
        options = vars(self.parse(parser, argv))
        args = options.pop("args", ())
        self.settings_module = options.get("settings")
        with sigterm_interrupts() if self.sigterm_interrupts else nullcontext():
            self.execute(*args, **options)

    def parse(self, parser: CommandParser, argv: Sequence[str]) -> argparse.Namespace:
        """The parsed command line; a command that hands arguments through overrides it."""
        namespace: argparse.Namespace = parser.parse_args(list(argv))
        return namespace

    def execute(self, *args: Any, **options: Any) -> Any:
        """Set up the streams, run the checks, call `handle`, and write what it returns.

        Raises:
            SystemCheckError: a required check failed.
            CommandError: the command failed.
        """
        if options.get("force_color") and options.get("no_color"):
            raise CommandError("The --no-color and --force-color options can't be used together.")
        self._use_streams(
            options.get("stdout") or self.stdout.stream,
            options.get("stderr") or self.stderr.stream,
            bool(options.get("no_color")),
            bool(options.get("force_color")),
        )
        if self.requires_system_checks and not options.get("skip_checks"):
            tags = None if self.requires_system_checks == ALL_CHECKS else self.requires_system_checks
            self.check(tags=tags)
        output = self.handle(*args, **options)
        if output:
            if self.output_transaction:
                output = f"BEGIN;\n{output}\nCOMMIT;"
            self.stdout.write(output)
        return output

    def check(self, tags: Sequence[str] | str | None = None, *, display_num_errors: bool = False) -> list[Problem]:
        """The problems that the checks with these tags find, none of them an error; they are written to standard error.

        Args:
            tags: names of check tags; None for all that need no database.
            display_num_errors: also write how many problems there are.

        Raises:
            SystemCheckError: there is a problem of level ERROR or above.
        """
        from alembic_manage.checks import Level, run_checks

        problems = run_checks(self.project, tags=tags)
        errors = [problem for problem in problems if problem.level >= Level.ERROR]
        for problem in problems:
            if problem not in errors:
                self.stderr.write(problem.as_text(), self.style.WARNING)
        if display_num_errors:
            self.stdout.write(f"System check identified {len(problems) or 'no'} issue{'s'[len(problems) == 1 :]}.")
        if errors:
            raise SystemCheckError(
                "\n".join(f"({problem.id}) {problem.message}" for problem in errors),
                hint=errors[0].hint or "python manage.py check",
            )
        return problems

    def handle(self, *args: Any, **options: Any) -> Any:
        """The command itself.

        Returns:
            Text to write to standard output, or None.
        """
        raise NotImplementedError("A command must have a handle() method.")

    def _use_streams(self, stdout: Any, stderr: Any, no_color: bool, force_color: bool) -> None:
        self.stdout = OutputWrapper(getattr(stdout, "stream", stdout))
        self.stderr = OutputWrapper(getattr(stderr, "stream", stderr))
        self.style = Style(wants_colour(self.stdout, no_color=no_color, force_color=force_color))
        if wants_colour(self.stderr, no_color=no_color, force_color=force_color):
            self.stderr.style_func = Style(True).ERROR_OUTPUT

    def _add_base_arguments(self, group: argparse._ArgumentGroup) -> None:
        def add(*names: str, **options: Any) -> None:
            if self.suppressed_base_arguments.intersection(names):
                options["help"] = argparse.SUPPRESS
            group.add_argument(*names, **options)

        add("--version", action="version", version=self.get_version(), help="print the version and stop")
        add(
            "-v",
            "--verbosity",
            type=int,
            choices=(0, 1, 2, 3),
            default=1,
            help="how much to print: 0 nothing, 1 normal (default), 2 more, 3 everything",
        )
        add("--settings", metavar="MODULE", help="the settings module; default: SETTINGS_MODULE, else 'settings'")
        add("--pythonpath", metavar="FOLDER", help="a folder to put at the front of the Python path")
        add("--traceback", action="store_true", help="show the full traceback of an error")
        add("--no-color", action="store_true", help="never use colours")
        add("--force-color", action="store_true", help="use colours even in a pipe")
        add("--skip-checks", action="store_true", help="do not run the system checks first")


class LabelCommand(BaseCommand):
    """A command that does the same for each label on its command line."""

    label: ClassVar[str] = "label"
    missing_args_message: ClassVar[str | None] = "Enter at least one %s."

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.missing_args_message == LabelCommand.missing_args_message:
            type(self).missing_args_message = f"Enter at least one {self.label}."

    def add_arguments(self, parser: CommandParser) -> None:
        """One or more labels."""
        parser.add_argument("args", metavar=self.label, nargs="+")

    def handle(self, *labels: str, **options: Any) -> str:
        """`handle_label` for each label, in order; what they return, a line each."""
        outputs = [self.handle_label(label, **options) for label in labels]
        return "\n".join(output for output in outputs if output)

    def handle_label(self, label: str, **options: Any) -> str | None:
        """The command for one label."""
        raise NotImplementedError("A LabelCommand must have a handle_label() method.")


def add_database_argument(parser: argparse.ArgumentParser) -> None:
    """The `--database ALIAS` option, the same everywhere."""
    parser.add_argument(
        "--database", default=DEFAULT_ALIAS, metavar="ALIAS", help="which database of DATABASES; default: 'default'"
    )


def add_no_input_argument(parser: argparse.ArgumentParser) -> None:
    """The `--no-input` option with Django's other spelling, the same everywhere."""
    parser.add_argument(
        "--no-input",
        "--noinput",
        action="store_false",
        dest="interactive",
        help="never ask; exit 3 or 4 instead",
    )


def add_json_argument(parser: argparse.ArgumentParser) -> None:
    """The `--json` option, the same everywhere."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")

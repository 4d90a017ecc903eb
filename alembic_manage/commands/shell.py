"""Opens Python with the project's models, an engine and a session."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument
from alembic_manage.errors import AlreadyReportedError

if TYPE_CHECKING:
    from alembic_manage.shell.namespace import Namespace
    from alembic_manage.shell.snippet import Snippet


class Command(BaseCommand):
    """`shell`."""

    help = "Open a Python shell with the models, a session and select ready. Standard input is run as code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags, and --database."""
        parser.add_argument(
            "-i",
            "--interface",
            choices=("ipython", "bpython", "ptpython", "python"),
            help="which shell; default: the first of these that is installed",
        )
        parser.add_argument("-c", "--command", metavar="CODE", help="run this code, which may use await, and stop")
        parser.add_argument("--no-imports", action="store_true", help="start without models, session and the rest")
        parser.add_argument(
            "--no-startup", action="store_true", help="plain Python: do not read PYTHONSTARTUP and ~/.pythonrc.py"
        )
        add_database_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the code that is given, or open the shell."""
        from alembic_manage.shell.interpreter import choose_interpreter

        snippet = self._snippet(options["command"])
        if snippet is not None:
            self._run(snippet, self._namespace(options, quiet=options["verbosity"] < 2))
            return
        interpreter = choose_interpreter(options["interface"])
        interpreter.open(self._namespace(options, quiet=not options["verbosity"]), not options["no_startup"])

    def _snippet(self, command: str | None) -> Snippet | None:
        """The code to run: of -c, or of standard input where nobody types there."""
        from alembic_manage.shell.snippet import Snippet

        if command is not None:
            return Snippet(command)
        if sys.stdin is not None and sys.stdin.isatty():
            return None
        return Snippet(sys.stdin.read() if sys.stdin is not None else "", "<stdin>")

    def _run(self, snippet: Snippet, namespace: Namespace) -> None:
        """Raises AlreadyReportedError, once the traceback of the user's error is written."""
        try:
            snippet.run(namespace)
        except Exception as error:
            sys.stdout.flush()
            self.stderr.write(snippet.traceback_of(error))
            raise AlreadyReportedError from error

    def _namespace(self, options: dict[str, Any], quiet: bool) -> Namespace:
        from alembic_manage.shell.namespace import Namespace, namespace_of

        if options["no_imports"]:
            return Namespace()
        namespace = namespace_of(self.project, options["database"])
        if not quiet:
            text = f"{len(namespace)} objects imported automatically"
            if options["verbosity"] < 2:
                text += " (use -v 2 for details)."
            else:
                text += ":\n\n" + "\n".join(f"  {line}" for line in namespace.lines())
            self.stdout.write(text, self.style.SUCCESS, ending="\n\n")
        return namespace

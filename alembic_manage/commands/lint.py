"""Judges migrations before they run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser
from alembic_manage.errors import SystemCheckError, UsageError
from alembic_manage.location import display_path
from alembic_manage.quantity import counted

if TYPE_CHECKING:
    from alembic_manage.lint.run import LintRun

FORMATS = ("github", "json", "markdown", "sarif", "text")
LEVELS = ("error", "warning", "notice", "never")


class Command(BaseCommand):
    """`lint [REVISION | A:B ...]`."""

    help = "Check migrations before they run for locks, lost data and missing ways back, and show a safer form."
    requires_system_checks = ("settings", "apps")

    def add_arguments(self, parser: CommandParser) -> None:
        """What to look at, and how to tell."""
        parser.add_argument(
            "args",
            metavar="REVISION | A:B",
            nargs="*",
            help="migrations, ranges from after A up to B, or 'all'; default: those that are not in "
            "git's base branch, and with --database those that are not applied there",
        )
        parser.add_argument(
            "--database",
            metavar="ALIAS",
            help="connect to this database to see what is applied, how large the tables are, and its version; "
            "default: check for each kind in DATABASES, without a connection",
        )
        parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
        parser.add_argument(
            "--fail-level", choices=LEVELS, default="error", help="exit 1 from this severity on; default: error"
        )
        parser.add_argument(
            "--baseline",
            metavar="FILE",
            help="ignore findings in this file; default: lint_baseline.txt beside env.py",
        )
        parser.add_argument("--write-baseline", action="store_true", help="write the findings into that file, and stop")
        parser.add_argument(
            "--fix",
            action="store_true",
            help="first rewrite the last migration, if not applied, as makemigrations --zero-downtime would write it",
        )
        parser.add_argument("--list-rules", action="store_true", help="list the rules, and stop")
        parser.add_argument("--explain", metavar="RULE", help="show the page of a rule, and stop")

    def handle(self, *names: str, **options: Any) -> None:
        """Run the rules, report, fail at the severity."""
        if options["list_rules"]:
            self._list_rules()
            return
        if options["explain"] is not None:
            self._explain(options["explain"])
            return
        if options["fix"]:
            self._require_last(names)
            self._fix(options)
        baseline = Path(options["baseline"]).absolute() if options["baseline"] else None
        if options["write_baseline"]:
            self._write_baseline(names, options, baseline)
            return
        if baseline is not None and not baseline.exists():
            raise UsageError(
                f"There is no baseline {display_path(baseline, self.project.root)}.",
                hint=f"python manage.py lint --write-baseline --baseline {options['baseline']}",
            )
        run = self._run(names, options["database"], baseline)
        self._report(run, options["format"])
        self._fail(run, options["fail_level"])

    def _run(self, names: tuple[str, ...], alias: str | None, baseline: Path | None) -> LintRun:
        """Ask the database that is named, or judge for each kind that there is."""
        from alembic_manage.environment import Environment
        from alembic_manage.lint.kinds import lint_kinds
        from alembic_manage.lint.run import run_lint

        if alias is None:
            return lint_kinds(self.project, names, baseline=baseline)
        return run_lint(Environment(self.project, alias), names, connects=True, baseline=baseline)

    def _require_last(self, names: tuple[str, ...]) -> None:
        """Refuse to rewrite another migration than the one that is named."""
        from alembic_manage.environment import Environment
        from alembic_manage.lint.selection import select
        from alembic_manage.settings.alias import DEFAULT_ALIAS

        history = Environment(self.project, DEFAULT_ALIAS).history.require_sound()
        last = history.require_single_head()
        for revision in select(history, names).revisions if names else ():
            if revision != last:
                raise UsageError(
                    f"--fix writes the last migration anew, and {revision.id} is not the last.",
                    hint="python manage.py lint --fix, before the next migration is written",
                )

    def _fix(self, options: Any) -> None:
        """Write the last migration anew, in phases."""
        from alembic_manage.invocation import call_command
        from alembic_manage.settings.alias import DEFAULT_ALIAS

        call_command(
            "makemigrations",
            update=True,
            zero_downtime=True,
            database=options["database"] or DEFAULT_ALIAS,
            verbosity=options["verbosity"],
            stdout=self.stderr,
            stderr=self.stderr,
        )

    def _report(self, run: LintRun, name: str) -> None:
        from alembic_manage.lint.formats import renderer

        self.stdout.write(renderer(name)(run, self.project.root))

    def _fail(self, run: LintRun, level: str) -> None:
        from alembic_manage.lint.finding import Severity

        if level == "never":
            return
        serious = [each for each in run.result.findings if each.severity >= Severity[level.upper()]]
        if serious:
            raise SystemCheckError(
                f"{counted(len(serious), 'finding')} of severity {level}{' or above' * (level != 'error')}.",
                hint=f"python manage.py lint --explain {serious[0].rule}",
            )

    def _write_baseline(self, names: tuple[str, ...], options: Any, path: Path | None) -> None:
        from alembic_manage.lint.baseline import write_baseline
        from alembic_manage.lint.run import baseline_path

        path = path or baseline_path(self.project)
        run = self._run(names, options["database"], path.with_name(f"{path.name}.none"))
        count = write_baseline(path, run.result.findings)
        self.stdout.write(f"{counted(count, 'finding')} in {display_path(path, self.project.root)}")

    def _list_rules(self) -> None:
        from alembic_manage.lint.rules import all_rules

        width = max(len(rule.id) for rule in all_rules())
        for rule in all_rules():
            self.stdout.write(f"{rule.id.ljust(width)}  {rule.database.ljust(10)}  {rule.title}")

    def _explain(self, name: str) -> None:
        from alembic_manage.lint.rules import all_rules, rule_named

        rule = rule_named(name)
        if rule is None:
            import difflib

            near = difflib.get_close_matches(name, [each.id for each in all_rules()], 1)
            raise UsageError(
                f"There is no rule '{name}'." + (f" Did you mean '{near[0]}'?" if near else ""),
                hint="python manage.py lint --list-rules",
            )
        title, _, rest = rule.page_text.partition("\n")
        self.stdout.write(f"{title}\n\n{rule.facts}\n{rest}".rstrip())

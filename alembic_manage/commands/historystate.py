"""Shows the schema at a revision, without a database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument, add_json_argument
from alembic_manage.errors import CommandError, ExitCode, UsageError
from alembic_manage.location import display_path
from alembic_manage.options.against import add_against_argument, chosen_sources
from alembic_manage.quantity import counted

if TYPE_CHECKING:
    from alembic_manage.drift.verification import Verdict
    from alembic_manage.environment import Environment
    from alembic_manage.state.replay import Opaque, Replay
    from alembic_manage.state.schema import Schema


class Command(BaseCommand):
    """`historystate [REVISION]`."""

    help = "Show the schema that the migrations lead to, read from their files."
    requires_system_checks = ("settings", "apps")

    def add_arguments(self, parser: CommandParser) -> None:
        """What to show, and how."""
        parser.add_argument(
            "revision", nargs="?", help="a migration or a unique beginning of its name; default: all heads"
        )
        add_database_argument(parser)
        add_json_argument(parser)
        add_against_argument(parser)
        parser.add_argument("--sql", action="store_true", help="show it as CREATE statements")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="compare it with a scratch database that the migrations run on, and with the configured database; "
            "exit 6 if they differ",
        )
        parser.add_argument(
            "--write-baseline",
            choices=("models", "database"),
            help="record the tables that existed before the first migration, taken from the models or the database",
        )

    def handle(self, *args: str, **options: Any) -> None:
        """Replay, show, verify."""
        from alembic_manage.environment import Environment
        from alembic_manage.sources.source import upgrade_plan
        from alembic_manage.state.cache import StateCache
        from alembic_manage.state.replay import Replay

        if options["sql"] and (options["json"] or options["verify"]):
            raise UsageError("--sql stands alone.", hint="python manage.py historystate --sql")
        self.options = options
        environment = Environment(self.project, options["database"])
        if options["write_baseline"]:
            self._write_baseline(environment)
            return
        ids = self._ids(environment, options["revision"])
        replay = Replay(environment, cache=StateCache.of(environment))
        replay.run(upgrade_plan(environment, ids))
        verdicts = self._verify(environment, replay, ids) if options["verify"] else []
        if options["json"]:
            self._write_json(environment, replay, ids, verdicts)
        elif options["verify"]:
            self._show_opaque(environment, replay)
            self._show_verdicts(verdicts)
        else:
            self._show(environment, replay, ids)
        self._fail_on_difference(replay, verdicts)

    def _ids(self, environment: Environment, name: str | None) -> list[str]:
        history = environment.history.require_sound()
        if name in (None, "head", "heads"):
            return [revision.id for revision in history.heads]
        if name in ("zero", "base"):
            return []
        return [history.find(str(name)).id]

    def _show(self, environment: Environment, replay: Replay, ids: Sequence[str]) -> None:
        from alembic_manage.state.metadata import sql_of
        from alembic_manage.state.text import lines_of

        if self.options["verbosity"]:
            self._show_opaque(environment, replay)
        schema = self._schema(environment, replay, ids)
        dialect = replay.engine.dialect
        if self.options["sql"]:
            self.stdout.write("".join(f"{statement};\n\n" for statement in sql_of(schema, dialect)).rstrip())
        else:
            self.stdout.write("\n".join(lines_of(schema, dialect)) or "No tables.")

    def _schema(self, environment: Environment, replay: Replay, ids: Sequence[str]) -> Schema:
        """The state, from the best place that there is, or from the one that was asked for."""
        from alembic_manage.alembic_api import connection_of
        from alembic_manage.alembic_plugin import OwnTables
        from alembic_manage.sources.source import Source, read_at
        from alembic_manage.state.reflected import schema_shown

        against = self.options["against"]
        if replay.is_exact and against in (None, "history"):
            return replay.schema
        sources = chosen_sources(against)
        if against is None:
            sources = [source for source in sources if source is not Source.HISTORY]
        found = read_at(
            environment,
            ids,
            lambda context: schema_shown(connection_of(context), OwnTables(context.version_table)),
            sources=sources,
            notify=lambda line: self.stderr.write(line, self.style.WARNING),
        )
        return found[0]

    def _show_opaque(self, environment: Environment, replay: Replay) -> None:
        from alembic_manage.sources.source import opaque_line

        for each in replay.opaque:
            self.stderr.write(opaque_line(environment, each), self.style.WARNING)

    def _verify(self, environment: Environment, replay: Replay, ids: Sequence[str]) -> list[Verdict]:
        from alembic_manage.sources.verification import verdicts

        return verdicts(environment, replay, ids)

    def _show_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        for verdict in verdicts:
            for difference in verdict.differences or ():
                self.stdout.write(difference.line)
            self.stdout.write(verdict.line, self.style.SUCCESS if verdict.equal else self.style.NOTICE)

    def _fail_on_difference(self, replay: Replay, verdicts: Sequence[Verdict]) -> None:
        if verdicts and all(verdict.equal is None for verdict in verdicts):
            raise CommandError(
                "The history state could not be compared with any database.",
                hint="see above; a scratch database needs a server and the right to make one",
            )
        if verdicts and not replay.is_exact:
            opaque = len({each.revision for each in replay.opaque})
            raise CommandError(
                f"{counted(opaque, 'migration', ('is', 'are'))} opaque: the state is not known.",
                hint="say what they do to the tables in state_upgrade(): docs/history-state.md",
            )
        differing = [verdict for verdict in verdicts if verdict.equal is False]
        if differing:
            raise CommandError(
                f"The history state differs from the {' and the '.join(verdict.against for verdict in differing)}.",
                hint="python manage.py historystate --verify --json",
                returncode=ExitCode.DRIFT,
            )

    def _write_json(
        self, environment: Environment, replay: Replay, ids: Sequence[str], verdicts: Sequence[Verdict]
    ) -> None:
        from alembic_manage.sources.source import upgrade_plan
        from alembic_manage.state.text import as_json

        document: dict[str, Any] = {
            "database": environment.database.alias,
            "revision": list(ids),
            "revisions": len(upgrade_plan(environment, ids).steps),
            "replayed": replay.replayed,
            "exact": replay.is_exact,
            "opaque": [self._opaque_as_json(environment, each) for each in replay.opaque],
        }
        if self.options["verify"]:
            document["verify"] = [verdict.as_json() for verdict in verdicts]
        else:
            if self.options["verbosity"]:
                self._show_opaque(environment, replay)
            schema = self._schema(environment, replay, ids)
            document |= as_json(schema, replay.engine.dialect)
        self.stdout.write(json.dumps(document, indent=2))

    def _opaque_as_json(self, environment: Environment, opaque: Opaque) -> Mapping[str, object]:
        return {
            "revision": opaque.revision,
            "path": display_path(opaque.path, self.project.root),
            "line": opaque.line,
            "kind": opaque.kind,
            "reason": environment.without_secrets(opaque.reason),
            "statement": environment.without_secrets(opaque.statement) if opaque.statement else None,
        }

    def _write_baseline(self, environment: Environment) -> None:
        from alembic_manage.sources.baseline import write_baseline

        path, count = write_baseline(environment, self.options["write_baseline"])
        shown = display_path(path, self.project.root)
        self.stdout.write(f"{shown}: {counted(count, 'table')} from before the first migration.")

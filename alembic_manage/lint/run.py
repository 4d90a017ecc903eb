"""A whole run of the linter: what to look at, what is known, the rules, what is passed over."""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.alembic_api import connection_of, version_folders
from alembic_manage.errors import ConnectionFailedError, RecordError, SettingsError
from alembic_manage.execution.changed import changed_since
from alembic_manage.execution.ledger import Ledger
from alembic_manage.git import Base, base_of
from alembic_manage.lint.baseline import NAME, read_baseline, without_known
from alembic_manage.lint.context import Context
from alembic_manage.lint.finding import Size
from alembic_manage.lint.linter import Linter, LintResult
from alembic_manage.lint.model_enums import ModelEnums
from alembic_manage.lint.rules import rule_named
from alembic_manage.lint.selection import Selection, select
from alembic_manage.lint.silences import Silence
from alembic_manage.lint.sizes import sizes_of
from alembic_manage.lint.squawk import PREFIX
from alembic_manage.lint.stored_program import Programs, programs_of_database
from alembic_manage.plan import applied_ids
from alembic_manage.state.objects import Key

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

    from alembic_manage.environment import Environment
    from alembic_manage.project import Project


@dataclass(frozen=True)
class Target:
    """What the target database says."""

    applied: frozenset[str]
    """The ids of the revisions that it has."""
    changed: frozenset[str]
    """Of those, the ids of revisions whose file does something else now."""
    sizes: Mapping[Key, Size]
    server_version: tuple[int, ...]
    programs: Programs | None = None
    """Its triggers and views; None where nothing needs them."""


@dataclass(frozen=True)
class LintRun:
    """What a run found, and how its migrations were chosen."""

    selection: Selection
    result: LintResult
    known: int
    """How many findings the baseline has."""
    target: Target | None


def run_lint(
    environment: Environment,
    names: Sequence[str] = (),
    *,
    connects: bool = False,
    baseline: Path | None = None,
    asks_squawk: bool = True,
) -> LintRun:
    """Look at migrations.

    Args:
        environment: of the database whose kind counts.
        names: the migrations, as `select` takes them; empty for those that are new.
        connects: whether the database is asked what it has applied, and how large its tables are.
        baseline: another file than the project's own; one that is not there has no findings.
        asks_squawk: whether squawk is asked too, where it is installed.

    Raises:
        SettingsError: LINT names a rule that is not there.
        ConnectionFailedError: the database was to be asked, and there is no connection.
        EnvironmentFailedError: env.py raises.
    """
    history = environment.history.require_sound()
    settings = environment.project.settings.lint
    base = base_of(version_folders(environment.script), settings.base)
    target = read_target(environment) if connects else None
    applied: Collection[str] | None = target.applied if target is not None else None
    if base is None and target is None and not names:
        applied = _applied_if_known(environment)
    selection = select(history, names, base, applied)
    context = context_of(environment, base, target)
    _require_rules(settings.ignore)
    ignored = [Silence((rule,), reason, None, None) for rule, reason in settings.ignore.items()]
    linter = Linter(environment, context, ignored, asks_squawk=asks_squawk)
    with contextlib.redirect_stdout(sys.stderr):  # what env.py and the application print is no part of the output
        result = linter.run(selection.revisions, selection.pending)
    left = without_known(result.findings, read_baseline(baseline or baseline_path(environment.project)))
    known = len(result.findings) - len(left)
    return LintRun(selection, result.with_findings(left), known, target)


def _require_rules(ignored: Collection[str]) -> None:
    """Refuse a silence for a rule that is not there: it would silence nothing, without a word."""
    for name in ignored:
        if rule_named(name) is None and not name.startswith(PREFIX):
            raise SettingsError(
                f"LINT['IGNORE'] names '{name}', and there is no such rule.",
                hint="python manage.py lint --list-rules",
            )


def baseline_path(project: Project) -> Path:
    """The project's own baseline."""
    return project.migrations_dir / NAME


def context_of(environment: Environment, base: Base | None = None, target: Target | None = None) -> Context:
    """What the rules know besides the migrations.

    Args:
        environment: of the database.
        base: what others have; None where that is not known.
        target: what the database says; None where it was not asked.
    """
    database, history = environment.database, environment.history
    return Context(
        rules=database.dialect,
        server_version=target.server_version if target is not None else database.server_version,
        history=history,
        sizes=target.sizes if target is not None else None,
        released=_released(environment, base),
        changed=target.changed if target is not None else frozenset(),
        applied=target.applied if target is not None else frozenset(),
        programs=target.programs if target is not None else None,
        enums=ModelEnums(environment.project),
        has_lock_timeout=environment.project.settings.database(database.alias).lock_timeout_s != 0,
    )


def read_target(environment: Environment) -> Target:
    """What the database of an environment has.

    Raises:
        ConnectionFailedError: there is no connection.
        EnvironmentFailedError: env.py raises.
    """
    history, rules = environment.history, environment.database.dialect
    environment.database.require_file()

    def read(context: MigrationContext, recorded: Collection[str]) -> Target:
        connection = connection_of(context)
        return Target(
            applied_ids(history, recorded),
            frozenset(each.id for each in changed_since(history, Ledger(context).applied(), environment.project.root)),
            sizes_of(connection, rules),
            _version(connection.dialect.server_version_info) or environment.database.server_version,
            programs_of_database(connection, rules),
        )

    with contextlib.redirect_stdout(sys.stderr):
        found = environment.read(read)
    # A loop over tenants: the largest tables count, and what every tenant has.
    return Target(
        frozenset.intersection(*(each.applied for each in found)),
        frozenset().union(*(each.changed for each in found)),
        _largest([each.sizes for each in found]),
        found[0].server_version,
        found[0].programs,
    )


def _version(info: tuple[object, ...] | None) -> tuple[int, ...]:
    """The numbers of a version; MariaDB's has its name behind them."""
    return tuple(itertools.takewhile(lambda part: isinstance(part, int), info or ()))  # type: ignore[arg-type]


def _largest(all_sizes: Sequence[Mapping[Key, Size]]) -> Mapping[Key, Size]:
    largest: dict[Key, Size] = {}
    for sizes in all_sizes:
        for key, size in sizes.items():
            if key not in largest or largest[key].rows < size.rows:
                largest[key] = size
    return largest


def _applied_if_known(environment: Environment) -> Collection[str] | None:
    """What the database has applied; None where it cannot be asked."""
    path = environment.database.url.database
    if environment.database.dialect.is_file and path and not Path(path).exists():
        return None  # asking would make the file
    try:
        with contextlib.redirect_stdout(sys.stderr):
            return applied_ids(environment.history, environment.recorded())
    except (ConnectionFailedError, RecordError):
        return None


def _released(environment: Environment, base: Base | None) -> Mapping[str, str]:
    """The text that the base branch has, of the migrations that are another one here."""
    edited = base.edited if base is not None else {}
    return {each.id: edited[each.path] for each in environment.history if each.path in edited}

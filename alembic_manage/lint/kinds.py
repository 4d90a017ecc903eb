"""The linter for a project whose databases are of several kinds: what each of them says, in one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from alembic_manage.dialects import known_dialects
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError
from alembic_manage.lint.finding import Finding
from alembic_manage.lint.linter import LintResult
from alembic_manage.lint.rules import rule_named
from alembic_manage.lint.run import LintRun, run_lint
from alembic_manage.project import Project
from alembic_manage.state.replay import Opaque


def kinds_of(project: Project, first: str | None = None) -> tuple[str, ...]:
    """An alias for each kind of database in DATABASES, and for each version of it that the settings name.

    Args:
        project: the project.
        first: the alias that comes first, and stands for its kind; None for "default".
    """
    found: dict[object, str] = {}
    for alias in [*([first] if first is not None else []), *project.aliases]:
        database = project.database(alias)
        found.setdefault((database.dialect.title, database.server_version), alias)
    return tuple(found.values())


def lint_kinds(
    project: Project,
    names: Sequence[str] = (),
    *,
    asked: str | None = None,
    baseline: Path | None = None,
    asks_squawk: bool = True,
) -> LintRun:
    """Look at migrations for each kind of database that the project has.

    Where one cannot be judged, for want of its driver or because nothing is known about the kind, a note says so; the
    first one must be.

    Args:
        project: the project.
        names: the migrations, as `run_lint` takes them.
        asked: the alias of the database that is asked what it has applied, and how large its tables are; None for none.
        baseline: another file than the project's own.
        asks_squawk: whether squawk is asked too.

    Raises:
        SettingsError: LINT names a rule that is not there.
        ConnectionFailedError: the database was to be asked, and there is no connection.
        EnvironmentFailedError: env.py raises.
    """
    runs: dict[str, LintRun] = {}
    notes = []
    for alias in kinds_of(project, asked):
        try:
            if runs and project.database(alias).dialect not in known_dialects():
                raise CommandError("nothing is known about this kind of database.")
            runs[alias] = run_lint(
                Environment(project, alias), names, connects=alias == asked, baseline=baseline, asks_squawk=asks_squawk
            )
        except CommandError as error:
            if not runs:
                raise
            notes.append(f"not judged for database '{alias}': {str(error).splitlines()[0]}")
    first = next(iter(runs.values()))
    result = _joined(project, runs)
    known = max(run.known for run in runs.values())
    return replace(first, result=replace(result, notes=(*result.notes, *notes)), known=known)


def _joined(project: Project, runs: dict[str, LintRun]) -> LintResult:
    results = {alias: run.result for alias, run in runs.items()}
    revisions = max((result.revisions for result in results.values()), key=len)
    place = {revision.id: number for number, revision in enumerate(revisions)}
    saying: dict[object, dict[str, Finding]] = {}
    for alias, result in results.items():
        for finding in result.findings:
            what = (finding.rule, finding.message, finding.revision, finding.line, finding.subject)
            saying.setdefault(what, {})[alias] = finding
    findings = []
    for said in saying.values():
        finding = next(iter(said.values()))
        if len(said) == len(runs):
            findings.append(finding)
        elif not _is_about_silences(finding):
            findings.append(replace(finding, databases=_titles(project, said)))
    return LintResult(
        revisions,
        tuple(sorted(findings, key=lambda each: (place.get(each.revision, -1), each.line or 0))),
        max(result.silenced for result in results.values()),
        tuple(_unseen(project, results)),
        tuple(dict.fromkeys(each for result in results.values() for each in result.notes)),
    )


def _unseen(project: Project, results: Mapping[str, LintResult]) -> Iterator[Opaque]:
    """Why some could not be seen, with the kinds of database where it is not so for all."""
    kinds: dict[Opaque, list[str]] = {}
    for alias, result in results.items():
        for opaque in result.unseen:
            kinds.setdefault(opaque, []).append(alias)
    for opaque, aliases in kinds.items():
        where = "" if len(aliases) == len(results) else f"on {' and '.join(_titles(project, aliases))}: "
        yield replace(opaque, reason=f"{where}{opaque.reason}")


def _is_about_silences(finding: Finding) -> bool:
    """Whether it is about a comment, which has its use where one kind of database has something to silence."""
    rule = rule_named(finding.rule)
    return rule is not None and hasattr(rule.module, "check_silence")


def _titles(project: Project, aliases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(project.database(alias).dialect.title for alias in aliases))

"""Runs the rules on migrations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.lint.context import Context
from alembic_manage.lint.finding import Concern, Finding
from alembic_manage.lint.place import line_in_batch
from alembic_manage.lint.recorder import Recorder
from alembic_manage.lint.rules import all_rules
from alembic_manage.lint.silences import Silence, silences_of, without_silenced
from alembic_manage.lint.source import read_source
from alembic_manage.lint.squawk import squawk_findings, squawk_program
from alembic_manage.lint.weight import weighed
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.state.cache import StateCache
from alembic_manage.state.replay import Opaque, Replay

if TYPE_CHECKING:
    from alembic_manage.environment import Environment
    from alembic_manage.history import Revision
    from alembic_manage.lint.revision_view import RevisionView
    from alembic_manage.lint.rule import Rule
    from alembic_manage.lint.statement import Statement


@dataclass(frozen=True)
class LintResult:
    """What the linter found."""

    revisions: tuple[Revision, ...]
    """Those that were looked at, in order."""
    findings: tuple[Finding, ...]
    """By revision and line; without those that are silenced."""
    silenced: int = 0
    """How many more there were."""
    unseen: tuple[Opaque, ...] = ()
    """Why some of it could not be seen, in order."""
    notes: tuple[str, ...] = ()
    """What was not checked, in a line each."""

    def with_findings(self, findings: Sequence[Finding]) -> LintResult:
        """The result with other findings."""
        return replace(self, findings=tuple(findings))


class Linter:
    """Judges migrations of one database.

    Args:
        environment: of the database whose kind counts.
        context: what is known besides.
        ignored: the findings that the settings silence.
        rules: the rules; None for all.
        asks_squawk: whether squawk is asked too, where it is installed and knows the database.
    """

    def __init__(
        self,
        environment: Environment,
        context: Context,
        ignored: Sequence[Silence] = (),
        rules: Sequence[Rule] | None = None,
        *,
        asks_squawk: bool = True,
    ) -> None:
        self.environment = environment
        self.context = context
        self.ignored = ignored
        self.asks_squawk = asks_squawk
        given = all_rules() if rules is None else rules
        self.rules = tuple(rule for rule in given if rule.applies_to(context.rules))

    def run(self, revisions: Sequence[Revision], pending: Collection[str] = ()) -> LintResult:
        """The findings about revisions, and about the history that they are in.

        Args:
            revisions: of the history, in any order.
            pending: the ids of those that nobody has applied.

        Raises:
            EnvironmentFailedError: env.py raises, or needs a real database.
        """
        ordered = self.environment.history.in_order([revision.id for revision in revisions])
        return self.judged(self.views(ordered, pending))

    def judged(self, views: Mapping[str, RevisionView]) -> LintResult:
        """The findings about revisions that were looked at already.

        Args:
            views: what `views` gave.
        """
        others, notes = self._of_squawk(list(views.values()))
        silences = {view.revision.path: silences_of(view.source) for view in views.values()}
        about_history = list(self._about_history())
        findings = [
            left
            for finding in about_history
            for left in without_silenced([finding], [*_silences_for(finding, silences), *self.ignored])
        ]
        silenced = len(about_history) - len(findings)
        for view in views.values():
            own = silences[view.revision.path]
            found = [*self._about(view), *(each for each in others if each.revision == view.revision.id)]
            left = without_silenced(found, [*own, *self.ignored])
            silenced += len(found) - len(left)
            findings += sorted([*left, *self._about_silences(own, view.revision)], key=lambda each: each.line or 0)
        unseen = tuple(opaque for view in views.values() for opaque in view.stopped)
        revisions = tuple(view.revision for view in views.values())
        return LintResult(revisions, tuple(findings), silenced, unseen, notes)

    def _of_squawk(self, views: Sequence[RevisionView]) -> tuple[Sequence[Finding], tuple[str, ...]]:
        """What squawk says; and a note where it is not there."""
        if not self.asks_squawk or not self.context.rules.is_known_to_squawk or not views:
            return (), ()
        program = squawk_program()
        if program is None:
            return (), ("squawk was not asked about the SQL: pip install 'alembic-manage[lint]'",)
        return squawk_findings(program, views, self.rules, self.context.server_version), ()

    def views(self, revisions: Sequence[Revision], pending: Collection[str] = ()) -> dict[str, RevisionView]:
        """What the revisions do, by id; those that nobody can replay are there as far as they were seen."""
        wanted = [revision.id for revision in revisions]
        if not wanted:
            return {}
        history = self.environment.history
        recorder = Recorder(self.context, wanted, set(pending) & history.ancestors(wanted))
        steps = tuple(Step(each, Direction.UPGRADE) for each in history.in_order(history.ancestors(wanted)))
        replay = Replay(self.environment, cache=StateCache.of(self.environment), watcher=recorder)
        replay.run(Plan("", steps))
        return recorder.views

    def _about_history(self) -> Iterator[Finding]:
        for rule in self.rules:
            for concern in rule.of_history(self.context):
                yield self._finding(rule, concern, None, None)

    def _about(self, view: RevisionView) -> Iterator[Finding]:
        found = [
            self._finding(rule, concern, view.revision, _line(view, statement, concern))
            for statement in view.statements
            for rule in self.rules
            for concern in rule.of_statement(statement, view)
        ]
        found += [
            self._finding(rule, concern, view.revision, None)
            for rule in self.rules
            for concern in rule.of_revision(view)
        ]
        # A loop sends one line's statements several times.
        yield from sorted(dict.fromkeys(found), key=lambda finding: (finding.line or 0, finding.rule, finding.subject))

    def _about_silences(self, silences: Sequence[Silence], revision: Revision | None) -> Iterator[Finding]:
        for silence in silences:
            for rule in self.rules:
                for concern in rule.of_silence(silence):
                    yield self._finding(rule, concern, revision, silence.line)

    def _finding(self, rule: Rule, concern: Concern, revision: Revision | None, line: int | None) -> Finding:
        revision = revision or concern.revision
        size = self.context.size_of(concern.table) if concern.table is not None else None
        severity = rule.severity if concern.severity is None else concern.severity
        return Finding(
            rule=rule.id,
            severity=weighed(severity, size) if rule.by_size else severity,
            message=concern.message,
            revision=revision.id if revision is not None else "",
            path=revision.path if revision is not None else None,
            line=concern.line or line,
            subject=concern.subject,
            lock=concern.lock,
            fix=concern.fix,
            size=size,
        )


def _line(view: RevisionView, statement: Statement, concern: Concern) -> int | None:
    """The line of a finding; a table that a batch rebuilds is rebuilt at its end, whatever line of it is the reason."""
    if statement.line is None or not concern.subject:
        return statement.line
    return line_in_batch(view, statement.line, concern.subject.split(".")[1:] or [concern.subject])


def _silences_for(finding: Finding, known: dict[Path, list[Silence]]) -> Sequence[Silence]:
    """The silences in the file of a finding about the history, which may be a file that nobody looked at."""
    if finding.path is None:
        return ()
    if finding.path not in known:
        known[finding.path] = silences_of(read_source(finding.path))
    return known[finding.path]

"""What makemigrations does where one change becomes several migrations, in phases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic_manage.branches.update import Update
from alembic_manage.reports.revision_report import RevisionReport
from alembic_manage.rollout.revisions import composed
from alembic_manage.rollout.rollout import rolled_out
from alembic_manage.settings.settings import Settings
from alembic_manage.writing.draft import Draft, NewRevision
from alembic_manage.writing.writer import write

if TYPE_CHECKING:
    from alembic.operations.ops import MigrateOperation

    from alembic_manage.autodetect.detection import Detection
    from alembic_manage.autodetect.part import Part
    from alembic_manage.environment import Environment


def is_wanted(options: Mapping[str, Any], settings: Settings) -> bool:
    """Whether to write in phases: as the option says, else as the setting does. An update stays one migration."""
    asked = options["zero_downtime"]
    return bool(settings.zero_downtime and not options["update"] if asked is None else asked)


class PhasedWriting:
    """Writes the migrations of one change.

    Args:
        report: says what was written.
        options: the command's.
    """

    def __init__(self, report: RevisionReport, options: Mapping[str, Any]) -> None:
        self.report = report
        self.options = options

    def split(self, operations: Sequence[MigrateOperation], detection: Detection) -> Sequence[Part]:
        """The parts; what has no other form than the short one is said."""
        rollout = rolled_out(operations, detection)
        self.report.say(f"In the short form: {line}." for line in rollout.notes)
        return rollout.parts

    def finish(
        self,
        environment: Environment,
        draft: Draft,
        parents: Sequence[str],
        slug: str,
        *,
        may_write: bool,
        update: Update | None = None,
    ) -> list[NewRevision]:
        """Compose the files, and write them where nothing stands in the way.

        Args:
            environment: where they go.
            draft: has parts.
            parents: what the first one follows.
            slug: the beginning of their names.
            may_write: whether nothing stands in the way.
            update: the migration that goes, once they are there; None where none does.

        Raises:
            RefusedError: that one has something of its own, which would be lost.
        """
        among = environment.with_history(update.others) if update is not None else environment
        new = composed(among, draft, parents, self.options["name"] or slug, header=self.options["header"])
        if update is not None:
            # What the short form has is done in another way.
            short = f"def upgrade():\n    {draft.upgrade}\n\n\ndef downgrade():\n    {draft.downgrade}\n"
            update.require_nothing_lost(replace(new[0], text="\n".join([*(each.text for each in new), short])))
        if may_write:
            write(environment, new[0], replaces=update.last.path if update is not None else None)
            for each in new[1:]:
                write(environment, each)
        return new

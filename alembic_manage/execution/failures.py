"""The error for a revision that did not come to its end: it says what of it is still there, and how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_manage.alembic_api import connection_of, owns_transaction
from alembic_manage.dialects import dialect_named
from alembic_manage.environment import Environment
from alembic_manage.errors import ExitCode, RevisionFailedError, RevisionStoppedError
from alembic_manage.execution.invalid_indexes import InvalidIndexes
from alembic_manage.execution.journal import Player
from alembic_manage.execution.statements import StatementCount
from alembic_manage.location import display_path, location_of, one_line
from alembic_manage.plan import Direction, Step

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


class Failures:
    """Puts what stopped a revision into words.

    Args:
        environment: the project's view of the database.
        context: Alembic's, on the connection of the run.
        invalid_indexes: what a failed CREATE INDEX CONCURRENTLY has left.
    """

    def __init__(self, environment: Environment, context: MigrationContext, invalid_indexes: InvalidIndexes) -> None:
        self.environment = environment
        self.context = context
        self.connection = connection_of(context)
        self.dialect = dialect_named(self.connection.dialect.name)
        self.invalid_indexes = invalid_indexes

    def failed(
        self, step: Step, error: BaseException, statements: StatementCount, player: Player | None, again: str
    ) -> RevisionFailedError:
        """The error for what a revision raised; it says what of the revision is still there.

        Args:
            step: that failed.
            error: what was raised.
            statements: what the run has sent.
            player: of the journal; None without one.
            again: the command that goes on.
        """
        root = self.environment.project.root
        place = location_of(error, root) or display_path(step.revision.path, root)
        said = self.environment.without_secrets(one_line(getattr(error, "orig", None) or error))
        left = self.invalid_indexes.left()
        what = f"Migration {step.revision.id} failed at {place}: {said}{left}"
        if not owns_transaction(self.context):
            return RevisionFailedError(
                f"{what}\nIt is not recorded. env.py began the transaction itself, so it also decides what is kept.",
                hint=f"mend the file, then: {again}",
            )
        stays = player.stays if player is not None else statements.committed
        if not stays:
            return RevisionFailedError(
                f"{what}\nIt was rolled back and left {'nothing else' if left else 'no trace'}; "
                "the migrations before it stay applied.",
                hint=_what_to_mend(step, said, again),
            )
        return self.stopped(what, stays, player, ExitCode.STOPPED_PARTWAY, again)

    def stopped(self, what: str, stays: int, player: Player | None, code: ExitCode, again: str) -> RevisionStoppedError:
        """The error for a revision of which something stays."""
        why = (
            "its autocommit_block"
            if self.dialect.transactional_ddl
            else f"{self.dialect.title}, which rolls no DDL back"
        )
        first = "first statement stays" if stays == 1 else f"first {stays} statements stay"
        remains = f"It is not recorded, but its {first} in effect, because of {why}."
        if player is None:
            hint = f"undo them by hand (python manage.py dbshell), mend the file, then: {again}"
        elif code is ExitCode.INTERRUPTED:
            hint = f"it goes on where it stopped with: {again}"
        elif self.connection.invalidated:
            hint = f"once the database answers, it goes on where it stopped with: {again}"
        else:
            hint = f"mend its statement {stays + 1}, then go on with it: {again} --resume-at {stays + 1}"
        return RevisionStoppedError(f"{what}\n{remains}", hint=hint, returncode=code)


def _what_to_mend(step: Step, said: str, again: str) -> str:
    """A hint: the file, but where a first revision finds what it makes, for there the file is rarely what is wrong."""
    is_first = step.direction is Direction.UPGRADE and not step.revision.down_revisions
    if is_first and "already exists" in said:
        return "where the database has these tables: python manage.py migrate --fake-initial; else mend the file"
    return f"mend the file, then: {again}"

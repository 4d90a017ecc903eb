"""Whether steps down may be taken: what they would lose is counted, shown and asked about. For rollback and migrate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.command import CommandParser
from alembic_manage.console import OutputWrapper, Style, confirm, is_interactive
from alembic_manage.errors import CommandError, RefusedError

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

    from alembic_manage.execution.losses import Loss
    from alembic_manage.plan import Plan


def add_consent_arguments(parser: CommandParser) -> None:
    """Add `--accept-data-loss` and `--keep-data`."""
    parser.add_argument(
        "--accept-data-loss",
        action="store_true",
        help="on the way down: drop tables and columns that hold data, without asking",
    )
    parser.add_argument(
        "--keep-data",
        action="store_true",
        help="on the way down: set aside the data that would be lost; migrate puts it back",
    )


def consent_flags(options: Mapping[str, Any]) -> str:
    """What was said of data that would be lost, as flags with a space before each."""
    said = [name for name in ("accept_data_loss", "keep_data") if options[name]]
    return "".join(f" --{name.replace('_', '-')}" for name in said)


class Consent:
    """Says what steps down would lose, and finds out whether they may be taken all the same.

    Args:
        command: what the user typed, for hints: "rollback 0003".
        out: where it is said.
        style: its colours.
        options: of the command: verbosity, interactive, accept_data_loss, keep_data.
        runs_recorded_code: whether a person is asked even where the options say that data may be lost.
    """

    def __init__(
        self,
        command: str,
        out: OutputWrapper,
        style: Style,
        options: Mapping[str, Any],
        *,
        runs_recorded_code: bool = False,
    ) -> None:
        self.command = command
        self.out = out
        self.style = style
        self.options = options
        self.runs_recorded_code = runs_recorded_code

    def require(self, plan: Plan, context: MigrationContext) -> None:
        """Return, where the steps of a plan may be taken; steps up may.

        Raises:
            RefusedError: a migration has no way down; or data would be lost, and nobody has said that it may.
            CommandError: the answer was no.
        """
        from alembic_manage.alembic_api import connection_of
        from alembic_manage.execution.losses import losses_of
        from alembic_manage.execution.reversible import require_reversible
        from alembic_manage.plan import Direction

        if plan.direction is not Direction.DOWNGRADE:
            return
        require_reversible(plan, self._back_to)
        losses = losses_of(plan, connection_of(context))
        self._say(losses)
        is_settled = self.options["accept_data_loss"] or (bool(losses) and self.options["keep_data"])
        if is_settled and not self.runs_recorded_code:
            return
        if self.options["interactive"] and is_interactive():
            self._ask(asks_for_data=bool(losses) and not is_settled)
        elif losses and not is_settled:
            raise RefusedError(
                f"This would lose data: {losses[0].line}{f', and {len(losses) - 1} more' * (len(losses) > 1)}. "
                "Nothing was taken back.",
                hint=f"python manage.py {self.command} --keep-data, to have it kept; or --accept-data-loss",
            )

    @property
    def _back_to(self) -> str:
        """The command that goes back to a revision, without its name."""
        return "rollback --from-record" if self.runs_recorded_code else self.command.partition(" ")[0]

    def _say(self, losses: Sequence[Loss]) -> None:
        if losses and self.options["verbosity"]:
            kept = self.options["keep_data"]
            self.out.write("Data that is kept:" if kept else "Data that goes:", self.style.MIGRATE_HEADING)
            for loss in losses:
                self.out.write(f"  {loss.revision} {loss.line}", None if kept else self.style.WARNING)

    def _ask(self, *, asks_for_data: bool) -> None:
        how = " with their recorded code" if self.runs_recorded_code else ""
        question = f"Take these back{how}{', and lose this data' if asks_for_data else ''}?"
        if not confirm(question, hint=f"python manage.py {self.command} --no-input"):
            raise CommandError(f"{self._title} cancelled; nothing was changed.")

    @property
    def _title(self) -> str:
        return self.command.partition(" ")[0].capitalize()

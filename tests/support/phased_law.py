"""The laws of detection, for changes that are written in phases."""

from __future__ import annotations

from alembic_manage.drift.description import Description
from alembic_manage.questions import Given
from support.autodetection import Evolution
from support.contents import connected
from support.law import Example, Laws, _begin, _compare, _telling
from support.rollouts import roll_out
from support.schemas import insert
from support.truth import KnownEdits


class PhasedLaws(Laws):
    """As the laws of one revision."""

    def leads_there_and_back(self, example: Example) -> None:
        """The revisions in phases lead to the schema that create_all makes, and back, and keep the rows.

        In between, the old code finds them under the names that it knows, unless something is in its short form.

        Raises:
            LawBrokenError: they do not.
        """
        self.ran += 1
        with self._project() as evolution, _telling(evolution):
            _begin(evolution, example)
            self._start = evolution.project.environment.history.require_single_head().id
            before = evolution.description()
            with connected(self.text_of_url) as connection:
                insert(connection, example.before, example.rows)
            answers = KnownEdits(evolution.project.dialect, example.before, example.after)
            given = Given(renames=answers.options(), not_renamed=answers.dropped) if example.by_option else None
            written = roll_out(evolution, example.after.metadata(), answers, given)
            self.operations += len(written.ids)
            self.short = [*getattr(self, "short", []), *written.notes]
            if self._is_complete(example.by_option, answers):
                if written.last_expand is not None and not written.notes:
                    evolution.migrate(written.last_expand)
                    self._rows_are_there(example, example.before, "for the old code")
                after = self._leads_there(evolution, example)
                if written.ids:
                    self._leads_back(evolution, example, before, after)

    def _leads_back(self, evolution: Evolution, example: Example, before: Description, after: Description) -> None:
        evolution.migrate(self._start)
        _compare(before, evolution.description(), "downgrade() does not lead back", self.url, orders=False)
        self._rows_are_there(example, example.before, "down")
        evolution.migrate()
        _compare(after, evolution.description(), "the second upgrade() leads elsewhere", self.url)
        self._rows_are_there(example, example.after, "up again")

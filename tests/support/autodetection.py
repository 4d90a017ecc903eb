"""Models that change, answers to what is asked about that, and the revisions which the real detector writes for it.

models = MetaData()
Table("orders", models, Column("id", Integer, primary_key=True))
evolution.become(models)
evolution.execute("INSERT INTO orders (id) VALUES (1)")
...
evolution.write(changed, {"orders.total": Value("0")})
evolution.assert_up_down_up()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData

from alembic_manage.autodetect.detector import detector
from alembic_manage.autodetect.naming import make_id, message_for, slug_for
from alembic_manage.drift.description import Description
from alembic_manage.drift.verification import description_of, description_of_state, differences
from alembic_manage.questions import Answer, Given, Question
from alembic_manage.sources.source import Source, read_at, upgrade_plan
from alembic_manage.state.replay import Replay
from alembic_manage.writing.draft import first_with_changes
from alembic_manage.writing.writer import compose, write
from support.tiny_projects import TinyProject


class Answers:
    """A questioner that has its answers beforehand, by path; remembers what it was asked.

    A question without an answer gets its safe answer, and fails the test where there is none.

    Args:
        by_path: the answers.
        default: the answer to everything else; None for the safe answer.
    """

    def __init__(self, by_path: Mapping[str, Answer] | None = None, default: Answer | None = None) -> None:
        self.by_path = dict(by_path or {})
        self.default = default
        self.asked: list[Question] = []
        """Every question, in order."""

    def ask(self, question: Question) -> Answer:
        """The answer for the question's path."""
        self.asked.append(question)
        answer = self.by_path.get(question.path, self.default or question.safe_answer)
        assert answer is not None, f"nobody answers: {question.text}"
        return answer

    @property
    def paths(self) -> list[str]:
        """What was asked about, in order, each once."""
        return list(dict.fromkeys(question.path for question in self.asked))

    @property
    def unused(self) -> set[str]:
        """The paths of answers that nothing asked for."""
        return set(self.by_path) - set(self.paths)


class Evolution:
    """A project on a real database whose models are what a test says.

    Args:
        project: an empty one.
    """

    def __init__(self, project: TinyProject) -> None:
        self.project = project
        self.answers = Answers()
        """Those of the last `write`."""
        project.project.__dict__["metadata"] = [MetaData()]

    @property
    def dialect_name(self) -> str:
        """SQLAlchemy's name of the kind of database."""
        return self.project.project.database().url.get_backend_name()

    def in_batches(self) -> Evolution:
        """Write revisions in batch mode, as a project does of which one database is SQLite."""
        self.project.project.__dict__["needs_batch"] = True
        return self

    def detect(
        self, models: MetaData, answers: Mapping[str, Answer] | Answers | None = None, given: Given | None = None
    ) -> Any:
        """The draft that leads from the head to `models`."""
        self.project.project.__dict__["metadata"] = [models]
        self.answers = answers if isinstance(answers, Answers) else Answers(answers)
        environment = self.project.environment
        heads = [head.id for head in environment.history.heads]
        detect = detector(environment, self.answers, given=given)
        return first_with_changes(read_at(environment, heads, detect, sources=(Source.HISTORY,)))

    def write(
        self, models: MetaData, answers: Mapping[str, Answer] | Answers | None = None, given: Given | None = None
    ) -> Path | None:
        """Write the revision that leads from the head to `models`; None where nothing changed.

        Raises:
            AssertionError: a question is not answered, or an answer is not asked for.
        """
        draft = self.detect(models, answers, given)
        assert not self.answers.unused, f"nothing asked for {self.answers.unused}"
        if not draft.changes:
            return None
        environment = self.project.environment
        history = environment.history
        heads = [head.id for head in history.heads]
        id = make_id(history, slug_for(draft.changes, initial=not heads))
        new = compose(environment, draft, id, heads, message_for(id))
        write(environment, new)
        return new.path

    def become(
        self, models: MetaData, answers: Mapping[str, Answer] | Answers | None = None, given: Given | None = None
    ) -> Path | None:
        """Write the revision, if there is something to write, and run it."""
        path = self.write(models, answers, given)
        self.migrate()
        return path

    def migrate(self, target: str = "heads") -> None:
        """Run the real executor on the real database; "-1" takes the last revision back."""
        self.project.migrate(target)

    def execute(self, *statements: str) -> None:
        """Run statements on the database, and commit."""
        self.project.execute(*statements)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.project.rows(sql)

    def text(self, path: Path | None) -> str:
        """The file of a revision."""
        assert path is not None, "nothing was written"
        return path.read_text(encoding="utf-8")

    def description(self) -> Description:
        """What the database holds, without the tables of Alembic and the suite."""
        return description_of(self.project.environment)

    def drift(self) -> list[str]:
        """Where the database is not what the history state at the head says, a line each; empty where they agree."""
        environment = self.project.environment
        replay = Replay(environment)
        replay.run(upgrade_plan(environment, [head.id for head in environment.history.heads]))
        assert not replay.opaque, replay.opaque
        expected = description_of_state(environment, replay.schema)
        return [each.line for each in differences(expected, self.description())]

    def assert_up_down_up(self, *, is_complete: bool = True, look: Callable[[str], None] = lambda where: None) -> None:
        """The last revision, which has not run yet, runs up, down and up again, and leaves the same schema each time.

        Args:
            is_complete: whether nothing is left to detect afterwards; false where something was put off.
            look: called with "up", "down" and "up again" once the database is there, to look at the rows.
        """
        before = self.description()
        self.migrate()
        after = self.description()
        look("up")
        assert self.drift() == [], "after upgrade() the history state differs"
        if is_complete:
            answers = self.answers
            left = self.detect(self.project.project.metadata[0]).upgrade
            self.answers = answers
            assert left == "pass", f"after upgrade() there is still to do: {left}"
        self.migrate("-1")
        _assert_same(before, self.description(), "downgrade() does not lead back")
        look("down")
        self.migrate()
        _assert_same(after, self.description(), "the second upgrade() leads elsewhere")
        look("up again")


def _assert_same(expected: Description, found: Description, what: str) -> None:
    lines = [f"{each.object}: {each.expected} -> {each.found}" for each in differences(expected, found)]
    assert not lines, "\n".join([what, *lines])


@pytest.fixture
def evolution(tiny_project: TinyProject) -> Evolution:
    """Models that change on a real database; each test runs once for each kind of database."""
    return Evolution(tiny_project)

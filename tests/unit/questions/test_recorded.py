"""A questioner for tests: it has its answers, and expects its questions."""

from __future__ import annotations

import pytest

from alembic_manage.questions import NotNullQuestion, RecordedQuestioner, Renamed, RenameQuestion, Value


def test_answers_come_in_their_order(rename: RenameQuestion, not_null: NotNullQuestion) -> None:
    questioner = RecordedQuestioner([("orders.placed", Renamed("orders.placed_at")), ("orders.total", Value("0"))])
    assert (questioner.ask(rename), questioner.ask(not_null)) == (Renamed("orders.placed_at"), Value("0"))
    assert questioner.left == []


def test_same_question_needs_no_second_answer(not_null: NotNullQuestion) -> None:
    questioner = RecordedQuestioner([("orders.total", Value("0"))])
    assert questioner.ask(not_null) == questioner.ask(not_null)


@pytest.mark.parametrize("path", ["orders.placed", None])
def test_unexpected_question_fails(not_null: NotNullQuestion, path: str | None) -> None:
    questioner = RecordedQuestioner([(path, Value("0"))] if path else [])
    with pytest.raises(AssertionError, match=r"Asked about orders\.total: .*; expected: (orders\.placed|no further)"):
        questioner.ask(not_null)

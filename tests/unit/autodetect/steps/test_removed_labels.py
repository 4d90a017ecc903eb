"""What becomes of the labels that are gone."""

from sqlalchemy import MetaData
from support.autodetection import Answers
from support.detections import detection

from alembic_manage.autodetect.steps.removed_labels import asked_about_removed
from alembic_manage.questions import Later, Proceed, Value


def asked(before, after, answers, renamed=None):
    found = detection(MetaData(), MetaData(), answers=answers)
    return asked_about_removed("orders.state", before.split(), after.split(), found, renamed)


def test_each_label_that_is_gone_is_asked_about():
    answers = Answers({"orders.state.b": Value("'a'"), "orders.state.c": Proceed()})
    found = asked("a b c", "a", answers)
    assert answers.paths == ["orders.state.b", "orders.state.c"]
    assert (found.after, found.replaced, found.added) == (("a",), {"b": "'a'"}, ())
    assert answers.asked[0].values == ("a",)


def test_label_put_off_stays_in_its_place():
    found = asked("a b c", "a c d", Answers({"orders.state.b": Later()}))
    assert found.after == ("a", "b", "c", "d")


def test_renamed_label_is_not_asked_about_and_its_new_name_is_not_added():
    answers = Answers()
    found = asked("a b", "a z y", answers, {"b": "z"})
    assert answers.asked == [] and found.added == ("y",)


def test_labels_in_another_order_ask_nothing():
    found = asked("a b", "b a", Answers())
    assert (found.after, found.replaced) == (("b", "a"), {})

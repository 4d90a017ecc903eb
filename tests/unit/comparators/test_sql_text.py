from sqlalchemy import CheckConstraint
from sqlalchemy.sql.elements import conv

from alembic_manage.comparators.sql_text import as_text, named


def test_a_colon_is_no_parameter():
    assert str(as_text("a <> ':x' AND b::text = '10:20'")) == "a <> ':x' AND b::text = '10:20'"


def test_a_name_of_the_models_stays_and_one_that_was_made_is_final():
    check = CheckConstraint("a > 0", name="positive")
    assert named(check, None) is None
    assert not isinstance(named(check, "positive"), conv)
    assert isinstance(named(check, "ck_orders_positive"), conv)

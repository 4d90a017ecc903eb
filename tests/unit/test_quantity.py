"""Numbers with their nouns."""

import pytest

from alembic_manage.quantity import counted


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 rows are"), (1, "1 row is"), (2, "2 rows are"), (2068, "2,068 rows are")]
)
def test_noun_and_verb_go_with_the_number(count: int, said: str) -> None:
    assert counted(count, "row", ("is", "are")) == said
    assert counted(count, "row") == said.rpartition(" ")[0]

"""Four tests of a project's migrations, ready to be switched on: by importing them into a file of its tests.

    from alembic_manage.testing.ready import *

They work on scratch databases of the kind that `default` is; the project's own is not touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_manage.testing.fixtures import told
from alembic_manage.testing.plugin import DOWNGRADE_TO, project_of

if TYPE_CHECKING:
    from alembic_manage.environment import Environment

__all__ = [
    "test_models_match_the_history",
    "test_there_is_a_single_head",
    "test_up_down_up_leaves_the_same_schema",
    "test_upgrade_from_zero",
]


def test_there_is_a_single_head(request: pytest.FixtureRequest) -> None:
    """The history has one head: nobody has to choose what is applied last."""
    environment = _environment(request)
    with told():
        environment.history.require_sound().require_single_head()


def test_upgrade_from_zero(request: pytest.FixtureRequest) -> None:
    """Every migration runs, in order, on an empty database."""
    from alembic_manage.testing.round_trip import upgraded_from_zero

    environment = _environment(request)
    with told():
        upgraded_from_zero(environment)


def test_models_match_the_history(request: pytest.FixtureRequest) -> None:
    """`makemigrations` would find nothing to write."""
    from alembic_manage.testing.models_match import unwritten

    environment = _environment(request)
    with told():
        lines = unwritten(environment)
    if lines:
        _fail("The models have changes that no migration makes:", lines, "python manage.py makemigrations")


def test_up_down_up_leaves_the_same_schema(request: pytest.FixtureRequest) -> None:
    """Taking all migrations back leaves nothing behind, and applying them again gives the same schema."""
    from alembic_manage.testing.round_trip import round_trip

    environment = _environment(request)
    with told():
        trip = round_trip(environment, request.config.getini(DOWNGRADE_TO))
    if trip.left_behind:
        hint = "see what undoes them: python manage.py sqlmigrate MIGRATION --backwards"
        _fail("The way down does not undo what the way up does:", trip.left_behind, hint)
    if trip.different:
        hint = "compare upgrade() and downgrade() of the migrations that mention them"
        _fail("After up, down and up again the schema is not what it was after the first up:", trip.different, hint)


def _environment(request: pytest.FixtureRequest) -> Environment:
    from alembic_manage.environment import Environment
    from alembic_manage.settings.alias import DEFAULT_ALIAS

    with told():
        return Environment(project_of(request.config), DEFAULT_ALIAS)


def _fail(message: str, lines: tuple[str, ...], hint: str) -> None:
    pytest.fail("\n".join([message, *(f"  {line}" for line in lines), f"Hint: {hint}"]), pytrace=False)

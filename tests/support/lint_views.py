"""What the linter sees of one small migration."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from alembic_manage.lint.context import Context
from alembic_manage.lint.linter import Linter
from alembic_manage.lint.revision_view import RevisionView
from support.lint_corpus import URLS
from support.tiny_projects import TinyProject

View = Callable[..., RevisionView]
GIVEN = "CREATE TABLE orders (id integer PRIMARY KEY, status varchar(20), note varchar(20))"


@pytest.fixture
def view(make_tiny_project: Callable[[str], TinyProject]) -> View:
    """Makes the view of a migration from its upgrade(), on a table orders."""

    def make(upgrade: str, downgrade: str = "pass", database: str = "postgresql", given: str = GIVEN) -> RevisionView:
        project = make_tiny_project(URLS[database])
        project.revision("a", f"op.execute({given!r})")
        project.revision("b", upgrade, downgrade, down="a")
        environment = project.environment
        rules = environment.database.dialect
        context = Context(rules, environment.database.server_version, environment.history)
        return Linter(environment, context, asks_squawk=False).views([environment.history.by_id["b"]])["b"]

    return make

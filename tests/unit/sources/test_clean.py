"""A comparison after one that found nothing: as quick as may be, and with the same result as without a cache."""

import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from support.autodetection import Answers, Evolution
from support.perturbations import PERTURBATIONS, made

from alembic_manage import alembic_api
from alembic_manage.autodetect.detector import detector, first_with_changes
from alembic_manage.cache_folder import FOLDER
from alembic_manage.questions import Proceed
from alembic_manage.sources.clean import Clean
from alembic_manage.sources.source import Source, read_at
from alembic_manage.unchanged.check import is_unchanged
from alembic_manage.writer import Draft

URLS = {
    "postgresql": "postgresql+psycopg://nobody@127.0.0.1:1/none",
    "mariadb": "mysql+pymysql://nobody@127.0.0.1:1/none",
    "sqlite": "sqlite:///none.sqlite3",
}


@pytest.fixture
def counted(monkeypatch):
    """How often all tables were compared, and how many tables where only some were."""
    found = SimpleNamespace(whole=0, parts=[])
    compare, compare_part = alembic_api.compare, alembic_api.compare_part

    def counting(*arguments):
        found.whole += 1
        return compare(*arguments)

    def counting_part(context, tables, names):
        found.parts.append(sorted(names))
        return compare_part(context, tables, names)

    monkeypatch.setattr("alembic_manage.alembic_api.compare", counting)
    monkeypatch.setattr("alembic_manage.alembic_api.compare_part", counting_part)
    return found


class Project:
    """A tiny project, asked again and again."""

    def __init__(self, tiny) -> None:
        # The types of the models are no part of the history: what they are made of is.
        tiny.project.settings = replace(tiny.project.settings, migration_types="implementation")
        self.tiny = tiny
        self.evolution = Evolution(tiny)
        self.project = tiny.project

    def use(self, metadata: sa.MetaData) -> None:
        self.project.__dict__["metadata"] = [metadata]

    def write(self, metadata: sa.MetaData) -> None:
        """Write the revision that leads to the models, whatever is asked about it."""
        self.use(metadata)
        self.evolution.write(metadata, Answers(default=Proceed()))

    def changes(self) -> tuple[str, ...]:
        """What `makemigrations` finds."""
        environment = self.tiny.environment
        answers = Answers(default=Proceed())
        drafts = read_at(
            environment,
            [head.id for head in environment.history.heads],
            detector(environment, answers, may_drop_all=True),
            sources=(Source.HISTORY,),
            clean=Clean(Draft.empty(), lambda draft: not draft.changes and not answers.asked),
        )
        return tuple(str(change) for change in first_with_changes(drafts).changes)

    @property
    def is_unchanged(self) -> bool:
        return is_unchanged(self.project, "default")

    def forget(self) -> None:
        shutil.rmtree(self.tiny.root / FOLDER, ignore_errors=True)


@pytest.fixture
def project(make_tiny_project):
    return Project(make_tiny_project(URLS["postgresql"]))


@pytest.fixture
def warm(project, counted):
    """A project with a comparison behind it that found nothing."""
    project.write(made())
    assert project.changes() == ()
    counted.whole, counted.parts = 0, []
    return project


def test_what_was_compared_once_is_known(warm):
    warm.use(made())
    assert warm.is_unchanged


def test_nothing_is_known_before(project):
    project.write(made())
    assert not project.is_unchanged


def test_nothing_is_compared_where_nothing_changed(warm, counted):
    warm.use(made())
    assert warm.changes() == ()
    assert (counted.whole, counted.parts) == (0, [])


@pytest.mark.parametrize("perturbation", [each for each in PERTURBATIONS if each.is_seen], ids=str)
def test_every_small_change_is_found(perturbation, warm_once):
    warm_once.use(perturbation.models())
    assert not warm_once.is_unchanged
    assert warm_once.changes() != ()


@pytest.fixture(scope="module")
def warm_once(tmp_path_factory):
    from support.tiny_projects import TinyProject

    made_project = Project(TinyProject(tmp_path_factory.mktemp("warm"), URLS["postgresql"]))
    made_project.write(made())
    assert made_project.changes() == ()
    return made_project

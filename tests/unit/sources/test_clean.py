"""A comparison after one that found nothing: as quick as may be, and with the same result as without a cache."""

import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from support.autodetection import Answers, Evolution
from support.law import example_of
from support.perturbations import MODELS, PERTURBATIONS, made
from support.schemas import SchemaSpec

from alembic_manage import alembic_api
from alembic_manage.autodetect.detector import detector
from alembic_manage.cache_folder import FOLDER
from alembic_manage.questions import Proceed
from alembic_manage.sources.clean import Clean
from alembic_manage.sources.source import Source, read_at
from alembic_manage.unchanged.check import is_unchanged
from alembic_manage.writing.draft import Draft, first_with_changes

pytestmark = pytest.mark.usefixtures("no_strangers")

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


def with_more(metadata: sa.MetaData) -> sa.MetaData:
    """The models with a new table that refers to an old one, and a new column."""
    refers = sa.ForeignKey("parent.id", name="fk_more")
    sa.Table("more", metadata, sa.Column("id", sa.Integer, refers, primary_key=True))
    metadata.tables["apart"].append_column(sa.Column("new", sa.Integer))
    return metadata


def test_after_a_new_revision_only_its_tables_are_compared(warm, counted):
    warm.write(with_more(made()))
    counted.whole, counted.parts = 0, []
    warm.use(with_more(made()))
    assert not warm.is_unchanged
    assert warm.changes() == ()
    assert counted.whole == 0
    assert counted.parts == [[(None, "apart"), (None, "more")]]
    assert warm.is_unchanged


def test_a_revision_without_its_models_is_a_change(warm):
    warm.write(with_more(made()))
    warm.use(made())
    assert warm.changes() != ()


def test_a_table_that_the_models_lose_is_found(warm):
    models = made()
    models.remove(models.tables["apart"])
    warm.use(models)
    assert any("apart" in change for change in warm.changes())


def test_what_refers_to_a_changed_table_is_compared_with_it(warm, counted):
    models = made()
    models.tables["parent"].append_column(sa.Column("new", sa.Integer))
    warm.write(models)
    counted.parts = []
    again = made()
    again.tables["parent"].append_column(sa.Column("new", sa.Integer))
    warm.use(again)
    assert warm.changes() == ()
    assert counted.whole >= 1  # two tables of three: all are compared at once


def test_questions_are_not_kept(warm):
    models = made(MODELS.replace('"parent_id"', '"father_id"'))
    warm.use(models)
    assert warm.changes() != ()
    assert not warm.is_unchanged


@pytest.mark.parametrize(
    "line",
    [
        '"include_object": lambda *_: True',
        '"include_name": lambda *_: True',
        '"compare_type": lambda *_: None',
        '"process_revision_directives": lambda *_: None',
        '"compare_server_default": lambda *_: None',
    ],
)
def test_a_function_in_env_py_lets_all_be_compared(project, counted, line):
    project.tiny.change_env('    "transaction_per_migration": True,\n', f"    {line},\n")
    project.write(made())
    for _ in range(2):
        counted.whole = 0
        project.use(made())
        project.changes()
        assert not project.is_unchanged
        assert counted.whole > 0


def test_a_word_in_env_py_counts_and_lets_little_be_compared(project, counted):
    project.tiny.change_env('    "transaction_per_migration": True,\n', '    "compare_type": False,\n')
    project.write(made())
    project.use(made())
    assert project.changes() == ()
    counted.whole = 0
    project.use(made())
    assert project.changes() == ()
    assert counted.whole == 0
    assert not project.is_unchanged  # what else env.py does is not known before it runs
    project.use(made(MODELS.replace("sa.String(30)", "sa.String(31)")))
    assert project.changes() == ()
    project.tiny.change_env('    "compare_type": False,\n', '    "compare_type": True,\n')
    assert project.changes() != ()


def test_a_comparator_of_somebody_elses_lets_all_be_compared(warm, counted, monkeypatch):
    from alembic.autogenerate import comparators

    monkeypatch.setattr(comparators, "_registry", comparators._registry.copy())

    @comparators.dispatch_for("schema")
    def compare_views(*_):
        return None

    warm.use(made())
    assert not warm.is_unchanged
    assert warm.changes() == ()
    assert counted.whole > 0


def test_a_listener_for_all_tables_lets_all_be_compared(warm):
    def listen(*_):
        pass

    sa.event.listen(sa.Table, "column_reflect", listen)
    try:
        warm.use(made())
        assert not warm.is_unchanged
    finally:
        sa.event.remove(sa.Table, "column_reflect", listen)


@pytest.mark.parametrize("database", URLS)
@pytest.mark.parametrize("seed", range(1, 4))
def test_random_changes_are_found_as_without_a_cache(make_tiny_project, database, seed):
    assert_same_as_without_a_cache(Project(make_tiny_project(URLS[database])), database, seed)


def assert_same_as_without_a_cache(project: Project, database: str, seed: int) -> None:
    """Random models, then others: what is found is found without a cache too, before and after a revision."""
    project.tiny.change_env('    "transaction_per_migration": True,\n', '    "include_schemas": True,\n')
    example = example_of(seed, database)

    def found(spec: SchemaSpec) -> tuple[str, ...]:
        project.use(spec.metadata())
        return project.changes()

    for spec in (example.before, example.after):
        warm = found(spec)
        kept = project.tiny.root / FOLDER
        aside = kept.rename(kept.with_name("aside")) if kept.exists() else None
        assert warm == found(spec)
        project.forget()
        if aside is not None:
            aside.rename(kept)
        project.write(spec.metadata())
        # With what is kept of the models before; then with what is kept of these; then with nothing.
        left = found(spec)
        assert found(spec) == left
        shutil.copytree(kept, kept.with_name("aside"))
        project.forget()
        assert found(spec) == left
        project.forget()
        kept.with_name("aside").rename(kept)

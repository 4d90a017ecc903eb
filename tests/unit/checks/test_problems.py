"""What each check finds in a project that has it."""

import pytest
from support.projects import ROOT

from alembic_manage import Project
from alembic_manage.checks import run_checks

MODELS = """
    from sqlalchemy import MetaData
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        metadata = MetaData(naming_convention={"uq": "uq_%(table_name)s", "fk": "fk_%(table_name)s"})

    class Order(Base):
        __tablename__ = "orders"
        id: Mapped[int] = mapped_column(primary_key=True)
    """


class Files:
    """A small sound project in `module_folder`; a test breaks one thing."""

    def __init__(self, write, folder) -> None:
        self.write, self.folder = write, folder
        self.settings()
        write("shop/models.py", MODELS)
        self.file("alembic_database/env.py", (ROOT / "alembic_database" / "env.py").read_text(encoding="utf-8"))
        self.revision("0001", "revision = '0001'\ndown_revision = None\n")

    def settings(self, url: str = "sqlite:///db.sqlite3", apps: str = '["shop"]', more: str = "") -> None:
        source = f'DATABASES = {{"default": {{"URL": {url!r}}}}}\nINSTALLED_APPS = {apps}\n{more}\n'
        self.write("checked_settings.py", source)

    def file(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def revision(self, name: str, text: str) -> None:
        self.file(f"alembic_database/versions/{name}.py", text)

    def ids(self, **options) -> list[str]:
        return [problem.id for problem in self.problems(**options)]

    def problems(self, **options):
        return run_checks(Project.load("checked_settings"), **options)


@pytest.fixture
def files(write_module, module_folder):
    return Files(write_module, module_folder)


def test_a_sound_project_has_no_problem(files):
    assert files.ids() == []


def test_a_hook_that_leads_to_no_function(files):
    files.settings(more='HOOKS = {"pre_migrate": ["shop.models.nobody"], "post_migrate": ["shop.models.Order"]}')
    (problem,) = files.problems()
    assert problem.id == "hooks.E001"
    assert problem.message == "HOOKS['pre_migrate'] names 'shop.models.nobody', but shop.models has no 'nobody'."


def test_a_url_that_cannot_be_parsed(files):
    files.settings("no url")
    assert files.ids() == ["settings.E001"]


def test_a_migrations_folder_on_which_alembic_ini_disagrees(files):
    files.settings(more='MIGRATIONS_DIR = "alembic_database"')
    files.file("alembic.ini", "[alembic]\nscript_location = %(here)s/elsewhere\n")
    (problem,) = files.problems()
    assert problem.id == "settings.W001"
    assert "elsewhere" in problem.message


@pytest.mark.parametrize("location", ["%(here)s/alembic_database", "alembic_database", "package:alembic"])
def test_a_migrations_folder_on_which_alembic_ini_agrees(files, location):
    files.settings(more='MIGRATIONS_DIR = "alembic_database"')
    files.file("alembic.ini", f"[alembic]\nscript_location = {location}\n")
    assert files.ids() == []


def test_an_app_that_does_not_exist(files):
    files.settings(apps='["shop", "nowhere"]')
    assert "apps.E001" in files.ids()


def test_no_app_at_all(files):
    files.settings(apps="[]")
    assert "apps.W001" in files.ids()


def test_a_driver_that_is_not_installed(files):
    files.settings("postgresql+pg8000://host/db")
    assert files.ids() == ["drivers.E001"]


def test_models_that_cannot_be_imported(files):
    files.write("shop/models.py", "1 / 0")
    (problem,) = files.problems()
    assert problem.id == "models.E001"
    assert "shop/models.py:1" in problem.message


def test_no_models_at_all(files):
    files.write("shop/models.py")
    assert files.ids() == ["models.W001"]


def test_a_table_in_two_metadata(files):
    files.settings(apps='["shop", "blog"]')
    files.write("blog/models.py", MODELS)
    assert files.ids() == ["models.E002"]


def test_a_reference_to_a_table_that_no_model_defines(files):
    files.write(
        "shop/models.py",
        "from sqlalchemy import Column, ForeignKey, MetaData, Table\n"
        'a = Table("a", MetaData(naming_convention={"fk": "fk", "uq": "uq"}), Column("x", ForeignKey("lost.id")))\n',
    )
    (problem,) = files.problems()
    assert problem.id == "models.E003"
    assert "'lost.id'" in problem.message


def test_constraints_without_a_name(files):
    files.write(
        "shop/models.py",
        "from sqlalchemy import Column, Integer, MetaData, Table\n"
        'a = Table("a", MetaData(), Column("x", Integer, unique=True))\n',
    )
    (problem,) = files.problems()
    assert problem.id == "models.W002"
    assert problem.message.startswith("Table 'a' has 1 constraint without a name:")


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("def (", "history.E001"),
        ("revision = '0001'", "history.E002"),
        ("revision = 'b'\ndown_revision = 'lost'", "history.E003"),
        ("revision = 'b'\ndown_revision = 'b'", "history.E004"),
        ("revision = 'b'\ndown_revision = None", "history.W001"),
        (f"revision = '{'x' * 33}'\ndown_revision = '0001'", "history.W002"),
    ],
)
def test_a_history_with_a_problem(files, text, id):
    files.revision("two", text)
    assert id in files.ids()


def test_a_versions_folder_that_is_missing(files):
    (files.folder / "alembic_database" / "versions" / "0001.py").unlink()
    (files.folder / "alembic_database" / "versions").rmdir()
    assert "history.E005" in files.ids()


def test_an_env_py_that_is_missing(files):
    (files.folder / "alembic_database" / "env.py").unlink()
    assert "history.E000" in files.ids()


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("sqlite:///db.sqlite3", ["deploy.W001"]),
        ("postgresql+psycopg://postgres:x@localhost/db", ["deploy.W002"]),
        ("mysql+pymysql://root@127.0.0.1/db", ["deploy.W002", "deploy.W003"]),
        ("postgresql+psycopg://shop:x@example.org/db", ["deploy.W004"]),
        ("postgresql+psycopg://shop:x@example.org/db?sslmode=verify-full", []),
        ("mysql+pymysql://shop:x@example.org/db?ssl_ca=ca.pem", []),
        ("postgresql+psycopg://shop:x@localhost/db", []),
    ],
)
def test_habits_of_development_are_found_on_demand(files, url, ids):
    files.settings(url)
    assert files.ids() == []
    assert files.ids(deploy=True) == ids


def test_printing_every_statement_is_for_development(files):
    files.settings()
    files.write(
        "checked_settings.py",
        'DATABASES = {"default": {"URL": "postgresql+psycopg://shop:x@localhost/db", "OPTIONS": {"echo": True}}}\n'
        'INSTALLED_APPS = ["shop"]\n',
    )
    assert files.ids(deploy=True) == ["deploy.W005"]


def test_every_problem_has_a_hint(files):
    files.settings("no url", apps='["nowhere"]')
    files.revision("two", "def (")
    files.revision("three", "revision = 'b'\ndown_revision = 'lost'")
    assert all(problem.hint for problem in files.problems(deploy=True))

"""A migration that drops most tables is refused, with the modules that were forgotten."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alembic_manage import Project
from alembic_manage.apps import App
from alembic_manage.autodetect.guard import Guard, causes, is_too_much
from alembic_manage.dialects import dialect_named
from alembic_manage.errors import RefusedError
from alembic_manage.settings.settings import Settings
from alembic_manage.state.engine import state_engine
from alembic_manage.state.schema import Schema
from alembic_manage.writing.draft import Draft

ORDERS = 'class Order(Base):\n    __tablename__ = "orders"\n'


@pytest.mark.parametrize(
    ("dropped", "tables", "refused"),
    [
        (0, 0, False),
        (0, 5, False),
        (1, 1, True),
        (1, 2, False),
        (2, 2, True),
        (2, 3, True),
        (2, 4, False),
        (3, 4, True),
        (5, 10, False),
        (6, 10, True),
    ],
)
def test_all_or_more_than_half_is_too_much(dropped: int, tables: int, refused: bool) -> None:
    assert is_too_much(dropped, tables) is refused


MakeProject = Callable[..., Project]


@pytest.fixture
def make_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeProject:
    """Makes a project with apps `shop` and whatever files, none of them imported."""
    monkeypatch.setattr(sys, "path", [str(tmp_path.resolve())])

    def make(files: dict[str, str], metadata: tuple[str, ...] = ()) -> Project:
        settings = Settings(
            module="settings",
            root=tmp_path,
            databases={},
            installed_apps=("shop",),
            migrations_dir=tmp_path / "alembic_database",
            migrations_dir_is_set=True,
            metadata=metadata,
            values={},
        )
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        project = Project(settings)
        project.__dict__["apps"] = (App("shop", "shop", tmp_path / "shop"),)
        return project

    return make


def test_models_of_an_app_that_is_not_installed(make_project: MakeProject) -> None:
    project = make_project({"billing/models.py": ORDERS})
    assert list(causes(project, ["orders"])) == [
        '  billing/models.py:1 defines orders, but is not imported: add "billing" to INSTALLED_APPS in settings.py.'
    ]


def test_models_package_of_an_app_that_is_not_installed(make_project: MakeProject) -> None:
    project = make_project({"apps/billing/models/orders.py": "\n" + ORDERS})
    assert list(causes(project, ["orders"])) == [
        "  apps/billing/models/orders.py:2 defines orders, but is not imported: "
        'add "apps.billing" to INSTALLED_APPS in settings.py.'
    ]


@pytest.mark.parametrize(
    ("models", "importer"), [("shop/models.py", "shop/models.py"), ("shop/models/base.py", "shop/models/__init__.py")]
)
def test_module_beside_the_models_of_an_app(make_project: MakeProject, models: str, importer: str) -> None:
    project = make_project({models: "", "shop/tables.py": ORDERS})
    assert list(causes(project, ["orders"])) == [
        f"  shop/tables.py:1 defines orders, but is not imported: add `import shop.tables` to {importer}."
    ]


def test_module_is_imported_where_the_metadata_is_named(make_project: MakeProject) -> None:
    project = make_project({"billing/models.py": ORDERS}, metadata=("core.db:Base",))
    assert list(causes(project, ["orders"])) == [
        "  billing/models.py:1 defines orders, but is not imported: add `import billing.models` to core/db.py."
    ]


def test_module_that_is_imported_defines_it_in_another_metadata(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({"shop/models.py": ORDERS}, metadata=("core.db:Base",))
    file = str(project.root / "shop" / "models.py")
    monkeypatch.setitem(sys.modules, "shop.models", SimpleNamespace(__file__=file))
    assert list(causes(project, ["orders"])) == [
        "  shop/models.py:1 defines orders, but in another MetaData than METADATA names (core.db:Base)."
    ]


def test_table_with_a_schema_is_found_by_its_name(make_project: MakeProject) -> None:
    project = make_project({"billing/models.py": ORDERS})
    assert "defines reporting.orders" in next(causes(project, ["reporting.orders"]))


def test_module_of_other_tables_is_no_cause(make_project: MakeProject) -> None:
    assert list(causes(make_project({"billing/models.py": ORDERS}), ["customers"])) == []


def watched(project: Project, tables: list[str], dropped: list[str]) -> Guard:
    """A guard that has seen a detection on a database with some tables."""
    schema = Schema(dialect_named("sqlite"))
    engine = state_engine(schema, "sqlite")
    with engine.connect() as connection:
        for table in ["alembic_version", "alembic_version_ledger", *tables]:
            connection.exec_driver_sql(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY)")
        # As the replay does with what Alembic itself makes.
        schema.own_tables.update(key for key in schema.tables if key.name.startswith("alembic_version"))
        context: Any = SimpleNamespace(connection=connection, version_table="alembic_version", bind=connection)
        guard = Guard(project)
        drops = "\n    ".join(f"op.drop_table({name!r})" for name in dropped) or "pass"
        guard.watching(lambda _: Draft(drops, "pass"))(context)
    return guard


def test_refusal_names_the_tables_the_cause_and_the_way_out(make_project: MakeProject) -> None:
    guard = watched(make_project({"billing/models.py": ORDERS}), ["orders", "carts", "users"], ["orders", "carts"])
    refusal = guard.refusal()
    assert isinstance(refusal, RefusedError)
    assert (refusal.returncode, str(refusal)) == (
        4,
        "This would drop 2 of 3 tables: orders, carts.\n"
        '  billing/models.py:1 defines orders, but is not imported: add "billing" to INSTALLED_APPS in settings.py.',
    )
    assert str(refusal.hint).endswith("python manage.py makemigrations --allow-drops")


def test_refusal_says_where_no_cause_is_found(make_project: MakeProject) -> None:
    refusal = watched(make_project({}), ["orders"], ["orders"]).refusal()
    assert str(refusal).endswith("\nNo source file of the project defines them.")


def test_few_drops_pass(make_project: MakeProject) -> None:
    assert watched(make_project({}), ["orders", "carts", "users", "tags"], ["orders", "carts"]).refusal() is None
    assert watched(make_project({}), ["orders"], []).refusal() is None


def test_what_somebody_gave_up_by_name_does_not_count(make_project: MakeProject) -> None:
    guard = watched(make_project({}), ["orders", "carts", "users"], ["orders", "carts"])
    assert guard.refusal(confirmed={"orders"}) is None
    assert guard.refusal(confirmed={"users"}) is not None


def test_long_list_is_cut(make_project: MakeProject) -> None:
    names = [f"t{number}" for number in range(12)]
    assert ", t9 and 2 more.\n" in str(watched(make_project({}), names, names).refusal())

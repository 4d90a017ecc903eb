"""Tables are found in source that is never imported."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from alembic_manage import Project
from alembic_manage.autodetect.declarations import Declaration, declarations_of, tables_in
from alembic_manage.settings.settings import Settings

ORDERS = 'class Order(Base):\n    __tablename__ = "orders"\n'


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (ORDERS, [(1, ("orders",))]),
        ('class Order(Base):\n    __tablename__: str = "orders"\n', [(1, ("orders",))]),
        ('orders = Table("orders", metadata)', [(1, ("orders",))]),
        ('\norders = sa.Table("orders", metadata, schema="shop")', [(2, ("orders",))]),
        ('class A(Base):\n    __table__ = Table("a", Base.metadata)\n', [(2, ("a",))]),
        ("class LineItem(SQLModel, table=True): ...", [(1, ("lineitem", "line_item", "lineitems", "line_items"))]),
        ("class Order(db.Model): ...", [(1, ("order", "orders"))]),
        ('class Order(SQLModel, table=True):\n    __tablename__ = "orders"\n', [(1, ("orders",))]),
        ("class Order(Base):\n    __tablename__ = PREFIX + 'orders'\n", [(1, ("order", "orders"))]),
        ("def make():\n    class Order(Base):\n        __tablename__ = 'orders'\n", [(2, ("orders",))]),
    ],
)
def test_table_in_a_source(source: str, found: list[tuple[int, tuple[str, ...]]]) -> None:
    assert list(tables_in(source)) == found


@pytest.mark.parametrize(
    "source",
    [
        "class Base(DeclarativeBase): ...",
        "class Order(SQLModel): ...",
        "class Order(SQLModel, table=False): ...",
        "class Mixin:\n    @declared_attr\n    def __tablename__(cls): return cls.__name__\n",
        'Table("Title")',
        "Table(name, metadata)",
        'op.create_table("orders", sa.Column("id"))',
    ],
)
def test_no_table_in_a_source(source: str) -> None:
    assert list(tables_in(source)) == []


@pytest.fixture
def project(tmp_path: Path) -> Project:
    settings = Settings(
        module="settings",
        root=tmp_path,
        databases={},
        installed_apps=(),
        migrations_dir=tmp_path / "alembic_database",
        migrations_dir_is_set=True,
        metadata=(),
        values={},
    )
    return Project(settings)


def write(root: Path, name: str, text: str = ORDERS) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")


def test_every_source_file_of_the_project_is_read(project: Project) -> None:
    for name in ("shop/models.py", "shop/orders/tables.py", "single.py"):
        write(project.root, name)
    found = [each.path.relative_to(project.root.resolve()).as_posix() for each in declarations_of(project)]
    assert found == ["single.py", "shop/models.py", "shop/orders/tables.py"]


@pytest.mark.parametrize(
    "name",
    [
        "alembic_database/versions/0001.py",
        ".venv/lib/orders.py",
        "env/lib/python3/site-packages/orders.py",
        "node_modules/orders.py",
        "shop/__pycache__/orders.py",
        "orders.txt",
    ],
)
def test_what_is_nobodys_model_is_passed_over(project: Project, name: str) -> None:
    write(project.root, name)
    assert list(declarations_of(project)) == []


def test_virtual_environment_is_known_by_its_file(project: Project) -> None:
    write(project.root, "python/pyvenv.cfg", "")
    write(project.root, "python/lib/orders.py")
    assert list(declarations_of(project)) == []


def test_file_that_is_no_python_is_passed_over(project: Project) -> None:
    write(project.root, "a.py", "class Order(:")
    write(project.root, "b.py", "\0")
    (project.root / "c.py").write_bytes(b"\xff\xfe")
    write(project.root, "d.py")
    assert [each.path.name for each in declarations_of(project)] == ["d.py"]


def test_module_is_named_from_the_nearest_folder_of_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path.resolve()
    monkeypatch.setattr(sys, "path", [str(root), str(root / "src")])
    names = {
        "shop/models.py": "shop.models",
        "shop/__init__.py": "shop",
        "src/shop/orders.py": "shop.orders",
    }
    assert {name: Declaration(root / name, 1, ("a",)).module for name in names} == names


def test_imported_file_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "declared_here.py", "")
    write(tmp_path, "elsewhere/declared_here.py", "")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "declared_here", None)
    monkeypatch.delitem(sys.modules, "declared_here")
    declaration = Declaration(tmp_path.resolve() / "declared_here.py", 1, ("a",))
    assert not declaration.is_imported
    __import__("declared_here")
    assert declaration.is_imported
    assert not Declaration(tmp_path.resolve() / "elsewhere" / "declared_here.py", 1, ("a",)).is_imported

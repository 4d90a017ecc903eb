"""The first minutes of a new user, on each database, with rows in the tables: nothing is lost on the way."""

from __future__ import annotations

import re

from support.clients import run_script
from support.contents import recorded_in, rows_of
from support.projects import MakeProject, ProjectFolder

NEW = "0002_products_stock"
FILE = f"alembic_database/versions/{NEW}.py"
TABLES = ("customers", "products", "tags", "product_tags", "orders", "order_lines")
# As seed makes them; the new column is not among them.
COLUMNS = {"products": "id, sku, name, price"}


def test_first_minutes(make_project: MakeProject, database_url: str) -> None:
    project = make_project(url=database_url)

    assert project.ok("migrate").splitlines() == [
        "Operations to perform:",
        "  Apply all migrations: myproject",
        "Running migrations:",
        "  Applying 0001_initial... OK",
    ]
    assert re.fullmatch(r"Created 40 customers, \d+ products, .* and \d+ order lines\.\n", _seed(project))
    rows = _rows(project)
    assert all(rows.values())

    _add_stock_to_products(project)
    assert project.ok("makemigrations").splitlines() == [
        "Migrations for 'myproject':",
        f"  {FILE}",
        "    + Add column stock to products",
        "    + Create index ix_products_stock on products",
    ]
    assert project.ok("migrate").splitlines()[-1] == f"  Applying {NEW}... OK"
    assert _stock(project) == {0}
    assert _rows(project) == rows
    assert _marks(project) == ["[X] 0001_initial", f"[X] {NEW}"]

    up, down = project.ok("sqlmigrate", "0002"), project.ok("sqlmigrate", "0002", "--backwards")
    assert "CREATE INDEX ix_products_stock ON products (stock);" in up

    refused = project.run("rollback")
    assert refused.returncode == 4
    assert "This would lose data: drops column products.stock: 10 non-null values." in refused.stderr
    assert _marks(project) == ["[X] 0001_initial", f"[X] {NEW}"]

    assert project.ok("rollback", "--accept-data-loss").splitlines() == [
        "Operations to perform:",
        f"  Unapply: {NEW}",
        "    - Remove index ix_products_stock from products",
        "    - Remove column stock from products",
        "Data that goes:",
        f"  {NEW} drops column products.stock: 10 non-null values",
        "Running migrations:",
        f"  Unapplying {NEW}... OK",
    ]
    assert _marks(project) == ["[X] 0001_initial", f"[ ] {NEW}"]
    assert _rows(project) == rows

    run_script(database_url, up)
    assert recorded_in(database_url) == [NEW]
    assert _stock(project) == {0}
    run_script(database_url, down)
    assert recorded_in(database_url) == ["0001_initial"]
    assert _rows(project) == rows

    assert project.ok("migrate").splitlines()[-1] == f"  Applying {NEW}... OK"
    assert project.alembic_ok("current") == f"{NEW} (head)\n"
    assert _rows(project) == rows
    assert _stock(project) == {0}
    assert project.ok("makemigrations") == "No changes detected\n"


def _seed(project: ProjectFolder) -> str:
    return project.ok("seed", "--customers", "40", "--random-seed", "1")


def _add_stock_to_products(project: ProjectFolder) -> None:
    price = "    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))\n"
    stock = '    stock: Mapped[int] = mapped_column(server_default=text("0"), index=True)\n'
    project.replace("myproject/models.py", price, price + stock)


def _rows(project: ProjectFolder) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: sorted(rows_of(project.url, f"SELECT {COLUMNS.get(table, '*')} FROM {table}"), key=str)
        for table in TABLES
    }


def _stock(project: ProjectFolder) -> set[object]:
    return {stock for (stock,) in rows_of(project.url, "SELECT stock FROM products")}


def _marks(project: ProjectFolder) -> list[str]:
    """The lines of showmigrations, without the times."""
    title, *lines = project.ok("showmigrations").splitlines()
    assert title == "myproject"
    return [line.partition(" (applied at ")[0].strip() for line in lines]

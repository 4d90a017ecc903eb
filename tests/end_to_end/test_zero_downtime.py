"""A change in phases, as a user deploys it."""

from __future__ import annotations

import json

from support.projects import MakeProject, ProjectFolder

COLUMN = "    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))\n"


def test_a_change_is_deployed_in_phases(make_project: MakeProject, postgresql_url: str) -> None:
    project = make_project(url=postgresql_url)
    project.ok("migrate")
    _change(project)
    written = project.ok("makemigrations", "--zero-downtime", "--default", "products.stock=0")
    assert [line.split("/")[-1] for line in written.splitlines() if line.endswith(")") and ".py" in line] == [
        "0002_products_stock_expand.py (expand)",
        "0003_products_stock_index.py (expand)",
        "0004_products_stock_contract.py (contract)",
    ]
    assert project.ok("makemigrations", "--check") == "No changes detected\n"

    assert project.run("migrate", "--phase", "expand", "--check").returncode == 1
    assert project.ok("migrate", "--phase", "expand").splitlines()[-2:] == [
        "  Applying 0002_products_stock_expand... OK",
        "  Applying 0003_products_stock_index... OK",
    ]
    assert project.run("migrate", "--phase", "expand", "--check").returncode == 0
    shown = json.loads(project.ok("showmigrations", "--json"))["migrations"]
    assert [(each["phase"], each["applied"]) for each in shown] == [
        (None, True),
        ("expand", True),
        ("expand", True),
        ("contract", False),
    ]
    assert " [ ] 0004_products_stock_contract [contract]" in project.ok("showmigrations")
    assert project.ok("migrate", "--phase", "contract").splitlines()[-1] == (
        "  Applying 0004_products_stock_contract... OK"
    )


def test_lint_fix_writes_the_last_migration_in_phases(make_project: MakeProject, postgresql_url: str) -> None:
    project = make_project(url=postgresql_url)
    _change(project)
    project.ok("migrate")
    project.ok("makemigrations", "--default", "products.stock=0")
    project.ok("lint", "--fix")
    names = sorted(path.stem for path in project.versions.glob("0*.py"))
    assert names[1:] == ["0002_products_stock_expand", "0003_products_stock_index", "0004_products_stock_contract"]
    assert project.ok("migrate").splitlines()[-1] == "  Applying 0004_products_stock_contract... OK"
    assert project.ok("makemigrations", "--check") == "No changes detected\n"


def test_lint_fix_takes_what_was_dropped_for_dropped(make_project: MakeProject, postgresql_url: str) -> None:
    project = make_project(url=postgresql_url)
    project.ok("makemigrations")
    columns = "    stock: Mapped[int] = mapped_column()\n"
    project.replace("myproject/models.py", COLUMN, COLUMN + columns)
    project.ok("makemigrations", "--default", "products.stock=0")
    project.replace("myproject/models.py", columns, columns.replace("stock", "store"))
    project.ok("makemigrations", "--no-rename", "products.stock", "--default", "products.store=0")
    project.ok("lint", "--fix")
    text = "".join(path.read_text() for path in sorted(project.versions.glob("0003*.py")))
    assert 'sa.Column("store", sa.Integer()' in text
    assert "_sync" not in text
    result = project.run("lint", "--fix", "0001")
    assert result.returncode == 2
    assert "is not the last" in result.stderr


def _change(project: ProjectFolder) -> None:
    project.replace("myproject/models.py", COLUMN, f"{COLUMN}    stock: Mapped[int] = mapped_column(index=True)\n")

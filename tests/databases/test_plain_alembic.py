"""The plain `alembic` command works on the same history, at any moment, and back again."""

import re

import pytest
from sqlalchemy import create_engine, text

NOTE = "note: Mapped[str | None] = mapped_column(String(500))"
COLUMNS = f"""{NOTE}
    shipped_at: Mapped[datetime | None] = mapped_column()"""


@pytest.fixture
def project(make_project, database_url):
    """The repository's own project, migrated by the suite, with a customer."""
    project = make_project(url=database_url)
    project.ok("migrate")
    query(project, "INSERT INTO customers (id, name, email) VALUES (1, 'Ann', 'ann@example.org')")
    return project


def query(project, sql: str) -> list[tuple]:
    engine = create_engine(project.url)
    with engine.begin() as connection:
        result = connection.execute(text(sql))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def test_back_and_forth_between_the_two_tools(project):
    assert "0001_initial (head)" in project.alembic_ok("current")
    project.alembic_ok("check")

    project.replace("myproject/models.py", NOTE, COLUMNS)
    project.alembic_ok("revision", "--autogenerate", "-m", "shipped at")
    (path,) = [path for path in project.versions.glob("*.py") if path.stem != "0001_initial"]
    source = path.read_text(encoding="utf-8")
    assert "shipped_at" in source
    assert "drop_table" not in source
    id = re.search(r"""^revision\b.*= ["'](\w+)["']$""", source, re.MULTILINE)[1]
    assert f"Applying {id}... OK" in project.ok("migrate")
    assert f"{id} (head)" in project.alembic_ok("current")

    project.alembic_ok("downgrade", "-1")
    assert query(project, "SELECT version_num FROM alembic_version") == [("0001_initial",)]
    assert f"Applying {id}... OK" in project.ok("migrate")
    assert f"Unapplying {id}... OK" in project.ok("migrate", "0001")
    project.alembic_ok("upgrade", "head")
    assert "No migrations to apply." in project.ok("migrate")
    assert query(project, "SELECT name FROM customers") == [("Ann",)]


def test_the_history_and_the_sql_of_a_range_are_the_same_for_both(project):
    project.replace("myproject/models.py", NOTE, COLUMNS)
    project.ok("makemigrations")
    history = project.alembic_ok("history")
    assert re.search(r"0001_initial -> 0002_\w+ \(head\)", history)
    (path,) = project.versions.glob("0002_*.py")
    sql = project.alembic_ok("upgrade", f"0001_initial:{path.stem}", "--sql")
    assert "ALTER TABLE orders ADD" in sql
    assert f"version_num='{path.stem}'" in sql
    assert "CREATE TABLE customers" not in sql
    assert query(project, "SELECT version_num FROM alembic_version") == [("0001_initial",)]


def test_a_project_that_alembic_made_is_taken_over(make_project, database_url):
    project = make_project(url=database_url)
    project.alembic_ok("upgrade", "head")
    assert "No migrations to apply." in project.ok("migrate")
    assert "No changes detected" in project.ok("makemigrations", "--dry-run")
    assert "Unapplying 0001_initial... OK" in project.ok("migrate", "zero")
    assert project.alembic_ok("current").strip() == ""

"""The example project's own command: rows to play with."""

import re

import pytest
from sqlalchemy import create_engine, text
from support.contents import rows_of

COUNT = re.compile(r"(\d+) (customer|product|tag|order line|order)s?\b")


def counts(output):
    """What the command says that it created."""
    assert output.startswith("Created ")
    return {name: int(number) for number, name in COUNT.findall(output)}


def total(project, table):
    return rows_of(project.url, f"SELECT count(*) FROM {table}")[0][0]


@pytest.fixture
def seeded(make_project, database_url):
    """A migrated project with a few rows, and what was said about them."""
    project = make_project(url=database_url)
    project.ok("migrate", "-v0")
    return project, counts(project.ok("seed", "--customers", "30", "--random-seed", "1"))


def test_it_creates_what_it_says(seeded):
    project, created = seeded
    tables = {
        "customer": "customers",
        "product": "products",
        "tag": "tags",
        "order": "orders",
        "order line": "order_lines",
    }
    assert created == {name: total(project, table) for name, table in tables.items()}
    assert created["customer"] == 30
    assert all(created.values())
    assert total(project, "product_tags") >= created["product"]


def test_every_order_has_lines(seeded):
    project, _ = seeded
    assert rows_of(project.url, "SELECT id FROM orders WHERE id NOT IN (SELECT order_id FROM order_lines)") == []


def test_running_again_adds_more_also_after_rows_were_deleted(seeded):
    project, _ = seeded
    assert counts(project.ok("seed", "--customers", "30", "--random-seed", "1"))["tag"] == 0
    assert total(project, "customers") == 60
    project.ok("shell", "-c", "session.execute(delete(Customer).where(Customer.id > 40)); session.commit()")
    project.ok("seed", "--customers", "30")
    assert total(project, "customers") == 70


def test_a_column_with_a_server_default_needs_no_change_here(seeded):
    project, _ = seeded
    project.replace(
        "myproject/models.py",
        "    orders: Mapped[list[Order]]",
        '    level: Mapped[int] = mapped_column(server_default="3")\n\n    orders: Mapped[list[Order]]',
    )
    # Before the migration the table does not have it, after it every new row has its default.
    project.ok("seed", "--customers", "1")
    project.ok("makemigrations", "-v0")
    project.ok("migrate", "-v0")
    project.ok("seed", "--customers", "1")
    assert total(project, "customers") == 32
    assert rows_of(project.url, "SELECT DISTINCT level FROM customers") == [(3,)]


def test_a_column_that_needs_a_value_undoes_everything(seeded):
    project, _ = seeded
    engine = create_engine(project.url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE tags RENAME COLUMN name TO word"))
    engine.dispose()
    before = total(project, "customers")
    failed = project.run("seed")
    assert failed.returncode == 1
    assert failed.stderr.startswith("CommandError: Nothing was created: ")
    assert "Traceback" not in failed.stderr
    assert total(project, "customers") == before


def test_an_asyncio_driver_will_do(make_project, async_database_url):
    project = make_project(url=async_database_url)
    project.ok("migrate", "-v0")
    assert counts(project.ok("seed", "--customers", "30"))["customer"] == 30


def test_without_tables_it_says_so(make_project, database_url):
    failed = make_project(url=database_url).run("seed")
    assert failed.returncode == 1
    assert failed.stderr.splitlines() == [
        "CommandError: The database has no table customers, products, tags, orders, order_lines, product_tags.",
        "Hint: python manage.py migrate",
    ]


def test_the_same_number_gives_the_same_rows(make_project):
    tables = ("customers", "orders", "order_lines", "product_tags")
    found = []
    for number in ("1", "1", "2"):
        project = make_project()
        project.ok("migrate", "-v0")
        project.ok("seed", "--customers", "20", "--random-seed", number)
        found.append([rows_of(project.url, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables])
    assert found[0] == found[1] != found[2]


def test_a_number_of_customers_below_one_is_refused(make_project):
    assert "at least 1" in make_project().run("seed", "--customers", "0").stderr

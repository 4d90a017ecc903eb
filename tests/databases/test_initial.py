"""migrate --fake-initial: what is recorded without being run, and what is refused."""

import pytest
from support.commands import run_command

from alembic_manage.commands import migrate
from alembic_manage.errors import CommandError, ExitCode, HistoryStateError

SHOP = """
op.create_table(
    "shop",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50), nullable=False),
    sa.Column("price", sa.Numeric(10, 2), server_default="0"),
)
"""
SAME = "id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, price NUMERIC(10, 2) DEFAULT 0"


def fake_initial(project) -> set[str]:
    """Run it; what is recorded afterwards."""
    run_command(migrate, project, "--fake-initial", "-v0")
    return project.recorded


@pytest.fixture
def shop(tiny_project):
    """Two revisions, of which the first makes a table."""
    tiny_project.revision("a", SHOP, 'op.drop_table("shop")')
    tiny_project.revision(
        "b", 'op.create_table("more", sa.Column("id", sa.Integer))', 'op.drop_table("more")', down="a"
    )
    return tiny_project


def test_a_first_revision_is_recorded_where_its_tables_are_the_same(shop):
    shop.execute(f"CREATE TABLE shop ({SAME})", "INSERT INTO shop (id, name) VALUES (1, 'kept')")
    assert fake_initial(shop) == {"b"}
    assert shop.rows("SELECT name FROM shop") == [("kept",)]
    assert "more" in shop.tables


def test_a_first_revision_runs_where_none_of_its_tables_is_there(shop):
    shop.execute("CREATE TABLE other (id INTEGER)")
    assert fake_initial(shop) == {"b"}
    assert shop.tables == {"shop", "more", "other"}


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (SAME.replace("VARCHAR(50)", "VARCHAR(20)"), "shop.name: VARCHAR(20) instead of VARCHAR(50)"),
        (SAME.replace("NUMERIC(10, 2)", "INTEGER"), "shop.price: INTEGER"),
        (SAME.replace("VARCHAR(50) NOT NULL", "VARCHAR(50)"), "shop.name: NULL instead of NOT NULL"),
        (f"{SAME}, extra INTEGER", "shop.extra: only the database has it"),
        (SAME.rpartition(",")[0].rpartition(",")[0], "shop.price: there is no such column"),
    ],
    ids=["length", "type", "nullable", "more", "less"],
)
def test_another_column_or_type_is_refused_and_nothing_is_written(shop, columns, said):
    shop.execute(f"CREATE TABLE shop ({columns})")
    with pytest.raises(CommandError) as caught:
        fake_initial(shop)
    assert caught.value.returncode == ExitCode.DRIFT
    assert said in str(caught.value)
    assert caught.value.hint is not None
    assert "migrate --fake a" in caught.value.hint
    assert shop.recorded == set()
    assert shop.tables == {"shop"}


def test_a_part_of_the_tables_is_refused(tiny_project):
    tiny_project.revision("a", SHOP + 'op.create_table("more", sa.Column("id", sa.Integer))')
    tiny_project.execute(f"CREATE TABLE shop ({SAME})")
    with pytest.raises(CommandError, match="more: there is no such table"):
        fake_initial(tiny_project)


@pytest.mark.parametrize(
    "option", ['"compare_type": False', '"include_object": lambda *_: False', '"include_name": lambda *_: False']
)
def test_what_env_leaves_out_of_comparing_counts_here(shop, option):
    env = (shop.folder / "env.py").read_text(encoding="utf-8")
    shop.env(env.replace('"transaction_per_migration": True', option))
    shop.execute(f"CREATE TABLE shop ({SAME.replace('VARCHAR(50)', 'VARCHAR(20)')})")
    with pytest.raises(CommandError, match=r"shop\.name: VARCHAR"):
        fake_initial(shop)
    assert shop.recorded == set()


def test_a_table_that_env_leaves_out_has_to_be_there(tiny_project):
    tiny_project.revision("a", SHOP + 'op.create_table("more", sa.Column("id", sa.Integer))')
    env = (tiny_project.folder / "env.py").read_text(encoding="utf-8")
    leaves_out = '"include_object": lambda _, name, *more: name != "more"'
    tiny_project.env(env.replace('"transaction_per_migration": True', leaves_out))
    tiny_project.execute(f"CREATE TABLE shop ({SAME})")
    with pytest.raises(CommandError, match="more: there is no such table"):
        fake_initial(tiny_project)


def test_an_index_or_a_default_that_differs_is_told_and_does_not_matter(shop, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(migrate.Command, "_warn", lambda _, text: told.append(text))
    shop.execute(
        f"CREATE TABLE shop ({SAME.replace('DEFAULT 0', 'DEFAULT 7')})", "CREATE INDEX ix_shop_name ON shop (name)"
    )
    assert fake_initial(shop) == {"b"}
    assert "Remove index ix_shop_name from shop" in told[0]
    assert "shop.price: default" in told[0]


def test_what_is_not_known_is_not_recorded(tiny_project):
    tiny_project.revision("a", 'op.add_column("old", sa.Column("note", sa.Integer))')
    tiny_project.execute("CREATE TABLE old (id INTEGER, note INTEGER)")
    with pytest.raises(HistoryStateError, match="cannot be compared") as caught:
        fake_initial(tiny_project)
    assert caught.value.hint == "compare by hand, then: python manage.py migrate --fake a"
    assert tiny_project.recorded == set()


def test_a_column_that_is_added_is_no_table_that_is_there(tiny_project):
    tiny_project.revision("a", 'op.add_column("old", sa.Column("note", sa.Integer))')
    tiny_project.execute("CREATE TABLE old (id INTEGER)")
    assert fake_initial(tiny_project) == {"a"}
    assert "note" in tiny_project.columns("old")


def test_a_first_revision_that_makes_nothing_runs(tiny_project):
    tiny_project.revision("a", 'op.execute("CREATE TABLE IF NOT EXISTS made (id INTEGER)")')
    assert fake_initial(tiny_project) == {"a"}
    assert tiny_project.tables == {"made"}


def test_a_downgrade_is_never_faked(shop):
    shop.migrate()
    run_command(migrate, shop, "zero", "--fake-initial", "--no-input", "-v0", "--accept-data-loss")
    assert shop.tables == set()

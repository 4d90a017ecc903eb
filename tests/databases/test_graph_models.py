"""graph_models: of models, of a migration, of a database; which tables, and where to."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.commands import run_command
from support.databases import where
from support.failures import assert_fails
from support.projects import ROOT, ProjectFolder

from alembic_manage.commands import graph_models
from alembic_manage.errors import CommandError, UsageError

SHOP = """
op.create_table("customers", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "orders",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("customer_id", sa.Integer, sa.ForeignKey("customers.id"), nullable=False),
)
"""
LINE = '    "customers" ||--o{ "orders" : "customer_id"'


@pytest.fixture
def shop(tiny_project):
    tiny_project.revision("0001_shop", SHOP)
    tiny_project.revision("0002_tags", 'op.create_table("tags", sa.Column("id", sa.Integer))', down="0001_shop")
    return tiny_project


def test_a_database_and_the_history_give_the_same_picture(shop):
    history = run_command(graph_models, shop, "--at", "head")
    shop.migrate()
    database = run_command(graph_models, shop, "--from-database")
    assert LINE in database.splitlines()
    assert [line for line in database.splitlines() if "alembic" in line and "title" not in line] == []
    keys = [line for line in history.splitlines() if "--" in line or "{" in line]
    assert keys == [line for line in database.splitlines() if "--" in line or "{" in line]


@where(lambda dialect: dialect.is_file)
def test_a_migration_has_the_tables_of_its_time(shop):
    assert '"tags"' not in run_command(graph_models, shop, "--at", "0001")
    assert "at 0001_shop" in run_command(graph_models, shop, "--at", "0001")
    assert '"tags"' in run_command(graph_models, shop, "--at", "0002")


@where(lambda dialect: dialect.is_file)
def test_tables_are_chosen_by_name_and_left_out(shop):
    assert '"tags"' not in run_command(graph_models, shop, "--at", "head", "customers", "ord*")
    assert '"orders"' not in run_command(graph_models, shop, "--at", "head", "--exclude", "ord*")


@where(lambda dialect: dialect.is_file)
def test_what_is_not_there_is_a_usage_error(shop):
    with pytest.raises(UsageError, match="no table 'order'") as caught:
        run_command(graph_models, shop, "--at", "head", "order")
    assert caught.value.hint == "did you mean 'orders'?"
    with pytest.raises(UsageError, match="no app 'blog'"):
        run_command(graph_models, shop, "--at", "head", "--app", "blog")
    with pytest.raises(CommandError, match="no table to draw"):
        run_command(graph_models, shop, "--at", "head", "--exclude", "*")


@where(lambda dialect: dialect.is_file)
@pytest.mark.parametrize(
    ("name", "begin"),
    [("a.svg", "<?xml"), ("a.html", "<!doctype html>"), ("a.dot", "digraph"), ("a.mmd", "---"), ("a.txt", "---")],
)
def test_the_name_of_the_file_says_the_format(shop, tmp_path: Path, name: str, begin: str):
    assert run_command(graph_models, shop, "--at", "head", "--output", str(tmp_path / name)) == ""
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begin)
    assert run_command(graph_models, shop, "--at", "head", "--format", "dot").startswith("digraph")


@where(lambda dialect: dialect.is_file)
def test_text_is_not_written_under_the_name_of_a_bitmap(shop, tmp_path: Path):
    path = tmp_path / "a.png"
    with pytest.raises(UsageError, match=r"makes no \.png file") as caught:
        run_command(graph_models, shop, "--at", "head", "--output", str(path))
    assert f"--format dot | dot -Tpng > {path}" in caught.value.hint
    assert not path.exists()


@where(lambda dialect: dialect.is_file)
def test_a_file_that_cannot_be_written_is_told(shop, tmp_path: Path):
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        run_command(graph_models, shop, "--at", "head", "--output", str(tmp_path / "nowhere" / "a.svg"))


def test_the_picture_in_the_documentation_is_current(project_dir: ProjectFolder) -> None:
    picture = (ROOT / "docs" / "diagram.svg").read_text(encoding="utf-8")
    assert project_dir.ok("graph_models", "--format", "svg") == picture


def test_the_models_of_the_example_project(project_dir: ProjectFolder) -> None:
    text = project_dir.ok("graph_models", "--app", "myproject", "--exclude", "tags")
    assert '    "orders" ||--o{ "order_lines" : "order_id"' in text.splitlines()
    assert '"tags" {' not in text
    assert_fails(project_dir.run("graph_models", "custmers"), 2, says="no table 'custmers'", hint="'customers'")

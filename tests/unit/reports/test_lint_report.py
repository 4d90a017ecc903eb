"""What makemigrations says about the files that it has written."""

from __future__ import annotations

from collections.abc import Callable

from support.lint_corpus import URLS
from support.tiny_projects import TinyProject

from alembic_manage.reports.lint_report import about_new


def test_only_those_with_findings_are_named(make_tiny_project: Callable[[str], TinyProject]) -> None:
    project = make_tiny_project(URLS["postgresql"])
    project.revision("a", 'op.execute("CREATE TABLE orders (id integer PRIMARY KEY, note text)")')
    project.revision(
        "b", 'op.add_column("orders", sa.Column("n", sa.Integer))', 'op.drop_column("orders", "n")', down="a"
    )
    project.revision("c", 'op.create_index("ix", "orders", ["note"])', 'op.drop_index("ix", "orders")', down="b")
    *findings, last = about_new(project.environment, ["b", "c"])
    assert [line.rpartition(" ")[2] for line in findings] == ["[adding-index]"]
    assert last == "How it is written better: python manage.py lint c"

"""What ran can be read afterwards, and a file that was changed since is told."""

import json
from io import StringIO

import pytest

from alembic_manage.checks.record import check
from alembic_manage.commands import migrationlog

CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True))'
DROP = 'op.drop_table("{0}")'


@pytest.fixture
def shop(tiny_project):
    tiny_project.revision("0001_orders", CREATE.format("orders"), DROP.format("orders"))
    tiny_project.revision("0002_tags", CREATE.format("tags"), DROP.format("tags"), down="0001_orders")
    tiny_project.migrate()
    return tiny_project


def log(project, **options):
    out = StringIO()
    command = migrationlog.Command(stdout=out, stderr=StringIO())
    command.project = project.project
    command.handle(**{"database": "default", "json": False, "number": 50, "verbosity": 1, **options})
    return out.getvalue()


def test_each_step_is_a_line(shop):
    shop.migrate("0001_orders")
    lines = log(shop).splitlines()
    assert [line.split("UTC  ")[1].split(" in ")[0] for line in lines] == [
        "up    0001_orders  applied",
        "up    0002_tags  applied",
        "down  0002_tags  applied",
    ]


def test_the_last_ones_are_enough(shop):
    document = json.loads(log(shop, json=True, number=1))
    assert [(each["revision"], each["outcome"]) for each in document["entries"]] == [("0002_tags", "applied")]


def test_an_error_is_told(shop):
    shop.revision("0003_broken", "raise ValueError('no such thing')", down="0002_tags")
    with pytest.raises(Exception, match="0003_broken failed"):
        shop.migrate()
    assert "no such thing" in log(shop).splitlines()[-1]


def test_a_database_without_a_ledger_has_nothing_to_tell(tiny_project):
    assert log(tiny_project) == "  (nothing recorded)\n"


def changed(project):
    return [problem.message for problem in check(project.project, ["default"]) if problem.id == "record.W002"]


def test_a_file_that_does_something_else_now_is_told(shop):
    assert changed(shop) == []
    path = shop.versions / "0002_tags.py"
    source = path.read_text()
    path.write_text(source.replace('"""0002_tags"""', '"""Tags."""\n# a comment'))
    assert changed(shop) == []
    path.write_text(source.replace('"tags"', '"labels"'))
    (message,) = changed(shop)
    assert "0002_tags.py does something else now than when it was applied to database 'default'" in message


def test_what_was_taken_back_may_be_changed(shop):
    shop.migrate("0001_orders")
    path = shop.versions / "0002_tags.py"
    path.write_text(path.read_text().replace('"tags"', '"labels"'))
    assert changed(shop) == []

"""What ran can be read afterwards, and a file that was changed since is told."""

import json
import re

import pytest
from support.commands import run_command

from alembic_manage import RevisionFailedError, UsageError
from alembic_manage.checks.record import check
from alembic_manage.commands import migrationlog, showmigrations

CREATE_TAGS = "CREATE TABLE tags (id INTEGER)"
CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True))'
DROP = 'op.drop_table("{0}")'


@pytest.fixture
def shop(tiny_project):
    tiny_project.revision("0001_orders", CREATE.format("orders"), DROP.format("orders"))
    tiny_project.revision("0002_tags", CREATE.format("tags"), DROP.format("tags"), down="0001_orders")
    tiny_project.migrate()
    return tiny_project


def log(project, *argv):
    return run_command(migrationlog, project, *argv)


def test_each_step_is_a_line_below_its_run(shop):
    shop.migrate("0001_orders")
    first, *lines = log(shop).splitlines()
    assert re.fullmatch(r"Run [0-9a-f]{16} by \S+@\S+, process \d+", first)
    assert [line.split("UTC  ")[1].split("  applied")[0] if "UTC" in line else line[:4] for line in lines] == [
        "up    0001_orders",
        "up    0002_tags  ",
        "Run ",
        "down  0002_tags  ",
    ]


def test_the_last_ones_are_enough(shop):
    document = json.loads(log(shop, "--json", "-n", "1"))
    assert [(each["revision"], each["outcome"]) for each in document["entries"]] == [("0002_tags", "applied")]


def test_that_there_are_more_is_told_with_the_command_for_all_of_them(shop):
    more = "Before these there are more: python manage.py migrationlog -n 0"
    assert log(shop, "-n", "1").splitlines()[-1] == more
    assert more not in log(shop, "-n", "2")
    assert "0001_orders" in log(shop, "-n", "0")


def test_a_number_below_zero_is_refused(shop):
    with pytest.raises(UsageError, match="'-1' is no whole number"):
        log(shop, "-n", "-1")


def show(project, *argv):
    return run_command(showmigrations, project, *argv)


def statuses(project):
    return json.loads(show(project, "--json"))["migrations"]


def test_showmigrations_tells_how_each_was_applied(shop):
    first = statuses(shop)[0]
    (entry, _) = json.loads(log(shop, "--json"))["entries"]
    assert first["ledger"] == entry
    assert first["changed"] is False
    lines = show(shop, "-v2").splitlines()
    assert re.fullmatch(r"      applied: began .* UTC, \d+\.\d{3} s, 1 statement", lines[2])
    assert lines[3:5] == [
        f"      Run {entry['batch']} by {entry['user_name']}@{entry['host']}, process {entry['pid']}",
        f"      checksum {entry['checksum']}",
    ]


def test_showmigrations_tells_of_a_file_that_was_changed_since(shop):
    path = shop.versions / "0002_tags.py"
    path.write_text(path.read_text().replace('"tags"', '"labels"'))
    assert [each["changed"] for each in statuses(shop)] == [False, True]
    told = "      its file does something else now than when it was applied"
    assert [told in lines for lines in show(shop, "-v2").split(" [X] ")[1:]] == [False, True]
    assert told not in show(shop)


def test_showmigrations_tells_how_the_last_try_went(shop):
    shop.revision("0003_broken", "raise ValueError('no such thing')", down="0002_tags")
    assert (statuses(shop)[-1]["ledger"], statuses(shop)[-1]["changed"]) == (None, None)
    with pytest.raises(RevisionFailedError):
        shop.migrate()
    last = statuses(shop)[-1]
    assert (last["applied"], last["ledger"]["outcome"], last["changed"]) == (False, "failed", None)
    assert "no such thing" in show(shop, "-v2").split(" [ ] 0003_broken")[1]


def test_showmigrations_tells_nothing_of_what_plain_alembic_applied_again(shop):
    shop.migrate("0001_orders")
    shop.execute(CREATE_TAGS, "UPDATE alembic_version SET version_num = '0002_tags'")
    last = statuses(shop)[-1]
    assert (last["applied"], last["applied_at"], last["ledger"], last["changed"]) == (True, None, None, None)


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

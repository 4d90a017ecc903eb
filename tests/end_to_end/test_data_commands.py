"""dumpdata, loaddata, flush and their SQL, as a user types them."""

from __future__ import annotations

import json

import pytest
from support.failures import assert_fails
from support.projects import MakeProject, ProjectFolder
from support.terminal import on_terminal

FIXTURE = """[
{"model": "myproject.customers", "pk": 1, "fields": {"name": "Ann", "email": "ann@x", "joined_at": "2024-01-02"}},
{"model": "myproject.Order", "pk": 5, "fields": {"customer_id": 1, "status": "OPEN", "placed_at": "2024-01-02"}}
]
"""


@pytest.fixture
def shop(make_project: MakeProject) -> ProjectFolder:
    """The repository's own project, migrated, with a fixture in the app."""
    project = make_project()
    project.ok("migrate", "-v0")
    project.write("myproject/fixtures/first.json", FIXTURE)
    return project


def test_from_a_fixture_into_the_database_and_out_again(shop: ProjectFolder) -> None:
    assert shop.ok("loaddata", "first") == "Installed 2 object(s) from 1 fixture(s)\n"
    text = shop.ok("dumpdata", "myproject")
    assert [(record["model"], record["pk"]) for record in json.loads(text)] == [
        ("myproject.customers", 1),
        ("myproject.orders", 5),
    ]
    assert shop.ok("dumpdata", "-o", "out.yaml.gz") == ""
    assert shop.ok("flush", "--no-input") == "Emptied 6 tables.\n"
    assert shop.ok("dumpdata") == "[]\n"
    assert "Loading yaml fixture out.yaml.gz\n" in shop.ok("loaddata", "out.yaml.gz", "-v2")
    assert shop.ok("dumpdata", "myproject") == text


TYPE = """

class Shout(TypeDecorator):
    impl = String(254)
"""


def test_warnings_about_types_of_the_project_are_not_shown(shop: ProjectFolder) -> None:
    models = shop.read("myproject/models.py")
    shop.write(
        "myproject/models.py",
        models.replace("email: Mapped[str] = mapped_column(String(254)", "email: Mapped[str] = mapped_column(Shout()"),
    )
    shop.replace(
        "myproject/models.py",
        "\n\nclass Base(",
        f"\n\nfrom sqlalchemy.types import TypeDecorator\n{TYPE}\n\nclass Base(",
    )
    for command in (["loaddata", "first"], ["dumpdata", "--pks", "1", "myproject.customers"], ["dumpdata"]):
        assert shop.run(*command).stderr == ""
    flushed = shop.run("flush", "--no-input")
    assert (flushed.returncode, flushed.stderr) == (0, "")


def test_from_a_pipe(shop: ProjectFolder) -> None:
    bad = shop.run("loaddata", "--format", "json", "-", stdin=FIXTURE.replace('"OPEN"', '"OPENED"'))
    assert_fails(bad, says="stdin:3: myproject.Order, field 'status': 'OPENED' is not one of", hint="loaddata")


def test_flush_asks(shop: ProjectFolder) -> None:
    question = "Type 'yes' to go on, or 'no' to cancel: "
    assert "Flush cancelled." in on_terminal(shop, "flush", answers={question: "no"}).stdout
    assert "Emptied 6 tables." in on_terminal(shop, "flush", answers={question: "yes"}).stdout


def test_a_protected_database_wants_to_hear_its_name(shop: ProjectFolder) -> None:
    shop.replace("settings.py", '        "OPTIONS"', '        "PROTECTED": True,\n        "OPTIONS"')
    assert_fails(shop.run("flush", "--no-input"), 4, says="protected", hint="flush --confirm default")
    assert shop.ok("flush", "--no-input", "--confirm", "default") == "Emptied 6 tables.\n"
    assert_fails(shop.run("loaddata", "first"), 4, says="protected", hint="loaddata first --confirm default")
    assert shop.ok("loaddata", "first", "--confirm", "default") == "Installed 2 object(s) from 1 fixture(s)\n"

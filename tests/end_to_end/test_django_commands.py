"""Django's custom commands run here after changing their import line alone.

What is expected was printed by Django 5.2.19 running the files of tests/cases/django_commands as they are.
"""

import json
import re

import pytest
from support.projects import CASES, ProjectFolder

COMMANDS = sorted((CASES / "django_commands" / "shop" / "management" / "commands").glob("[a-z]*.py"))
IMPORT = re.compile(r"^from django\.core\.management(\.base)? import ", re.MULTILINE)


@pytest.fixture
def shop(make_project) -> ProjectFolder:
    """A project with the commands, ported."""
    project = make_project("django_commands")
    for command in COMMANDS:
        text = IMPORT.sub("from alembic_manage import ", command.read_text(encoding="utf-8"))
        project.write(f"shop/management/commands/{command.name}", text)
    return project


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.stem)
def test_one_line_changes(command):
    before = command.read_text(encoding="utf-8").splitlines()
    after = IMPORT.sub("from alembic_manage import ", command.read_text(encoding="utf-8")).splitlines()
    changed = [line for line, old in zip(after, before, strict=True) if line != old]
    assert len(changed) == 1
    assert changed[0].startswith("from alembic_manage import ")
    assert "django" not in "\n".join(after[3:])


def test_the_commands_are_listed_with_their_app(shop):
    listing = shop.ok("help")
    _, _, of_the_shop = listing.partition("[shop]")
    assert re.findall(r"^    (\w+)", of_the_shop, re.MULTILINE) == ["expire_carts", "feature", "print_labels"]


def test_options_styles_and_errors(shop):
    def run(*args: str) -> tuple[int, str, str]:
        done = shop.run("expire_carts", *args)
        return done.returncode, done.stdout, done.stderr

    assert run("9") == (1, "", "CommandError: Cart 9 does not exist\n")
    assert run("--file", "none.json") == (4, "", "CommandError: There is no file none.json.\n")
    assert run("--days", "100") == (0, "", "Nothing to delete\n")
    assert run("--dry-run", "-v", "2") == (0, "  cart 2 expired\n  cart 3 expired\nWould delete 2 carts\n", "")
    assert run("--dry-run", "--force-color") == (0, "\x1b[31mWould delete 2 carts\x1b[0m\n", "")
    assert run("3") == (0, "Successfully deleted 1 carts\n", "")
    assert [cart["id"] for cart in json.loads(shop.read("carts.json"))] == [1, 2]


def test_labels_and_exclusive_options(shop):
    assert shop.ok("print_labels", "abc", "quiet", "d4") == "[    abc     ]\n[     d4     ]\n"
    assert shop.ok("print_labels", "abc", "--wide") == "[        abc         ]\n"
    refused = shop.run("print_labels", "a-b")
    assert (refused.returncode, refused.stderr) == (1, "CommandError: 'a-b' is no SKU.\n")
    empty = shop.run("print_labels")
    assert empty.returncode == 2
    assert "Enter at least one sku." in empty.stderr
    both = shop.run("print_labels", "abc", "--wide", "--small")
    assert both.returncode == 2
    assert "argument --small: not allowed with argument --wide" in both.stderr


def test_subcommands_and_commands_that_call_commands(shop):
    missing = shop.run("feature")
    assert missing.returncode == 2
    assert "the following arguments are required: action" in missing.stderr
    undecided = shop.run("feature", "switch", "beta")
    assert undecided.returncode == 2
    assert "one of the arguments --on --off is required" in undecided.stderr
    switched = shop.ok("feature", "switch", "beta", "--on", "--label", "ab", "--label", "cd")
    assert switched == "Features:\nbeta       on\n[ AB ]\n[ CD ]\n"
    again = shop.run("feature", "switch", "beta", "--on")
    assert (again.returncode, again.stderr) == (5, "CommandError: beta is on already.\n")
    assert shop.ok("feature", "list", "--json") == '{"beta": true}\n'
    assert shop.ok("feature", "--force-color", "list") == "beta       \x1b[32mon\x1b[0m\n"

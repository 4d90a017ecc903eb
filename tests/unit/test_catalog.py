"""Finding commands by listing folders, and calling them from Python as Django does.

The expectations of call_command are those of Django 5.2.19, django/core/management/__init__.py.
"""

import ast
import io

import pytest

from alembic_manage import BaseCommand, CommandError, UnknownCommandError, UsageError, call_command
from alembic_manage.apps import find_apps
from alembic_manage.catalog import ALEMBIC_WORDS, CORE, entry_named, find_commands

SHOW = """
    from alembic_manage import BaseCommand

    class Command(BaseCommand):
        help = "Show the options. Used by tests only."
        stealth_options = ("hidden",)

        def add_arguments(self, parser):
            parser.add_argument("args", nargs="*")
            parser.add_argument("--number", type=int, default=1)
            parser.add_argument("--no-input", "--noinput", action="store_false", dest="interactive")
            parser.add_argument("--check", action="store_true", dest="check_changes")
            parser.add_argument("--item", action="append")

        def handle(self, *args, **options):
            self.stdout.write("out")
            self.stderr.write("err")
            return repr((args, {name: options[name] for name in options if name not in ("stdout", "stderr")}))
    """


@pytest.fixture
def shop(write_module, monkeypatch):
    """A project whose app has the command `show`, and whatever else is written there."""
    write_module("shop/management/commands/show.py", SHOW)
    write_module(
        "catalog_settings.py",
        'DATABASES = {"default": {"URL": "sqlite://"}}\nINSTALLED_APPS = ["shop"]\n',
    )
    monkeypatch.setenv("SETTINGS_MODULE", "catalog_settings")
    return lambda name, source: write_module(f"shop/management/commands/{name}.py", source)


def show(*args, **options):
    """What the command `show` was called with."""
    return ast.literal_eval(call_command("show", *args, stdout=io.StringIO(), stderr=io.StringIO(), **options))


# The catalogue


def test_the_commands_of_the_suite_are_the_files_of_its_folder():
    commands = find_commands([])
    assert {"makemigrations", "migrate", "rollback", "showmigrations", "sqlmigrate", "check"} <= set(commands)
    assert {entry.owner for entry in commands.values()} == {CORE}
    assert all(entry.path.is_file() for entry in commands.values())


def test_every_command_of_the_suite_loads_and_has_a_summary():
    for entry in find_commands([]).values():
        assert isinstance(entry.load(), BaseCommand)
        assert entry.summary, entry.name
        assert not entry.summary.endswith(".")


def test_the_commands_of_an_app_are_found(shop):
    entry = find_commands(find_apps(["shop"]))["show"]
    assert (entry.owner, entry.module) == ("shop", "shop.management.commands.show")
    assert entry.summary == "Show the options"


def test_finding_a_command_does_not_import_it(shop):
    shop("loud", "raise SystemExit('imported')")
    assert "loud" in find_commands(find_apps(["shop"]))


def test_a_command_of_an_app_hides_one_of_the_suite(shop):
    shop("migrate", SHOW)
    assert find_commands(find_apps(["shop"]))["migrate"].owner == "shop"


def test_of_two_apps_the_later_one_hides_the_earlier(shop, write_module):
    write_module("blog/management/commands/show.py", SHOW)
    assert find_commands(find_apps(["shop", "blog"]))["show"].owner == "blog"


def test_a_file_with_an_underscore_and_a_package_are_no_commands(shop, write_module):
    shop("_tools", "")
    write_module("shop/management/commands/inner/__init__.py")
    assert not {"_tools", "inner"} & set(find_commands(find_apps(["shop"])))


def test_an_app_without_commands_has_none(write_module):
    write_module("bare/models.py")
    assert set(find_commands(find_apps(["bare"]))) == set(find_commands([]))


@pytest.mark.parametrize(
    ("source", "summary"),
    [
        ("class Command:\n    help = 'One. Two.'", "One"),
        ("class Command:\n    help = 'One.'", "One"),
        ("class Command:\n    help = f'{1}'", ""),
        ("class Command:\n    pass", ""),
        ("def (", ""),
    ],
)
def test_the_summary_is_the_first_sentence_of_help(shop, source, summary):
    shop("tried", source)
    assert find_commands(find_apps(["shop"]))["tried"].summary == summary


def test_a_known_command_is_given():
    assert entry_named("migrate", find_commands([])).name == "migrate"


def test_a_typo_is_answered_with_the_nearest_name():
    with pytest.raises(UnknownCommandError, match=r"^Unknown command: 'migrat'\. Did you mean migrate\?$") as caught:
        entry_named("migrat", find_commands([]))
    assert (caught.value.returncode, caught.value.hint) == (2, "python manage.py help")


@pytest.mark.parametrize(("word", "meant"), ALEMBIC_WORDS.items())
def test_a_word_of_alembics_is_answered_with_ours(word, meant):
    entries = find_commands([])
    assert meant.partition(" ")[0] in entries
    with pytest.raises(UnknownCommandError, match=rf"^Unknown command: '{word}'\. Did you mean {meant}\?$"):
        entry_named(word, entries)


def test_what_is_near_to_nothing_is_only_unknown():
    with pytest.raises(UnknownCommandError, match=r"^Unknown command: 'xyzzy'\.$"):
        entry_named("xyzzy", find_commands([]))


def test_a_command_that_cannot_be_imported_is_named_with_file_and_line(shop):
    shop("broken", "\n1 / 0")
    with pytest.raises(CommandError, match=r"'broken' cannot be imported: .*broken\.py:2: ZeroDivisionError"):
        call_command("broken")


@pytest.mark.parametrize("source", ["", "class Command: pass", "Command = 7"])
def test_a_file_without_a_command_is_named(shop, source):
    shop("empty", source)
    with pytest.raises(CommandError, match=r"empty\.py has no class Command\(BaseCommand\)"):
        call_command("empty")


# call_command


def test_what_handle_returns_is_returned_and_written(shop):
    out, err = io.StringIO(), io.StringIO()
    returned = call_command("show", stdout=out, stderr=err)
    assert out.getvalue() == f"out\n{returned}\n"
    assert err.getvalue() == "err\n"


def test_arguments_are_those_of_the_command_line(shop):
    args, options = show("a", "b", "--number", "3")
    assert args == ("a", "b")
    assert options["number"] == 3


def test_arguments_that_are_no_strings_become_strings(shop):
    assert show(7, "--number=3")[0] == ("7",)


def test_a_list_of_arguments_counts_one_by_one(shop):
    assert show(["a", "b"], "c")[0] == ("a", "b", "c")


def test_options_are_given_by_name_and_not_converted(shop):
    assert show(number="3")[1]["number"] == "3"
    assert show(item=["a"])[1]["item"] == ["a"]


def test_defaults_hold_for_what_is_left_out(shop):
    options = show()[1]
    assert (options["number"], options["interactive"], options["verbosity"]) == (1, True, 1)


def test_an_option_is_known_by_its_destination_and_by_its_flag(shop):
    assert show(check_changes=True)[1]["check_changes"] is True
    assert show(check=True)[1]["check_changes"] is True
    assert show(interactive=False)[1]["interactive"] is False


def test_an_unknown_option_is_a_type_error_that_names_the_known_ones(shop):
    with pytest.raises(TypeError, match=r"numbr.*number"):
        show(numbr=1)


def test_stealth_options_are_accepted(shop):
    assert show(hidden=1)[1]["hidden"] == 1


def test_an_unknown_argument_is_wrong_usage(shop):
    with pytest.raises(UsageError, match="--nothing"):
        show("--nothing")


def test_an_unknown_command_is_refused(shop):
    with pytest.raises(UnknownCommandError, match="Did you mean show"):
        call_command("shwo")


def test_checks_are_skipped_unless_asked_for(shop):
    shop(
        "checked",
        """
        from alembic_manage import BaseCommand, CommandError

        class Command(BaseCommand):
            requires_system_checks = "__all__"

            def check(self, **options):
                raise CommandError("the checks ran")

            def handle(self, **options):
                pass
        """,
    )
    call_command("checked")
    with pytest.raises(CommandError, match="the checks ran"):
        call_command("checked", skip_checks=False)


def test_a_command_object_can_be_called():
    class Command(BaseCommand):
        def add_arguments(self, parser):
            parser.add_argument("--word")

        def handle(self, **options):
            return options["word"]

    assert call_command(Command(), word="hi", stdout=io.StringIO()) == "hi"


def test_an_error_of_the_command_is_its_own(shop):
    shop(
        "failing",
        """
        from alembic_manage import BaseCommand, CommandError

        class Command(BaseCommand):
            def handle(self, **options):
                raise CommandError("no", returncode=5)
        """,
    )
    with pytest.raises(CommandError, match="no") as caught:
        call_command("failing")
    assert caught.value.returncode == 5


REQUIRED = """
    from alembic_manage import BaseCommand

    class Command(BaseCommand):
        def add_arguments(self, parser):
            parser.add_argument("--to", required=True, nargs="+")
            parser.add_argument("--flag", action="store_true", required=True)
            group = parser.add_mutually_exclusive_group(required=True)
            group.add_argument("--on", action="store_true")
            group.add_argument("--level", type=int)

        def handle(self, **options):
            return repr((options["to"], options["flag"], options["on"], options["level"]))
    """


def test_required_options_may_be_given_by_name(shop):
    shop("required", REQUIRED)
    out = io.StringIO()
    assert call_command("required", to=["a", "b"], flag=True, on=True, stdout=out) == repr(
        (["a", "b"], True, True, None)
    )
    assert call_command("required", "--on", to="a", flag=True, stdout=out) == repr(("a", True, True, None))


def test_one_of_a_required_group_may_be_given_by_name(shop):
    shop("required", REQUIRED)
    out = io.StringIO()
    assert call_command("required", to=["a"], flag=True, level=3, stdout=out) == repr((["a"], True, False, 3))


def test_a_required_option_by_name_leaves_the_arguments_alone(shop):
    shop(
        "copied",
        """
        from alembic_manage import BaseCommand

        class Command(BaseCommand):
            def add_arguments(self, parser):
                parser.add_argument("source")
                parser.add_argument("--to", required=True, nargs="+")

            def handle(self, **options):
                return f"{options['source']} to {', '.join(options['to'])}"
        """,
    )
    assert call_command("copied", "a", to=["b", "c"], stdout=io.StringIO()) == "a to b, c"


def test_a_required_option_that_is_missing_is_wrong_usage(shop):
    shop("required", REQUIRED)
    with pytest.raises(UsageError, match="--to"):
        call_command("required", flag=True, on=True)


def test_options_of_a_sub_command_may_be_given_by_name(shop):
    shop(
        "parts",
        """
        from alembic_manage import BaseCommand

        class Command(BaseCommand):
            def add_arguments(self, parser):
                add = parser.add_subparsers(dest="action", required=True).add_parser("add")
                add.add_argument("--count", type=int, default=1)

            def handle(self, **options):
                return f"{options['action']} {options['count']}"
        """,
    )
    assert call_command("parts", "add", "--count", "2", stdout=io.StringIO()) == "add 2"
    assert call_command("parts", "add", count=3, stdout=io.StringIO()) == "add 3"


def test_another_settings_module_may_be_named(shop, write_module):
    write_module("blog/management/commands/post.py", SHOW)
    write_module("other_settings.py", 'DATABASES = {"default": {"URL": "sqlite://"}}\nINSTALLED_APPS = ["blog"]')
    call_command("post", settings="other_settings", stdout=io.StringIO(), stderr=io.StringIO())
    with pytest.raises(UnknownCommandError):
        call_command("post")


def test_a_summary_is_what_the_command_says_of_itself():
    for name, entry in find_commands([]).items():
        assert entry.summary == entry.load().help.partition(". ")[0].strip().rstrip("."), name

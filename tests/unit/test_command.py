"""BaseCommand: the face of Django's."""

import io

import pytest

from alembic_manage import BaseCommand, CommandError, CommandParser, LabelCommand, SystemCheckError, UsageError
from alembic_manage.checks import Level, Problem


class Greet(BaseCommand):
    help = "Greet somebody."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*")
        parser.add_argument("--word", default="Hello")

    def handle(self, *args, **options):
        self.seen = (args, options)
        return ", ".join([options["word"], *options["names"]])


def run(command: BaseCommand, *argv: str) -> str:
    """What the command writes to standard output."""
    out = io.StringIO()
    command.stdout = type(command.stdout)(out)
    command.run("manage.py", "greet", argv)
    return out.getvalue()


def execute(command: BaseCommand, **options) -> tuple[str, str]:
    """What the command writes to standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    command.execute(**{"stdout": out, "stderr": err, **options})
    return out.getvalue(), err.getvalue()


def test_what_handle_returns_is_written():
    assert run(Greet(), "Ann", "--word", "Hi") == "Hi, Ann\n"


def test_every_command_has_the_common_options():
    command = Greet()
    run(command, "-v", "2", "--no-color", "--traceback", "--skip-checks")
    options = command.seen[1]
    assert options["verbosity"] == 2
    assert options["no_color"]
    assert options["traceback"]
    assert options["skip_checks"]
    assert options["settings"] is None
    assert not options["force_color"]


def test_positional_arguments_called_args_reach_handle_as_such():
    class Command(BaseCommand):
        def add_arguments(self, parser):
            parser.add_argument("args", nargs="*")

        def handle(self, *args, **options):
            assert "args" not in options
            return "+".join(args)

    assert run(Command(), "a", "b") == "a+b\n"


@pytest.mark.parametrize("argv", [["--nothing"], ["-v", "4"], ["-v", "x"]])
def test_a_wrong_command_line_is_an_error_with_exit_code_2(argv):
    with pytest.raises(UsageError, match=r"manage\.py greet: ") as caught:
        run(Greet(), *argv)
    assert caught.value.returncode == 2
    assert caught.value.hint == "python manage.py greet --help"


def test_an_option_is_not_understood_by_its_beginning():
    with pytest.raises(UsageError, match="--wor"):
        run(Greet(), "--wor", "Hi")


def test_a_command_may_say_what_is_missing():
    class Command(Greet):
        missing_args_message = "Whom should I greet?"

    with pytest.raises(UsageError, match="Whom should I greet"):
        run(Command())
    assert run(Command(), "Ann") == "Hello, Ann\n"


def test_both_colour_options_exclude_each_other():
    with pytest.raises(CommandError, match="can't be used together"):
        run(Greet(), "--no-color", "--force-color")


def test_colour_is_forced_and_switched_off():
    class Command(BaseCommand):
        def handle(self, **options):
            self.stdout.write(self.style.SUCCESS("done"))

    assert execute(Command(), force_color=True)[0] == "\x1b[32mdone\x1b[0m\n"
    assert execute(Command(), no_color=True)[0] == "done\n"
    assert execute(Command())[0] == "done\n"


def test_streams_can_be_given():
    class Command(BaseCommand):
        def handle(self, **options):
            self.stdout.write("out")
            self.stderr.write("err", ending="!")

    assert execute(Command()) == ("out\n", "err!")


def test_a_wrapped_stream_can_be_handed_on():
    class Inner(BaseCommand):
        def handle(self, **options):
            self.stdout.write("inner")

    class Outer(BaseCommand):
        def handle(self, **options):
            Inner().execute(stdout=self.stdout)

    assert execute(Outer())[0] == "inner\n"


def test_output_can_be_wrapped_in_a_transaction():
    class Command(BaseCommand):
        output_transaction = True

        def handle(self, **options):
            return "DELETE FROM carts;"

    assert execute(Command())[0] == "BEGIN;\nDELETE FROM carts;\nCOMMIT;\n"


def test_a_command_without_handle_says_so():
    with pytest.raises(NotImplementedError):
        execute(BaseCommand())


def test_help_shows_what_the_command_does_and_its_options():
    out = io.StringIO()
    Greet(stdout=out).print_help("manage.py", "greet")
    assert "usage: manage.py greet" in out.getvalue()
    assert "Greet somebody." in out.getvalue()
    assert "--word" in out.getvalue()
    assert "--verbosity" in out.getvalue()


def test_a_common_option_can_be_left_out_of_the_help():
    class Command(BaseCommand):
        suppressed_base_arguments = {"--traceback"}

        def handle(self, **options):
            return str(options["traceback"])

    out = io.StringIO()
    Command(stdout=out).print_help("manage.py", "x")
    assert "--traceback" not in out.getvalue()
    assert run(Command(), "--traceback") == "True\n"


def test_the_version_option_prints_the_version(capsys):
    class Command(Greet):
        def get_version(self):
            return "7.1"

    with pytest.raises(SystemExit) as stop:
        run(Command(), "--version")
    assert stop.value.code == 0
    assert capsys.readouterr().out == "7.1\n"


def test_sub_parsers_raise_too():
    class Command(BaseCommand):
        def add_arguments(self, parser):
            listing = parser.add_subparsers(dest="action", required=True).add_parser("list")
            listing.add_argument("--size", choices=["s", "m"])

        def handle(self, **options):
            return f"{options['action']} {options['size']}"

    assert run(Command(), "list", "--size", "s") == "list s\n"
    with pytest.raises(UsageError, match=r"manage\.py greet list: argument --size"):
        run(Command(), "list", "--size", "x")
    with pytest.raises(UsageError, match="action"):
        run(Command())


def test_a_parser_does_not_end_the_process():
    with pytest.raises(UsageError):
        CommandParser(prog="x").error("no")


# Labels


class Shout(LabelCommand):
    label = "word"

    def handle_label(self, label, **options):
        return None if label == "silence" else label.upper()


def test_each_label_is_handled_in_order():
    assert run(Shout(), "b", "silence", "a") == "B\nA\n"


def test_no_label_at_all_is_asked_for_by_name():
    with pytest.raises(UsageError, match="Enter at least one word"):
        run(Shout())


def test_two_label_commands_keep_their_own_words():
    class Other(LabelCommand):
        label = "file"

    Shout(), Other()
    with pytest.raises(UsageError, match="Enter at least one word"):
        run(Shout())
    with pytest.raises(UsageError, match="Enter at least one file"):
        run(Other())


def test_a_label_command_without_handle_label_says_so():
    with pytest.raises(NotImplementedError):
        LabelCommand().execute("a")


# Checks


@pytest.fixture
def found(monkeypatch):
    """Lets the checks find these problems."""

    def found(*problems: Problem) -> list[object]:
        calls: list[object] = []

        def run_checks(project, tags=None, **options):
            calls.append(tags)
            return list(problems)

        monkeypatch.setattr("alembic_manage.checks.run_checks", run_checks)
        monkeypatch.setattr(BaseCommand, "project", None)
        return calls

    return found


class Checked(BaseCommand):
    requires_system_checks = ("settings", "apps")

    def handle(self, **options):
        return "handled"


def test_the_required_checks_run_first(found):
    calls = found()
    assert execute(Checked())[0] == "handled\n"
    assert calls == [("settings", "apps")]


def test_all_checks_are_asked_for_by_name(found):
    class Command(Checked):
        requires_system_checks = "__all__"

    calls = found()
    execute(Command())
    assert calls == [None]


def test_no_check_runs_unless_required(found):
    calls = found()
    run(Greet())
    assert calls == []


def test_checks_can_be_skipped(found):
    calls = found(Problem("x.E001", Level.ERROR, "bad"))
    assert execute(Checked(), skip_checks=True)[0] == "handled\n"
    assert calls == []


def test_an_error_of_a_check_stops_the_command(found):
    found(Problem("x.E001", Level.ERROR, "bad", "mend it"), Problem("x.W001", Level.WARNING, "odd"))
    with pytest.raises(SystemCheckError, match=r"x\.E001.*bad") as caught:
        execute(Checked())
    assert caught.value.returncode == 1
    assert caught.value.hint


def test_a_warning_of_a_check_is_written_and_the_command_goes_on(found):
    found(Problem("x.W001", Level.WARNING, "odd"))
    out, err = execute(Checked())
    assert out == "handled\n"
    assert "WARNING: (x.W001) odd" in err


@pytest.mark.parametrize(("count", "line"), [(0, "no issues"), (1, "1 issue"), (2, "2 issues")])
def test_the_number_of_problems_can_be_shown(found, count, line):
    found(*[Problem("x.W001", Level.WARNING, "odd")] * count)
    out = io.StringIO()
    command = Checked(stdout=out, stderr=io.StringIO())
    command.check(display_num_errors=True)
    assert out.getvalue() == f"System check identified {line}.\n"

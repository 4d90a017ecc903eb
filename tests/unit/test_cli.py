"""argv to command to exit code."""

import pytest

from alembic_manage import cli

COMMAND = """
    from alembic_manage import BaseCommand, CommandError

    class Command(BaseCommand):
        help = "Do what it is told."

        def add_arguments(self, parser):
            parser.add_argument("what", nargs="?")

        def handle(self, what, **options):
            if what == "fail":
                raise CommandError("It failed.", returncode=5, hint="python manage.py deed again")
            if what == "interrupt":
                raise KeyboardInterrupt
            if what == "stop":
                raise SystemExit(9)
            if what == "stop with words":
                raise SystemExit("that is all")
            if what == "bug":
                raise LookupError("a defect")
            if what == "import":
                import no_such_package
            return f"did {what} with {options['settings']}"
    """


@pytest.fixture
def run(write_module, monkeypatch, capsys):
    """Runs `manage.py ARGS` in this process; exit code, standard output, standard error."""
    write_module("shop/management/commands/deed.py", COMMAND)
    write_module("cli_settings.py", 'DATABASES = {"default": {"URL": "sqlite://"}}\nINSTALLED_APPS = ["shop"]\n')
    monkeypatch.setenv("SETTINGS_MODULE", "cli_settings")
    monkeypatch.setattr("sys.argv", ["manage.py"])

    def run(*args: str, prog: str = "manage.py") -> tuple[int, str, str]:
        code = cli.run([prog, *args])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a_command_that_is_done_ends_with_0(run):
    assert run("deed", "it") == (0, "did it with None\n", "")


def test_an_error_is_one_line_and_a_hint(run):
    assert run("deed", "fail") == (5, "", "CommandError: It failed.\nHint: python manage.py deed again\n")


def test_traceback_shows_where_an_error_came_from(run):
    with pytest.raises(cli.CommandError):
        run("deed", "fail", "--traceback")


def test_an_interrupt_ends_with_130(run):
    code, _, err = run("deed", "interrupt")
    assert code == 130
    assert "Interrupted" in err


def test_a_command_may_end_the_process_itself(run):
    assert run("deed", "stop")[0] == 9
    assert run("deed", "stop with words") == (1, "", "that is all\n")


def test_a_defect_is_not_hidden(run):
    with pytest.raises(LookupError):
        run("deed", "bug")


def test_a_missing_package_of_the_user_is_not_taken_for_one_of_ours(run):
    with pytest.raises(ModuleNotFoundError):
        run("deed", "import")


def test_wrong_usage_ends_with_2(run):
    code, out, err = run("deed", "--nothing")
    assert (code, out) == (2, "")
    assert "--nothing" in err
    assert "Hint: python manage.py deed --help" in err


def test_a_typo_ends_with_2_and_the_nearest_name(run):
    code, out, err = run("migrat")
    assert (code, out) == (2, "")
    assert err.startswith("Unknown command: 'migrat'. Did you mean migrate?\n")


def test_a_command_of_an_app_is_suggested_too(run):
    assert "Did you mean deed?" in run("ded")[2]


@pytest.mark.parametrize("word", ["--version", "version"])
def test_the_version_is_printed(run, word):
    assert run(word) == (0, f"{cli.VERSION}\n", "")


@pytest.mark.parametrize("words", [(), ("help",), ("--help",), ("-h",)])
def test_the_commands_are_listed_by_app(run, words):
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert out.index("[alembic_manage]") < out.index("[shop]")
    assert "    deed" in out
    assert "Do what it is told" in out


def test_help_of_one_command_is_its_own_help(run):
    assert "usage: manage.py deed" in run("help", "deed")[1]
    assert run("help", "deed")[1] == run("deed", "--help")[1]


def test_the_names_alone_are_for_scripts(run):
    names = run("help", "--commands")[1].split()
    assert "deed" in names
    assert names == sorted(names)


def test_help_for_an_unknown_command_is_an_error(run):
    assert run("help", "ded")[0] == 2


def test_the_settings_option_chooses_the_settings(run, write_module):
    write_module("other_cli_settings.py", 'DATABASES = {"default": {"URL": "sqlite://"}}\nINSTALLED_APPS = []\n')
    assert run("deed", "--settings", "other_cli_settings")[0] == 2
    assert run("deed", "it", "--settings=cli_settings")[1] == "did it with cli_settings\n"


def test_the_pythonpath_option_is_searched_first(run, tmp_path, monkeypatch):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "far_settings.py").write_text(
        'DATABASES = {"default": {"URL": "sqlite://"}}\nINSTALLED_APPS = ["shop"]\n', encoding="utf-8"
    )
    assert run("deed", "it", "--settings", "far_settings", "--pythonpath", str(folder))[0] == 0


def test_broken_settings_still_allow_help(run, write_module):
    write_module("cli_settings.py", "1 / 0")
    code, out, err = run("help")
    assert code == 0
    assert "migrate" in out
    assert "cli_settings.py:1: ZeroDivisionError" in err
    assert "Only the suite's own commands are listed" in err


def test_broken_settings_are_what_is_told_for_an_unknown_command(run, write_module):
    write_module("cli_settings.py", "1 / 0")
    code, _, err = run("deed", "it")
    assert code == 1
    assert "ZeroDivisionError" in err


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("manage.py", "python manage.py deed again"),
        ("/usr/bin/alembic-manage", "alembic-manage deed again"),
        ("/x/alembic_manage/__main__.py", "python -m alembic_manage deed again"),
    ],
)
def test_a_hint_is_what_the_user_would_type(run, path, shown):
    assert f"Hint: {shown}\n" in run("deed", "fail", prog=path)[2]


def test_no_colour_goes_into_a_pipe_unless_forced(run):
    assert "\x1b" not in run("deed", "fail")[2]
    assert "\x1b" in run("deed", "fail", "--force-color")[2]
    assert run("deed", "fail", "--force-color", "--no-color")[0] in (1, 5)


def test_what_follows_a_double_dash_is_not_for_the_suite(run):
    assert "\x1b" not in run("deed", "--", "fail", "--force-color")[2]


def test_main_ends_the_process_with_the_exit_code(run, monkeypatch):
    with pytest.raises(SystemExit) as stop:
        cli.main(["manage.py", "deed", "fail"])
    assert stop.value.code == 5


def test_main_reads_the_command_line_of_the_process(run, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["manage.py", "--version"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"{cli.VERSION}\n"

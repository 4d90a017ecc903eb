"""Interactive interpreters: which one is opened, and how Python's own one behaves."""

import sys

import pytest

from alembic_manage import CommandError
from alembic_manage.shell import interpreter
from alembic_manage.shell.interpreter import INTERPRETERS, AwaitingConsole, choose_interpreter


@pytest.fixture
def installed(monkeypatch):
    """Sets which modules can be found."""

    def install(*modules):
        monkeypatch.setattr(interpreter, "find_spec", lambda name: name if name in modules else None)

    return install


@pytest.mark.parametrize(
    ("modules", "name"),
    [
        (("IPython", "bpython", "ptpython", "code"), "ipython"),
        (("bpython", "ptpython", "code"), "bpython"),
        (("ptpython", "code"), "ptpython"),
        (("code",), "python"),
    ],
)
def test_the_first_that_is_installed_is_opened(installed, modules, name):
    installed(*modules)
    assert choose_interpreter(None).name == name


def test_the_one_that_is_named_is_opened(installed):
    installed("IPython", "code")
    assert choose_interpreter("python").name == "python"


@pytest.mark.parametrize("chosen", INTERPRETERS[:-1], ids=lambda chosen: chosen.name)
def test_one_that_is_not_installed_is_an_error_with_the_pip_command(installed, chosen):
    installed("code")
    with pytest.raises(CommandError, match=f"{chosen.module} is not installed") as caught:
        choose_interpreter(chosen.name)
    assert caught.value.hint == f"pip install {chosen.name}"


@pytest.fixture
def console():
    console = AwaitingConsole({"number": 7})
    yield console
    console.runner.close()


def test_the_console_awaits_at_the_top_level(console, capsys):
    console.push("import asyncio")
    console.push("await asyncio.sleep(0, number)")
    assert capsys.readouterr().out == "7\n"


def test_all_lines_run_in_one_event_loop(console, capsys):
    console.push("import asyncio")
    for _ in range(2):
        console.push("async def f(): return id(asyncio.get_running_loop())")
        console.push("")
        console.push("await f()")
    first, second = capsys.readouterr().out.split()
    assert first == second


def test_an_error_is_shown_and_the_console_goes_on(console, capsys):
    console.push("1 / 0")
    console.push("number")
    shown = capsys.readouterr()
    assert "ZeroDivisionError" in shown.err
    assert shown.out == "7\n"


def test_leaving_leaves(console):
    with pytest.raises(SystemExit):
        console.push("raise SystemExit")


def test_start_up_files_are_run_once_each_and_an_error_in_one_is_shown(console, capsys, tmp_path, monkeypatch):
    first, second = tmp_path / "startup.py", tmp_path / ".pythonrc.py"
    first.write_text("loaded = [1]\n1 / 0\n", encoding="utf-8")
    second.write_text("def f():\n    loaded.append(2)\n\n\nf()\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONSTARTUP", str(first))
    monkeypatch.setenv("HOME", str(tmp_path))
    console.run_startup_files()
    assert console.names["loaded"] == [1, 2]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_tab_completes_the_names(console, monkeypatch):
    readline = pytest.importorskip("readline")
    monkeypatch.setattr(sys, "__interactivehook__", lambda: None, raising=False)
    before = readline.get_completer()
    console.complete_names()
    try:
        assert readline.get_completer()("numb", 0) == "number"
    finally:
        readline.set_completer(before)

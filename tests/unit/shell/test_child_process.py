"""Programs that run in our place."""

import signal
import sys
import threading

import pytest

from alembic_manage.shell.child_process import run_child


def python(code, **options):
    return run_child([sys.executable, "-c", code], **options)


def test_the_exit_code_is_the_childs():
    assert python("raise SystemExit(5)") == 5


def test_a_child_that_a_signal_ended_has_the_code_of_the_shell():
    assert python("import os; os.kill(os.getpid(), 15)") == 128 + 15


def test_variables_are_added_to_the_environment(monkeypatch):
    monkeypatch.setenv("OUTER", "1")
    code = "import os; raise SystemExit(os.environ['OUTER'] != '1' or os.environ['INNER'] != '2')"
    assert python(code, env={"INNER": "2"}) == 0


def test_it_runs_in_the_folder(tmp_path):
    python("open('here', 'w').close()", cwd=tmp_path)
    assert (tmp_path / "here").exists()


def test_an_interrupt_is_left_to_the_child():
    # What Ctrl-C does: both get the signal; the child decides.
    code = "import os, signal; os.kill(os.getppid(), signal.SIGINT); raise SystemExit(7)"
    assert python(code) == 7


def test_the_child_does_not_ignore_interrupts():
    code = "import signal; raise SystemExit(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    assert python(code) == 0


def test_the_handler_of_before_is_put_back():
    before = signal.getsignal(signal.SIGINT)
    python("pass")
    assert signal.getsignal(signal.SIGINT) is before


def test_it_also_runs_in_another_thread():
    codes = []
    thread = threading.Thread(target=lambda: codes.append(python("raise SystemExit(5)")))
    thread.start()
    thread.join()
    assert codes == [5]


def test_a_program_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        run_child([str(tmp_path / "program")])

"""Output, colour, questions and progress."""

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from support.projects import ROOT

from alembic_manage import UnansweredQuestionError
from alembic_manage.console import (
    OutputWrapper,
    Style,
    VanishingLine,
    ask,
    confirm,
    folded,
    has_live_lines,
    is_interactive,
    progress,
    track,
    wants_colour,
)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class LeavingReader(io.StringIO):
    """A pipe whose reader goes away after the first write."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def write(self, text: str) -> int:
        self.calls += 1
        if self.calls > 1:
            raise BrokenPipeError
        return super().write(text)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


# Colour


def test_a_terminal_gets_colour_and_a_pipe_does_not():
    assert wants_colour(Terminal())
    assert not wants_colour(io.StringIO())
    assert not wants_colour(object())


def test_no_color_in_the_environment_switches_colour_off(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(Terminal())


def test_an_empty_no_color_counts_as_none(monkeypatch):
    """Source: no-color.org, "when present and not an empty string"."""
    monkeypatch.setenv("NO_COLOR", "")
    assert wants_colour(Terminal())


def test_a_dumb_terminal_gets_no_colour(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour(Terminal())


def test_the_flags_win_over_the_stream_and_the_environment(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert wants_colour(io.StringIO(), force_color=True)
    assert not wants_colour(Terminal(), no_color=True)


def test_a_style_colours_its_text_and_ends_the_colour():
    assert Style(True).SUCCESS("done") == "\x1b[32mdone\x1b[0m"
    assert Style(False).SUCCESS("done") == "done"


def test_line_is_folded_on_a_terminal_and_left_alone_in_a_pipe(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    line = "  seed   rows to play with in every table"
    assert folded(OutputWrapper(Terminal()), line, indent=9) == "  seed   rows to play with in\n         every table"
    assert folded(OutputWrapper(io.StringIO()), line, indent=9) == line


def test_what_is_bold_has_no_colour_that_is_hard_to_see_when_bright():
    codes = [getattr(Style(True), role)("").partition("m")[0][2:].split(";") for role in ROLES.split()]
    assert [code for code in codes if "1" in code and {"32", "33", "36"} & set(code)] == []


def test_colour_ends_before_the_end_of_the_line():
    out = io.StringIO()
    OutputWrapper(out).write("done\n", Style(True).SUCCESS)
    OutputWrapper(out).write("", Style(True).SUCCESS)
    assert out.getvalue() == "\x1b[32mdone\x1b[0m\n\n"


ROLES = """
    ERROR SUCCESS WARNING NOTICE SQL_FIELD SQL_COLTYPE
    SQL_KEYWORD SQL_TABLE HTTP_INFO HTTP_SUCCESS HTTP_REDIRECT HTTP_NOT_MODIFIED
    HTTP_BAD_REQUEST HTTP_NOT_FOUND HTTP_SERVER_ERROR MIGRATE_HEADING MIGRATE_LABEL ERROR_OUTPUT
"""


@pytest.mark.parametrize("role", ROLES.split())
def test_every_role_of_django_is_there(role):
    assert "text" in getattr(Style(True), role)("text")


def test_a_role_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="SUCESS"):
        Style(True).SUCESS("done")


# Output


def written(*calls, **options) -> str:
    stream = io.StringIO()
    OutputWrapper(stream, **options).write(*calls)
    return stream.getvalue()


def test_a_line_ends_once():
    assert written("a") == "a\n"
    assert written("a\n") == "a\n"
    assert written() == "\n"


def test_another_ending_can_be_asked_for():
    assert written("a", None, "") == "a"
    assert written("a", ending="!") == "a!"


def test_a_style_function_is_given_the_whole_line():
    assert written("a", str.upper) == "A\n"


def test_the_style_of_the_stream_counts_where_none_is_given():
    out = OutputWrapper(io.StringIO())
    out.style_func = str.upper
    out.write("a")
    out.write("b", str.lower)
    assert out.stream.getvalue() == "A\nb\n"


def test_other_attributes_are_those_of_the_stream():
    stream = Terminal()
    out = OutputWrapper(stream)
    assert out.isatty()
    assert out.getvalue() == ""


def test_a_reader_that_leaves_does_not_stop_the_command():
    stream = LeavingReader()
    out = OutputWrapper(stream)
    for line in ("read", "lost", "never tried"):
        out.write(line)
    out.flush()
    assert stream.getvalue() == "read\n"
    assert stream.calls == 2


def test_a_process_whose_reader_left_ends_quietly():
    code = (
        "import sys, os\nfrom alembic_manage.console import OutputWrapper\n"
        "out = OutputWrapper(sys.stdout)\n"
        "for number in range(20000):\n    out.write(str(number) * 20)\n"
        "sys.stderr.write('reached the end')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "0" * 20 + "\n"
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == "reached the end"
    process.stderr.close()
    assert process.wait() == 0


# Questions


@pytest.fixture
def answer(monkeypatch):
    """Sits at the terminal and types."""

    def answer(*lines: str) -> None:
        monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))

    return answer


def test_the_answer_is_stripped(answer):
    answer("  yes ")
    out = OutputWrapper(io.StringIO())
    assert ask("Sure? ", hint="x", out=out) == "yes"
    assert out.getvalue() == "Sure? "


def test_a_question_with_nobody_there_is_an_error_with_exit_code_3(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert not is_interactive()
    with pytest.raises(UnansweredQuestionError, match="Sure") as caught:
        ask("Sure? ", hint="python manage.py x --no-input")
    assert (caught.value.returncode, caught.value.hint) == (3, "python manage.py x --no-input")


def test_a_question_without_any_standard_input_is_unanswered(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UnansweredQuestionError):
        confirm("Sure?", hint="x")


def test_an_input_that_ends_leaves_the_question_unanswered(answer):
    answer()
    with pytest.raises(UnansweredQuestionError, match="ended"):
        ask("Sure? ", hint="x", out=OutputWrapper(io.StringIO()))


@pytest.mark.parametrize(("typed", "expected"), [("y", True), ("YES", True), ("n", False), ("No", False)])
def test_yes_and_no_are_understood(answer, typed, expected):
    answer(typed)
    assert confirm("Sure?", hint="x", out=OutputWrapper(io.StringIO())) is expected


def test_enter_is_neither_yes_nor_no(answer):
    answer("", "what", "y")
    out = OutputWrapper(io.StringIO())
    assert confirm("Sure?", hint="x", out=out)
    assert out.getvalue() == "Sure? [y/n] Please answer yes or no: Please answer yes or no: "


def test_ctrl_c_interrupts_a_question_inside_of_an_event_loop(monkeypatch):
    class Pressed(Terminal):
        def readline(self, *args):
            signal.raise_signal(signal.SIGINT)
            return "y\n"

    async def asks():
        return ask("Sure? ", hint="x", out=OutputWrapper(io.StringIO()))

    monkeypatch.setattr(sys, "stdin", Pressed())
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            asyncio.run(asks())
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, handler)


def test_ctrl_c_that_is_ignored_stays_ignored(answer):
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        answer("y")
        ask("Sure? ", hint="x", out=OutputWrapper(io.StringIO()))
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, handler)


# Progress


def test_a_pipe_sees_no_progress_bar():
    out = OutputWrapper(io.StringIO())
    assert list(track(out, "abc", "Working", 3)) == ["a", "b", "c"]
    assert out.getvalue() == ""


def test_a_terminal_sees_a_progress_bar():
    out = OutputWrapper(Terminal())
    with progress(out, "Working", 2) as advance:
        advance(2)
    assert "Working" in out.getvalue()
    assert "2/2" in out.getvalue()


@pytest.fixture
def terminal() -> Terminal:
    """A terminal with an unfinished line."""
    return Terminal()


@pytest.fixture
def line(terminal: Terminal) -> Iterator[VanishingLine]:
    """Goes on with that line."""
    line = VanishingLine(OutputWrapper(terminal), lambda: "  Applying 0001...")
    yield line
    line.hide()


def test_a_vanishing_line_goes_on_with_what_is_there(line, terminal):
    line.show("1 s in statement 2")
    line.show("2 s in statement 2")
    shown = terminal.getvalue().split("\x1b[2K")
    assert "  Applying 0001... 1 s in statement 2" in shown[1]
    assert "  Applying 0001... 2 s in statement 2" in shown[-1]


def test_a_vanishing_line_leaves_what_was_there_before(line, terminal):
    line.show("1 s in statement 2")
    line.hide()
    assert terminal.getvalue().endswith("\x1b[2K  Applying 0001...")


def test_a_line_that_never_showed_leaves_nothing(line, terminal):
    line.hide()
    assert terminal.getvalue() == ""


def test_what_is_printed_meanwhile_comes_out(line, terminal, monkeypatch):
    monkeypatch.setattr(sys, "stdout", terminal)
    line.show("1 s in statement 2")
    print("hello")
    line.hide()
    assert "hello\n" in terminal.getvalue()
    assert sys.stdout is terminal


def test_only_a_terminal_that_can_go_back_has_lines_that_change(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    assert has_live_lines(OutputWrapper(Terminal()))
    assert not has_live_lines(OutputWrapper(io.StringIO()))
    monkeypatch.setenv("TERM", "dumb")
    assert not has_live_lines(OutputWrapper(Terminal()))


def test_what_is_read_as_a_file_is_utf8_in_any_locale():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    out = OutputWrapper(stream)
    out.write_utf8()
    out.write("größer")
    out.flush()
    assert stream.buffer.getvalue() == "größer\n".encode()

"""Output, colour, prompts and progress: the only file that writes to a terminal."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, redirect_stdout

from alembic_manage.errors import CommandError, UnansweredQuestionError

TYPE_CHECKING = False  # `help` waits for every import here: those for a terminal come when there is one
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType
    from typing import IO, Any, TypeVar

    T = TypeVar("T")

# Django's role names, so that `self.style.SUCCESS("...")` of a Django command works, with SGR codes that read well on
# dark and on light: green, yellow and cyan are never bold, which many terminals show as bright, and bright on white is
# hard to see.
_ROLES = {
    "ERROR": "31;1",
    "SUCCESS": "32",
    "WARNING": "33",
    "NOTICE": "31",
    "SQL_FIELD": "32",
    "SQL_COLTYPE": "32",
    "SQL_KEYWORD": "33",
    "SQL_TABLE": "1",
    "HTTP_INFO": "1",
    "HTTP_SUCCESS": "",
    "HTTP_REDIRECT": "32",
    "HTTP_NOT_MODIFIED": "36",
    "HTTP_BAD_REQUEST": "31;1",
    "HTTP_NOT_FOUND": "33",
    "HTTP_SERVER_ERROR": "35;1",
    "MIGRATE_HEADING": "36",
    "MIGRATE_LABEL": "1",
    "ERROR_OUTPUT": "31;1",
}
# What a folded line has beside its indent, on however narrow a terminal.
_LEAST_COLUMNS = 20


class Style:
    """One method a role: each gives its text coloured, or as it is where colour is off."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled

    def __getattr__(self, role: str) -> Callable[[str], str]:
        if role not in _ROLES:
            raise AttributeError(f"There is no style {role!r}.")
        code = _ROLES[role] if self.enabled else ""
        return lambda text: f"\x1b[{code}m{text}\x1b[0m" if code else text


def wants_colour(stream: object, *, no_color: bool = False, force_color: bool = False) -> bool:
    """Whether to colour what goes to `stream`: a terminal, unless the flags or NO_COLOR say otherwise."""
    if no_color:
        return False
    if force_color:
        return True
    isatty = getattr(stream, "isatty", None)
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and bool(isatty and isatty())


class OutputWrapper:
    """A stream with Django's `write(text, style_func, ending)`.

    A reader that goes away (`| head`) never stops the command: what is written after that is dropped. Any other failure
    of the stream, such as a full disk, is an error: half a script must not look like a whole one.
    """

    def __init__(self, stream: IO[str], ending: str = "\n") -> None:
        self.stream = stream
        self.ending = ending
        self.style_func: Callable[[str], str] | None = None
        # `>&-` leaves Python without the stream.
        self._reader_left = stream is None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def isatty(self) -> bool:
        """Whether a person reads along."""
        return bool(getattr(self.stream, "isatty", bool)())

    def write_utf8(self) -> None:
        """Write UTF-8 from now on, whatever the locale is: what follows is read as a file."""
        reconfigure = getattr(self.stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")

    def write(self, msg: str = "", style_func: Callable[[str], str] | None = None, ending: str | None = None) -> None:
        """Write `msg` and an ending ("\\n" unless told, and never twice); a colour ends before the ending."""
        ending = self.ending if ending is None else ending
        text = msg.removesuffix(ending)
        style = style_func or self.style_func
        self._send(lambda: self.stream.write((style(text) if style and text else text) + ending))

    def flush(self) -> None:
        """Hand on what is buffered."""
        self._send(lambda: self.stream.flush())

    def _send(self, send: Callable[[], object]) -> None:
        if self._reader_left:
            return
        try:
            send()
        except BrokenPipeError:
            self._reader_left = True
            silence(self.stream)
        except OSError as error:
            self._reader_left = True
            silence(self.stream)
            raise CommandError(f"The output cannot be written: {error.strerror}.", hint="df -h") from error


def silence(stream: IO[str]) -> None:
    """Point the descriptor of a stream whose reader is gone at nothing, so that Python's flush at exit is quiet."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError, AttributeError):
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)


@contextmanager
def stdout_on_stderr() -> Iterator[None]:
    """Have standard output, also that of processes that are started, go to standard error inside the block."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def folded(out: OutputWrapper, line: str, *, indent: int) -> str:
    """`line` in several where the terminal ends, the later ones indented; as it is where `out` is no terminal."""
    if not out.isatty():
        return line
    import shutil
    import textwrap

    width = max(shutil.get_terminal_size().columns, indent + _LEAST_COLUMNS)
    return textwrap.fill(line, width, subsequent_indent=" " * indent, break_on_hyphens=False)


def is_interactive() -> bool:
    """Whether somebody is there to answer a question."""
    return bool(sys.stdin and sys.stdin.isatty())


def ask(question: str, *, hint: str, out: OutputWrapper | None = None) -> str:
    """The line that the user types after `question`, stripped.

    Args:
        question: the prompt, with its choices.
        hint: the command that answers it without a person.
        out: where the prompt is shown; standard output where None.

    Raises:
        UnansweredQuestionError: there is no terminal, or the input ended.
    """
    if not is_interactive():
        raise UnansweredQuestionError(f"Nobody is there to answer: {question.strip()}", hint=hint)
    stream = out or OutputWrapper(sys.stdout)
    stream.write(question, ending="")
    stream.flush()
    with _ctrl_c_interrupts():
        line = sys.stdin.readline()
    if not line:
        stream.write()
        raise UnansweredQuestionError("The input ended before the question was answered; nothing was done.", hint=hint)
    return line.strip()


@contextmanager
def _ctrl_c_interrupts() -> Iterator[None]:
    """Ctrl-C is KeyboardInterrupt at once, also inside of asyncio.run().

    There it only asks the event loop to stop, which does not come round while a line is waited for.
    Source: Python 3.11 manual, asyncio "Handling Keyboard Interruption".
    """
    import signal
    import threading

    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield  # signals are not this thread's, or are to be ignored
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def sigterm_interrupts() -> Iterator[None]:
    """While entered, SIGTERM does what Ctrl-C does: the work is rolled back, and locks are given back.

    By default it ends a process on the spot, or, where that is the first one of a container, does nothing at all.
    A handler that somebody else has set stays. Source: Linux manual, kill(2), "Notes".
    """
    import signal
    import threading

    is_main_thread = threading.current_thread() is threading.main_thread()
    if not is_main_thread or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    """asyncio.run() has a handler of its own for Ctrl-C."""
    import signal

    handler = signal.getsignal(signal.SIGINT)
    if callable(handler):
        handler(signal.SIGINT, frame)
    else:
        raise KeyboardInterrupt


def confirm(question: str, *, hint: str, out: OutputWrapper | None = None) -> bool:
    """Whether the user answers yes; asked again until it is yes or no, and Enter is neither.

    Raises:
        UnansweredQuestionError: there is no terminal, or the input ended.
    """
    answer = ask(f"{question} [y/n] ", hint=hint, out=out).lower()
    while answer not in ("y", "yes", "n", "no"):
        answer = ask("Please answer yes or no: ", hint=hint, out=out).lower()
    return answer.startswith("y")


@contextmanager
def progress(out: OutputWrapper, title: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, nothing in a pipe; yields a function that takes the number of steps just done."""
    if not out.isatty():
        yield lambda steps: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=out.stream)) as bar:
        task = bar.add_task(title, total=total)
        yield lambda steps: bar.advance(task, steps)


def has_live_lines(out: OutputWrapper) -> bool:
    """Whether a line that is written can be changed."""
    return out.isatty() and os.environ.get("TERM") != "dumb"


class VanishingLine:
    """More text in an unfinished line of a terminal, which changes, and vanishes again.

    What is printed meanwhile comes out above it.

    Args:
        out: a terminal.
        unfinished: gives the line as far as others have written it.
    """

    def __init__(self, out: OutputWrapper, unfinished: Callable[[], str]) -> None:
        self._out = out
        self._unfinished = unfinished
        self._live: Any = None

    def show(self, text: str) -> None:
        """Have the line go on with `text`, cut where the terminal ends."""
        from rich.text import Text

        line = Text(f"{self._unfinished()} {text}", no_wrap=True, overflow="ellipsis")
        if self._live is None:
            self._live = self._begun(line)
        self._live.update(line, refresh=True)

    def hide(self) -> None:
        """Have the line as others have written it."""
        live, self._live = self._live, None
        if live is not None:
            live.stop()
            self._out.write(self._unfinished(), ending="")
            self._out.flush()

    def _begun(self, line: Any) -> Any:
        from rich.console import Console
        from rich.control import Control
        from rich.live import Live
        from rich.segment import ControlType

        console = Console(file=self._out.stream, force_terminal=True, highlight=False)
        console.control(Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2)))
        live = Live(line, console=console, auto_refresh=False, transient=True)
        live.start()
        return live


def track(out: OutputWrapper, items: Iterable[T], title: str, total: int | None = None) -> Iterator[T]:
    """The items, one by one, with a progress bar that counts them."""
    with progress(out, title, total) as advance:
        for item in items:
            yield item
            advance(1)

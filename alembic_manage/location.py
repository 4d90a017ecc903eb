"""Where in the user's own code an exception came from."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

# Not resolved: a traceback has the same path, symbolic links and all.
SUITE = Path(__file__).parent


def location_of(error: BaseException, root: Path | None = None) -> str:
    """The user's file and line behind `error`, as "file:line", or "" where the traceback names none.

    Of several frames the innermost one below `root` counts; where none is below it, the innermost one that is neither
    ours nor an installed package's.

    Args:
        error: an exception that was raised; a SyntaxError counts with the place that it names.
        root: the project's folder; file names below it are given relative to it.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return _display(Path(error.filename), error.lineno or 1, root)
    frames = [(Path(frame.filename), frame.lineno or 1) for frame in traceback.extract_tb(error.__traceback__)]
    users = [(path, line) for path, line in frames if _is_users(path)]
    inside = [(path, line) for path, line in users if root is not None and path.is_relative_to(root)]
    for path, line in reversed(inside or users):
        return _display(path, line, root)
    return ""


def passes_through(error: BaseException, package: str) -> bool:
    """Whether a function of an installed package is among those that `error` came through."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(str(frame.f_globals.get("__name__", "")).partition(".")[0] == package for frame, _ in frames)


def display_path(path: Path, root: Path | None = None) -> str:
    """`path` as a person would type it: relative to `root` (or the current folder) where it lies below it."""
    # Texts: what lists every revision does this once a file, and a Path takes ten times as long.
    name = str(path)
    for base in (str(root) if root is not None else "", os.getcwd()):  # noqa: PTH109
        folder = os.path.join(base, "")  # noqa: PTH118
        if name == base:
            return "."
        if base and name.startswith(folder):
            return name[len(folder) :].replace(os.sep, "/")
    return name


def one_line(error: BaseException) -> str:
    """The class and the first line of an exception's text: "NameError: name 'x' is not defined"."""
    text = str(error).strip().splitlines()
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__


def _is_users(path: Path) -> bool:
    parts = path.parts
    return (
        path.is_absolute()
        and not path.is_relative_to(SUITE)
        and "site-packages" not in parts
        and "dist-packages" not in parts
        and not path.is_relative_to(Path(os.__file__).parent)
    )


def _display(path: Path, line: int, root: Path | None) -> str:
    return f"{display_path(path, root)}:{line}"


def is_ours(error: BaseException) -> bool:
    """Whether the exception was raised by a line of the suite itself: a defect, not the user's doing."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and Path(frames[-1].filename).is_relative_to(SUITE)

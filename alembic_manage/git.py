"""What the main branch of the project's git repository holds."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_S = 10
# The branch that others see, before a local one that may be behind it. Its tip counts, not the merge base: while a
# merge is being made the other branch's files are not in the merge base yet, and one's own may be at the tip already.
_MAIN = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
)


@dataclass(frozen=True)
class Published:
    """The files of the main branch."""

    branch: str
    """As people call it: "origin/main"."""
    files: frozenset[Path]


def published_files(folders: Iterable[Path]) -> Published | None:
    """The files below `folders` in the main branch; None where there is no git, no repository or no such branch."""
    files: set[Path] = set()
    branch = ""
    for folder in folders:
        ref = _main_branch(folder)
        listed = _git(folder, "ls-tree", "-r", "-z", "--name-only", ref) if ref else None
        if ref is None or listed is None:
            return None
        branch = ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")
        files |= {folder / name for name in listed.split("\0") if name}
    return Published(branch, frozenset(files)) if branch else None


@dataclass(frozen=True)
class Base:
    """What others have: the commit at which the work in this folder left the main branch."""

    branch: str
    """As people call it: "origin/main"."""
    files: frozenset[Path]
    """The files of that commit."""
    edited: Mapping[Path, str]
    """Their text, for those that differ in this folder."""


def base_of(folders: Iterable[Path], branch: str | None = None) -> Base | None:
    """What others have of the files below `folders`; None where git cannot tell.

    Args:
        folders: to look at.
        branch: the branch that counts; None for the main branch.
    """
    files: set[Path] = set()
    edited: dict[Path, str] = {}
    name = ""
    for folder in folders:
        ref = branch or _main_branch(folder)
        # A shallow clone may not have the commit where the branches part.
        commit = ref and (_git(folder, "merge-base", "HEAD", ref) or _git(folder, "rev-parse", "--verify", ref))
        listed = _git(folder, "ls-tree", "-r", "-z", "--name-only", commit.strip()) if commit else None
        if not ref or not commit or listed is None:
            return None
        name = ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")
        there = {folder / path: path for path in listed.split("\0") if path}
        files |= set(there)
        changed = _git(folder, "diff", "--name-only", "--relative", "-z", commit.strip(), "--", ".") or ""
        for path in changed.split("\0"):
            text = _git(folder, "show", f"{commit.strip()}:./{path}") if folder / path in there else None
            if text is not None:
                edited[folder / path] = text
    return Base(name, frozenset(files), edited) if name else None


def _main_branch(folder: Path) -> str | None:
    found = _git(folder, "for-each-ref", "--format=%(refname) %(symref)", *_MAIN)
    # origin/HEAD only says which branch it is.
    names = {name: target or name for name, _, target in (line.partition(" ") for line in (found or "").splitlines())}
    return next((names[ref] for ref in _MAIN if ref in names), None)


def _git(folder: Path, *args: str) -> str | None:
    """What git prints; None where it fails, or is not there."""
    # A hook or an editor may have set these for another repository.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *args],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
            env=inherited | {"GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return done.stdout if done.returncode == 0 else None

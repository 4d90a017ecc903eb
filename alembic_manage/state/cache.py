"""Keeps states on disk, by the content of everything that they came from.

The folder may be deleted, damaged or read-only at any time: then the history is replayed, and nothing else changes.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import os
import pickle
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import resolve_name, source_from_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.cache_folder import FOLDER, STATES, CacheFile
from alembic_manage.garbage import collection_paused
from alembic_manage.version import VERSION

if TYPE_CHECKING:
    from alembic_manage.environment import Environment
    from alembic_manage.plan import Step


@dataclass(frozen=True)
class Entry:
    """What is kept of a replay."""

    state: Any
    """What the replay had become."""
    files: Mapping[str, str]
    """The project's other files that it depended on, with the digest of each."""


class StateCache:
    """States by the content of the revisions that lead to them.

    Args:
        root: the project's folder; files outside of it are taken to be somebody else's, and not to change.
        seed: what else the states depend on, apart from the revisions.
    """

    def __init__(self, root: Path, seed: str) -> None:
        self.root = root
        self.folder = root / FOLDER
        self.seed = seed
        self.files: Mapping[str, str] = {}
        """The project's files that the revisions of the state depend on, by their paths in it, with their digests."""
        self._loaded = 0
        self._seen_modules: set[str] = set()
        """The names that were looked at: of those imported since, few are new from one state to the next."""
        self._own_modules: dict[str, Path] = {}
        self._keys_of: tuple[Sequence[Step], str, list[str]] | None = None

    @classmethod
    def of(cls, environment: Environment) -> StateCache:
        """The cache of a project, for the kind of one of its databases."""
        project, database = environment.project, environment.database
        files = (
            project.migrations_dir / "env.py",
            project.migrations_dir / "baseline.py",
            project.root / "alembic.ini",
        )
        packages = [f"{name} {version(name)}" for name in ("alembic", "sqlalchemy")]
        parts = [
            VERSION,
            _own_code(),
            sys.version,
            *packages,
            database.url.get_backend_name(),
            str(database.url.database),
        ]
        parts += [str(database.server_version), *(_digest_of(path) for path in files)]
        return cls(project.root, "\n".join(parts))

    @property
    def has_states(self) -> bool:
        """Whether some state is kept, of whatever."""
        return any(self.folder.glob(f"*{STATES}"))

    def load(self, steps: Sequence[Step], extra: str) -> tuple[int, Any] | None:
        """How many of `steps` need not be taken, and the state after them; None where no state is kept.

        Args:
            steps: the plan.
            extra: what the states depend on besides, as far as it is known only now.
        """
        keys = self._keys(steps, extra)
        for count in range(len(steps), 0, -1):
            entry = _read(self._file(keys[count - 1]))
            if entry is not None and all(
                _digest_of(self.root / name) == digest for name, digest in entry.files.items()
            ):
                # Its revisions do not run this time, and import nothing.
                self.files, self._loaded = entry.files, count
                return count, entry.state
        return None

    def save(self, steps: Sequence[Step], extra: str, state: Any, opened: Iterable[Path]) -> None:
        """Keep the state after all of `steps`; where that is not possible, nothing is kept.

        Args:
            steps: the plan.
            extra: as for `load`.
            state: what to keep.
            opened: files that the revisions read while they ran.
        """
        if not steps:
            return
        own = {step.revision.path for step in steps}
        read = {_source_of(path) for path in opened}
        ran = [step.revision.path for step in steps[self._loaded :]]
        used = {*self._imported(ran), *(path for path in read if self._is_projects(path))} - own
        self.files = {**self.files, **{str(path.relative_to(self.root)): _digest_of(path) for path in used}}
        with contextlib.suppress(Exception):  # no rights, no room, or a type that cannot be pickled
            data = pickle.dumps(Entry(state, self.files), protocol=pickle.HIGHEST_PROTOCOL)
            self._file(self._keys(steps, extra)[-1]).write(data)

    def key_after(self, steps: Sequence[Step], extra: str, count: int) -> str:
        """The key of the state after the first `count` of `steps`, of which there is one at least."""
        return self._keys(steps, extra)[count - 1]

    def _keys(self, steps: Sequence[Step], extra: str) -> list[str]:
        """One key a step: it depends on every file up to there, and on their order."""
        known = self._keys_of
        if known is None or known[0] is not steps or known[1] != extra:
            known = self._keys_of = (steps, extra, self._made_keys(steps, extra))
        return known[2]

    def _made_keys(self, steps: Sequence[Step], extra: str) -> list[str]:
        digest = hashlib.sha256(f"{self.seed}\n{extra}".encode())
        keys = []
        for step in steps:
            digest.update(f"\n{step.direction.value} {step.revision.id}\n".encode())
            digest.update(_content(step.revision.path))
            keys.append(digest.hexdigest()[:32])
        return keys

    def _file(self, key: str) -> CacheFile:
        return CacheFile(self.root, key, STATES)

    def _is_projects(self, path: Path) -> bool:
        inside = path.is_relative_to(self.root) and path.is_file()
        return inside and FOLDER not in path.parts and "site-packages" not in path.parts

    def _imported(self, revisions: Iterable[Path]) -> set[Path]:
        """The project's files that these revisions import, and all that those import."""
        modules = self._modules()
        found: set[Path] = set()
        # A revision belongs to no package, so it says the whole name of a module, in an import or in a text.
        named = re.compile(b"|".join(re.escape(name.partition(".")[0]).encode() for name in modules) or b"(?!)")
        waiting = [(content, "") for path in revisions if named.search(content := _content(path))]
        while waiting:
            content, package = waiting.pop()
            for name in _imports(content, package):
                source = modules.get(name)
                if source is not None and source not in found:
                    found.add(source)
                    waiting.append((_content(source), str(getattr(sys.modules.get(name), "__package__", "") or "")))
        return found

    def _modules(self) -> Mapping[str, Path]:
        """The project's files that are imported, by the names of their modules."""
        root = f"{self.root}{os.sep}"
        for name in sys.modules.keys() - self._seen_modules:
            self._seen_modules.add(name)
            # As text: there are thousands of modules, and a Path of each took longer than to write the state.
            file = os.path.normpath(getattr(sys.modules[name], "__file__", None) or "")
            if file.startswith(root) and file.endswith(".py") and self._is_projects(source := Path(file)):
                self._own_modules[name] = source
        return self._own_modules


def _imports(source: bytes, package: str) -> Iterator[str]:
    """The names of modules that a source may import; more of them than there are does no harm."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom):
            with contextlib.suppress(ImportError):
                base = resolve_name("." * node.level + (node.module or ""), package)
                yield from _with_parents(base)
                yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value  # importlib.import_module("...")


def _with_parents(name: str) -> Iterator[str]:
    """The module and the packages that it lies in."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _read(file: CacheFile) -> Entry | None:
    content = file.read()
    if content is None:
        return None
    try:
        with collection_paused():
            entry = pickle.loads(content)
    except Exception:  # whatever one of other packages, or of other code, leads to
        return None
    return entry if isinstance(entry, Entry) else None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _digest_of(path: Path) -> str:
    return hashlib.sha256(_content(path)).hexdigest() if path.exists() else ""


def _own_code() -> str:
    """What the suite's own files are, where it is worked on without its version changing."""
    folders = (Path(__file__).parent, Path(__file__).parents[1] / "dialects")
    files = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return "\n".join(f"{path.name} {(found := path.stat()).st_mtime_ns} {found.st_size}" for path in files)


def _source_of(path: Path) -> Path:
    """The file itself; of compiled Python its source."""
    try:
        return Path(source_from_cache(path)) if path.suffix == ".pyc" else path
    except ValueError:
        return path


_watching: list[set[Path]] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event == "open" and isinstance(arguments[0], str):
        _watching[-1].add(Path(arguments[0]).absolute())


@contextmanager
def files_opened() -> Iterator[set[Path]]:
    """While entered, the set grows by each file that this process opens.

    Source: Python manual, "Audit events table": open.
    """
    global _audits
    if not _audits:
        sys.addaudithook(_audit)
        _audits = True
    _watching.append(set())
    try:
        yield _watching[-1]
    finally:
        _watching.pop()


_audits = False

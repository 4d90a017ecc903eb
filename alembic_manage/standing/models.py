"""Models that are imported only when somebody asks for their tables.

A command that only runs or lists revisions needs none of them, and importing them may take longer than all the rest.
But models may do more than define: listen to every connection, compile a statement in another way, connect a hook,
patch what revisions call. So the first command imports them all the same, and looks what that leaves behind
(`traces.py`). Where it is nothing, this is kept with all that it followed from (`inputs.py`), and holds as long as each
of it is as it was.
"""

from __future__ import annotations

import marshal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import NoSuchModuleError

from alembic_manage.cache_folder import CacheFile
from alembic_manage.standing.inputs import Inputs, are_older
from alembic_manage.standing.knowable import has_known_env_py, inputs_of, is_knowable
from alembic_manage.standing.record import kept_file, read_kept
from alembic_manage.standing.watch import Touched, project_modules, touched

if TYPE_CHECKING:
    from alembic_manage.environment import Environment
    from alembic_manage.project import Project

_FORMAT = "1"
_ENDING = ".models"


@dataclass(frozen=True)
class Inert:
    """That importing the models only defines tables of one MetaData."""

    inputs: Inputs
    files: tuple[str, ...]
    """That were opened."""
    folders: tuple[str, ...]
    """That were listed."""
    naming_convention: dict[str, str]


class TablesToCome:
    """Stands for the project's MetaData: knows its naming convention, and imports the models for anything else.

    Args:
        project: whose MetaData it is.
        naming_convention: of it, which is all that revisions look at.
    """

    def __init__(self, project: Project, naming_convention: Mapping[str, str]) -> None:
        self._project = project
        self.naming_convention = naming_convention

    def __getattr__(self, name: str) -> Any:
        return getattr(self._project.metadata[0], name)


@contextmanager
def models_may_wait(environment: Environment) -> Iterator[Touched | None]:
    """While entered, env.py gets a MetaData whose models are not imported, where that is known to make no difference.

    Args:
        environment: of the database that env.py is to run on.

    Returns:
        What importing the models touches; None where env.py may do something else, or they are imported already.

    Raises:
        ModelsError: they have to be imported, and raise.
    """
    project = environment.project
    if "metadata" in vars(project) or not has_known_env_py(environment):
        yield None
        return
    known = _read(project)
    if known is None or not known.inputs.are_as_they_were(project.settings.values):
        yield _imported(environment)
        return
    project.stand_in = TablesToCome(project, known.naming_convention)  # type: ignore[assignment]
    try:
        yield Touched(set(known.files), set(known.folders))
    finally:
        project.stand_in = None


def _imported(environment: Environment) -> Touched:
    """What importing the models touches; kept where they leave nothing behind."""
    from alembic_manage.standing.traces import traces

    project, began_ns = environment.project, time.time_ns()
    behind_ns, drivers = _file(project).behind_ns(), _drivers(environment)
    before = traces() if behind_ns is not None else None
    with touched(project.root, project.settings.module) as found:
        _ = project.metadata  # which is what env.py begins with
    if behind_ns is None or before is None or not _only_define(environment, found, before, drivers):
        return found
    inputs, convention = inputs_of(project, found), _plain_convention(project)
    if inputs is not None and convention is not None and are_older(inputs.marks, began_ns - behind_ns):
        inert = Inert(inputs, tuple(found.files), tuple(found.folders), convention)
        _file(project).write(marshal.dumps(astuple(inert)))
    return found


def _plain_convention(project: Project) -> dict[str, str] | None:
    """The naming convention; None where it has functions."""
    found = project.metadata[0].naming_convention.items()
    plain = {key: value for key, value in found if isinstance(key, str) and isinstance(value, str)}
    return plain if len(plain) == len(found) else None


def _only_define(environment: Environment, found: Touched, before: Mapping[str, Any], drivers: set[str]) -> bool:
    """Whether the models, which are imported by now, are one MetaData and did nothing besides."""
    from alembic_manage.standing.traces import are_left, name_a_driver

    project = environment.project
    if len(project.metadata) != 1 or not is_knowable(environment, found) or are_left(before):
        return False
    own = project_modules(project.root, project.settings.module)
    return not name_a_driver(own, drivers)


def _drivers(environment: Environment) -> set[str]:
    """The names of the package that speaks to the database, which is imported here, before the models do it."""
    try:
        dialect = environment.database.url.get_dialect()
        package = getattr(dialect.import_dbapi(), "__name__", dialect.driver)
    except (ImportError, NoSuchModuleError):
        return set()  # who connects will say what is missing
    return {dialect.driver, str(package).partition(".")[0]}


def _read(project: Project) -> Inert | None:
    return read_kept(_file(project), lambda inputs, *others: Inert(Inputs(*inputs), *others))


def _file(project: Project) -> CacheFile:
    return kept_file(project.root, project.settings.module, _FORMAT, ending=_ENDING)

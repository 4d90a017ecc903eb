"""Refuses a migration that drops most of the tables: more often than not, models were not imported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from alembic_manage import alembic_api
from alembic_manage.alembic_plugin import OwnTables
from alembic_manage.apps import App
from alembic_manage.autodetect.declarations import Declaration, declarations_of
from alembic_manage.errors import RefusedError
from alembic_manage.location import display_path
from alembic_manage.project import Project
from alembic_manage.state.reflected import schema_shown
from alembic_manage.writing.draft import Draft

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

_SHOWN = 10


class Guard:
    """Counts the tables that a detection drops.

    Args:
        project: whose source is read for the cause.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._dropped: dict[str, None] = {}
        self._tables: set[str] = set()

    def watching(self, detect: Callable[[MigrationContext], Draft]) -> Callable[[MigrationContext], Draft]:
        """`detect`, watched."""

        def watched(context: MigrationContext) -> Draft:
            draft = detect(context)
            drops = [each for each in draft.changes if each.kind == "drop_table"]
            if drops:
                own = OwnTables(context.version_table)
                self._tables |= set(map(str, schema_shown(alembic_api.connection_of(context), own).shown_tables))
                self._dropped |= dict.fromkeys(
                    f"{each.schema}.{each.name}" if each.schema else each.name for each in drops
                )
            return draft

        return watched

    def refusal(self, confirmed: Collection[str] = ()) -> RefusedError | None:
        """Why what was watched must not be written; None where all is well.

        Args:
            confirmed: tables of which somebody has said that they go.
        """
        dropped = [name for name in self._dropped if name not in confirmed]
        if not is_too_much(len(dropped), len(self._tables)):
            return None
        more = len(dropped) - _SHOWN
        shown = ", ".join(dropped[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
        share = "every table" if len(dropped) >= len(self._tables) else f"{len(dropped)} of {len(self._tables)} tables"
        lines = [f"This would drop {share}: {shown}."]
        lines += list(causes(self.project, dropped)) or ["No source file of the project defines them."]
        return RefusedError(
            "\n".join(lines), hint="if they are to go, with their rows: python manage.py makemigrations --allow-drops"
        )


def is_too_much(dropped: int, tables: int) -> bool:
    """Whether it is all of the tables, or two and more than half."""
    return dropped > 0 and (dropped >= tables or (dropped >= 2 and dropped * 2 > tables))


def causes(project: Project, tables: Collection[str]) -> Iterator[str]:
    """A line for each place in the project's source that defines one of the tables, though the models have it not."""
    names = {table.rpartition(".")[2]: table for table in tables}
    for each in declarations_of(project):
        table = next((names[name] for name in each.names if name in names), None)
        if table is not None:
            place = f"{display_path(each.path, project.root.resolve())}:{each.line}"
            yield f"  {place} defines {table}, but {_why(project, each)}"


def _why(project: Project, declaration: Declaration) -> str:
    settings = project.settings
    if declaration.is_imported:
        named = ", ".join(settings.metadata)
        return f"in another MetaData than METADATA names ({named})." if named else "no models module leads to it."
    package, _, rest = declaration.module.partition(".models")
    installed = [app.name for app in project.apps]
    is_models_module = declaration.module != package and (not rest or rest.startswith("."))
    if is_models_module and package not in installed and not settings.metadata:
        return f'is not imported: add "{package}" to INSTALLED_APPS in {settings.module}.py.'
    return f"is not imported: add `import {declaration.module}` to {_importer(project, declaration)}."


def _importer(project: Project, declaration: Declaration) -> str:
    """The file that should import a module."""
    named = [name.partition(":")[0] for name in project.settings.metadata if ":" in name]
    if named:
        return named[0].replace(".", "/") + ".py"
    owner = next((app for app in project.apps if declaration.module.startswith(f"{app.name}.")), None)
    owner = owner or next(iter(project.apps), None)
    return _models_file(owner, project) if owner else "a models module"


def _models_file(app: App, project: Project) -> str:
    package = app.path / "models"
    path = package / "__init__.py" if package.is_dir() else app.path / "models.py"
    return display_path(path, project.root)

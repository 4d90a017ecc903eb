"""The tables of a project by the names that people type: an app, "app.table", or a mapped class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Table
from sqlalchemy.sql.ddl import sort_tables_and_constraints

from alembic_manage.errors import UnknownAppError, UsageError

if TYPE_CHECKING:
    from alembic_manage.project import Project


class ProjectTables:
    """Every table of a project's metadata.

    Args:
        project: the project.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.all: tuple[Table, ...] = _in_order(
            table for metadata in project.require_metadata() for table in metadata.tables.values()
        )
        """Each table after those that it refers to, where there is no cycle."""

    @cached_property
    def labels(self) -> Mapping[str, Table]:
        """The tables by "app.table", or by their key alone where no app defines them."""
        return {f"{self._app_of[table.key]}.{table.key}".lstrip("."): table for table in self.all}

    @cached_property
    def label_of(self) -> Mapping[str, str]:
        """The labels by the tables' keys."""
        return {table.key: label for label, table in self.labels.items()}

    def of_apps(self, labels: Iterable[str]) -> tuple[Table, ...]:
        """The tables of apps, in the order of `all`; of all apps where none is named.

        Raises:
            UnknownAppError: no installed app has a label.
        """
        from alembic_manage.apps import app_with_label

        names = [app_with_label(self.project.apps, label).label for label in labels]
        return tuple(table for table in self.all if not names or self._app_of[table.key] in names)

    def select(self, names: Sequence[str], exclude: Sequence[str] = ()) -> tuple[Table, ...]:
        """The tables that are named, but for those that are excluded, in the order of `all`.

        Args:
            names: apps and "app.table"; none for all tables.
            exclude: the same.

        Raises:
            UsageError: something is not the name of an app or a table.
        """
        chosen = {table.key for name in names for table in self._named(name)} or {table.key for table in self.all}
        left_out = {table.key for name in exclude for table in self._named(name)}
        return tuple(table for table in self.all if table.key in chosen - left_out)

    def find(self, name: str) -> Table | None:
        """The table that a record's model names: its label, its key, or Django's "app.class"; None for no table."""
        return self._by_name.get(name.lower())

    def nearest(self, name: str) -> str:
        """A hint that names what is most like a name."""
        near = get_close_matches(name.lower(), [*self.labels, *self._apps], n=1)
        return f"did you mean {near[0]}?" if near else f"one of: {', '.join(sorted(self.labels))}"

    def _named(self, name: str) -> Sequence[Table]:
        """Raises UsageError where there is nothing of the name."""
        if name in self._apps:
            return [table for table in self.all if self._app_of[table.key] == name]
        table = self.find(name)
        if table is not None:
            return [table]
        error = UsageError if "." in name else UnknownAppError
        raise error(f"No app and no table of a model is called '{name}'.", hint=self.nearest(name))

    @cached_property
    def _apps(self) -> frozenset[str]:
        return frozenset(app.label for app in self.project.apps)

    @cached_property
    def _app_of(self) -> Mapping[str, str]:
        """The label of the app that defines a table, by the table's key; empty for none."""
        owners = {key: app.label for app in reversed(self.project.apps) for key in self.project.tables_of(app)}
        return {table.key: owners.get(table.key, "") for table in self.all}

    @cached_property
    def _by_name(self) -> Mapping[str, Table]:
        from alembic_manage.models import mapped_classes, model_modules

        found: dict[str, Table] = {}
        for name, cls in mapped_classes(model_modules(self.project)).items():
            table = getattr(cls, "__table__", None)
            if isinstance(table, Table) and table.key in self._app_of:
                found[f"{self._app_of[table.key]}.{name}".lstrip(".").lower()] = table
        found |= {table.key.lower(): table for table in self.all}
        return found | {label.lower(): table for label, table in self.labels.items()}


def _in_order(tables: Iterable[Table]) -> tuple[Table, ...]:
    by_name = sorted(tables, key=lambda table: table.key)
    in_order = sort_tables_and_constraints(by_name)  # type: ignore[no-untyped-call]
    return tuple(table for table, _ in in_order if table is not None)

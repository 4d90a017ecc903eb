"""The labels that enum types have in the models, for rules that ask in which order they are wanted."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_manage.autodetect.named_types import enums_in
from alembic_manage.errors import CommandError
from alembic_manage.state.objects import Key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_manage.project import Project


@dataclass(frozen=True)
class ModelEnums:
    """The enum types of the models of a project, which are imported when a rule asks.

    Args:
        project: None where there are no models to ask.
    """

    project: Project | None = None

    def stands_behind(self, type_: Key, label: str, others: tuple[str, ...]) -> bool:
        """Whether the models have a label of a type behind all of `others` that they have."""
        labels = self._labels.get(type_, ())
        return label in labels and not set(labels[labels.index(label) + 1 :]) & set(others)

    @cached_property
    def _labels(self) -> Mapping[Key, tuple[str, ...]]:
        if self.project is None:
            return {}
        with suppress(CommandError):  # models that cannot be imported are told of by other commands
            return {
                Key(enum.schema, str(enum.name)): tuple(map(str, enum.enums))
                for metadata in self.project.metadata
                for table in metadata.tables.values()
                for column in table.columns
                for enum in enums_in(column.type)
            }
        return {}

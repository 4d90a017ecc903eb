"""Compares with the history only what may have changed since a comparison that found nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from alembic_manage import alembic_api
from alembic_manage.alembic_plugin import ensure_registered
from alembic_manage.environment import Environment
from alembic_manage.errors import HistoryStateError
from alembic_manage.state.objects import Key
from alembic_manage.state.replay import Replay
from alembic_manage.unchanged import hooks
from alembic_manage.unchanged.check import remember_unchanged
from alembic_manage.unchanged.digest import digest
from alembic_manage.unchanged.history_record import HistoryRecord, options_key
from alembic_manage.unchanged.models import Fingerprints, fingerprints_of
from alembic_manage.unchanged.surroundings import surroundings_of

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import MetaData, Table

    from alembic_manage.state.schema import Schema

T = TypeVar("T")
_MOST = 0.5
"""The share of the tables from which on all are compared at once."""


@dataclass(frozen=True)
class Clean(Generic[T]):
    """What a comparison of all models with all revisions on disk gives that finds nothing."""

    result: T
    is_clean: Callable[[T], bool]
    """Whether a result is one like it, and would be another time: nothing was asked, no table was left out."""
    surroundings: str | None = None
    """What `surroundings_of` gives, where somebody has asked already."""


class CleanComparison:
    """One comparison of the models with a replayed history.

    Made before the comparison, which may leave traces at the models.

    Args:
        environment: whose models and revisions count.
        context: as env.py configured it.
        replay: the history, replayed.
        surroundings: what `surroundings_of` gives, where somebody has asked already.
    """

    def __init__(
        self, environment: Environment, context: MigrationContext, replay: Replay, surroundings: str | None = None
    ) -> None:
        self.environment = environment
        self.context = context
        self.replay = replay
        self._around = surroundings or surroundings_of(environment.project, environment.database.alias)
        if environment.project.settings.metadata:
            environment.project.metadata  # noqa: B018 - its modules may add tables to an env.py's own MetaData
        self.fingerprints: Fingerprints = fingerprints_of(self._metadata, environment.database.url.get_dialect()())

    def is_clean(self) -> bool:
        """Whether it is known that a comparison finds nothing; the tables that differ are compared for it."""
        kept = self._record(self.replay.loaded.key) if self.replay.loaded is not None else None
        before = kept.read() if kept is not None else None
        if before is None or before.rest is None or before.rest != self.fingerprints.rest:
            return False
        changed = self._changed_in_history()
        if changed is None:
            return False
        changed |= {self._key_of(each) for each in self._changed_models(before)}
        if len(changed) > _MOST * len(self.fingerprints.tables):
            return False
        return not changed or self._is_clean_within(changed)

    def remember(self) -> None:
        """Keep that it found nothing, where that would be so another time."""
        kept = self._record(self.replay.key) if self.replay.key is not None else None
        if kept is None or not hooks.are_known():
            return
        if self.fingerprints.rest is not None:
            kept.write(self.fingerprints)
        script, cache = self.environment.script, self.replay.cache
        project = self.environment.project
        if cache is not None and script.dir and project.migrations_dir.samefile(script.dir):
            remember_unchanged(
                project,
                self._around,
                folders=alembic_api.version_folders(script),
                recursive=bool(script.recursive_version_locations),
                files=cache.files,
                fingerprints=self.fingerprints,
            )

    @property
    def _metadata(self) -> Sequence[MetaData]:
        found = self.context.opts["target_metadata"]
        metadata: Iterable[Any] = found if isinstance(found, list | tuple) else [found]
        return [each for each in metadata if each is not None]

    def _record(self, state: str) -> HistoryRecord | None:
        """The record for a state; None where a comparison may depend on what is not known."""
        if self._surroundings is None or not hooks.are_known():
            return None
        return HistoryRecord(self.environment.project.root, state, self._surroundings)

    @cached_property
    def _surroundings(self) -> str | None:
        options = options_key(self.context.opts)
        if options is None:
            return None
        return digest([self._around, options, self.context.dialect.name])

    def _changed_in_history(self) -> set[Key] | None:
        """The tables of the history that differ from those of the kept state; None where more than tables does."""
        assert self.replay.loaded is not None
        before, after = self.replay.loaded.schema, self.replay.schema
        if before is after:
            return set()
        if not before.has_same_rest(after):
            return None
        keys = before.tables.keys() | after.tables.keys()
        return {key for key in keys if before.tables.get(key) != after.tables.get(key)}

    def _changed_models(self, before: Fingerprints) -> list[tuple[str | None, str]]:
        """Schema and name of the tables of the models that differ, or of which nobody can tell."""
        now = self.fingerprints.tables
        tables = {
            f"{place} {key}": each for place, all in enumerate(self._metadata) for key, each in all.tables.items()
        }
        changed = [key for key in now if now[key] is None or now[key] != before.tables.get(key)]
        gone = [key.partition(" ")[2] for key in before.tables.keys() - now.keys()]
        return [
            *((tables[key].schema, tables[key].name) for key in changed),
            *(name for key in gone for name in _names_of(key)),
        ]

    def _key_of(self, name: tuple[str | None, str]) -> Key:
        return self.replay.schema.key(*name)

    def _is_clean_within(self, changed: set[Key]) -> bool:
        """Whether the tables that changed have no changes now, nor those that refer to them."""
        ensure_registered()
        schema = self.replay.schema
        tables = [table for each in self._metadata for table in each.tables.values()]
        changed = changed | {
            key for key, table in schema.tables.items() if any(each.referred in changed for each in table.foreign_keys)
        }
        chosen = [table for table in tables if self._is_among(table, changed)]
        names = {(key.schema, key.name) for key in changed} | {(table.schema, table.name) for table in chosen}
        shown = _with_referred(schema, {*changed, *(self._key_of((each.schema, each.name)) for each in chosen)})
        try:
            with schema.showing(shown):
                return not self.replay.compare(lambda: alembic_api.compare_part(self.context, chosen, names))
        except HistoryStateError:
            return False

    def _is_among(self, table: Table, changed: set[Key]) -> bool:
        if self._key_of((table.schema, table.name)) in changed:
            return True
        return any(self._key_of((each.schema, each.name)) in changed for each in _referred_tables(table))


def _referred_tables(table: Table) -> list[Table]:
    found = []
    for key in table.foreign_keys:
        try:
            found.append(key.column.table)
        except SQLAlchemyError:  # what it refers to is not there
            continue
    return found


def _with_referred(schema: Schema, keys: set[Key]) -> set[Key]:
    """These tables and those that they refer to; Alembic's own too."""
    wanted = [table for table in map(schema.find, keys) if table is not None]
    referred = {each.referred for table in wanted for each in table.foreign_keys}
    return {table.key for table in wanted} | referred | schema.own_tables


def _names_of(key: str) -> Iterator[tuple[str | None, str]]:
    """What the key of a table that is no longer there may mean: a dot may be part of a name."""
    yield None, key
    for place, letter in enumerate(key):
        if letter == ".":
            yield key[:place], key[place + 1 :]

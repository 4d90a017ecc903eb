"""Compares the models with the connected database, which must be where the history is."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from alembic_manage import alembic_api
from alembic_manage.autodetect.order import without_needless_drops
from alembic_manage.environment import Environment
from alembic_manage.errors import ModelsError, RecordError
from alembic_manage.history import History
from alembic_manage.plan import applied_ids, require_known
from alembic_manage.writer import Draft

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


def detect(environment: Environment, expected: Collection[str], tables: frozenset[str] | None = None) -> Draft:
    """The changes that make the schema what the models say; an empty draft where there are none.

    Args:
        environment: of the database to compare with.
        expected: the ids that its record must hold, all heads as a rule.
        tables: keys of the only tables that count; None for all.

    Raises:
        ModelsError: no models were found.
        RecordError: the database is behind `expected`, ahead of it, or at a migration without a file.
        ConnectionFailedError: there is no connection.
    """

    def keep(operation: Any) -> bool:
        return tables is None or _table_key(operation) in tables

    def compare(context: MigrationContext, heads: tuple[str, ...]) -> Draft:
        _require_models(environment, context.opts["target_metadata"])
        _require_at(environment, heads, expected)
        script = alembic_api.autogenerate(context, keep, without_needless_drops)
        if script is None:
            return Draft.empty()
        imports = set(script.imports)
        assert script.upgrade_ops is not None
        assert script.downgrade_ops is not None
        upgrade = alembic_api.render(context, script.upgrade_ops, imports)
        downgrade = alembic_api.render(context, script.downgrade_ops, imports)
        return Draft(upgrade, downgrade, tuple(sorted(imports)))

    drafts = environment.read(compare)
    return next((draft for draft in drafts if draft.changes), Draft.empty())


def _require_models(environment: Environment, target_metadata: Any) -> None:
    """Refuse to compare with nothing: every table of the database would count as removed."""
    metadata = target_metadata if isinstance(target_metadata, list | tuple) else [target_metadata]
    if not any(each is not None and each.tables for each in metadata):
        environment.project.require_metadata()
        raise ModelsError(
            "The target_metadata of env.py has no tables.", hint="target_metadata = project.target_metadata, in env.py"
        )


def _require_at(environment: Environment, recorded: Collection[str], expected: Collection[str]) -> None:
    history: History = environment.history
    alias = environment.database.alias
    applied, wanted = applied_ids(history, require_known(history, recorded)), history.ancestors(expected)
    missing, ahead = history.in_order(wanted - applied), history.in_order(applied - wanted)
    if missing:
        names = ", ".join(revision.id for revision in missing[:5])
        raise RecordError(
            f"The database '{alias}' is behind: {len(missing)} migration(s) not applied "
            f"({names}{', ...' * (len(missing) > 5)}), so the models cannot be compared with it.",
            hint="python manage.py migrate" + ("" if alias == "default" else f" --database {alias}"),
        )
    if ahead:
        raise RecordError(
            f"Cannot update the migration {ahead[-1].id}: it is applied to the database '{alias}'.",
            hint="python manage.py rollback",
        )


def _table_key(operation: Any) -> str:
    schema, table = getattr(operation, "schema", None), getattr(operation, "table_name", None)
    return f"{schema}.{table}" if schema else str(table)

"""Compares the models with the schema that a connection shows, and asks about what only a person knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from alembic_manage import alembic_api
from alembic_manage.autodetect.batches import grouped
from alembic_manage.autodetect.boolean_defaults import with_boolean_defaults
from alembic_manage.autodetect.column_places import with_columns_in_place
from alembic_manage.autodetect.computed_again import ComputedAgain
from alembic_manage.autodetect.constraint_names import with_constraint_names
from alembic_manage.autodetect.dependents_last import with_dependents_last
from alembic_manage.autodetect.detection import Detection, Pass
from alembic_manage.autodetect.enum_types import with_enum_types
from alembic_manage.autodetect.forgotten_checks import with_forgotten_checks
from alembic_manage.autodetect.forgotten_indexes import with_forgotten_indexes
from alembic_manage.autodetect.implied_indexes import without_implied_indexes
from alembic_manage.autodetect.kept_collations import KeptCollations
from alembic_manage.autodetect.key_cycles import without_key_cycles
from alembic_manage.autodetect.keys_in_the_way import without_keys_in_the_way
from alembic_manage.autodetect.losses import with_losses
from alembic_manage.autodetect.order import in_order, without_needless_drops
from alembic_manage.autodetect.orphans import without_orphans
from alembic_manage.autodetect.part import Part, Split
from alembic_manage.autodetect.quoted_names import quoted_by_each
from alembic_manage.autodetect.renames import renamed
from alembic_manage.autodetect.restored import restored
from alembic_manage.autodetect.several_kinds import understood_by_each
from alembic_manage.autodetect.steps import STEPS
from alembic_manage.autodetect.steps.drop_order import last_column_first
from alembic_manage.autodetect.type_source import TypeSource
from alembic_manage.environment import Environment
from alembic_manage.errors import ModelsError
from alembic_manage.operations.steps import flattened
from alembic_manage.questions import Given, Questioner
from alembic_manage.writing.draft import Draft

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

PASSES: Sequence[Pass] = (
    last_column_first,
    restored,
    with_enum_types,
    without_needless_drops,
    without_key_cycles,
    without_keys_in_the_way,
    with_constraint_names,
    without_implied_indexes,
    without_orphans,
    in_order,
    *STEPS,
    with_dependents_last,
    with_columns_in_place,
    with_forgotten_indexes,
    with_forgotten_checks,
    understood_by_each,
    quoted_by_each,
    with_boolean_defaults,
)
"""What becomes of the operations between the comparison and the file, in this order."""


def detector(
    environment: Environment,
    questioner: Questioner,
    tables: frozenset[str] | None = None,
    known: Collection[str] = (),
    given: Given | None = None,
    *,
    may_drop_all: bool = False,
    split: Split | None = None,
) -> Callable[[MigrationContext], Draft]:
    """A function that gives the changes which make the schema on a context's connection what the models say.

    It returns an empty draft where there are none, and raises ModelsError where no models were found.

    Args:
        environment: whose models count, for messages.
        questioner: answers what only a person knows.
        tables: keys of the only tables that count; None for all.
        known: differences that are left out; see `differences`.
        given: answers from the command line; None for none.
        may_drop_all: whether models without any table mean that all tables go, should the schema have some; see Guard.
        split: gives several revisions in place of one; the draft has them as its parts. None for one revision.
    """

    def keep(context: MigrationContext, operation: Any) -> bool:
        inside = tables is None or _table_key(operation) in tables
        return inside and (not known or alembic_api.one_line_of(context, operation) not in known)

    def detect(context: MigrationContext) -> Draft:
        _import_named(environment)
        detection = Detection(environment, context, questioner, given or Given(), tables)
        if not (may_drop_all and detection.before.shown_tables):
            _require_models(environment, context.opts["target_metadata"])
        script: ops.MigrationScript

        def compare() -> list[ops.MigrateOperation]:
            nonlocal script
            shown = detection.context
            script = alembic_api.compare(shown, lambda operation: keep(shown, operation))
            return list(flattened(_operations(script)))

        found = compare()
        renames, left = renamed(found, detection, compare)
        operations = [*renames, *left]
        for each in PASSES if operations else ():
            operations = each(operations, detection)
        whole = _draft(detection, script, operations)
        parts = split(operations, detection) if split is not None and whole.changes else ()
        return replace(whole, parts=tuple(_drafts(detection, script, parts)))

    return detect


def _import_named(environment: Environment) -> None:
    """Import what METADATA names, for the tables that it adds to an env.py's own MetaData."""
    if environment.project.settings.metadata:
        environment.project.metadata  # noqa: B018


def _operations(script: ops.MigrationScript) -> list[ops.MigrateOperation]:
    assert script.upgrade_ops is not None
    return list(script.upgrade_ops.ops)


def _drafts(detection: Detection, script: ops.MigrationScript, parts: Sequence[Part]) -> Iterator[Draft]:
    """A draft for each part that does something."""
    for part in parts:
        draft = _draft(detection, script, list(part.operations))
        if (draft.upgrade, draft.downgrade) != ("pass", "pass"):
            yield replace(draft, phase=part.phase, word=part.word)


def _draft(detection: Detection, script: ops.MigrationScript, operations: list[ops.MigrateOperation]) -> Draft:
    """What both functions of the revision file hold."""
    assert script.upgrade_ops is not None
    reverse = [operation.reverse() for operation in reversed(operations)]
    again, kept = ComputedAgain(detection), KeptCollations(detection)
    up, down = (grouped(with_losses(flattened(each))) for each in (operations, reverse))
    script.upgrade_ops.ops = kept.in_batches(again.in_batches(up))
    script.downgrade_ops = ops.DowngradeOps(kept.in_batches(again.in_batches(down, is_downgrade=True)))
    final = alembic_api.revised(detection.context, script)
    if final is None:
        return Draft.empty()
    imports = set(final.imports)
    assert final.upgrade_ops is not None
    assert final.downgrade_ops is not None
    upgrade = _rendered(detection, final.upgrade_ops, imports)
    downgrade = _rendered(detection, final.downgrade_ops, imports)
    return Draft(upgrade, downgrade, tuple(sorted(imports)), final.rev_id)


def _rendered(detection: Detection, container: ops.OpContainer, imports: set[str]) -> str:
    project = detection.environment.project
    types = TypeSource(detection.kinds, as_implementation=project.settings.migration_types == "implementation")
    return alembic_api.render(detection.context, container, imports, types.render_item, as_batch=project.needs_batch)


def differences(environment: Environment) -> Callable[[MigrationContext], tuple[str, ...]]:
    """A function that gives the differences between models and schema, each as one line of Alembic's operations."""

    def read(context: MigrationContext) -> tuple[str, ...]:
        _import_named(environment)
        _require_models(environment, context.opts["target_metadata"])
        found: list[str] = []

        def keep(operation: Any) -> bool:
            found.append(alembic_api.one_line_of(context, operation))
            return True

        alembic_api.compare(context, keep)
        return tuple(dict.fromkeys(found))

    return read


def _require_models(environment: Environment, target_metadata: Any) -> None:
    """Refuse to compare with nothing: every table of the database would count as removed."""
    metadata = target_metadata if isinstance(target_metadata, list | tuple) else [target_metadata]
    if not any(each is not None and each.tables for each in metadata):
        environment.project.require_metadata()
        raise ModelsError(
            "The target_metadata of env.py has no tables.", hint="target_metadata = project.target_metadata, in env.py"
        )


def _table_key(operation: Any) -> str:
    schema, table = getattr(operation, "schema", None), getattr(operation, "table_name", None)
    return f"{schema}.{table}" if schema else str(table)

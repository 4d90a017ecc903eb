"""Sequences of the MetaData, and those of the database that no column owns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import Sequence

from alembic_manage.comparators.catalog import catalog_of, connection_of, own_schema, rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.operations.sequence import AlterSequence, CreateSequence, DropSequence

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

_OPTIONS = ("data_type", "start", "increment", "minvalue", "maxvalue", "cache", "cycle")


@compares("schema", "sequences", DispatchPriority.LAST)
def _compare_sequences(
    autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Iterable[str | None]
) -> PriorityDispatchResult:
    dialect: Any = autogen_context.dialect
    if not dialect.supports_sequences:
        return PriorityDispatchResult.CONTINUE
    wanted = _sequences_of_models(autogen_context)
    for schema in sorted(schemas, key=lambda name: name or ""):
        there = catalog_of(autogen_context).sequences(connection_of(autogen_context), schema)
        own = {name: sequence for (place, name), sequence in wanted.items() if place == schema}
        made, dropped = _compared(autogen_context, schema, there, own)
        # A default that takes numbers from a sequence needs it; a sequence is needed until such a default is gone.
        upgrade_ops.ops[:0] = made
        upgrade_ops.ops += dropped
    return PriorityDispatchResult.CONTINUE


def _sequences_of_models(autogen_context: AutogenContext) -> Mapping[tuple[str | None, str], Sequence]:
    dialect: Any = autogen_context.dialect
    metadata: Any = autogen_context.metadata
    found = metadata if isinstance(metadata, list | tuple) else [metadata]
    return {
        (own_schema(autogen_context, sequence.schema), str(sequence.name)): sequence
        for each in found
        if each is not None
        for sequence in each._sequences.values()
        if not (sequence.optional and dialect.sequences_optional)
    }


def _compared(
    autogen_context: AutogenContext,
    schema: str | None,
    there: Mapping[str, Mapping[str, Any]],
    wanted: Mapping[str, Sequence],
) -> tuple[list[ops.MigrateOperation], list[ops.MigrateOperation]]:
    made: list[ops.MigrateOperation] = []
    dropped: list[ops.MigrateOperation] = []
    for name, sequence in sorted(wanted.items()):
        options = _options(autogen_context, _given(sequence))
        if not autogen_context.run_object_filters(sequence, name, "sequence", False, None):  # type: ignore[arg-type]
            continue
        if name not in there:
            made.append(CreateSequence(name, options, schema))
        else:
            made += _altered(autogen_context, schema, name, there[name], options)
    for name in sorted(there.keys() - wanted.keys() - _named_in_defaults(autogen_context)):
        options = _options(autogen_context, there[name])
        gone = Sequence(name, schema=schema)
        if autogen_context.run_object_filters(gone, name, "sequence", True, None):  # type: ignore[arg-type]
            dropped.append(DropSequence(name, _said(autogen_context, options), schema))
    return made, dropped


def _named_in_defaults(autogen_context: AutogenContext) -> set[str]:
    """The words of the models' server defaults: who takes numbers from a sequence needs it, though it is no model's."""
    dialect: Any = autogen_context.dialect
    compiler = dialect.ddl_compiler(dialect, None)
    columns = [column for table in autogen_context.sorted_tables for column in table.columns]
    texts = [compiler.get_column_default_string(column) for column in columns if column.server_default is not None]
    return {word for text in texts if text is not None and "nextval" in text for word in re.findall(r"\w+", text)}


def _altered(
    autogen_context: AutogenContext,
    schema: str | None,
    name: str,
    there: Mapping[str, Any],
    wanted: Mapping[str, Any],
) -> list[ops.MigrateOperation]:
    have, want = _complete(autogen_context, _options(autogen_context, there)), _complete(autogen_context, wanted)
    changed = [option for option in want if have[option] != want[option]]
    before, after = ({option: side[option] for option in changed} for side in (have, want))
    return [AlterSequence(name, before, after, schema)] if changed else []


def _given(sequence: Sequence) -> Mapping[str, Any]:
    return {name: value for name in _OPTIONS if (value := getattr(sequence, name, None)) is not None}


def _options(autogen_context: AutogenContext, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options in one order; a data type in the database's words."""
    found = {name: options[name] for name in _OPTIONS if options.get(name) is not None}
    data_type = found.get("data_type")
    if data_type is not None and not isinstance(data_type, str):
        dialect: Any = autogen_context.dialect
        text = str(dialect.type_compiler_instance.process(data_type))
        found["data_type"] = rules_of(autogen_context).canonical_type(text) or text
    return found


def _complete(autogen_context: AutogenContext, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every option that the database keeps."""
    defaults = rules_of(autogen_context).sequence_defaults(options)
    return {name: options.get(name, default) for name, default in defaults.items()}


def _said(autogen_context: AutogenContext, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options without those that need not be said."""
    defaults = rules_of(autogen_context).sequence_defaults(
        {name: value for name, value in options.items() if name in ("increment", "data_type")}
    )
    said = {name: value for name, value in options.items() if defaults.get(name) != value}
    # A start that is the first number need not be said either.
    is_first = options.get("start") == rules_of(autogen_context).sequence_defaults(said).get("start")
    return {name: value for name, value in said.items() if not (name == "start" and is_first)}

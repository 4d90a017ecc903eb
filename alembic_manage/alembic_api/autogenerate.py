"""Alembic's comparison of models with a database, and the text that it writes.

autogenerate.api.AutogenContext, autogenerate.render._render_cmd_body       1.18.0, 1.20.1
autogenerate.render._repr_type                                              1.18.0, 1.20.1
MigrationContext._user_compare_type, _user_compare_server_default           1.18.0, 1.20.1
runtime.plugins._all_plugins, PriorityDispatcher._registry, ddl.impl._impls 1.18.0, 1.20.1
Operations._to_impl, its _registry                                          1.18.0, 1.20.1
AutogenContext.sorted_tables, table_key_to_table, _name_filters             1.18.0, 1.20.1
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

from alembic.autogenerate import comparators as common_comparators
from alembic.autogenerate import compare as alembic_compare
from alembic.autogenerate import produce_migrations
from alembic.autogenerate import render as alembic_render
from alembic.autogenerate.api import AutogenContext
from alembic.ddl import impl as alembic_impl
from alembic.operations import Operations, ops
from alembic.runtime import plugins as alembic_plugins
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Table
from sqlalchemy.exc import SAWarning


def compare(context: MigrationContext, keep: Callable[[Any], bool]) -> ops.MigrationScript:
    """The operations that lead from the connected database to env.py's target_metadata, and what they need imported.

    Args:
        context: an online context.
        keep: says of an operation whether it belongs to the result; asked for each one inside a table's.
    """
    with warnings.catch_warnings():
        # Keys that go round in a circle are taken apart later on.
        warnings.filterwarnings("ignore", "Cannot correctly sort tables", SAWarning)
        script = produce_migrations(context, context.opts["target_metadata"])
    assert script.upgrade_ops is not None
    script.upgrade_ops.ops = [kept for operation in script.upgrade_ops.ops if (kept := _kept(operation, keep))]
    return script


def compare_part(context: MigrationContext, tables: Collection[Table], names: Collection[TableName]) -> bool:
    """Whether Alembic finds an operation where it looks only at some tables.

    Args:
        context: an online context; the schema that it shows need not have other tables than those that are named, and
            what these refer to.
        tables: of env.py's target_metadata.
        names: schema and name of the tables of the database.
    """
    comparison = AutogenContext(context, metadata=context.opts["target_metadata"])
    vars(comparison)["sorted_tables"] = list(tables)
    vars(comparison)["table_key_to_table"] = {table.key: table for table in tables}

    def is_named(name: str | None, kind: str, parents: Mapping[str, Any]) -> bool:
        return kind != "table" or (parents["schema_name"], name) in names

    comparison._name_filters.append(is_named)
    script = ops.MigrationScript(None, ops.UpgradeOps([]), ops.DowngradeOps([]))
    alembic_compare._populate_migration_script(comparison, script)
    assert script.upgrade_ops is not None
    return not script.upgrade_ops.is_empty()


TableName: TypeAlias = tuple[str | None, str]
"""Schema, None for the default one, and name of a table."""


def comparators_and_implementations() -> Iterator[Any]:
    """The functions that take part in every comparison, and the classes that know what a kind of database is like."""
    registries = [each.autogenerate_comparators for each in alembic_plugins._all_plugins.values()]
    for registry in (common_comparators, *registries):
        for found in registry._registry.values():
            yield from (function for function, _ in found)
    yield from alembic_impl._impls.values()


def registered() -> list[Any]:
    """All that somebody told Alembic to use: comparators, implementations of databases, and those of operations."""
    return [*comparators_and_implementations(), *Operations._to_impl._registry.values()]


def revised(context: MigrationContext, script: ops.MigrationScript) -> ops.MigrationScript | None:
    """The script after env.py's process_revision_directives; None where that hook took it away."""
    assert context.config is not None
    assert context.config.cmd_opts is not None
    context.config.cmd_opts.autogenerate = True
    hook = context.opts.get("process_revision_directives")
    directives = [script]
    if hook:
        hook(context, context.get_current_heads(), directives)
    return directives[0] if directives else None


def render(
    context: MigrationContext,
    container: ops.OpContainer,
    imports: set[str],
    render_item: Callable[[str, Any, AutogenContext], Any] | None = None,
    *,
    as_batch: bool = False,
) -> str:
    """The body of a revision's function; what it needs imported is added to `imports`.

    Alembic's marker comments are left out.

    Args:
        context: online, configured by env.py.
        container: what the function does.
        imports: import lines.
        render_item: takes the place of env.py's own; None for that one.
        as_batch: whether batches are written, also where env.py does not say so.
    """
    options = dict(context.opts)
    if render_item is not None:
        options["render_item"] = render_item
    if as_batch:
        options["render_as_batch"] = True
    rendering = AutogenContext(context, metadata=options["target_metadata"], opts=options)
    rendering.imports = imports
    body = alembic_render._indent(alembic_render._render_cmd_body(container, rendering))
    lines = [line for line in body.splitlines() if line.strip() not in _MARKERS]
    return "\n".join(lines).strip()


def type_source(type_: Any, autogen_context: AutogenContext) -> str:
    """A type as Alembic writes it."""
    return str(alembic_render._repr_type(type_, autogen_context))


def _kept(operation: Any, keep: Callable[[Any], bool]) -> Any:
    """The operation without what is not kept inside of it; None where nothing is left."""
    if not isinstance(operation, ops.ModifyTableOps):
        return operation if keep(operation) else None
    operation.ops = [inner for inner in operation.ops if keep(inner)]
    return operation if operation.ops else None


def one_line_of(context: MigrationContext, operation: Any) -> str:
    """An operation as the line of Python that a revision would have for it, outside of batches."""
    rendering = AutogenContext(context, metadata=context.opts["target_metadata"])
    return " ".join(" ".join(alembic_render.render_op(rendering, operation)).split())


def compares_types(autogen_context: AutogenContext) -> bool:
    """Whether env.py lets types be compared; `compare_type=False` says no."""
    return autogen_context.migration_context._user_compare_type is not False


def compares_defaults_itself(autogen_context: AutogenContext) -> bool:
    """Whether env.py has a function of its own for server defaults."""
    return callable(autogen_context.migration_context._user_compare_server_default)


_MARKERS = (
    "# ### commands auto generated by Alembic - please adjust! ###",
    "# ### end Alembic commands ###",
)

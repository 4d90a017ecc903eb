"""What env.py does besides, in words: all of it goes on under the suite."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from alembic_manage.adoption.source import Source, keyword, text_of

_WORDS = {
    "include_object": "include_object",
    "include_name": "include_name",
    "render_item": "render_item",
    "compare_type": "compare_type",
    "process_revision_directives": "process_revision_directives",
    "include_schemas": "several schemas",
    "tag": "tags",
}


def traits_of(env: Source) -> tuple[str, ...]:
    """What env.py does, in the order in which it is told."""
    return tuple(dict.fromkeys(_found(env)))


def runs_in_loop(env: Source) -> bool:
    """Whether migrations run several times: for each tenant, schema or database."""
    functions = {name for name, body in env.functions.items() if _runs(body, set())}
    return any(isinstance(node, ast.For | ast.AsyncFor) and _runs(node, functions) for node in env.nodes)


def chosen_versions(env: Source) -> ast.expr | None:
    """What env.py gives to `context.script.version_locations`; None where it does not choose the folders."""
    values = [
        node.value
        for node in env.nodes
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Attribute) and target.attr == "version_locations" for target in node.targets)
    ]
    return values[0] if values else None


def _found(env: Source) -> Iterator[str]:
    if {"run_sync", "AsyncEngine", "async_engine_from_config", "create_async_engine"} & env.words:
        yield "asyncio"
    for word, text in _WORDS.items():
        if any(keyword(call, word) is not None for call in env.calls("configure", "dict")):
            yield text
    for call in env.calls("configure", "dict"):
        table = keyword(call, "version_table")
        if table is not None:
            yield f"version table {text_of(table) or ''}".strip()
        if keyword(call, "version_table_schema") is not None:
            yield "its schema"
    if runs_in_loop(env):
        yield "a loop: migrations run several times"
    if chosen_versions(env) is not None:
        yield "it chooses the folder of revisions"


def _runs(node: ast.AST, functions: set[str]) -> bool:
    called = {
        getattr(each.func, "attr", getattr(each.func, "id", ""))
        for each in ast.walk(node)
        if isinstance(each, ast.Call)
    }
    passed = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return "run_migrations" in called or bool(functions & (called | passed))

"""What only one module may do."""

import ast
import re
from collections.abc import Iterator

from support.source import Module, modules

# Source: Alembic 1.20 documentation, "API Details".
PUBLIC_ALEMBIC = {
    "alembic",
    "alembic.autogenerate",
    "alembic.command",
    "alembic.config",
    "alembic.context",
    "alembic.op",
    "alembic.operations",
    "alembic.operations.ops",
    "alembic.runtime.plugins",
    "alembic.script",
    "alembic.util",
}
DATABASES = re.compile(r"(postgresql|mysql|mariadb|sqlite|oracle|mssql)(\+\w+)?", re.IGNORECASE)
DRIVERS = {"sqlite3", "psycopg", "psycopg2", "pymysql", "aiosqlite", "asyncpg", "aiomysql", "asyncmy", "MySQLdb"}


def places(module: Module, nodes: Iterator[ast.AST]) -> list[str]:
    return [f"{module.name}:{node.lineno} {ast.unparse(node)}" for node in nodes]


def calls(module: Module, *names: str) -> Iterator[ast.Call]:
    for node in module.nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
            yield node


def except_in(*rooms: str) -> list[Module]:
    """The modules that are in none of these rooms."""
    return [module for module in modules() if module.name.partition(".")[0] not in rooms]


def test_only_cli_ends_the_process():
    wrong = []
    for module in except_in("cli"):
        raised = (
            node
            for node in module.nodes
            if isinstance(node, ast.Raise) and node.exc is not None and ast.unparse(node.exc).startswith("SystemExit")
        )
        wrong += places(module, calls(module, "sys.exit", "exit", "quit", "os._exit"))
        wrong += places(module, raised)
    assert not wrong


def test_only_console_writes_to_a_terminal_and_reads_from_one():
    written = [f"sys.{stream}.{method}" for stream in ("stdout", "stderr") for method in ("write", "writelines")]
    read = ["input", "sys.stdin.readline", "getpass.getpass"]
    found = [
        place for module in except_in("console") for place in places(module, calls(module, "print", *written, *read))
    ]
    assert not found


def test_only_alembic_api_knows_what_alembic_does_not_document():
    wrong = []
    for module in except_in("alembic_api"):
        imported = [found for found in module.imports if found.module.partition(".")[0] == "alembic"]
        wrong += [
            f"{module.name}:{found.line} {found.module} {found.name or ''}"
            for found in imported
            if not {found.module, f"{found.module}.{found.name}"} & PUBLIC_ALEMBIC or (found.name or "").startswith("_")
        ]
        names = {found.name or found.module.rpartition(".")[2] for found in imported}
        private = (
            node
            for node in module.nodes
            if isinstance(node, ast.Attribute)
            and node.attr.startswith("_")
            and isinstance(node.value, ast.Name)
            and node.value.id in names
        )
        wrong += places(module, private)
    assert not wrong


def test_only_dialects_name_a_database():
    wrong = []
    for module in except_in("dialects"):
        named = (
            node
            for node in module.nodes
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in module.docstrings
            and DATABASES.fullmatch(node.value)
        )
        wrong += places(module, named)
        wrong += [
            f"{module.name}:{found.line} {found.module}"
            for found in module.imports
            if found.module.partition(".")[0] in DRIVERS or found.module.startswith("sqlalchemy.dialects")
        ]
    assert not wrong

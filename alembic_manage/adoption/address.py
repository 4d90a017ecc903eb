"""Where the database's URL comes from: the code for DATABASES that asks the same place as env.py does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from alembic_manage.adoption.configuration import Configuration
from alembic_manage.adoption.slice import NotAloneError, Slice, slice_of
from alembic_manage.adoption.source import Source, called_name, keyword, text_of

VARIABLE = "DATABASE_URL"
_OPTION = "sqlalchemy.url"


@dataclass(frozen=True)
class Address:
    """The URL of the database."""

    code: Slice
    origin: str
    """Where it comes from, for a person; no password in it."""
    doubt: str = ""


def find_address(env: Source, configuration: Configuration, env_path: str) -> Address:
    """The URL that env.py connects to.

    Args:
        env: the file.
        configuration: with alembic.ini, which counts where env.py says nothing of its own.
        env_path: the code that takes the place of `__file__`.
    """
    unclear = ""
    for node in _expressions(env):
        try:
            code = slice_of(env, node, env_path)
        except NotAloneError:
            unclear = unclear or ast.unparse(node).splitlines()[0]
            continue
        return Address(code, _origin(code))
    if configuration.url is not None and configuration.ini is not None:
        return Address(_of_ini(configuration), f"sqlalchemy.url of {configuration.ini.name}")
    why = f"env.py takes the URL from {unclear}, which I cannot follow" if unclear else "I found no URL"
    code = Slice(("import os",), (), f'os.environ["{VARIABLE}"]')
    return Address(code, f"the environment variable {VARIABLE}", f"{why}: set {VARIABLE}, or edit DATABASES")


def _origin(code: Slice) -> str:
    return code.expression if "://" not in code.expression else "env.py"


def _of_ini(configuration: Configuration) -> Slice:
    return Slice(("from configparser import ConfigParser",), (INI,), f'ini["alembic"]["{_OPTION}"]')


INI = """\
ini = ConfigParser({"here": str(ALEMBIC_INI.parent)})
ini.read(ALEMBIC_INI, encoding="utf-8")"""
"""The lines that read alembic.ini, so that the password stays in one place."""


def _expressions(env: Source) -> Iterator[ast.expr]:
    """What env.py may connect to, the surest first; what only reads Alembic's option back is left out."""
    found = [*_options(env), *_engines(env), *_urls(env), *_imported_engines(env)]
    yield from (each for each in found if not _reads_option(each))


def _options(env: Source) -> Iterator[ast.expr]:
    """config.set_main_option("sqlalchemy.url", X), and configuration["sqlalchemy.url"] = X."""
    for call in env.calls("set_main_option", "set_section_option"):
        if len(call.args) > 1 and text_of(call.args[-2]) == _OPTION:
            yield call.args[-1]
    for node in env.nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            if text_of(node.targets[0].slice) in (_OPTION, "url"):
                yield node.value
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            yield from (value for key, value in pairs if text_of(key) == _OPTION)


def _engines(env: Source) -> Iterator[ast.expr]:
    for call in env.calls("create_engine", "create_async_engine"):
        if call.args or keyword(call, "url") is not None:
            yield keyword(call, "url") or call.args[0]


def _urls(env: Source) -> Iterator[ast.expr]:
    for call in env.calls("configure"):
        url = keyword(call, "url")
        if url is not None:
            yield url


def _imported_engines(env: Source) -> Iterator[ast.expr]:
    """`from shop.db import engine`, and `engine.connect()`: the engine knows its URL."""
    for call in env.calls("connect", "begin"):
        if isinstance(call.func, ast.Attribute):
            found = env.dotted(call.func.value)
            if found is not None and found[0][0] not in ("alembic", "context"):
                yield ast.parse(f"{ast.unparse(call.func.value)}.url", mode="eval").body


def _reads_option(node: ast.expr) -> bool:
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    return any(called_name(call) in ("get_main_option", "get_section", "get_section_option") for call in calls)

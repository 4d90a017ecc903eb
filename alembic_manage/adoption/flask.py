"""A Flask application whose context env.py needs, and its Flask-SQLAlchemy."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alembic_manage.adoption.folder import Folder
from alembic_manage.adoption.source import Source

FACTORIES = ("create_app", "make_app", "application_factory", "create")


@dataclass(frozen=True)
class FlaskApp:
    """What the settings need to have an application and its database."""

    app: str
    """"module:name" or "module:factory()"; "" where none was found."""
    db: str
    """"module:db"; "" where none was found."""
    models: tuple[str, ...]
    """Modules that define tables of that db."""


def needs_flask(env: Source) -> bool:
    """Whether env.py asks Flask for its application."""
    return "current_app" in env.imports


def find_flask(folder: Folder, app: str = "") -> FlaskApp:
    """The application and the db of a project.

    Args:
        folder: the project.
        app: "module:name" or "module:factory" of the application, where a person said it.
    """
    db = next(_databases(folder), "")
    return FlaskApp(_as_call(folder, app) if app else next(_applications(folder), ""), db, tuple(_models(folder, db)))


def _applications(folder: Folder) -> Iterator[str]:
    """FLASK_APP, a module's own application, a factory; nearest to the root first."""
    for name in (".flaskenv", ".env"):
        yield from (_as_call(folder, named) for named in _named_in(folder.root / name))
    for source in folder.sources:
        yield from (f"{source.module}:{name}" for name in source.made_by("Flask", *FACTORIES))
        for name in FACTORIES if "Flask" in source.words else ():
            if name in source.functions and not _required(source.functions[name]):
                yield f"{source.module}:{name}()"


def _named_in(path: Path) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    found = re.search(r"^\s*(?:export\s+)?FLASK_APP\s*=\s*['\"]?([\w.:/()]+)", text, re.MULTILINE)
    if found:
        yield found[1]


def _as_call(folder: Folder, named: str) -> str:
    """What FLASK_APP means: "shop", "shop.py", "shop:app", "shop:create_app", "shop:create_app()"."""
    module, _, name = named.removesuffix("()").partition(":")
    module = module.removesuffix(".py").replace("/", ".").strip(".")
    source = next((each for each in folder.sources if each.module == module), None)
    if source is None:
        return f"{module}:{name or 'app'}{'()' if name in FACTORIES or named.endswith('()') else ''}"
    variables = [each for each in ("app", "application") if source.assignments(each)]
    factories = [each for each in FACTORIES if each in source.functions]
    name = name or next(iter([*variables, *factories]), "app")
    return f"{module}:{name}{'()' if name in source.functions else ''}"


def _required(function: ast.FunctionDef) -> bool:
    arguments = function.args
    return len(arguments.args) > len(arguments.defaults) or any(each is None for each in arguments.kw_defaults)


def _databases(folder: Folder) -> Iterator[str]:
    """The second argument of Migrate(app, db), then every SQLAlchemy() that a module has."""
    for source in folder.sources:
        if not {"Migrate", "migrate"} & source.words:
            continue
        for call in source.calls("Migrate", "init_app"):
            values = [*call.args[1:2], *(each.value for each in call.keywords if each.arg == "db")]
            yield from (name for value in values if (name := _reference(source, folder, value)))
    for source in folder.sources:
        yield from (f"{source.module}:{name}" for name in source.made_by("SQLAlchemy"))


def _reference(source: Source, folder: Folder, node: ast.expr) -> str | None:
    found = source.dotted(node)
    if found is not None:
        module, attribute = folder.split(*found)
        return f"{module}:{attribute}" if attribute else None
    if isinstance(node, ast.Name) and source.assignments(node.id):
        return f"{source.module}:{node.id}"
    return None


def _models(folder: Folder, db: str) -> Iterator[str]:
    name = f"{db.partition(':')[2]}.Model"
    for source in folder.sources if db else ():
        bases = [
            ast.unparse(base) for each in source.tree.body if isinstance(each, ast.ClassDef) for base in each.bases
        ]
        if name in bases and source.module and source.module != db.partition(":")[0]:
            yield source.module

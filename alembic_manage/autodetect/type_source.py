"""How a column's type is written in a revision file, and what must be imported for it."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator, Sequence
from inspect import signature
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.util import generic_repr

from alembic_manage import alembic_api
from alembic_manage.autodetect.boolean_defaults import boolean_default_source
from alembic_manage.autodetect.named_types import is_enum_type
from alembic_manage.dialects import Dialect
from alembic_manage.redaction import redact

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class TypeSource:
    """Writes types for Alembic's `render_item`.

    A type that is not SQLAlchemy's own is imported from where it is defined, and written as a call that gives an equal
    type; or, where there is no such call, as the type that it is implemented by.

    Args:
        kinds: the facts about each kind of database of the project.
        as_implementation: whether a type that is implemented by another is always written as that one.
    """

    def __init__(self, kinds: Sequence[Dialect], *, as_implementation: bool = False) -> None:
        self.kinds = kinds
        self.as_implementation = as_implementation

    def render_item(self, kind: str, item: Any, context: AutogenContext) -> Any:
        """The source of a type or of a boolean default; False for what Alembic writes just as well.

        What env.py's own `render_item` and `user_module_prefix` say comes first.
        """
        own = context.migration_context.opts.get("render_item")
        rendered = own(kind, item, context) if own is not None else False
        if rendered is False and kind == "server_default":
            return boolean_default_source(item, context.opts["sqlalchemy_module_prefix"] or "")
        if rendered is not False or kind != "type":
            return rendered
        variants = item._variant_mapping
        if not variants:
            return self._plain(item, context)
        base = object.__new__(type(item))
        vars(base).update(vars(item), _variant_mapping=type(variants)())
        others = (f".with_variant({_written(variants[name], context)}, {name!r})" for name in sorted(variants))
        return "".join([_written(base, context), *others])

    def _plain(self, type_: Any, context: AutogenContext) -> str | bool:
        if is_enum_type(type_):
            for rules in self.kinds:
                enum = rules.enum_source(type_)
                if enum is not None:
                    return _imported(enum, context)
        if type(type_) is sa.Boolean and not type_.create_constraint:
            # Not its repr(), which has SQLAlchemy's own `_create_events` where the type was adapted to a dialect.
            return f"{context.opts['sqlalchemy_module_prefix'] or ''}Boolean()"
        module = type(type_).__module__
        if isinstance(type_, sa.ARRAY) and module.startswith("sqlalchemy."):
            return _array(type_, context)
        if module.startswith("sqlalchemy.") or context.opts.get("user_module_prefix") is not None:
            return False
        called = None if self.as_implementation else self._call(type_, context)
        return called or self._implementation(type_, context) or self._call(type_, context) or False

    def _call(self, type_: Any, context: AutogenContext) -> str | None:
        """A call of the type's class that gives an equal type; None where there is none that could be written."""
        place = _place_of(type(type_))
        if place is None:
            return None
        module, name = place
        prefix = str(context.opts["sqlalchemy_module_prefix"] or "")
        for text in (repr(type_), generic_repr(type_)):
            source = _with_modules(text, type(type_), f"{module}.{name}", prefix)
            if source is not None and self._gives(source, module, prefix, type_):
                return _imported((f"import {module}", source), context)
        return None

    def _gives(self, source: str, module: str, prefix: str, type_: Any) -> bool:
        """Whether a source gives an equal type. What it calls is the project's own."""
        root = module.partition(".")[0]
        names = {root: sys.modules[root], prefix.rstrip("."): sa}
        try:
            found = eval(source, names)
        except Exception:
            return False
        return type(found) is type(type_) and all(
            _ddl(found, dialect) == _ddl(type_, dialect) for dialect in self._dialects
        )

    def _implementation(self, type_: Any, context: AutogenContext) -> str | None:
        """The type that a decorator is implemented by, on each kind of database."""
        if not isinstance(type_, sa.TypeDecorator):
            return None
        found: list[tuple[str, Any]] = []
        for dialect in self._dialects:
            real = _public(type_.load_dialect_impl(dialect), dialect)
            if not found or _ddl(real, dialect) != _ddl(found[0][1], dialect):
                found.append((dialect.name, real))
        first, *others = found
        variants = (f".with_variant({_written(real, context)}, {name!r})" for name, real in others)
        return "".join([_written(first[1], context), *variants])

    @property
    def _dialects(self) -> Iterator[Any]:
        for rules in self.kinds:
            yield rules.dialect_class(rules.names[-1])()


def _written(type_: Any, context: AutogenContext) -> str:
    """The source of a type, by Alembic where there is nothing to say here."""
    return alembic_api.type_source(type_, context)


def _imported(source: tuple[str, str], context: AutogenContext) -> str:
    """The source, whose import is noted."""
    line, text = source
    context.imports.add(line)
    return text


def _public(type_: Any, dialect: Any) -> Any:
    """The type as a class has it that SQLAlchemy or the dialect exports, where that says the same in SQL."""
    exporting = (sa, importlib.import_module(f"sqlalchemy.dialects.{dialect.name}"))
    for kind in type(type_).__mro__:
        if any(getattr(module, kind.__name__, None) is kind for module in exporting):
            found = type_ if type(type_) is kind else type_.adapt(kind)
            if _ddl(found, dialect) == _ddl(type_, dialect):
                return found
    return type_


def _array(type_: Any, context: AutogenContext) -> str:
    arguments = [_written(type_.item_type, context)]
    for name, usual in (("as_tuple", False), ("dimensions", None), ("zero_indexes", False)):
        value = getattr(type_, name)
        arguments += [f"{name}={value!r}"] if value != usual else []
    *packages, _ = type(type_).__module__.split(".")
    is_of_dialect = packages[:2] == ["sqlalchemy", "dialects"]
    if is_of_dialect:
        context.imports.add(f"from sqlalchemy.dialects import {packages[2]}")
    prefix = f"{packages[2]}." if is_of_dialect else context.opts["sqlalchemy_module_prefix"] or ""
    return f"{prefix}ARRAY({', '.join(arguments)})"


def _place_of(kind: type) -> tuple[str, str] | None:
    """The shortest module that has a class, and its name there; None where it cannot be imported."""
    packages = kind.__module__.split(".")
    if "<locals>" in kind.__qualname__ or kind.__module__ == "__main__":
        return None
    for length in range(1, len(packages) + 1):
        module = ".".join(packages[:length])
        if getattr(sys.modules.get(module), kind.__name__, None) is kind:
            return module, kind.__name__
    return (kind.__module__, kind.__qualname__) if kind.__module__ in sys.modules else None


def _with_modules(text: str, kind: type, full_name: str, prefix: str) -> str | None:
    """A type's repr with the modules of what it calls; None where it is no call, or holds a secret."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return None
    call = tree.body
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == kind.__name__):
        return None
    if any(redact(value, name) != value for name, value in _arguments(call, kind)):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node is not call.func and hasattr(sa, node.id):
            node.id = f"{prefix}{node.id}"
    call.func.id = full_name
    return ast.unparse(tree)


def _arguments(call: ast.Call, kind: type) -> Iterator[tuple[str, str]]:
    """Names and sources of the arguments of a call."""
    try:
        names = list(signature(kind).parameters)
    except (TypeError, ValueError):
        names = []
    for name, value in zip_longest(names[: len(call.args)], call.args):
        yield name or "", ast.unparse(value)
    for keyword in call.keywords:
        yield keyword.arg or "", ast.unparse(keyword.value)


def _ddl(type_: Any, dialect: Any) -> str:
    try:
        return str(dialect.type_compiler_instance.process(type_))
    except Exception:
        return ""

"""Describes objects by all that they hold, so that two descriptions differ wherever the objects do.

It knows no attribute by name but for those that are left out: one that a later SQLAlchemy adds counts by itself. A
difference where there is none costs a comparison; none where there is one would be wrong.
"""

from __future__ import annotations

import datetime
import decimal
import functools
import re
import types
import uuid
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import PurePath
from typing import Any, ClassVar, TypeAlias

LEFT_OUT = frozenset(
    {
        # Bookkeeping of SQLAlchemy: who listens, who came first in the process, what the ORM knows.
        "dispatch",
        "_creation_order",
        "_annotations",
        "_propagate_attrs",
        "_proxies",
        "_fk_memos",
        "_is_clone_of",
        # Kept results, made from what is described.
        "c",
        "columns",
        "comparator",
        "proxy_set",
        "base_columns",
        "description",
        "_object_lookup",
        "_valid_lookup",
        "_pending_colargs",
        "_static_cache_key",
        "_type_affinity",
        "_generate_cache_key",
        # Described apart.
        "dialect_options",
        "info",
        "_memoized_attr_comparator",
        "_memoized_keys",
        "_from_objects",
        "_hash",
        "_cloned_set",
        "_autoincrement_column",
        "typed_expression",
        "_render_label_in_columns_clause",
        "_non_anon_label",
        "_proxy_key",
        "_tq_label",
        "_tq_key_label",
        "_key_label",
        # Places in memory.
        "_orig",
        "_anon_map_key",
        "_identifying_key",
    }
)
"""Attributes that say nothing about a schema, or nothing that is not said elsewhere."""
_BY_REPR = (
    type(None),
    bool,
    int,
    float,
    complex,
    bytes,
    type(...),
    type(NotImplemented),
    range,
    slice,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    datetime.timezone,
    decimal.Decimal,
    uuid.UUID,
    PurePath,
)
_BUILT_IN = (
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.MethodWrapperType,
)
MOST = 200_000
"""The number of words after which a description is given up: it has left the schema, and walks through the program."""


Describer: TypeAlias = "Callable[[Any, Any], None]"
"""Called with the description and the object."""


class NotDescribableError(Exception):
    """What an object holds cannot be told: it is the interpreter's own, or a class decides by itself what is equal."""


class Description:
    """The words of one description; `add` takes objects, `text` gives the whole."""

    describers: Sequence[tuple[type | tuple[type, ...], Describer]] = ()
    """Classes, and who describes their objects: the first that fits counts, and attributes where none does."""

    _describers: ClassVar[dict[type, Describer]] = {}
    """Who was found for a class so far."""

    def __init_subclass__(cls) -> None:
        cls._describers = {}

    def __init__(self) -> None:
        self.words: list[str] = []
        self._inside: set[int] = set()

    @property
    def text(self) -> str:
        """All words; none of them can be taken for two."""
        return "\n".join(self.words)

    def add(self, value: Any) -> None:
        """Describe one object, and all that it leads to.

        Raises:
            NotDescribableError: it leads to something that cannot be described.
        """
        kind = type(value)
        if kind is str:
            self.words.append(repr(value))
            return
        describe = self._describers.get(kind)
        if describe is None:
            describe = self._describers[kind] = self._describer(kind)
        describe(self, value)

    def _describer(self, kind: type) -> Describer:
        """Who describes objects of a class."""
        for base, describer in self.describers:
            if issubclass(kind, base):
                return describer
        return type(self).add_attributes

    def add_attributes(self, value: Any, *, leave_out: frozenset[str] = LEFT_OUT) -> None:
        """Describe an object by its class and all of its attributes."""
        if id(value) in self._inside:
            self.words.append("<itself>")
            return
        if len(self.words) > MOST:
            raise NotDescribableError(type(value).__qualname__)
        self._inside.add(id(value))
        words, describers = self.words, self._describers
        words.append(f"{_name_of(type(value))}(")
        for name, attribute in _attributes(value).items():
            if name in leave_out:
                continue
            # Most are one of these.
            if attribute is None or attribute is False or attribute is True:
                words.append(f"{name} {attribute}")
                continue
            words.append(name)
            kind = type(attribute)
            if kind is str:
                words.append(repr(attribute))
            elif kind in describers:
                describers[kind](self, attribute)
            else:
                self.add(attribute)
        words.append(")")
        self._inside.discard(id(value))

    def add_items(self, value: Any) -> None:
        """Describe a list or tuple."""
        if not value:
            self.words.append(f"{_name_of(type(value))}[]")
            return
        self.words.append(f"{_name_of(type(value))}[")
        for item in value:
            self.add(item)
        self.words.append("]")

    def add_mapping(self, value: Mapping[Any, Any]) -> None:
        """Describe a mapping, in its own order."""
        self.words.append("{")
        for name, item in value.items():
            self.add(name)
            self.add(item)
        self.words.append("}")

    def add_set(self, value: Any) -> None:
        """Describe a set, whose order says nothing."""
        if not value:
            self.words.append("set{}")
            return
        self.words.append("set{")
        self.words += sorted(self.apart(item) for item in value)
        self.words.append("}")

    def apart(self, value: Any) -> str:
        """The description of an object as one word."""
        words, self.words = self.words, []
        try:
            self.add(value)
            return repr(self.text)
        finally:
            self.words = words


def _attributes(value: Any) -> Mapping[str, Any]:
    slots = _slots(type(value))
    if not slots:
        try:
            found: dict[str, Any] = vars(value)
            return found
        except TypeError:
            raise NotDescribableError(type(value).__qualname__) from None
    apart = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    return {**getattr(value, "__dict__", {}), **apart}


def _slots(kind: type) -> tuple[str, ...]:
    """The names of the attributes that are kept apart from an object's dictionary."""
    found = _found_slots.get(kind)
    if found is None:
        found = _found_slots[kind] = tuple(name for each in kind.__mro__ for name in _slots_of(each))
    return found


_found_slots: dict[type, tuple[str, ...]] = {}


def _slots_of(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    names = (slots,) if isinstance(slots, str) else tuple(slots)
    hidden = (f"_{kind.__name__.lstrip('_')}{name}" if _is_private(name) else name for name in names)
    return tuple(name for name in hidden if name not in ("__dict__", "__weakref__"))


def _is_private(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__")


def _name_of(kind: type) -> str:
    found = _found_names.get(kind)
    if found is None:
        found = _found_names[kind] = f"{kind.__module__}.{kind.__qualname__}"
    return found


_found_names: dict[type, str] = {}


def _by_repr(description: Description, value: Any) -> None:
    description.words.append(f"{type(value).__name__} {value!r}")


def _text(description: Description, value: Any) -> None:
    """A str of some other class; SQLAlchemy's say how they are quoted."""
    description.words.append(f"{_name_of(type(value))} {str.__repr__(value)} {getattr(value, 'quote', None)}")


def _member(description: Description, value: Any) -> None:
    description.words.append(f"{_name_of(type(value))} {value.name}")
    description.add(value.value)


def _class(description: Description, value: Any) -> None:
    description.words.append(f"class {_name_of(value)}")


def _module(description: Description, value: Any) -> None:
    description.words.append(f"module {value.__name__}")


def _pattern(description: Description, value: Any) -> None:
    description.words.append(f"pattern {value.pattern!r} {value.flags}")


def _built_in(description: Description, value: Any) -> None:
    owner = getattr(value, "__self__", None)
    description.words.append(f"built-in {getattr(value, '__module__', None)} {value.__qualname__}")
    if owner is not None and not isinstance(owner, types.ModuleType):
        description.add(owner)


def _function(description: Description, value: Any) -> None:
    description.words.append(f"function {value.__module__} {value.__qualname__}")
    # Of a library a name says enough: the versions of packages count elsewhere.
    if value.__module__ and value.__module__.partition(".")[0] in ("sqlalchemy", "alembic"):
        parts: tuple[Any, ...] = (value.__closure__ and [cell.cell_contents for cell in value.__closure__],)
    else:
        closed = value.__closure__ and [cell.cell_contents for cell in value.__closure__]
        parts = (value.__code__, value.__defaults__, value.__kwdefaults__, closed)
    for part in parts:
        description.add(part)


def _code(description: Description, value: types.CodeType) -> None:
    """What a function does, wherever in its file it stands."""
    for part in (value.co_code, value.co_consts, value.co_names, value.co_varnames, value.co_freevars):
        description.add(part)


def _method(description: Description, value: Any) -> None:
    description.words.append(f"method {value.__func__.__qualname__}")
    description.add(value.__self__)


def _partial(description: Description, value: Any) -> None:
    for part in ("partial", value.func, value.args, value.keywords):
        description.add(part)


Description.describers = (
    (Enum, _member),
    (_BY_REPR, _by_repr),
    (str, _text),
    (type, _class),
    ((list, tuple), Description.add_items),
    ((set, frozenset), Description.add_set),
    ((dict, types.MappingProxyType), Description.add_mapping),
    (types.FunctionType, _function),
    (types.CodeType, _code),
    (types.MethodType, _method),
    (_BUILT_IN, _built_in),
    (types.ModuleType, _module),
    (functools.partial, _partial),
    (re.Pattern, _pattern),
)

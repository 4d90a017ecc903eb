"""The settings of a project beside what they would be by default, one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from alembic_manage.redaction import redact
from alembic_manage.settings.settings import DEFAULTS


class State(Enum):
    """How a setting stands to its default."""

    ADDED = "added"
    """There is no default."""
    CHANGED = "changed"
    SAME = "default"


@dataclass(frozen=True)
class Difference:
    """One setting; `value` and `default` hold no secret."""

    name: str
    state: State
    value: Any
    default: Any = None

    def as_json(self) -> Mapping[str, object]:
        """The stable shape that --json prints; what JSON does not know is given as text."""
        return {
            "name": self.name,
            "state": self.state.value,
            "value": _plain(self.value),
            "default": _plain(self.default),
        }


def settings_diff(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[Difference]:
    """Every setting of `values` and of the suite, in the order of their names.

    Args:
        values: the settings of the project.
        defaults: the settings to compare with; what is missing there has the suite's default.
    """
    defaults = {**DEFAULTS, **defaults}
    values = {**DEFAULTS, **values}
    return [_difference(name, values[name], defaults) for name in sorted(values)]


def _difference(name: str, value: object, defaults: Mapping[str, Any]) -> Difference:
    if name not in defaults:
        return Difference(name, State.ADDED, redact(value, name))
    # By their text, as Django compares them: not every object has an equality that answers yes or no.
    state = State.SAME if repr(value) == repr(defaults[name]) else State.CHANGED
    return Difference(name, state, redact(value, name), redact(defaults[name], name))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set):
        return sorted((_plain(item) for item in value), key=json.dumps)
    return value if value is None or isinstance(value, str | int | float) else str(value)

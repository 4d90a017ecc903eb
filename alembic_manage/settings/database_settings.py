"""One entry of DATABASES as a frozen, typed value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from alembic_manage.errors import SettingsError

LOCKS = ("session", "row", "off")
"""The kinds of lock that keep two migrators apart."""


@dataclass(frozen=True)
class DatabaseSettings:
    """One entry of DATABASES."""

    url: str
    """The SQLAlchemy URL, as written."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Keyword arguments for `create_engine`."""
    server_version: str | None = None
    """The server's version, for what is done without asking it; None for the suite's assumption."""
    protected: bool = False
    """Whether what could destroy data asks for the database's name."""
    migration_lock: str = "session"
    """One of LOCKS."""
    migration_lock_timeout_s: float | None = None
    """How long to wait for another migrator, in seconds; None for the suite's own."""
    lock_timeout_s: float | None = None
    """How long a statement of a migration waits for a lock, in seconds, 0 for ever; None for the suite's own."""
    statement_timeout_s: float | None = None
    """How long a statement of a migration may take, in seconds; None for as long as the server lets it."""
    lock_retries: int | None = None
    """How often a migration that could not get a lock is tried again; None for the suite's own."""
    test_name: str | None = None
    """The name of the database for tests; None for the own one with "test_" before it."""


def database_settings(name: str, alias: str, entry: object) -> DatabaseSettings:
    """The checked settings of an entry.

    Args:
        name: of the entry, for messages.
        alias: its key in DATABASES.
        entry: what the settings module has there.

    Raises:
        SettingsError: it has the wrong shape.
    """
    if not isinstance(entry, Mapping) or not _url_text(entry.get("URL")):
        raise SettingsError(
            f"{name} must be a dict with a non-empty 'URL'.", hint=f'"{alias}": {{"URL": "sqlite:///db.sqlite3"}}'
        )
    for key, rule in _RULES.items():
        if key in entry and not rule.fits(entry[key]):
            raise SettingsError(f"{name}: '{key}' must be {rule.text}.", hint=f'"{key}": {rule.example}')
    unknown = sorted(str(key) for key in entry if key not in KEYS)
    if unknown:
        raise SettingsError(f"{name}: there is no setting '{unknown[0]}'.", hint=f"one of: {', '.join(KEYS)}")
    return DatabaseSettings(
        url=_url_text(entry["URL"]),
        options=dict(entry.get("OPTIONS", {})),
        server_version=entry.get("SERVER_VERSION"),
        protected=entry.get("PROTECTED", False),
        migration_lock=entry.get("MIGRATION_LOCK", "session"),
        migration_lock_timeout_s=entry.get("MIGRATION_LOCK_TIMEOUT"),
        lock_timeout_s=entry.get("LOCK_TIMEOUT"),
        statement_timeout_s=entry.get("STATEMENT_TIMEOUT"),
        lock_retries=entry.get("LOCK_RETRIES"),
        test_name=entry.get("TEST", {}).get("NAME"),
    )


def _url_text(value: Any) -> str:
    """A URL as text: SQLAlchemy's own with its password, another's (pydantic) as it prints; "" for anything else."""
    if isinstance(value, str):
        return value
    text = value.render_as_string(hide_password=False) if hasattr(value, "render_as_string") else str(value)
    return text if "://" in text else ""


@dataclass(frozen=True)
class _Rule:
    text: str
    example: str
    fits: Callable[[Any], bool]


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_version(value: Any) -> bool:
    return value is None or (isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)*", value) is not None)


def _is_test(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and list(value) == ["NAME"]
        and isinstance(value["NAME"], str)
        and value["NAME"] != ""
    )


_SECONDS = "a number of seconds, not below 0"
_RULES: Mapping[str, _Rule] = {
    "OPTIONS": _Rule("a dict of create_engine arguments", '{"echo": True}', lambda value: isinstance(value, Mapping)),
    "SERVER_VERSION": _Rule("a version as text", '"16.4"', _is_version),
    "PROTECTED": _Rule("True or False", "True", lambda value: isinstance(value, bool)),
    "MIGRATION_LOCK": _Rule(f"one of {', '.join(LOCKS)}", '"row"', lambda value: value in LOCKS),
    "MIGRATION_LOCK_TIMEOUT": _Rule(_SECONDS, "300", _is_seconds),
    "LOCK_TIMEOUT": _Rule(_SECONDS, "5", _is_seconds),
    "STATEMENT_TIMEOUT": _Rule(_SECONDS, "60", _is_seconds),
    "LOCK_RETRIES": _Rule("a whole number, not below 0", "10", lambda value: type(value) is int and value >= 0),
    "TEST": _Rule("a dict with the 'NAME' of the database for tests", '{"NAME": "test_shop"}', _is_test),
}
KEYS = ("URL", *_RULES)
"""What an entry of DATABASES may have."""

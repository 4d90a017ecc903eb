"""The LINT setting: what the linter passes over, and what migrate does about findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from alembic_manage.errors import SettingsError

ON_MIGRATE = ("off", "warn", "refuse")
KEYS = ("BASE", "IGNORE", "ON_MIGRATE")


@dataclass(frozen=True)
class LintSettings:
    """The entries of LINT."""

    base: str | None = None
    """The branch whose migrations count as released; None for git's main branch."""
    ignore: Mapping[str, str] = field(default_factory=dict)
    """Why a rule counts for nothing, by its id."""
    on_migrate: str = "off"
    """ "off"; "warn": migrate prints findings first; "refuse": it stops where one is an error."""


def lint_settings(module: str, value: object) -> LintSettings:
    """The checked LINT setting.

    Args:
        module: the settings module, for messages.
        value: what it holds.

    Raises:
        SettingsError: it has the wrong shape.
    """
    if not isinstance(value, Mapping):
        raise SettingsError(f"LINT in {module} must be a dict.", hint='LINT = {"ON_MIGRATE": "warn"}')
    unknown = [str(key) for key in value if key not in KEYS]
    if unknown:
        raise SettingsError(f"LINT in {module} has no key '{unknown[0]}'.", hint=f"one of: {', '.join(KEYS)}")
    base, on_migrate = value.get("BASE"), value.get("ON_MIGRATE", ON_MIGRATE[0])
    if base is not None and not isinstance(base, str):
        raise SettingsError(f"LINT['BASE'] in {module} must be a branch.", hint='LINT = {"BASE": "origin/main"}')
    if on_migrate not in ON_MIGRATE:
        raise SettingsError(
            f"LINT['ON_MIGRATE'] in {module} must be 'off', 'warn' or 'refuse'.", hint='LINT = {"ON_MIGRATE": "warn"}'
        )
    return LintSettings(base, _ignored(module, value.get("IGNORE", {})), str(on_migrate))


def _ignored(module: str, value: object) -> Mapping[str, str]:
    is_fit = isinstance(value, Mapping) and all(
        isinstance(rule, str) and isinstance(reason, str) and reason.strip() for rule, reason in value.items()
    )
    if not is_fit:
        raise SettingsError(
            f"LINT['IGNORE'] in {module} must be a dict with the reason for each rule.",
            hint='LINT = {"IGNORE": {"adding-index": "no table has more than a thousand rows"}}',
        )
    return dict(value)  # type: ignore[call-overload, no-any-return]

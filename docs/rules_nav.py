"""A hook of mkdocs: every page of docs/rules/ is in the navigation, with a line on whom it concerns."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alembic_manage.lint.rules import all_rules

SECTION = "Rules of the linter"


def on_config(config: Any) -> Any:
    """Add a section to the navigation, before the comparison."""
    pages: list[Any] = [
        {"A rule of your own": "lint-a-rule.md"},
        {"Beside squawk and strong_migrations": "lint-compared.md"},
    ]
    pages += [{rule.id: f"rules/{rule.id}.md"} for rule in all_rules()]
    if not any(SECTION in entry for entry in config["nav"]):
        config["nav"].insert(-1, {SECTION: pages})
    return config


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Put the rule's database and severity below its title."""
    folder, _, name = page.file.src_uri.rpartition("/")
    rule = next((rule for rule in all_rules() if f"{rule.id}.md" == name), None) if folder == "rules" else None
    return markdown if rule is None else markdown.replace("\n\n", f"\n\n*{rule.facts}*\n\n", 1)

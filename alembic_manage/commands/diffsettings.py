"""Shows the settings that differ from the defaults."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_json_argument

if TYPE_CHECKING:
    from alembic_manage.settings_diff import Difference


class Command(BaseCommand):
    """`diffsettings`."""

    help = "Show how the settings differ from the defaults. Passwords, tokens and keys are masked."

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags, and --json."""
        parser.add_argument("--all", action="store_true", help="also show settings that have their default")
        parser.add_argument("--default", metavar="MODULE", help="compare with this settings module, not the defaults")
        parser.add_argument(
            "--output",
            choices=("hash", "unified"),
            default="hash",
            help="'hash' (default) ends a setting without a default with ###, and begins a default one with it; "
            "'unified' writes - and + lines",
        )
        add_json_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, and write a line a setting."""
        from alembic_manage.settings.settings import module_values
        from alembic_manage.settings_diff import State, settings_diff

        defaults = module_values(options["default"]) if options["default"] else {}
        differences = settings_diff(self.project.settings.values, defaults)
        if not options["all"]:
            differences = [difference for difference in differences if difference.state is not State.SAME]
        if options["json"]:
            self._write_json(differences, options["default"])
            return
        lines = self._unified if options["output"] == "unified" else self._hash
        for line in (line for difference in differences for line in lines(difference)):
            self.stdout.write(line)

    def _hash(self, difference: Difference) -> Iterator[str]:
        from alembic_manage.settings_diff import State

        before, after = {State.ADDED: ("", "  ###"), State.CHANGED: ("", ""), State.SAME: ("### ", "")}[
            difference.state
        ]
        yield f"{before}{difference.name} = {difference.value!r}{after}"

    def _unified(self, difference: Difference) -> Iterator[str]:
        from alembic_manage.settings_diff import State

        line = f"{difference.name} = {difference.value!r}"
        if difference.state is State.SAME:
            yield f"  {line}"
            return
        if difference.state is State.CHANGED:
            yield self.style.ERROR(f"- {difference.name} = {difference.default!r}")
        yield self.style.SUCCESS(f"+ {line}")

    def _write_json(self, differences: Sequence[Difference], default: str | None) -> None:
        document = {
            "settings_module": self.project.settings.module,
            "default_module": default,
            "settings": [difference.as_json() for difference in differences],
        }
        self.stdout.write(json.dumps(document, indent=2))

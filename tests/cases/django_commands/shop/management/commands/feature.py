"""Switches features on and off; as written for Django."""

import json
from io import StringIO
from pathlib import Path

from django.core.management import BaseCommand, CommandError, call_command

STATE = Path("features.json")


class Command(BaseCommand):
    help = "Switch features of the shop on and off."
    requires_system_checks = []
    stealth_options = ("state",)

    def add_arguments(self, parser):
        subparsers = parser.add_subparsers(dest="action", required=True, metavar="action")
        show = subparsers.add_parser("list", help="show all features")
        show.add_argument("--json", action="store_true", dest="as_json")
        switch = subparsers.add_parser("switch", help="change one feature")
        switch.add_argument("name")
        how = switch.add_mutually_exclusive_group(required=True)
        how.add_argument("--on", action="store_true")
        how.add_argument("--off", action="store_true")
        switch.add_argument("--label", action="append", default=[], help="print these labels afterwards")

    def handle(self, action, **options):
        state = options.get("state") or (json.loads(STATE.read_text()) if STATE.exists() else {})
        return getattr(self, f"handle_{action}")(state, **options)

    def handle_list(self, state, as_json, **options):
        if as_json:
            return json.dumps(state, sort_keys=True)
        for name, is_on in sorted(state.items()):
            style = self.style.SUCCESS if is_on else self.style.ERROR
            self.stdout.write(f"{name:<10} {style('on' if is_on else 'off')}")

    def handle_switch(self, state, name, on, label, **options):
        if state.get(name) is on:
            raise CommandError(f"{name} is {'on' if on else 'off'} already.", returncode=5)
        STATE.write_text(json.dumps({**state, name: on}))
        self.stdout.write(self.style.MIGRATE_HEADING("Features:"))
        call_command("feature", "list", stdout=self.stdout, no_color=options["no_color"])
        if label:
            out = StringIO()
            call_command("print_labels", *label, width=4, stdout=out)
            self.stdout.write(out.getvalue().upper(), ending="")

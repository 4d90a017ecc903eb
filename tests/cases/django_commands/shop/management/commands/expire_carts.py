"""Deletes carts that nobody touched for a while; as written for Django."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Delete carts that nobody touched for some days."

    def add_arguments(self, parser):
        parser.add_argument("cart_ids", nargs="*", type=int, help="only these carts")
        parser.add_argument("--days", type=int, default=30, metavar="N", help="older than N days (default: 30)")
        parser.add_argument("--file", type=Path, default=Path("carts.json"), dest="path")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")

    def handle(self, *args, **options):
        try:
            carts = json.loads(options["path"].read_text())
        except FileNotFoundError:
            raise CommandError(f"There is no file {options['path']}.", returncode=4)
        unknown = set(options["cart_ids"]) - {cart["id"] for cart in carts}
        if unknown:
            raise CommandError("Cart %s does not exist" % min(unknown))
        kept, expired = [], 0
        for cart in carts:
            wanted = not options["cart_ids"] or cart["id"] in options["cart_ids"]
            if wanted and cart["days"] > options["days"]:
                expired += 1
                if options["verbosity"] >= 2:
                    self.stdout.write(f"  cart {cart['id']}", ending=" ")
                    self.stdout.write("expired")
            else:
                kept.append(cart)
        if not expired:
            self.stderr.write(self.style.WARNING("Nothing to delete"))
            return
        if options["dry_run"]:
            self.stdout.write(f"Would delete {expired} carts", self.style.NOTICE)
            return
        options["path"].write_text(json.dumps(kept))
        self.stdout.write(self.style.SUCCESS("Successfully deleted %d carts" % expired))

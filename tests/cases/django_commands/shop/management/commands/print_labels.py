"""Prints shelf labels; as written for Django."""

from django.core.management.base import CommandError, LabelCommand


class Command(LabelCommand):
    help = "Print a label for each product."
    label = "sku"
    requires_system_checks = []

    def add_arguments(self, parser):
        super().add_arguments(parser)
        size = parser.add_mutually_exclusive_group()
        size.add_argument("--small", action="store_const", const=8, dest="width", default=12)
        size.add_argument("--wide", action="store_const", const=20, dest="width")

    def handle_label(self, label, **options):
        if not label.isalnum():
            raise CommandError(f"{label!r} is no SKU.")
        if label == "quiet":
            return None
        return f"[{label:^{options['width']}}]"

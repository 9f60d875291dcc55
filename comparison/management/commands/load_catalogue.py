from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from comparison.files import catalogue_load
from comparison.files.yaml_entries import CatalogueError
from comparison.management.faults import DatabaseCommand


class Command(DatabaseCommand):
    help = "Loads a catalogue folder (the shipped one if none is named): all of it, or nothing and every error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=catalogue_load.SHIPPED)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")

        parser.add_argument(
            "--retract-vanished",
            action="store_true",
            help="retract the claims that an earlier load brought, nobody has changed and the files no longer hold",
        )

    def handle(self, *args: Any, folder: Path, dry_run: bool, retract_vanished: bool, **options: Any) -> None:
        try:
            report = catalogue_load.load(folder, dry_run=dry_run, retract_vanished=retract_vanished)
        except CatalogueError as error:
            count = len(error.problems)
            raise CommandError(f"{error}\n{count} error{'s' * (count != 1)}; nothing was loaded.") from error
        for line in report.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")

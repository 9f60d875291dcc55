from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from comparison.files import catalogue_dump
from comparison.management.faults import DatabaseCommand


class Command(DatabaseCommand):
    help = "Writes the catalogue as files that load_catalogue reads: everything but the sources' private texts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            stale = catalogue_dump.dump(folder)
        except OSError as error:
            raise CommandError(
                f"{error.filename or folder}: {error.strerror}. Name a folder that can be written."
            ) from error
        self.stdout.write(f"Catalogue written to {folder}.")
        for name in stale:
            self.stdout.write(f"Left alone: {name} belongs to no source in the database.")

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from comparison.backup.archive import Archive, BadBackup, in_a_line
from comparison.backup.loading import NotRestored
from comparison.backup.restore import holds_data, prepare_database, readable, refuse_own_file, restore
from comparison.backup.save import NotSaved
from comparison.backup.summary import database_words, manifest_words


class Command(BaseCommand):
    help = (
        "Puts a backup back, whole or not at all: checks the file first, then replaces everything in one transaction, "
        "also while the site runs. Reads what `backup` wrote, in this version or an earlier one, from SQLite or "
        "PostgreSQL, and SQLite databases of this site. Everybody signs in again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="replace what the database holds")
        parser.add_argument("--check", action="store_true", help="check the file and say what it holds, nothing else")

    def handle(self, *args: Any, file: Path, replace: bool, check: bool, **options: Any) -> None:
        try:
            refuse_own_file(file)
            with readable(file) as archive:
                held = f"{manifest_words(archive.manifest)}, of {archive.manifest.made[:16].replace('T', ' ')} UTC"
                if check:
                    self.stdout.write(f"{file} can be restored: {held}.")
                else:
                    self.restore(archive, replace)
                    self.stdout.write(f"Restored from {file}: {held}.")
        except (BadBackup, NotRestored) as error:
            raise CommandError(str(error)) from error
        except (NotSaved, OSError) as error:
            advice = "Name a folder with more room in TMPDIR."
            raise CommandError(f"Nothing was restored, temporary files failed: {error}. {advice}") from error
        except DatabaseError as error:
            raise CommandError(f"Nothing was restored: {in_a_line(error)}") from error

    def restore(self, archive: Archive, replace: bool) -> None:
        prepare_database()
        if not replace and holds_data():
            advice = "Make a backup of it, then add --replace."
            raise NotRestored(f"Nothing was restored: the database holds {database_words()}. {advice}")
        if restore(archive):
            self.stdout.write("If the site is running, restart it: it remembers ids that changed.")

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from comparison.backup.archive import in_a_line
from comparison.backup.rows import LEFT_OUT
from comparison.backup.save import NotSaved, save
from comparison.backup.summary import manifest_words


class Command(BaseCommand):
    help = (
        "Writes everything to one file, as it is at this moment, while the site goes on: catalogue, texts of sources, "
        "history, users with passwords and rights, kept answers. `restore` reads it, on SQLite and PostgreSQL alike. "
        f"Left out: {'; '.join(LEFT_OUT.values())}. Keep the file secret."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a dated file in var/backups/ if none is named")
        parser.add_argument("--force", action="store_true", help="replace the file if it exists")

    def handle(self, *args: Any, file: Path | None, force: bool, **options: Any) -> None:
        try:
            path = file or dated_file()
            manifest = save(path, overwrite=force)
        except NotSaved as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"No backup was written: {in_a_line(error)}") from error
        self.stdout.write(f"{path}: {manifest_words(manifest)}, {path.stat().st_size / 1e6:.1f} MB.")


def dated_file() -> Path:
    folder = settings.VAR_DIR / "backups"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NotSaved(f"{folder}: {error.strerror}. Name a file in another folder.") from error
    return folder / f"crosscheck-{timezone.now():%Y-%m-%d-%H%M%S}.zip"

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comparison.curation.documentation import NoPassage, cite
from comparison.files.distributions import DistributionError


class Command(BaseCommand):
    help = "Prints where a passage stands in a file of a source distribution or Debian package, as lines for a claim."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("distribution", type=Path, help="the archive, such as name-1.0.tar.gz")
        parser.add_argument("file", help="the text's path in it, without the top folder, such as docs/index.rst")
        parser.add_argument("words", help="the passage, in quotation marks")

    def handle(self, *args: Any, distribution: Path, file: str, words: str, **options: Any) -> None:
        if not distribution.is_file():
            raise CommandError(
                f"There is no file {distribution}. Fetch it first: pip download --no-deps --no-binary :all:"
            )
        try:
            self.stdout.write(cite(distribution, file, words))
        except (NoPassage, DistributionError) as error:
            raise CommandError(str(error)) from error

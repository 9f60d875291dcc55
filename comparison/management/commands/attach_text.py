from argparse import ArgumentParser
from collections import Counter
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comparison.curation.attach_text import AnotherText, attach
from comparison.models import Source
from comparison.texts.relocate import Fate


class Command(BaseCommand):
    help = "Stores a source's text privately, fills quotes from offsets and reports what became of each passage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="the source's slug")
        parser.add_argument("file", type=Path, help="its text as UTF-8; kept byte for byte")
        parser.add_argument("--changed", action="store_true", help="the text is a new version: move the claims along")

    def handle(self, *args: Any, source: str, file: Path, changed: bool, **options: Any) -> None:
        text = read(file)
        try:
            anchored = attach(find(source), text, changed)
        except AnotherText as error:
            raise CommandError(str(error)) from error
        for one in anchored:
            if one.fate is Fate.MOVED:
                self.stdout.write(f"moved: claim {one.claim.pk}, now at {one.claim.start}–{one.claim.end}: {one.after}")
            elif one.fate is not Fate.FOUND:
                self.stdout.write(f"{one.fate}: claim {one.claim.pk} ({one.claim.framework}, {one.claim.criterion})")
                self.stdout.write(f"  before: {one.before or '(not known)'}")
                self.stdout.write(f"  after:  {one.after or '(none)'}")
            if one.into:
                self.stdout.write(f"  merged into claim {one.into.pk}, which says the same")
        counts = Counter(one.fate for one in anchored)
        self.stdout.write(", ".join(f"{counts[fate]} {fate}" for fate in Fate) + ".")


def find(slug: str) -> Source:
    try:
        return Source.objects.get(slug=slug)
    except Source.DoesNotExist:
        slugs = list(Source.objects.values_list("slug", flat=True))
        near = get_close_matches(slug, slugs, n=3) or slugs[:10]
        raise CommandError(f"No source {slug!r}. Known: {', '.join(near) or 'none yet'}.") from None


def read(file: Path) -> str:
    """The file's text, byte for byte: no newline or byte order mark is touched."""
    try:
        text = file.read_bytes().decode("utf-8")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: byte {error.start} is not UTF-8. Convert the file to UTF-8 first.") from error
    if not text.strip():
        raise CommandError(f"{file}: the file holds no text.")
    if "\0" in text:
        raise CommandError(f"{file}: character {text.index(chr(0))} is NUL; no database keeps that.")
    return text

from argparse import ArgumentParser
from collections import Counter
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from comparison.curation.attach_text import PassageChange, TextMismatch, attach
from comparison.management.faults import DatabaseCommand
from comparison.models import Source
from comparison.texts.relocate import Fate


class Command(DatabaseCommand):
    help = "Stores a source's text privately, fills quotes from offsets and reports what happened to each passage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="the source's slug")
        parser.add_argument("file", type=Path, help="its text as UTF-8; kept byte for byte")
        parser.add_argument("--changed", action="store_true", help="the text is a new version: move the claims along")

    def handle(self, *args: Any, source: str, file: Path, changed: bool, **options: Any) -> None:
        text = read_text(file)
        try:
            passages = attach(find_source(source), text, changed)
        except TextMismatch as error:
            raise CommandError(str(error)) from error
        for passage in passages:
            self.report(passage)
        counts = Counter(passage.fate for passage in passages)
        self.stdout.write(", ".join(f"{counts[fate]} {fate}" for fate in Fate) + ".")

    def report(self, passage: PassageChange) -> None:
        claim = passage.claim
        if passage.fate is Fate.MOVED:
            self.stdout.write(f"moved: claim {claim.pk}, now at {claim.start}–{claim.end}: {passage.after}")
        elif passage.fate is not Fate.FOUND:
            self.stdout.write(f"{passage.fate}: claim {claim.pk} ({claim.framework}, {claim.criterion})")
            self.stdout.write(f"  before: {passage.before or '(not known)'}")
            self.stdout.write(f"  after:  {passage.after or '(none)'}")
        if passage.merge_target:
            self.stdout.write(f"  merged into claim {passage.merge_target.pk}, which says the same")


def find_source(slug: str) -> Source:
    try:
        return Source.objects.get(slug=slug)
    except Source.DoesNotExist:
        slugs = list(Source.objects.values_list("slug", flat=True))
        suggestions = get_close_matches(slug, slugs, n=3) or slugs[:10]
        raise CommandError(f"No source {slug!r}. Known: {', '.join(suggestions) or 'none yet'}.") from None


def read_text(file: Path) -> str:
    """The file's text as it is, with its newlines and byte order mark."""
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

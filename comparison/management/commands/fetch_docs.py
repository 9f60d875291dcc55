from argparse import ArgumentParser
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db.models import Q

from comparison.curation.documentation import Attached, attach_documentation
from comparison.management.faults import DatabaseCommand
from comparison.models import Source
from comparison.texts.relocate import Fate


class Command(DatabaseCommand):
    help = (
        "Fetches the source distributions and Debian packages that carry frameworks’ documentation and stores the "
        "texts of the cited pages, so that claims show their passages where the licence allows it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("framework", nargs="*", help="only of these frameworks or sources, by slug")

    def handle(self, *args: Any, framework: list[str], **options: Any) -> None:
        failed = 0
        for whole in wholes_of(framework):
            attached = attach_documentation(whole, settings.VAR_DIR / "distributions")
            self.stdout.write(f"{whole.slug}: {summary(attached)}")
            for problem in attached.problems:
                self.stdout.write(f"  {problem}")
            failed += bool(attached.problems)
        if failed:
            message = "1 source is" if failed == 1 else f"{failed} sources are"
            raise CommandError(
                f"{message} not complete. The rest is stored; run the command again for what is missing."
            )


def summary(attached: Attached) -> str:
    counts = ", ".join(f"{attached.passages[fate]} {fate}" for fate in Fate if attached.passages[fate])
    return f"{attached.texts} texts held, passages: {counts or 'none'}."


def wholes_of(names: list[str]) -> list[Source]:
    """The sources that come from a distribution, of some frameworks or by their own slugs."""
    carried = Source.objects.filter(part_of__isnull=False).exclude(file="").values("part_of")
    wholes = Source.objects.filter(pk__in=carried).select_related("framework").order_by("slug")
    known = {slug for whole in wholes for slug in (whole.slug, whole.framework.slug if whole.framework else whole.slug)}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3) or sorted(known)
            raise CommandError(f"No documentation of {name!r}. Known: {', '.join(near) or 'none yet'}.")
    if not known:
        raise CommandError(
            "The catalogue names no source distribution or Debian package. Load it first: manage.py load_catalogue"
        )
    return list(wholes.filter(Q(slug__in=names) | Q(framework__slug__in=names)) if names else wholes)

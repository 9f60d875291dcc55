from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from comparison.management.faults import DatabaseCommand
from comparison.models import CellVerdict, Criterion, Framework, Source
from comparison.models.verdicts.stored import Difference, build_missing, rebuild_verdicts, wrong_counts, wrong_verdicts


class Command(DatabaseCommand):
    help = "Compares every stored verdict with what the claims add up to, and lists those that differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="rebuild all verdicts if any differs")

    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        if CellVerdict.objects.are_current():
            self.compare(rebuild)
        elif rebuild:
            build_missing()
            self.stdout.write("The verdicts of the newest edition are stored now.")
        else:
            raise CommandError(
                "The verdicts of the newest edition are not stored yet, so each page works them out, slowly. "
                "Store them: check_verdicts --rebuild"
            )

    def compare(self, rebuild: bool) -> None:
        differences, counts = list(wrong_verdicts()), wrong_counts()
        self.list_cells(differences)
        for source in Source.objects.filter(pk__in=counts).only("title"):
            stored, right = counts[source.pk]
            self.stdout.write(f"{source}: claim_count {stored} → {right}")
        number = len(differences) + len(counts)
        count = f"{number} verdict{'' if number == 1 else 's'}" + (" and counts" if counts else "")
        if not number:
            self.stdout.write("Every stored verdict is what the claims add up to.")
        elif rebuild:
            self.stdout.write(f"{count} mended. {rebuild_verdicts()} shows them.")
        else:
            raise CommandError(f"{count} differ from what the claims add up to. Mend them: check_verdicts --rebuild")

    def list_cells(self, differences: list[Difference]) -> None:
        frameworks, criteria = Framework.objects.in_bulk(), Criterion.objects.in_bulk()
        for difference in differences:
            framework, criterion = difference.cell_key
            name = f"{frameworks.get(framework, framework)}, {criteria.get(criterion, criterion)}"
            values = ", ".join(f"{field} {stored} → {right}" for field, (stored, right) in difference.values.items())
            self.stdout.write(f"{name}: {values}")

import os
import re
import shutil
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from comparison.experiments import discovery
from comparison.experiments.discovery import UnknownName
from comparison.experiments.running import environments, ratios, results, runner, session
from comparison.experiments.running.environments import SetupFailed
from comparison.experiments.running.session import AlreadyRunning, Plan
from comparison.experiments.spec import Adapter
from comparison.files import catalogue_load
from comparison.files.catalogue_load import SHIPPED
from comparison.files.yaml_entries import CatalogueError, write_text

MEASUREMENTS: Final = settings.VAR_DIR / "measurements"
FILE_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\.yaml")
MAX_ROUNDS: Final = 1000


class Command(BaseCommand):
    help = "Runs experiments in clean environments of the frameworks, and says where ratios differ from earlier runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "names", nargs="*", metavar="name", help="experiments, by slug or group; all if none is named"
        )
        parser.add_argument("--framework", action="append", default=[], help="may be repeated; all if none is named")
        parser.add_argument("--rounds", type=int, default=runner.DEFAULT_ROUNDS, help="readings of each (%(default)s)")
        parser.add_argument("--output", type=Path, help="the file to write; its name is the source’s slug")
        parser.add_argument("--install", action="store_true", help="make the clean environments, and measure nothing")
        parser.add_argument("--note", default="", help="a sentence about the machine, kept with the run")

    def handle(self, *args: Any, output: Path | None, install: bool, **options: Any) -> None:
        plan = make_plan(output, **options)
        try:
            if install:
                self.install(plan)
                return
            run = session.measure(plan, self.say)
        except (SetupFailed, AlreadyRunning) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted. Finished experiments are kept; the same command goes on.") from None
        document = results.document(run, {slug: item.experiment for slug, item in plan.programs.items()})
        file = output or MEASUREMENTS / f"{run.slug}.yaml"
        earlier = [path for path in earlier_files() if path.stem != file.stem]
        write(file, write_text(document))
        session.forget(plan, run)
        self.stdout.write(f"Wrote {file}.")
        if not output:
            self.load(file)
        self.compare(document, earlier)

    def install(self, plan: Plan) -> None:
        """Makes every environment that an adapter names; those that are there stay. Several adapters at once."""

        def make(adapter: Adapter) -> None:
            for name in adapter.requirements:
                environments.prepare(adapter, name, plan.root)
                self.say(f"{adapter.name} is ready: {name}")

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for _ in pool.map(make, plan.adapters.values()):
                pass  # raises what an adapter raised

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def load(self, file: Path) -> None:
        """Puts the run beside those that the database has."""
        with TemporaryDirectory() as folder:
            (Path(folder) / "sources").mkdir()
            shutil.copy(file, Path(folder) / "sources")
            try:
                report = catalogue_load.load(Path(folder))
            except CatalogueError as error:
                raise CommandError(f"{error}\nThe database does not take the run; its file is complete.") from error
            except DatabaseError as error:
                hint = f"Run “manage.py prepare”, move {file.name} to a folder “sources” and load that one’s parent."
                raise CommandError(f"The database is not prepared ({error}). {hint}") from error
        for line in report.lines():
            self.stdout.write(line)

    def compare(self, document: dict[str, Any], files: list[Path]) -> None:
        for file in files:
            differences = list(ratios.differences(document, yaml.safe_load(file.read_text())))
            count = len(differences)
            plural = "ratios differ" if count > 1 else "ratio differs"
            verdict = (
                f"{count} {plural} by more than the spread" if count else "no ratio differs by more than the spread"
            )
            self.stdout.write(f"Beside {file.stem}: {verdict}.")
            for difference in differences:
                self.stdout.write(f"  {difference}")


def make_plan(
    output: Path | None, names: list[str], framework: list[str], rounds: int, note: str, **options: Any
) -> Plan:
    if not 1 <= rounds <= MAX_ROUNDS:
        raise CommandError(f"--rounds {rounds}: give a number from 1 to {MAX_ROUNDS}.")
    if output and not output.parent.is_dir():
        raise CommandError(f"--output {output}: there is no folder {output.parent}.")
    if output and not FILE_NAME.fullmatch(output.name):
        raise CommandError(f"--output {output}: name it like {unused_slug(date.today())}.yaml; the name is the slug.")
    today = date.today()
    try:
        return Plan(
            slug=output.stem if output else unused_slug(today),
            day=today,
            programs=discovery.choose_programs(names),
            adapters=discovery.choose(framework, discovery.adapters(), "framework"),
            rounds=rounds,
            root=settings.VAR_DIR / "experiments",
            note=note,
        )
    except UnknownName as error:
        raise CommandError(str(error)) from error


def earlier_files() -> list[Path]:
    """The runs of the shipped catalogue and of this installation."""
    return [*sorted((SHIPPED / "sources").glob("measurements-*.yaml")), *sorted(MEASUREMENTS.glob("*.yaml"))]


def unused_slug(day: date) -> str:
    taken = {path.stem for path in earlier_files()}
    slug = f"measurements-{day.isoformat()}"
    return next(name for name in (slug, *(f"{slug}-{number}" for number in range(2, 1000))) if name not in taken)


def write(file: Path, content: str) -> None:
    """All of it or nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(content)
    draft.replace(file)

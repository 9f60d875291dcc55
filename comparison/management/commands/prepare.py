import secrets
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, connection

from comparison.backup.archive import in_a_line
from comparison.management.alone import only_one_here, only_one_in_database
from comparison.management.listening import advice_on_names, check_free, check_port, check_workers
from comparison.models import Framework
from comparison.models.access import require_new_password
from comparison.models.verdicts.stored import build_missing
from config.files.private_files import make_private_database, make_private_folder


class Command(BaseCommand):
    help = "Makes everything ready to serve: schema, shipped catalogue and admin user (first start only), static files."
    requires_system_checks: list[str] = []  # some ask the database, which may not be there yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", help="stop with advice when this port is taken")
        parser.add_argument("--host", default="127.0.0.1", help="the address for --port")
        parser.add_argument("--workers", default="1", help="stop with advice when this is no number of processes")

    def handle(self, *args: Any, host: str, port: str | None, workers: str, **options: Any) -> None:
        check_workers(workers)
        if port is not None:
            check_free(host, check_port(port))
        self.make_folder()
        try:
            with only_one_here(settings.VAR_DIR / "prepare.lock", self.say), only_one_in_database(self.say):
                self.prepare()
        except OperationalError as error:
            raise CommandError(
                f"The database does not answer: {in_a_line(error)}. Start it, or mend DATABASE_URL."
            ) from error
        except ProgrammingError as error:
            if connection.connection is not None:
                raise
            raise CommandError(
                f"The database cannot be asked: {in_a_line(error)}. Mend the options in DATABASE_URL."
            ) from error
        if port is not None:
            check_free(host, check_port(port))  # again: another start may have been quicker
        if port is not None and (advice := advice_on_names(host)):
            self.stdout.write(advice)

    def say(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()

    def prepare(self) -> None:
        self.close_database()
        call_command("migrate", interactive=False, verbosity=0)
        if not Framework.objects.exists():
            call_command("load_catalogue", stdout=self.stdout)
        build_missing()  # an older version of this software stored no verdicts
        self.ensure_admin()
        call_command("collectstatic", interactive=False, verbosity=0)

    def close_database(self) -> None:
        """An SQLite file holds sessions, passwords' hashes and unpublished texts."""
        name = str(connection.settings_dict["NAME"])
        try:
            if connection.vendor == "sqlite" and ":memory:" not in name:
                make_private_database(Path(name))
        except OSError as error:
            advice = "Make its folder writable, or name another in DATABASE_URL."
            raise CommandError(f"{name}: {error.strerror}. {advice}") from error

    def make_folder(self) -> None:
        try:
            make_private_folder(settings.VAR_DIR, is_ours=settings.VAR_DIR == settings.BASE_DIR / "var")
            with TemporaryFile(dir=settings.VAR_DIR):
                pass
        except OSError as error:
            advice = "Make the project's folder writable, or copy the project to one that is."
            raise CommandError(f"{settings.VAR_DIR}: {error.strerror}. {advice}") from error

    def ensure_admin(self) -> None:
        """Creates the first administrator and prints the password, this once."""
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        if users.filter(username="admin").exists():
            self.stdout.write("No administrator yet. Make one: .venv/bin/python manage.py createsuperuser")
            return
        password = secrets.token_urlsafe(12)
        require_new_password(users.create_superuser("admin", password=password))
        self.stdout.write(f"Administrator created. User: admin  Password: {password}  (shown only this once)")
        self.stdout.write("After the first login you choose a password of your own.")

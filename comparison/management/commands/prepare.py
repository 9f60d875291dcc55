import secrets
import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from comparison.models import Framework


class Command(BaseCommand):
    help = "Makes everything ready to serve: schema, shipped catalogue and admin user (first start only), static files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="stop with advice when this port is taken")

    def handle(self, *args: Any, port: int | None, **options: Any) -> None:
        if port is not None:
            self.check_port(port)
        self.make_folder()
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}. Start it, or mend DATABASE_URL.") from error
        if not Framework.objects.exists():
            call_command("load_catalogue", stdout=self.stdout)
        self.ensure_admin()
        call_command("collectstatic", interactive=False, verbosity=0)

    def make_folder(self) -> None:
        try:
            settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            advice = "Make the project's folder writable, or copy the project to one that is."
            raise CommandError(f"{settings.VAR_DIR}: {error.strerror}. {advice}") from error

    def check_port(self, port: int) -> None:
        if not 0 < port < 65536:
            raise CommandError(f"PORT={port} is no port. Choose one from 1 to 65535, for example: make run PORT=8001")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError:
                raise CommandError(
                    f"Port {port} is reserved for the system. Choose another: make run PORT=8001"
                ) from None
            except OSError:
                other = port + 1 if port < 65535 else 8000
                raise CommandError(f"Port {port} is in use. Choose another: make run PORT={other}") from None

    def ensure_admin(self) -> None:
        """Creates the first administrator and prints the password, this once."""
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        if users.filter(username="admin").exists():
            self.stdout.write("No administrator yet. Make one: .venv/bin/python manage.py createsuperuser")
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser("admin", password=password)
        self.stdout.write(f"Administrator created. User: admin  Password: {password}  (shown only this once)")

import sys

from comparison.experiments import box
from comparison.experiments.adapters.django.box import project

GREET = """
from django.core.management.base import BaseCommand

class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("name")

    def handle(self, name, **options):
        self.stdout.write(f"Hello, {name}")
"""


def ask_in_test():
    """django.test.Client"""
    import django
    from django.conf import settings

    settings.configure(ALLOWED_HOSTS=["testserver"], ROOT_URLCONF=__name__)
    django.setup()
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import path

    globals()["urlpatterns"] = [path("", lambda request: HttpResponse("Hello, test"))]
    response = Client().get("/")
    return response.status_code, response.text


def server(folder):
    return lambda port: [sys.executable, str(folder / "manage.py"), "runserver", str(port)]


def restart(folder):
    """runserver"""
    return project.start(folder), server(folder)


def show_error(folder):
    """DEBUG = True, as startproject sets it"""
    project.start(folder)
    return server(folder)


def run_in_frame(folder):
    box.search("debugger")


def run_command(folder):
    """BaseCommand"""
    project.start(folder)
    commands = folder / "notes" / "management" / "commands"
    commands.mkdir(parents=True)
    (commands / "greet.py").write_text(GREET)
    return [sys.executable, folder / "manage.py", "greet", "Ann"]

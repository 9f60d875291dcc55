"""How the framework behaves. Each function is called in a process of its own."""

import re
import sqlite3
import subprocess
import sys
from importlib import import_module

import django
from django.conf import settings

from comparison.experiments.adapters.django.box import project

BACKENDS = {
    "SQLite": "sqlite3",
    "PostgreSQL": "postgresql",
    "MySQL": "mysql",
    "MariaDB": "mysql",
    "Oracle": "oracle",
}
MODELS = """
from django.db import models

class Note(models.Model):
    title = models.CharField(max_length=50)
"""
TESTS = """
from django.test import TestCase
from notes.models import Note

class NoteTests(TestCase):
    def add_only_one(self):
        Note.objects.create(title="Milk")
        self.assertEqual(Note.objects.count(), 1)

    def test_first(self):
        self.add_only_one()

    def test_second(self):
        self.add_only_one()
"""


def configure(*urlpatterns, **options):
    options = {"SECRET_KEY": "behaviour", "ALLOWED_HOSTS": ["localhost"], "ROOT_URLCONF": urlpatterns} | options
    settings.configure(**options)
    django.setup()


def databases(folder):
    configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "data.sqlite3"}})
    return {name: try_backend(module) for name, module in BACKENDS.items()}


def try_backend(module):
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connection

    try:
        import_module(f"django.db.backends.{module}.base")
    except ImproperlyConfigured as error:
        driver = re.search(r"Error loading (.+) module", str(error))[1]
        return f"needs {driver}"
    except ModuleNotFoundError as error:
        return f"needs {error.name}"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE note (title TEXT)")
        cursor.execute("INSERT INTO note VALUES (%s)", ["Milk"])
        cursor.execute("SELECT title FROM note")
        return "works" if cursor.fetchall() == [("Milk",)] else "lost a row"


def server_interfaces():
    from django.core.asgi import get_asgi_application
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path

    configure(path("", lambda request: HttpResponse("Hello")))
    return {"WSGI": get_wsgi_application(), "ASGI": get_asgi_application()}


def overlapping_routes():
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path

    configure(
        path("notes/<str:word>", lambda request, word: HttpResponse("general")),
        path("notes/new", lambda request: HttpResponse("specific")),
    )
    return get_wsgi_application()


def isolated_tests(folder):
    """manage.py test and django.test.TestCase"""
    project.start(folder)
    (folder / "notes" / "models.py").write_text(MODELS)
    (folder / "notes" / "tests.py").write_text(TESTS)
    project.manage(folder, "makemigrations")
    project.manage(folder, "migrate")
    run = subprocess.run([sys.executable, folder / "manage.py", "test"], capture_output=True, text=True, check=True)
    passed = int(re.search(r"Ran (\d+) tests?", run.stderr)[1])
    (rows,) = sqlite3.connect(folder / "db.sqlite3").execute("SELECT count(*) FROM notes_note").fetchone()
    return passed, rows


def async_view(seconds):
    import asyncio

    from django.core.asgi import get_asgi_application
    from django.http import HttpResponse
    from django.urls import path

    async def hello(request):
        await asyncio.sleep(seconds)
        return HttpResponse("Hello")

    if not settings.configured:
        configure(path("", hello))
    return get_asgi_application(), "asgi"


def async_view_again(seconds):
    return async_view(seconds)


def crowded(routes=0, models=0):
    from django.core.wsgi import get_wsgi_application
    from django.db.models import CharField, Model
    from django.http import HttpResponse
    from django.urls import path

    def hello(request):
        return HttpResponse("Hello")

    others = (path(f"other/{number}/<int:pk>", hello, name=f"other-{number}") for number in range(routes))
    configure(*others, path("", hello))
    for number in range(models):
        meta = type("Meta", (), {"app_label": "crowd"})
        fields = {"title": CharField(max_length=50), "Meta": meta, "__module__": __name__}
        type(f"Other{number}", (Model,), fields)
    return get_wsgi_application()

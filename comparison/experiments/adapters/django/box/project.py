"""A project as the framework's own commands start one, in a folder."""

import subprocess
import sys
from pathlib import Path

SITE_URLS = """
from django.urls import path
from notes import views
urlpatterns = [path("", views.index), path("fail", views.fail)]
"""
VIEWS = """
from django.http import HttpResponse

def index(request):
    return HttpResponse("first")

def fail(request):
    price, count = 42, 0
    return HttpResponse(price / count)
"""


def start(folder: Path) -> Path:
    """The file of the views of a new project with one application."""
    subprocess.run([sys.executable, "-m", "django", "startproject", "site_", folder], check=True)
    manage(folder, "startapp", "notes")
    settings = folder / "site_" / "settings.py"
    settings.write_text(settings.read_text().replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'notes',"))
    (folder / "site_" / "urls.py").write_text(SITE_URLS)
    (folder / "notes" / "views.py").write_text(VIEWS)
    return folder / "notes" / "views.py"


def manage(folder: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, folder / "manage.py", *arguments], check=True, stdout=subprocess.DEVNULL)

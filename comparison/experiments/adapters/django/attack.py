"""An application as startproject leaves it, with the pages that the attacks are made on."""

import os
import subprocess
import sys

from comparison.experiments.adapters.django.box.project import start

URLS = """
from django.http import HttpResponse
from django.urls import path

def form(request):
    return HttpResponse("saved" if request.method == "POST" else "<form method=post><input name=title></form>")

def link(request):
    return HttpResponse(request.build_absolute_uri())

def keep(request):
    request.session["colour"] = "blue"
    return HttpResponse("kept")

def read(request):
    return HttpResponse(request.session.get("colour", "nothing"))

urlpatterns = [path("form", form), path("link", link), path("set", keep), path("get", read)]
"""


def application(folder):
    from django.core.wsgi import get_wsgi_application

    if not (folder / "manage.py").exists():
        start(folder)
        (folder / "site_" / "urls.py").write_text(URLS)
        subprocess.run([sys.executable, folder / "manage.py", "migrate", "--verbosity", "0"], check=True)
        sys.path.insert(0, str(folder))
        os.environ["DJANGO_SETTINGS_MODULE"] = "site_.settings"
    return get_wsgi_application()


def form(folder):
    return application(folder)


def form_when_set(folder):
    return application(folder)


def link(folder):
    return application(folder)


def link_when_set(folder):
    return application(folder)


def headers(folder):
    return application(folder)


def headers_when_set(folder):
    return application(folder)


def session(folder):
    return application(folder)


def fill(folder, name):
    application(folder)
    from django.template.loader import render_to_string

    templates = folder / "notes" / "templates"
    templates.mkdir()
    (templates / "name.html").write_text('<p title="{{ name }}">{{ name }}</p>')
    return render_to_string("name.html", {"name": name})


def hashing():
    """django.contrib.auth.hashers"""
    from django.conf import settings
    from django.contrib.auth.hashers import check_password, make_password

    settings.configure()
    return make_password, lambda made, password: check_password(password, made)
